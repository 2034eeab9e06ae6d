"""Names are nouns: no adverb, pronoun or participle names a module, nor a thing in the modules that are through."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.test_floors import modules

FORBIDDEN = frozenset(
    {
        "across",
        "again",
        "apart",
        "exploring",
        "found",
        "gather",
        "given",
        "had",
        "here",
        "its",
        "known",
        "one",
        "own",
        "placing",
        "seen",
        "taken",
        "taking",
        "there",
        "told",
        "written",
    }
)
LOCAL = FORBIDDEN - {"written"}
"""Of variables, parameters and attributes; `its_url` and the like are as bad as `its`."""
TO_GO: dict[str, str] = {
    "crawler.archive": "archive",
    "crawler.archive.derive": "attachments comparison demands planning rebuild redaction verify",
    "crawler.archive.file": "lock seals tombstones",
    "crawler.archive.merge": "bodies copies joins notes plan sightings standing union",
    "crawler.archive.queries": "search",
    "crawler.archive.write": "captures placement reportrows withheld writer",
    "crawler.conventions": (
        "anchors answers aspnet controls epoint eportal generic gkmlpt hanweb jpaas lonsun pages registry "
        "pagerparts series shtml signs trs"
    ),
    "crawler.fetching": "codings cookies door handler offline source",
    "crawler.navigation": (
        "captions clicks column emitter excerpts headings links loads omissions places positions redirects "
        "rows serialization stations trace trail"
    ),
    "crawler.portals": "bundle intake",
    "crawler.records": "capture page ways",
    "crawler.runs": "logs run",
    "crawler.sample": "city figures hunnan portal",
    "crawler.words": (
        "addresses difference display hidden numerals pagers parts posts stamps text tokens totals traditional"
    ),
    "pipelines": "store",
    "pipelines.decode": "bounds charset second stage",
    "pipelines.describe": "caption days heading headline organs place publication publisher stage year",
    "pipelines.documents": (
        "alignment archives codepages doc docproperties docx elsewhere endings layers letters links ofd "
        "officexml parts pdf pieces places rows rtf sheets stage wordlists"
    ),
    "pipelines.marked": "document flatten",
    "pipelines.recognise": "facts failures reports stage titles",
    "pipelines.statistics": (
        "annex annexcolumn annexlabels article20 cellvalue checks columns figures grid labels lost narrative "
        "parts requestcolumns requests reviews several sums tablefigures tables textlines vocabulary"
    ),
    "pipelines.statistics.narrative": "addition candidate choice exclusion listing none numbers scope sentence",
    "pipelines.strip": "container stage trim",
    "spiders": "visits",
}
"""By room the modules whose things bear such names still. Whoever has gone through one takes it off: see below."""


def things(tree: ast.AST) -> Iterator[str]:
    """The name of each variable, parameter and attribute that a module gives a value."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def is_forbidden(name: str) -> bool:
    """Whether a name says neither type nor role."""
    bare = name.strip("_").lower()
    return bare in LOCAL or bare.startswith("its_")


def is_left(tree: ast.AST) -> bool:
    """Whether something is called `left` that is no side: nothing beside it is `right`."""
    sides = {name.strip("_") for name in things(tree)} & {"left", "right"}
    return sides == {"left"}


def breaches() -> dict[str, list[str]]:
    """By module the names in it that are forbidden."""
    found: dict[str, list[str]] = {}
    for module, path in modules().items():
        tree = ast.parse(path.read_text("utf-8"))
        names = [name for name in things(tree) if is_forbidden(name)] + ["left"] * is_left(tree)
        if names:
            found[module] = sorted(set(names))
    return found


def listed() -> set[str]:
    return {f"{room}.{name}".strip(".") for room, names in TO_GO.items() for name in names.split()}


def test_no_module_is_named_by_an_adverb_a_pronoun_or_a_participle() -> None:
    named = {module for module in modules() if module.rpartition(".")[2] in FORBIDDEN}
    assert named == set()


def test_no_thing_is_named_so_in_the_modules_that_are_through() -> None:
    wrong = breaches()
    assert {module: names for module, names in wrong.items() if module not in listed()} == {}


def test_the_list_of_modules_to_go_only_gets_shorter() -> None:
    """A module that has no such name any more, or is there no more, is taken off the list."""
    assert sorted(listed() - breaches().keys()) == []


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "_known: int = 1",
        "for one in rows: pass",
        "rows = [found for found in rows]",
        "def read(given): pass",
        "def read(*, its_url): pass",
        "self._seen = 1",
        "if (there := f()): pass",
        "THERE = 1",
        "with f() as taken: pass",
        "a, *own = rows",
    ],
)
def test_each_way_of_it_is_seen(source: str) -> None:
    assert any(map(is_forbidden, things(ast.parse(source))))


@pytest.mark.parametrize("source", ["rows = told", "def told(): pass", "read(known=1)", "owner = 1", "row.seen_at = 1"])
def test_what_is_only_read_or_is_no_thing_is_not(source: str) -> None:
    assert not any(map(is_forbidden, things(ast.parse(source))))


def test_a_side_is_no_participle() -> None:
    assert is_left(ast.parse("left = count"))
    assert is_left(ast.parse("self._left = count"))
    assert not is_left(ast.parse("left, right = edges"))
