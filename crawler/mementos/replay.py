"""Has a web archive give out a capture as it came: raw replay, or the byte range of a WARC file; and checks that it is.

`warcio` reads records, by way of the archive's own door for WARC files. `cdx-toolkit` would fetch both forms, and
checks neither digest nor time, nor tells a rewritten body.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from crawler.archive.exchange.digests import holds, key
from crawler.archive.exchange.heads import Damage
from crawler.archive.exchange.intake import WarcCapture, read
from crawler.fetching.codings import undone
from crawler.mementos.client import MOST_BODY, Client, CutError, Reply
from crawler.records.capture import Capture
from crawler.records.errors import NianbaoError
from crawler.records.mementos import Memento
from crawler.words import mementos
from crawler.words.text import one_line

_ORIGINAL = "x-archive-orig-"
"""Before the name of a header as it was sent, where an archive gives out its own beside them."""
_OF_REPLAY = re.compile(
    r"memento-datetime|content-location|preference-applied|x-archive-.*|x-ts|x-location|server-timing"
)
_MEMENTO_LINK = re.compile(r'rel="?[^"]*(?:memento|timemap|timegate|original)')
_TOOLS = re.compile(
    rb"BEGIN WAYBACK TOOLBAR INSERT|FILE ARCHIVED ON \d\d:|__wm\.(?:init|wombat|bt)\(|_?WBWombat|wombat\.js"
    rb"|wbinfo\.\w+ ?="
    rb"|/static/(?:js/)?(?:bundle-playback|wombat|default_banner)"
)
"""What replay programs write into pages: Wayback's toolbar and scripts, pywb's."""
_LINKS = re.compile(rb"""(?:href|src|action)\s*=\s*["']?[^"'\s>]{0,200}/\d{14}(?:[a-z]{2}_)?/https?:""", re.I)
"""A link that leads into an archive."""
_WRAPPED = re.compile(r"^.*?/\d{4,14}(?:[a-z]{2}_)?/(?=https?:)")


_PLACE = re.compile(r"^(\d{4,14})(?:[a-z]{2}_)?/(https?:.*)", re.S)
"""What follows on the replay's root in the address of a capture."""
MOST_LEADS = 3
"""How often the archive is followed from one capture of an address to another."""


class RefusedError(Exception):
    """A capture that is not taken; the message says why."""


def fetch(client: Client, memento: Memento) -> Capture:
    """The capture of a row of an index, its body without codings. Raises RefusedError; ArchiveRestingError."""
    try:
        if client.archive.dialect == "commoncrawl":
            return _from_range(client, memento)
        return _from_replay(client, memento)
    except CutError as error:
        raise RefusedError(str(error)) from None


def memento_of(memento: Memento, capture: Capture) -> Memento:
    """The memento that a capture is of: another one than was asked for, where the archive led to that."""
    if capture.fetched_at == memento.at:
        return memento
    return Memento(memento.source, memento.portal, capture.url, memento.key, capture.fetched_at, status=capture.status)


def _from_replay(client: Client, memento: Memento) -> Capture:
    reply, memento = _followed(client, memento)
    at = _time(reply.header("memento-datetime"))
    if at is None and not _is_redirect(memento.status):
        raise RefusedError(f"the archive answered {reply.status} and no capture (no Memento-Datetime)")
    if at is not None and at != memento.at:
        raise RefusedError(f"the archive answered with a capture of {at}, its index says {memento.at}")
    headers = _headers(reply, memento)
    try:
        body = undone(reply.body, headers, MOST_BODY)
    except Exception as error:
        raise RefusedError(f"the body cannot be read: {one_line(str(error))[:200]}") from None
    if memento.digest is None or not (holds(memento.digest, reply.body) or holds(memento.digest, body)):
        host = urlsplit(client.archive.replay).netloc.encode()
        if _TOOLS.search(body) or (host in body and _LINKS.search(body)) or len(_LINKS.findall(body)) > 1:
            raise RefusedError("the body was rewritten by the archive: it is not what was served")
        if memento.digest is not None:
            raise RefusedError("the digest of the body is another than the index says")
    return Capture(memento.url, reply.status, headers, body, memento.at, source=memento.source)


def _followed(client: Client, memento: Memento) -> tuple[Reply, Memento]:
    """What the archive answers, and what it says that this is a capture of: where it leads to another capture of the
    same address, as Wayback does to the nearest one, that one.

    A redirect to another address is the capture of a redirect, if the index says so. Raises RefusedError.
    """
    asked = memento
    for _ in range(MOST_LEADS + 1):
        where = _place_of(client, memento)
        reply = client.get(where)
        if reply.header("memento-datetime") or not _is_redirect(reply.status):
            return reply, memento
        target = urljoin(where, reply.header("location"))
        place = _PLACE.search(target.removeprefix(_root(client)))
        if place is None or not target.startswith(_root(client)):
            raise RefusedError(f"the archive led to {target[:200]} in place of a capture")
        at, url = mementos.time_of(place[1]), place[2]
        if mementos.key(url) != asked.key:
            if not _is_redirect(asked.status):
                raise RefusedError(f"the archive led to another address, {url[:200]}; its index says {asked.status}")
            return reply, asked
        if at is None:
            raise RefusedError(f"the archive led to {target[:200]} in place of a capture")
        memento = memento if at == memento.at else replace(memento, at=at, digest=None)
        memento = replace(memento, url=url)
    raise RefusedError(f"the archive led on more than {MOST_LEADS} times in place of a capture")


def _place_of(client: Client, memento: Memento) -> str:
    stamp = mementos.stamp_of(memento.at)
    return client.archive.replay.replace("{timestamp}", stamp).replace("{url}", memento.url)


def _root(client: Client) -> str:
    return client.archive.replay.partition("{timestamp}")[0]


def _is_redirect(status: int | None) -> bool:
    return status in (301, 302, 303, 307, 308)


def _headers(reply: Reply, memento: Memento) -> list[tuple[str, str]]:
    """The headers as they were served, as far as the archive gives them out; a redirect leads where it led."""
    original = [(name[len(_ORIGINAL) :], value) for name, value in reply.headers if name.lower().startswith(_ORIGINAL)]
    if original:
        names = {name.lower() for name, _ in original}
        # Some give out the type under its own name alone.
        kept = original + [pair for pair in reply.headers if pair[0].lower() in {"content-type", "location"} - names]
    else:
        kept = [pair for pair in reply.headers if not _of_replay(*pair) and not _of_today(*pair, memento)]
    return [(name, _WRAPPED.sub("", value) if name.lower() == "location" else value) for name, value in kept]


def _of_today(name: str, value: str, memento: Memento) -> bool:
    """Whether it says when the archive answered, and not when the portal did."""
    if name.lower() != "date" or (at := _time(value)) is None:
        return False
    return abs(datetime.fromisoformat(at) - datetime.fromisoformat(memento.at)) > timedelta(days=1)


def _of_replay(name: str, value: str) -> bool:
    name = name.lower()
    return _OF_REPLAY.fullmatch(name) is not None or (name == "link" and _MEMENTO_LINK.search(value) is not None)


def _from_range(client: Client, memento: Memento) -> Capture:
    if memento.file is None or memento.offset is None or not memento.length:
        raise RefusedError("the index does not say where its record stands")
    if memento.length > MOST_BODY:
        raise RefusedError(f"a record of more than {MOST_BODY:,} bytes")
    last = memento.offset + memento.length - 1
    where = client.archive.replay.replace("{file}", memento.file)
    reply = client.get(where, {"Range": f"bytes={memento.offset}-{last}"}, most=memento.length)
    if reply.status != 206 or len(reply.body) != memento.length:
        raise RefusedError(f"the archive answered {reply.status} with {len(reply.body)} bytes in place of a range")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.warc.gz"
        path.write_bytes(reply.body)
        try:
            entries = list(read(path, undone))
        except NianbaoError:
            raise RefusedError("no record of a WARC begins at that place of the file") from None
    for entry in entries:
        if isinstance(entry, Damage):
            raise RefusedError(entry.why)
        if isinstance(entry, WarcCapture):
            return _of_record(entry, memento)
    raise RefusedError("no capture stands at that place of the file")


def _of_record(entry: WarcCapture, memento: Memento) -> Capture:
    if mementos.key(entry.url) != memento.key or entry.fetched_at[:19] != memento.at[:19]:
        raise RefusedError(f"another capture stands at that place: {entry.url} of {entry.fetched_at}")
    if entry.body is None:
        raise RefusedError("a revisit: it refers to a body that is not in the record")
    said = memento.digest and key(memento.digest)
    if said and entry.digest and said != entry.digest:
        raise RefusedError("the digest of the record is another than the index says")
    if said and not entry.digest and memento.digest is not None and not holds(memento.digest, entry.body):
        raise RefusedError("the digest of the body is another than the index says")
    return Capture(memento.url, entry.status, entry.headers, entry.body, memento.at, source=memento.source)


def _time(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (TypeError, ValueError):
        return None
