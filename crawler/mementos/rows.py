"""Rows of indexes as each dialect writes them: read, checked, and thinned to what is worth keeping."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from crawler.archive.exchange.addresses import address
from crawler.archive.exchange.digests import expected
from crawler.records.mementos import Inquiry, Memento
from crawler.words.mementos import key, stamp_of, time_of

FIELDS = ("original", "timestamp", "mimetype", "statuscode", "digest", "length")
"""Columns that are asked of a Wayback CDX server, in this order."""
_NAMES = ("url", "timestamp", "mime", "status", "digest", "length", "filename", "offset")
"""What a line of JSON calls them (pywb, OutbackCDX, Common Crawl)."""
_LINK = re.compile(r'<([^<>\s]+)>((?:\s*;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^\s,;"]+))*)')
_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s,;"]+))')


@dataclass(slots=True)
class Sieve:
    """Takes rows in, one good answer and one other a month of each address. `unread`, `left_out`: how many were not
    taken, for they could not be read, or for there is one of that month; `whole`: whether the last page ended where a
    row does."""

    inquiry: Inquiry
    unread: int = 0
    left_out: int = 0
    whole: bool = True
    _months: set[tuple[str, str, bool]] = field(default_factory=set)

    def take(self, rows: Iterable[Mapping[str, Any] | None]) -> Iterator[Memento]:
        """Mementos of rows by the names of JSON; None for a row that could not be read."""
        for row in rows:
            memento = None if row is None else _memento(row, self.inquiry)
            if memento is None:
                self.unread += 1
                continue
            month = (memento.key, memento.at[:7], memento.status in (None, 200))
            if month in self._months:
                self.left_out += 1
                continue
            self._months.add(month)
            yield memento


def is_whole(text: str, lines: list[str]) -> bool:
    """Whether a page of an index ends with the end of a line, or at least of its last row, which `lines` holds last."""
    if not text or text.endswith("\n"):
        return True
    last = lines[-1].strip() if lines else ""
    return last.endswith("}") or len(last.split(" ")) == len(FIELDS)


def of_json(text: str) -> Iterator[Mapping[str, Any] | None]:
    """Rows of lines that are JSON objects, with or without key and timestamp before them (CDXJ)."""
    for line in filter(None, map(str.strip, text.split("\n"))):
        try:
            row = json.loads(line[line.index("{") :])
        except (ValueError, RecursionError):
            row = None
        yield row if isinstance(row, dict) else None


def of_columns(lines: Iterable[str]) -> Iterator[Mapping[str, Any] | None]:
    """Rows of lines with the columns FIELDS, parted by blanks."""
    for line in lines:
        values = line.split(" ")
        yield dict(zip(_NAMES, values, strict=False)) if len(values) == len(FIELDS) else None


def of_links(text: str, original: str) -> tuple[list[Mapping[str, Any] | None], list[str]]:
    """Rows of a TimeMap of one address in link format (RFC 7089 5), and the addresses of further TimeMaps."""
    rows: list[Mapping[str, Any] | None] = []
    further = []
    for link, parameters in _LINK.findall(text):
        said = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(parameters)}
        relations = said.get("rel", "").split()
        if "memento" in relations:
            try:
                at = parsedate_to_datetime(said.get("datetime", "")).astimezone(UTC).strftime("%Y%m%d%H%M%S")
            except (TypeError, ValueError):
                rows.append(None)
                continue
            rows.append({"url": original, "timestamp": at})
        elif "timemap" in relations and "self" not in relations:
            further.append(link)
    return rows, further


def _memento(row: Mapping[str, Any], inquiry: Inquiry) -> Memento | None:
    """A row as a record; None where address, time, status, digest or place cannot be read, or where it is of an address
    that was not asked about."""
    said = {name: str(value) for name in _NAMES if (value := row.get(name)) not in (None, "", "-")}
    at = time_of(said.get("timestamp", ""))
    try:
        url = address(said.get("url", ""))
        status, length, offset = (_number(said.get(name)) for name in ("status", "length", "offset"))
    except ValueError:
        return None
    digest = said.get("digest")
    if at is None or (digest is not None and expected(digest) is None) or not _asked(url, inquiry):
        return None
    kind = said.get("mime")
    return Memento(
        inquiry.source,
        inquiry.portal,
        url,
        key(url),
        at,
        status or None,
        None if kind in ("warc/revisit", "unk") else kind,
        digest,
        length,
        said.get("filename"),
        offset,
    )


def _asked(url: str, inquiry: Inquiry) -> bool:
    """Whether an address is one that the inquiry is about."""
    wanted, address_key = key(inquiry.url), key(url)
    if inquiry.match == "exact":
        return address_key == wanted
    if inquiry.match == "host":
        return address_key.partition("/")[0].partition("?")[0] == wanted.partition("/")[0]
    return address_key.startswith(wanted)


def _number(text: str | None) -> int | None:
    """Raises ValueError for what is no whole number that SQLite holds."""
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,18}", text):
        raise ValueError(text)
    return int(text)


def within(memento: Memento, since: str, until: str) -> bool:
    """Whether a memento is of these years."""
    return since <= stamp_of(memento.at)[:4] <= until
