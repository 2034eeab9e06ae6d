"""Which entries of a page inside the column lead on, and as what: steps, items of the list, places under a year."""

from __future__ import annotations

import re
from typing import Any

from crawler.conventions.registry import is_article
from crawler.navigation.headings import Headings
from crawler.navigation.links import MAX_LINKS
from crawler.navigation.places import place_named
from crawler.navigation.rows import Block, Entry, lists_among
from crawler.records.ways import Plan, Position, Why
from crawler.words.addresses import (
    host_of,
    is_beside,
    is_root,
    trap,
)
from crawler.words.entries import is_organ
from crawler.words.folders import names_reports
from crawler.words.labels import FULL_NAME, Label, read_label

STEPS = frozenset({"year", "years", "group"})
MIN_LETTERS = 4
"""Signs in a row that are an index; sizes of letters (A A+ A-) are three."""
_LETTER = re.compile("[A-Z](?:[-–—~～至、]?[A-Z]){0,5}|[一二三四五六七八九十]{1,3}[画划]")
_LONGEST_NAME = 20
"""Characters of a column's name at most; what is longer is a headline."""


def choose(
    entries: list[Entry], blocks: dict[Any, Block], position: Position, further: bool, extra: frozenset[str]
) -> None:
    """Decide for each entry whether it is in the list, and whether it is a step or an item."""
    lists = lists_among(blocks, further)
    calendars = {key for key, block in blocks.items() if block.months >= 2}
    letters = {key for key, block in blocks.items() if _is_index(block)}
    steps_inside = any(entry.inside and entry.said.kind in STEPS for entry in entries)
    for entry in entries:
        if entry.block in calendars:
            continue
        entry.listed = entry.block in lists
        if entry.said.kind in STEPS or entry.said.group is not None or entry.link.label in extra:
            near = not steps_inside and _near(entry.link.url, position.column_url, entry.said)
            entry.why = _step_why(entry, near or entry.link.label in extra)
        elif _is_indexed(entry, letters):
            entry.why = _step_why(entry, _near(entry.link.url, position.column_url, entry.said))
        else:
            entry.why = _other_why(entry, blocks[entry.block], position)
        if entry.why is not None and trap(entry.link.url):
            entry.why = None


def _is_index(block: Block) -> bool:
    """Whether a row leads to the organs whose names begin with a letter, or with a character of so many strokes."""
    signs = {entry.link.label for entry in block.entries if _LETTER.fullmatch(entry.link.label)}
    return len(signs) >= MIN_LETTERS


def _is_indexed(entry: Entry, rows: set[Any]) -> bool:
    """Whether an entry is a sign of an index, or an organ's name on a page that has one. `rows`: those of the index."""
    label = entry.link.label
    if entry.block in rows and _LETTER.fullmatch(label):
        return True
    named = entry.said.kind == "other" and not entry.said.veto and is_organ(label)
    return bool(rows) and named and not is_article(entry.link.url)


def _step_why(entry: Entry, near: bool) -> Why | None:
    """A year or a group of organs. An article named like a year is the report of that year."""
    if is_article(entry.link.url) and entry.said.kind == "year":
        return "item"
    if _is_host_of_year(entry):
        return "step"
    return "step" if (entry.inside or near or entry.listed) and not is_root(entry.link.url) else None


def _is_host_of_year(entry: Entry) -> bool:
    """Whether a year has a host of its own, which its name says: 2019.example.gov.cn."""
    said = entry.said
    return said.kind == "year" and str(said.years[0]) in re.split(r"\D+", host_of(entry.link.url).split(":")[1])


def _other_why(entry: Entry, block: Block, position: Position) -> Why | None:
    """All other links: titles, columns under the column, names of places and organs, rows of the list.

    What names an organ and is no article may be that organ's own list or its report: as a step it is read either way.
    """
    url, said = entry.link.url, entry.said
    named = is_organ(entry.link.label) and names_reports(url)
    if said.kind in ("other", "upper") and not (entry.place or entry.listed or entry.inside or named):
        return None
    article = is_article(url)
    if said.kind == "item":
        return "item" if entry.listed or not said.veto else None
    if said.kind == "column" and (article or entry.inside or (entry.listed and said.rank == FULL_NAME)):
        return "item" if article else "step"
    if is_root(url):
        return None
    if _akin(entry, position):
        return "step"
    if entry.place is not None and (entry.listed or entry.inside or _near(url, position.column_url, said)):
        return "item" if article else "step"
    organ = said.kind == "other" and is_organ(entry.link.label) and not said.veto
    if not article and (organ or entry.place is not None) and names_reports(url):
        return "step"
    if said.kind != "other":
        return None
    if entry.listed:
        plain = not article and not entry.link.dated and block.organs * 2 >= len(block.entries)
        return "step" if plain else "item"
    return "step" if organ and entry.inside and not article and "?" not in url else None


_REPORTS = re.compile("年报|年度报告")
_OF_OTHERS = re.compile("主体|企业|公司|事业单位|社会组织|法人|个体|填报|报送|申报|系统")
"""Who sends in yearly reports by other laws, and where they do."""


def _akin(entry: Entry, position: Position) -> bool:
    """Whether words that fit no name speak of the column's reports (公开年报选登, 部门年报一览), beside its page."""
    link, said = entry.link, entry.said
    if said.kind not in ("column", "other") or said.veto or said.rank > FULL_NAME or is_article(link.url):
        return False
    near = entry.inside or (position.column_url is not None and is_beside(link.url, position.column_url))
    speaks = _REPORTS.search(link.label) is not None and _OF_OTHERS.search(link.label) is None
    return near and speaks and len(link.label) <= _LONGEST_NAME


def _near(url: str, column: str | None, said: Label) -> bool:
    """Whether a step outside the column's path still belongs to it: beside the column's own page, or named in full."""
    return column is None or is_beside(url, column) or said.kind == "column"


def crown(entries: list[Entry], position: Position, plan: Plan) -> None:
    """Places and organs under a year, years under a place or an organ, wherever their addresses lie: the heading says
    the rest, and both together are a report's title (sources/pages#lists)."""
    headings = Headings()
    for count, entry in enumerate(entries):
        link, said = entry.link, entry.said
        named = entry.place is not None or (said.kind == "other" and is_organ(link.label) and not said.veto)
        if count >= MAX_LINKS or not (named or said.kind == "year") or is_root(link.url) or trap(link.url):
            continue
        if said.kind == "year" and entry.why is not None:
            continue
        if link.element.tag == "option":
            # the years or organs of the page's own select; those of a footer lead to the doors of other sites
            if (
                said.kind == "year"
                or entry.inside
                or names_reports(link.url)
                or _near(link.url, position.column_url, said)
            ):
                entry.listed, entry.why = True, "step"
            continue
        over = headings.over(link.element, link.row, link.block)
        years = next((label for label in over if read_label(label).kind in ("year", "item")), None)
        place = next((label for label in over if place_named(label, plan.region) or is_organ(label)), None)
        if (years if named else place) is None or (named and said.years):
            continue
        entry.over = ((years or "") if named else (place or ""),)
        entry.listed = True
        entry.why = entry.why or ("item" if is_article(link.url) else "step")
