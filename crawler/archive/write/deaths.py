"""Pages that kill: which a process died of, and what becomes of them from then on.

A page is *fatal* to a version of the program when the crash itself said so, when a process of its own dies of it as
well (the next run tries it apart, before anybody is asked), or when two runs in a row died with it in hand. One
`kill -9`, by a person or for want of memory, blames no page. A fatal page is kept as it came, is a problem
`reader_died` and is not read by that version again: neither where these bytes come again, nor whatever comes from an
address at which two different bodies were fatal. A later version tries it again.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from crawler import __version__
from crawler.archive.file.blobs import digest
from crawler.archive.file.captures import Derive
from crawler.archive.write.hand import Death, Hand
from crawler.records.capture import Capture, Context
from crawler.records.page import Page

TRIAL_SECONDS = 60
"""A page that is not read by then would hold up a run for as long; the slowest real one takes two seconds."""
_BODIES = 2
"""So many different bodies that were fatal at one address, and it is left alone: each costs a run."""

_KIND = "reader_died"


class Deaths:
    """What is fatal to this version of the program: by SHA-256 of the body, and by address, each with its problem's
    words. `told`: the addresses whose problem this run has told already."""

    def __init__(self, rows: list[tuple[str, str, str]]) -> None:
        self._by_body = {sha256: _words(cause) for _, sha256, cause in rows}
        counts = Counter(url for url, _, _ in rows)
        self._by_url = {url: _words(cause) for url, _, cause in rows if counts[url] >= _BODIES}
        self.told: set[str] = set()

    def of(self, capture: Capture) -> str | None:
        """Why a page is not to be read; None: it may be."""
        if not self._by_body:
            return None
        words = self._by_body.get(digest(capture.body)) if capture.body else None
        return words or self._by_url.get(capture.address)

    def spare(self, files: Mapping[str, bytes] | None) -> Mapping[str, bytes] | None:
        """The files without those that are fatal."""
        if not files or not self._by_body:
            return files
        return {url: body for url, body in files.items() if digest(body) not in self._by_body}


def deaths_of(connection: sqlite3.Connection) -> Deaths:
    """What the archive knows to be fatal to this version of the program."""
    rows = connection.execute(
        "select url, sha256, cause from deaths where program = ? and cause is not null order by url, sha256",
        (__version__,),
    )
    return Deaths([tuple(row) for row in rows])


def unread(capture: Capture, context: Context, words: str) -> Page:
    """A page of which nothing is known but its bytes, with the problem that says why."""
    page = Page(capture, context)
    page.problem(_KIND, words)
    return page


def is_unread(page: Page) -> bool:
    """Whether a page is one that `unread` made."""
    return any(one.kind == _KIND for one in page.problems)


@dataclass(frozen=True, slots=True)
class Caution:
    """`derive`, with a note of what is in hand, and without what is fatal. May be sent to another process."""

    derive: Derive
    deaths: Deaths
    hand: Hand

    def __call__(self, capture: Capture, context: Context, files: Mapping[str, bytes] | None = None, /) -> Page:
        """The page of a capture; an unread one where it is fatal."""
        words = self.deaths.of(capture)
        if words is not None:
            return unread(capture, context, words)
        with self.hand.holding(capture, context):
            return self.derive(capture, context, *([self.deaths.spare(files)] if files is not None else []))


def judge(connection: sqlite3.Connection, found: list[Death], derive: Derive) -> list[Death]:
    """Note what was in hand when processes died; return what is fatal by that, each with its `fault`.

    Of several processes of one command (`rebuild --jobs`), those that crashed took the others with them.
    """
    crashed = [death for death in found if death.fault is not None]
    fatal = []
    for death in crashed or found:
        capture = death.capture
        key = (capture.address, digest(capture.body), __version__)
        before = connection.execute("select 1 from deaths where url = ? and sha256 = ? and program = ?", key)
        cause = death.fault or trial(derive, capture, death.context)
        if cause is None and len(found) == 1 and before.fetchone() is not None:
            cause = "two runs in a row died with it in hand"
        if cause is not None or len(found) == 1:
            values = (*key, capture.fetched_at, cause)
            connection.execute("insert or replace into deaths values (?, ?, ?, ?, ?)", values)
        if cause is not None:
            fatal.append(replace(death, fault=cause))
    return fatal


def forgive(connection: sqlite3.Connection) -> None:
    """Forget the pages that a process had in hand when it died, and that nothing speaks against since."""
    connection.execute("delete from deaths where cause is null")


def trial(derive: Derive, capture: Capture, context: Context) -> str | None:
    """Read a page in a process of its own; what that died of, None where it lived."""
    try:
        process = os.fork()
    except OSError:
        return None
    if not process:
        with suppress(BaseException):
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(TRIAL_SECONDS)
            derive(capture, context)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    if not os.WIFSIGNALED(status):
        return None
    if os.WTERMSIG(status) == signal.SIGALRM:
        return f"it was not read within {TRIAL_SECONDS} seconds"
    return signal.strsignal(os.WTERMSIG(status)) or f"signal {os.WTERMSIG(status)}"


def _words(cause: str) -> str:
    return f"a process died while it read this page ({cause}); its bytes are kept, this version reads them no more"
