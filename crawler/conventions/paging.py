"""What the rules of paging look at, and what they answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from crawler.conventions.functions import Functions
from crawler.words.link import Link

MAX_PAGES = 500
"""Pages of one list that are named at once; 500 pages of 15 reports are more than any column holds."""


@dataclass(slots=True)
class Paging:
    """What a list page says of its pages.

    `rule`: the convention; None where none was recognised. `pages`: (number, address) of further pages. `total`:
    entries of the whole list, `page_count`: its pages, each None where not stated. `unresolved`: there are more pages
    by the page's own words, and no rule leads to them; `doubtful`: there may be. `by_service`: a data service has
    the list, asked also where nothing of it stands on the page. `form`: what its requests send along (ways.Next).
    """

    rule: str | None = None
    pages: list[tuple[int, str]] = field(default_factory=list)
    total: int | None = None
    page_count: int | None = None
    unresolved: str | None = None
    doubtful: str | None = None
    by_service: bool = False
    form: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a rule may look at: the page's source, address, number in the list, the links on it (controls of any make
    among them), what it states, its tree, the functions of its scripts."""

    html: str
    url: str
    page_no: int
    links: list[Link]
    pages_said: int | None
    first: str
    tree: Any
    functions: Functions

    @property
    def data(self) -> Any:
        """The source as JSON, None where it is none."""
        try:
            return json.loads(self.html)
        except (ValueError, RecursionError):
            return None
