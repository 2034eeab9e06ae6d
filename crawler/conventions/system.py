"""What a publishing system is: all that the program knows of it stands in one record, made at the end of its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crawler.conventions.paging import Paging, Source


@dataclass(frozen=True, slots=True)
class PagingRule:
    """One convention of paging: its name, where it was learnt, and what it makes of a page (None: not this one)."""

    name: str
    source: str
    read: Callable[[Source], Paging | None]


@dataclass(frozen=True, slots=True)
class System:
    """One publishing system (内容管理系统). Patterns are regular expressions, read without regard to case.

    `source`: where it was learnt, an anchor below docs/sources. `server`: its test portal below tests/servers.
    `marks`: in the source of a page. `articles`: addresses of its articles, by their path; `addresses`: other shapes
    of addresses that tell it. `modules`: addresses where one page stands for one organ and year, whatever the column's
    own address. `ids`, `classes`, `elements`: where an article's body stands, most telling first. `paging`: how its
    lists go on. `answer`: rows of a service's answer (parsed JSON) as mark-up, `embedded`: rows that a page's source
    holds as data; None where it is none of theirs. `siblings`: whether an address is a column like the page's own.
    """

    name: str
    source: str
    server: str | None
    marks: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    paging: tuple[PagingRule, ...] = ()
    answer: Callable[[Any], str | None] | None = None
    embedded: Callable[[str], str | None] | None = None
    siblings: Callable[[str, str], bool] | None = None
