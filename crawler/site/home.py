"""The start page: how much of the country is there, and what is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.archive.queries.reader import Reader
from crawler.site.extracts import Extract
from crawler.site.parameters import only

_FINDINGS = 500
_EVENT: Mapping[str, str] = {
    "at": "when it was found, UTC",
    "kind": "new, changed, moved, gone or returned",
    "key": "public id of the report: its page is `/report/KEY`",
    "title": "title of the report",
    "organ": "whose report it is",
    "region": "name of its region",
    "report_year": "the year that is reported on",
    "url": "address at which it was found",
    "detail": "what changed, in words",
    "sample": "1 for what is made up",
    "run_id": "the run that found it",
}


def _findings(archive: Reader, request: Any) -> list[dict[str, Any]]:
    only(request)
    return [{**event, "sample": bool(event["sample"])} for event in archive.events.newest(_FINDINGS)]


EXTRACTS = (
    Extract("/findings", f"What runs found of reports, the newest first, {_FINDINGS} at most.", _EVENT, _findings),
)
