"""Asks an index for what a web archive has of an address, a page at a time, in each dialect.

Wayback's pages by a key to resume at, pywb's (and OutbackCDX's) by years, Common Crawl's by monthly indexes and their
pages, TimeMaps one after the other. No page is larger than PAGE rows, no address has more than MOST.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from crawler.mementos.archives import WebArchive
from crawler.mementos.client import MOST_INDEX, Client, CutError, Reply
from crawler.mementos.rows import FIELDS, Sieve, is_whole, of_columns, of_json, of_links, within
from crawler.records.mementos import Inquiry, Memento
from crawler.words.mementos import key
from crawler.words.text import one_line

PAGE, MOST = 5_000, 100_000
"""Rows of a page of an index, and rows of one inquiry that are read in a run."""
MOST_TIMEMAPS = 50
YEARS = 5
"""Of a page where an index has no pages of its own (pywb's are asked for by time)."""


class RefusalError(Exception):
    """What an index says in place of rows; the message has it."""


Pages = Iterator[tuple[Inquiry, list[Memento]]]
"""The inquiry as it stands after a page, and what that page brought."""


class Index:
    """The index of one web archive. Common Crawl's list of indexes is asked for once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._collections: list[tuple[str, str]] | None = None

    def ask(self, inquiry: Inquiry, now: str) -> Pages:
        """What it has of an address, from where the inquiry was left; `now`: UTC.

        Raises ArchiveRestingError; all else that goes wrong is the `detail` of the last inquiry, which is not finished.
        """
        sieve = Sieve(inquiry, inquiry.unread, inquiry.left_out)
        inquiry = replace(inquiry, asked_at=now, finished=False, detail=None)
        count = 0
        try:
            for rows, resume in self._pages(self._client.archive, inquiry, sieve):
                mementos = [entry for entry in rows if within(entry, inquiry.since, inquiry.until)]
                count += len(rows)
                before = inquiry
                inquiry = replace(
                    inquiry,
                    rows=inquiry.rows + len(mementos),
                    unread=sieve.unread,
                    left_out=sieve.left_out,
                    resume=resume,
                    finished=resume is None,
                )
                if not sieve.whole:
                    # That page is asked for again; what was whole of it is kept.
                    inquiry = replace(before, detail="the index ended in the middle of a row")
                elif resume is not None and count + sieve.left_out >= MOST:
                    inquiry = replace(inquiry, detail=f"more than {MOST:,} rows; the next run goes on")
                yield inquiry, mementos
                if inquiry.detail is not None:
                    return
        except (RefusalError, CutError) as error:
            yield replace(inquiry, finished=False, detail=str(error)), []

    def _pages(self, archive: WebArchive, inquiry: Inquiry, sieve: Sieve) -> Iterator[tuple[list[Memento], str | None]]:
        """The rows of each page, and where the next begins; None after the last."""
        if archive.dialect == "wayback":
            yield from self._wayback(inquiry, sieve)
        elif archive.dialect == "pywb":
            yield from self._pywb(inquiry, sieve)
        elif archive.dialect == "commoncrawl":
            yield from self._commoncrawl(inquiry, sieve)
        else:
            yield from self._timemaps(inquiry, sieve)

    def _wayback(self, inquiry: Inquiry, sieve: Sieve) -> Iterator[tuple[list[Memento], str | None]]:
        resume = inquiry.resume
        while True:
            fields = {
                "url": _wanted(inquiry), "matchType": inquiry.match, "from": inquiry.since, "to": inquiry.until,
                "fl": ",".join(FIELDS), "limit": str(PAGE), "showResumeKey": "true",
            }  # fmt: skip
            reply = self._get(self._client.archive.index, fields | ({"resumeKey": resume} if resume else {}))
            text = "" if reply is None else reply.body.decode("utf-8", "replace")
            lines, mark, following = text.partition("\n\n")
            sieve.whole = is_whole(text, [] if mark else lines.split("\n"))
            before, resume = resume, following.strip() or None
            if resume is not None and resume == before:
                raise RefusalError("the index leads back to the same page")
            yield list(sieve.take(of_columns(filter(None, lines.split("\n"))))), resume
            if resume is None:
                return

    def _pywb(self, inquiry: Inquiry, sieve: Sieve) -> Iterator[tuple[list[Memento], str | None]]:
        first, last = int(inquiry.resume or inquiry.since), int(inquiry.until)
        for year in range(first, last + 1, YEARS):
            end = min(year + YEARS - 1, last)
            fields = {
                "url": _wanted(inquiry), "matchType": inquiry.match, "from": str(year), "to": str(end),
                "output": "json", "limit": str(MOST),
            }  # fmt: skip
            reply = self._get(self._client.archive.index, fields)
            text = "" if reply is None else reply.body.decode("utf-8", "replace")
            sieve.whole = is_whole(text, text.split("\n"))
            yield list(sieve.take(of_json(text))), str(end + 1) if end < last else None

    def _commoncrawl(self, inquiry: Inquiry, sieve: Sieve) -> Iterator[tuple[list[Memento], str | None]]:
        years = range(int(inquiry.since), int(inquiry.until) + 1)
        fitting = [(name, url) for name, url in self._indexes() if int(name.split("-")[2]) in years]
        begun, _, page = (inquiry.resume or "").partition(" ")
        fitting = [entry for entry in fitting if entry[0] >= begun]
        for place, (name, url) in enumerate(fitting):
            fields = {"url": _wanted(inquiry), "matchType": inquiry.match, "output": "json"}
            count = self._count(url, fields)
            following = f"{fitting[place + 1][0]} 0" if place + 1 < len(fitting) else None
            for number in range(int(page or 0) if name == begun else 0, count):
                reply = self._get(url, fields | {"page": str(number)})
                text = "" if reply is None else reply.body.decode("utf-8", "replace")
                sieve.whole = is_whole(text, text.split("\n"))
                resume = f"{name} {number + 1}" if number + 1 < count else following
                yield list(sieve.take(of_json(text))), resume
            if not count:
                yield [], following
        if not fitting:
            yield [], None

    def _count(self, url: str, fields: dict[str, str]) -> int:
        """How many pages an index has of it; none where it has no capture."""
        reply = self._get(url, fields | {"showNumPages": "true"})
        try:
            return 0 if reply is None else min(int(json.loads(reply.body)["pages"]), MOST)
        except (ValueError, TypeError, KeyError):
            raise RefusalError("the index does not say how many pages it has") from None

    def _indexes(self) -> list[tuple[str, str]]:
        """Name and address of every monthly index, oldest first."""
        if self._collections is None:
            reply = self._get(self._client.archive.index, {})
            try:
                said = json.loads(b"[]" if reply is None else reply.body)
                indexes = [(str(entry["id"]), str(entry["cdx-api"])) for entry in said]
            except (ValueError, TypeError, KeyError):
                raise RefusalError("the list of indexes cannot be read") from None
            self._collections = sorted(entry for entry in indexes if re.fullmatch(r"CC-MAIN-\d{4}(-[\w-]+)?", entry[0]))
        return self._collections

    def _timemaps(self, inquiry: Inquiry, sieve: Sieve) -> Iterator[tuple[list[Memento], str | None]]:
        if inquiry.match != "exact":
            raise RefusalError("a TimeMap knows single addresses, and was not asked for what is below this one")
        waiting = [inquiry.resume or self._client.archive.index + inquiry.url]
        asked: set[str] = set()
        while waiting:
            asked.add(url := waiting.pop(0))
            reply = self._get(url, {})
            text = "" if reply is None else reply.body.decode("utf-8", "replace")
            rows, further = of_links(text, inquiry.url)
            root = self._client.archive.index.split("//", 1)[-1].partition("/")[0]
            waiting += [entry for entry in further if entry not in asked and entry.split("//", 1)[-1].startswith(root)]
            if len(asked) >= MOST_TIMEMAPS and waiting:
                raise RefusalError(f"more than {MOST_TIMEMAPS} TimeMaps")
            yield list(sieve.take(rows)), waiting[0] if waiting else None

    def _get(self, url: str, fields: dict[str, str]) -> Reply | None:
        """An answer of the index; None where it says that it has nothing. Raises RefusalError for any other refusal."""
        where = url if not fields else f"{url}{'&' if '?' in url else '?'}{urlencode(fields)}"
        reply = self._client.get(where, most=MOST_INDEX)
        if reply.status == 404 or (reply.status == 400 and "page" in fields):
            return None
        if reply.status != 200:
            words = one_line(reply.body[:300].decode("utf-8", "replace"))[:120]
            raise RefusalError(f"the index answered {reply.status}: {words}")
        return reply


def _wanted(inquiry: Inquiry) -> str:
    """What is asked about, as indexes take it: of a host its name, of all else the address."""
    return key(inquiry.url).partition("/")[0] if inquiry.match == "host" else inquiry.url
