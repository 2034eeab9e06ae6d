"""Pages and documents that cost a reader: which they are, and what becomes of them from then on.

A page is *fatal* to a version of the program when every reader died of it, or one of its limits was reached
(crawler.reading). It is kept as it came, is a problem `reader_died` or `reader_limit`, and is not read by that version
again: neither where these bytes come again, nor whatever comes from an address at which two different bodies were
fatal. A document that is fatal is left out of its report, a problem `document_unread`. A later version tries both.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crawler import __version__
from crawler.archive.file.blobs import digest
from crawler.archive.file.captures import Derive, Material, derived
from crawler.records.capture import Capture, Context
from crawler.records.page import Death, Page

_BODIES = 2
"""So many different bodies that were fatal at one address, and it is left alone: each costs a reader."""
_DOCUMENT = "document_unread"
"""The kind of a row that is a document's."""


class Deaths:
    """What is fatal to this version of the program: pages by SHA-256 of the body, and by address; `documents`: by
    SHA-256, with the words of their problem."""

    def __init__(self, rows: list[tuple[str, str, str, str]]) -> None:
        pages = [row for row in rows if row[3] != _DOCUMENT]
        self.documents = {sha256: cause for _, sha256, cause, kind in rows if kind == _DOCUMENT}
        self._by_body = {sha256: Death(kind, cause) for _, sha256, cause, kind in pages}
        counts = Counter(url for url, *_ in pages)
        self._by_url = {url: Death(kind, cause) for url, _, cause, kind in pages if counts[url] >= _BODIES}
        self.learnt: list[tuple[str, ...]] = []
        """Rows of table `deaths` that are not kept yet (see note_deaths)."""

    def learn(self, page: Page) -> None:
        """Take in what readers were lost over as a page was read: the page, or documents among it."""
        if page.death is None and not page.fatal:
            return
        capture = page.capture
        for sha256, cause in page.fatal.items() - self.documents.items():
            self.documents[sha256] = cause
            self.learnt.append((capture.address, sha256, __version__, capture.fetched_at, cause, _DOCUMENT))
        if page.death is not None and self.of(capture) is None:
            sha256 = digest(capture.body)
            self._by_body[sha256] = page.death
            kept = (capture.address, sha256, __version__, capture.fetched_at, page.death.cause, page.death.kind)
            self.learnt.append(kept)

    def of(self, capture: Capture) -> Death | None:
        """Why a page is not to be read; None: it may be."""
        if not self._by_body:
            return None
        death = self._by_body.get(digest(capture.body)) if capture.body else None
        return death or self._by_url.get(capture.address)


def deaths_of(connection: sqlite3.Connection) -> Deaths:
    """What the archive knows to be fatal to this version of the program."""
    rows = connection.execute(
        "select url, sha256, cause, kind from deaths where program = ? and cause is not null order by url, sha256",
        (__version__,),
    )
    return Deaths([tuple(row) for row in rows])


def note_deaths(connection: sqlite3.Connection, rows: list[tuple[str, ...]]) -> None:
    """Keep what readers were lost over: rows (url, sha256, program, at, cause, kind)."""
    connection.executemany("insert or ignore into deaths values (?, ?, ?, ?, ?, ?)", rows)


def unread(capture: Capture, context: Context, death: Death) -> Page:
    """A page of which nothing is known but its bytes, with the problem that says why."""
    page = Page(capture, context, death=death)
    page.problem(death.kind, f"{death.cause}; its bytes are kept, this version reads them no more")
    return page


@dataclass(frozen=True, slots=True)
class Caution:
    """`derive` without what is fatal."""

    derive: Derive
    deaths: Deaths

    def __call__(
        self,
        capture: Capture,
        context: Context,
        files: Mapping[str, bytes] | None = None,
        fatal: Mapping[str, str] | None = None,
        /,
    ) -> Page:
        """The page of a capture; an unread one where it is fatal."""
        if (death := self.deaths.of(capture)) is not None:
            return unread(capture, context, death)
        page = self.derive(capture, context, files, self.deaths.documents | dict(fatal or {}))
        self.deaths.learn(page)
        return page

    def stream(self, materials: Iterable[Material]) -> Iterator[Page]:
        """The pages of captures in their order, several read at a time where `derive` can do that."""
        waiting: deque[Page | None] = deque()

        def sound() -> Iterator[Material]:
            for capture, context, files, _ in materials:
                death = self.deaths.of(capture)
                waiting.append(None if death is None else unread(capture, context, death))
                if death is None:
                    yield Material(capture, context, files, self.deaths.documents)

        for page in derived(self.derive, sound()):
            while (dead := waiting.popleft()) is not None:
                yield dead
            self.deaths.learn(page)
            yield page
        yield from filter(None, waiting)
