"""What the rules of recognition ask of a page, each fact worked out once and only when asked."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawler.records.page import Page
from crawler.words.display import CELL, LINE, MAX_LINKS, seen_of
from crawler.words.text import unspaced
from pipelines.recognise.marks import DATES, PAGING_SCRIPTS, PAGING_WORDS, PERIOD, PUBLICATION_LINE, REPORT_MARKS
from pipelines.recognise.titles import Verdict, judge_title

_count_links: Any = etree.XPath("count(//a/@href)")
_frames: Any = etree.XPath("//iframe/@src|//frame/@src", smart_strings=False)
_link_texts: Any = etree.XPath("//a//text()", smart_strings=False)


class Facts:
    """What the rules ask of a page, each worked out once and only when asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.tree = page.tree
        self.seen = seen_of(page)
        self.source = page.html or ""
        self.status = page.capture.status
        try:
            self.url = urlsplit(page.capture.url)
        except ValueError:
            self.url = urlsplit("")

    @property
    def flat(self) -> str:
        """The words of the body without any white space: what a reader sees."""
        return self.seen.flat

    @property
    def metas(self) -> dict[str, str]:
        """The page's meta tags by lower-case name, blank ones left out."""
        return self.seen.head.metas

    @cached_property
    def links(self) -> int:
        """How many links the page has."""
        return int(_count_links(self.tree)) if self.tree is not None else 0

    @cached_property
    def frames(self) -> list[str]:
        """The addresses of the page's frames, as written."""
        return list(_frames(self.tree)) if self.tree is not None else []

    @cached_property
    def beside_links(self) -> int:
        """Characters a reader sees outside links."""
        linked = "".join(_link_texts(self.tree)) if self.tree is not None else ""
        return len(self.flat) - len(unspaced(linked))

    @cached_property
    def document_title(self) -> str:
        """The words of `<title>`, white space removed."""
        titles = self.seen.head.titles
        return unspaced(titles[0]) if titles else ""

    @cached_property
    def dates(self) -> int:
        """How many dates a reader sees."""
        return sum(len(pattern.findall(self.flat)) for pattern in DATES)

    @cached_property
    def paging(self) -> bool:
        """True if the page shows a pager or carries the script of one."""
        body = self.page.capture.body
        return any(words in body for words in PAGING_SCRIPTS) or bool(PAGING_WORDS.search(self.flat))

    @cached_property
    def published(self) -> str | None:
        """The words of a publication line, or the metas of an article; None where there is neither."""
        for name in ("articletitle", "pubdate"):
            if name in self.metas:
                return f"meta {name}"
        found = PUBLICATION_LINE.search(self.flat)
        return found.group() if found else None

    @cached_property
    def chapters(self) -> list[str]:
        """The marks of a report's chapters that the page shows."""
        return chapters_in(self.flat)

    @cached_property
    def headings(self) -> int:
        """How many lines begin as a chapter does: 一、…"""
        return len(_HEADING.findall(self.seen.words))

    @property
    def link_words(self) -> list[str]:
        """The words of every link, white space removed."""
        return self.seen.link_words

    @cached_property
    def anchors(self) -> list[Any]:
        """The elements of the page's links."""
        return list(islice(self.tree.iter("a"), MAX_LINKS)) if self.tree is not None else []

    @cached_property
    def verdict(self) -> Verdict:
        """What the title says, the host considered."""
        return judge_title(self.page.title, self.page.capture.url, self.page.context.trusted_host)

    @cached_property
    def root(self) -> bool:
        """True for an address that is the site's root or an index file in it."""
        return bool(_ROOT.match(self.url.path)) and not self.url.query


def chapters_in(flat: str) -> list[str]:
    """The marks of a report's chapters in words without white space."""
    found = [name for name, marks in REPORT_MARKS if any(words in flat for words in marks)]
    return [*found, "统计期限"] if ("统计" in flat or "12月31日" in flat) and PERIOD.search(flat) else found


_HEADING = re.compile(f"(?:^|[{LINE}{CELL}\n])[\\s\u3000]{{0,20}}[（(]?[一二三四五六七八]{{1,2}}[）)]?[、.．]")
_ROOT = re.compile(r"^/?(?:(?:index|default|home|main)\d?\.(?:s?html?|jsp|asp|aspx|php|do))?$", re.I)
