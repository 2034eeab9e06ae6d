"""What rules and pages cite is there: headings of docs/sources, files and anchors of links, paths in backticks."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from crawler.conventions.registry import PAGING, SYSTEMS
from pipelines.recognise.stage import RULES
from pipelines.recognise.titles import RULES as TITLE_RULES
from tests import ROOT

SOURCES = ROOT / "docs" / "sources"
ROOMS = ("crawler", "pipelines", "spiders", "data", "tests", "docs", "deploy")
CITATION = re.compile(r"\bsources/([\w-]+)(?:\.md)?(?:#([\w-]+))?")
OLD_NAMES = re.compile(
    r"domain sheet|real-pages|lessons\.md|shared lessons|design\.md|\bissue [1-9]\d*(?:[:,]| asks)|titles\.jsonl[,(]"
    r"|\bgold (?:pages?\b|[a-z]+-[a-z]|gdfzb)",
    re.I,
)
"""Documents that the repository does not hold, and pages of the gold set named without saying what they are."""
_FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.M | re.S)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_PATH = re.compile(rf"`((?:{'|'.join(ROOMS)})/[^`\s]*)`")
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.M)


def texts() -> Iterator[tuple[Path, str]]:
    """Every text file that may cite, but this one, which names what is forbidden."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in (".py", ".toml", ".md", ".html", ".sql", ".yml", ".service") and path != Path(__file__):
                yield path, path.read_text("utf-8")
    for path in (*sorted(ROOT.glob("*.md")), ROOT / "pyproject.toml", ROOT / "Makefile"):
        yield path, path.read_text("utf-8")


def manual() -> list[Path]:
    """The pages a reader meets: those at the top, and docs."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def slug(heading: str) -> str:
    """GitHub's anchor of a heading: small letters, hyphens for blanks, all other punctuation gone."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


@cache
def headings(path: Path) -> dict[str, int]:
    """Anchors of a page in order, each with its level; a repeated heading gets -1, -2, …"""
    found: dict[str, int] = {}
    for level, words in _HEADING.findall(_FENCE.sub("", path.read_text("utf-8"))):
        anchor = slug(words)
        free = (name for number in range(100) if (name := f"{anchor}-{number}" if number else anchor) not in found)
        found[next(free)] = len(level)
    return found


def cited() -> Iterator[tuple[Path, str, str]]:
    """Citations from outside docs/sources: where, page, anchor («» for the page as a whole)."""
    for path, text in texts():
        if not path.is_relative_to(SOURCES):
            for page, anchor in CITATION.findall(text):
                yield path, page, anchor


def test_every_citation_leads_to_a_heading() -> None:
    lost = [
        f"{path.relative_to(ROOT)}: sources/{page}#{anchor}"
        for path, text in texts()
        for page, anchor in CITATION.findall(text)
        if not (file := SOURCES / f"{page}.md").is_file() or (anchor and anchor not in headings(file))
    ]
    assert not lost


def test_no_heading_of_the_sources_stands_uncited() -> None:
    used: dict[str, set[str]] = {}
    for _, page, anchor in cited():
        used.setdefault(page, set()).add(anchor)
    idle = []
    for path in sorted(SOURCES.glob("*.md")):
        anchors = list(headings(path).items())
        for at, (anchor, level) in enumerate(anchors):
            below = []
            for name, deeper in anchors[at + 1 :]:
                if deeper <= level:
                    break
                below.append(name)
            if not used.get(path.stem, set()) & ({anchor, *below} | ({""} if level == 1 else set())):
                idle.append(f"{path.stem}#{anchor}")
    assert not idle


def test_nothing_is_cited_that_the_repository_does_not_hold() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path, text in texts()
        for match in OLD_NAMES.finditer(text)
    ]
    assert not found


def test_every_rule_says_where_it_was_learnt() -> None:
    sources = [(system.name, system.source) for system in SYSTEMS]
    sources += [(rule.name, rule.source) for rules in (PAGING, RULES, TITLE_RULES) for rule in rules]
    assert not [name for name, source in sources if not any(anchor for _, anchor in CITATION.findall(source))]


@pytest.mark.parametrize("page", manual(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_and_paths_of_a_page_exist(page: Path) -> None:
    text = _FENCE.sub("", page.read_text("utf-8"))
    lost = []
    for target in _LINK.findall(_CODE.sub("", text)):
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if re.match(r"[a-z]+:", target):
            continue
        if not file.exists() or (anchor and anchor not in headings(file)):
            lost.append(target)
    for path in _PATH.findall(text):
        # archives are made by runs; a name in capitals stands for any
        if not path.endswith(".db") and not any(part.isupper() for part in re.split(r"\W", path)):
            held = any(ROOT.glob(path.rstrip("/"))) if "*" in path else (ROOT / path).exists()
            if not held:
                lost.append(path)
    assert not lost


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_leads_to_every_page_of_the_manual(name: str) -> None:
    """Those of docs/sources by their table of contents."""
    linked = set(_LINK.findall((ROOT / name).read_text("utf-8")))
    pages = {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")}
    assert pages | {"docs/sources/README.md", "CONTRIBUTING.md", "CHANGELOG.md"} <= linked


def test_anchors_are_made_as_github_makes_them() -> None:
    made = {
        "ASP.NET": "aspnet",
        "Soft 404": "soft-404",
        "A report's `year`": "a-reports-year",
        "年报, [in](x.md) GB": "年报-in-gb",
    }
    assert {words: slug(words) for words in made} == made
    assert not set(slug(string.punctuation)) - set("-_")
