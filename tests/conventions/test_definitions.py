"""The scripts in a page's source."""

from __future__ import annotations

import pytest

from crawler.conventions.definitions import scripts_in


@pytest.mark.parametrize(
    ("source", "scripts"),
    [
        ("<script>a</script><p>b</p><SCRIPT type='x'>c\n</Script>", [("", "a"), (" type='x'", "c\n")]),
        ("<script>a<script>b</script>c</script><script>d</script>", [("", "a<script>b"), ("", "d")]),
        ("<script>a</script ><script>b", [("", "a")]),
        ("</script><scripts>a</scripts><script/>b</script>", [("/", "b")]),
        (f"<script {'a' * 600}>b</script><script>c</script>", [("", "c")]),
        ("<script a", []),
        ("", []),
    ],
)
def test_scripts_are_what_stands_between_their_tags(source: str, scripts: list[tuple[str, str]]) -> None:
    assert list(scripts_in(source)) == scripts
