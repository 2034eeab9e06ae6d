"""An Atom feed (RFC 4287) of what runs found: written whole after a run, the same bytes for the same archive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from lxml import etree

from crawler.runs import files

ENTRIES = 200
"""The newest findings; a reader that looks once a week misses none unless a whole new portal was archived."""
_ATOM = "http://www.w3.org/2005/Atom"
_WORDS = {
    "new": "新增 new",
    "changed": "更正 changed",
    "moved": "移址 moved",
    "gone": "撤下 gone",
    "returned": "恢复 returned",
}
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""


def write(path: Path, archive: str, events: Sequence[dict[str, Any]]) -> None:
    """Put the feed of `events` (crawler.archive.queries.events.Events.newest) at `path`; `archive`: its UUID.

    Raises NianbaoError."""
    files.put(path, atom(archive, events), "the feed")


def atom(archive: str, events: Sequence[dict[str, Any]]) -> bytes:
    """The feed as XML. Its id is the archive's UUID, an entry's one made of that and the event's number (RFC 9562)."""
    feed = _feed(
        f"urn:uuid:{archive}", "政府信息公开工作年度报告 · annual disclosure reports", [item["at"] for item in events]
    )
    for event in events:
        entry = _add(feed, "entry", None)
        _add(entry, "id", f"urn:uuid:{uuid5(UUID(archive), 'event/' + str(event['id']))}")
        mark = "虚构 made up: " if event["sample"] else ""
        _add(entry, "title", f"{mark}{_WORDS[event['kind']]}: {event['title'] or event['detail']}")
        _add(entry, "updated", event["at"])
        _add(entry, "link", None).set("href", _fit(event["url"]))
        _add(entry, "category", None).set("term", event["kind"])
        facts = {"report": event["key"], "organ": event["organ"], "region": event["region"]}
        facts |= {"report year": event["report_year"], "run": event["run_id"], "SHA-256": event["sha256"]}
        _add(entry, "summary", "\n".join(f"{name}: {value}" for name, value in facts.items() if value is not None))
    return _written(feed)


def hits(
    archive: str, asked: str, title: str, addresses: tuple[str, str], newest: Sequence[tuple[str, dict[str, Any]]]
) -> bytes:
    """The feed of a search as XML. Its id is made of the archive's UUID and of what was `asked`, an entry's of that and
    the report's key: they stay the same wherever the archive is shown.

    `addresses`: of the feed itself and of the search's page. `newest`: the time at which a report was new or changed
    last, and what is told of it: `key`, `title`, `page` (its address on the site), `url`, `snippet`, `sample`, and
    facts as a feed of runs has them.
    """
    name = f"urn:uuid:{uuid5(UUID(archive), 'search/' + asked)}"
    feed = _feed(name, f"检索 search: {title}", [at for at, _ in newest])
    for relation, address in zip(("self", "alternate"), addresses, strict=True):
        _link(feed, relation, address)
    for at, report in newest:
        entry = _add(feed, "entry", None)
        _add(entry, "id", f"urn:uuid:{uuid5(UUID(archive), 'report/' + report['key'])}")
        _add(entry, "title", f"{'虚构 made up: ' if report['sample'] else ''}{report['title'] or report['url']}")
        _add(entry, "updated", at)
        _link(entry, "alternate", report["page"])
        _link(entry, "via", report["url"])
        facts = {"report": report["key"], "organ": report["organ"], "region": report["region"]}
        facts |= {"report year": report["report_year"], "published": report["published_on"]}
        lines = [f"{name}: {value}" for name, value in facts.items() if value is not None]
        _add(entry, "summary", "\n".join([report["snippet"], *lines]))
    return _written(feed)


def _feed(name: str, title: str, times: Sequence[str]) -> Any:
    # lxml takes None for the default name space, its stubs do not know.
    names: Any = {None: _ATOM}
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=names)
    _add(feed, "id", name)
    _add(feed, "title", title)
    _add(feed, "updated", max(times, default="2008-05-01T00:00:00Z"))
    _add(_add(feed, "author", None), "name", "nianbao 年报")
    return feed


def _link(parent: Any, relation: str, address: str) -> None:
    link = _add(parent, "link", None)
    link.set("rel", relation)
    link.set("href", _fit(address))


def _written(feed: Any) -> bytes:
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _add(parent: Any, name: str, text: str | None) -> Any:
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = None if text is None else _fit(text)
    return child


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
