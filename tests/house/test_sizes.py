"""Rooms are of a size that a reader takes in: no module is longer than a few screens."""

from __future__ import annotations

from tests.house.test_floors import modules

MOST = 250
"""Lines of a module, its docstrings and tables included."""
TO_GO = frozenset({"crawler.archive.archive"})
"""Modules that are longer still. None is put here; whoever has parted one takes it off.

The face of the archive has 40 methods with a line or two each, which hand on to the rooms below: parted, it would be
two faces, and whoever writes would have to know which.
"""


def long() -> dict[str, int]:
    """Modules that are too long, with their lines."""
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in modules().items()}
    return {module: length for module, length in lengths.items() if length > MOST}


def test_no_module_is_longer_than_a_few_screens() -> None:
    assert {module: length for module, length in long().items() if module not in TO_GO} == {}


def test_the_list_of_long_modules_only_gets_shorter() -> None:
    assert sorted(TO_GO - long().keys()) == []
