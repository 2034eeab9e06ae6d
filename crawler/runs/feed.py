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
    # lxml takes None for the default name space, its stubs do not know.
    names: Any = {None: _ATOM}
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=names)
    _add(feed, "id", f"urn:uuid:{archive}")
    _add(feed, "title", "政府信息公开工作年度报告 · annual disclosure reports")
    _add(feed, "updated", max((event["at"] for event in events), default="2008-05-01T00:00:00Z"))
    _add(_add(feed, "author", None), "name", "nianbao 年报")
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
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _add(parent: Any, name: str, text: str | None) -> Any:
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = None if text is None else _fit(text)
    return child


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
