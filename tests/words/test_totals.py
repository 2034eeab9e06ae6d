"""How many entries a list has by two variables of a script."""

from __future__ import annotations

import pytest

from crawler.words.totals import counted


@pytest.mark.parametrize(
    ("script", "total"),
    [
        ("var totalCount = 47; var pageSize = 15;", 47),
        ("pagesize=15,\n  total='47';", 47),
        ('let perPage = 20; let record_count = "103"', 103),
        ("var totalCount = 15; var pageSize = 15;", None),
        ("var totalCount = 47;", None),
        ("var pageSize = 15;" + " " * 400 + "var totalCount = 47;", None),
        ("opts.pageSize = 15; opts.total = 47", None),
        ("if (total == 47 && pageSize == 15) {}", None),
        ("var totalCount = n; var pageSize = 15; var subtotal = 47", None),
        ("var totalCount = 47; var pageSize = 0;", None),
    ],
)
def test_the_entries_that_a_script_counts(script: str, total: int | None) -> None:
    assert counted(f"<script>{script}</script>") == total
