"""Comments of what was asked of web archives, of what they hold, and of what was handed to them."""

from __future__ import annotations

COMMENTS: dict[str, dict[str, str]] = {
    "inquiries": {
        "": "What `nianbao backfill` asked of web archives about a portal, and what they had: absence is evidence too.",
        "id": "number of the inquiry",
        "source": "name of the web archive",
        "portal": "id of the portal",
        "url": "the address that was asked about",
        "match": "exact (that address), prefix (all below it), host (all of its host), walk (a walk over captures "
        "begun there)",
        "since": "the first year that was asked about; of a walk the time that it was walked at, UTC",
        "until": "the last year; of a walk as since",
        "asked_at": "UTC, when it was last asked",
        "finished": "1: to its end; 0: the index was cut, out of reach, or has more than is taken at a time",
        "rows": "rows of its index that were taken, one a month of each address; of a walk the reports that are new",
        "unread": "rows that could not be read",
        "left_out": "rows beyond one a month of an address",
        "resume": "where the next run goes on, in the index's own terms; NULL: from the beginning",
        "detail": "why it is not finished, in words; NULL where it is",
    },
    "mementos": {
        "": "Captures that web archives say they hold (rows of their indexes), and what became of those asked for.",
        "id": "number of the row",
        "source": "name of the web archive",
        "portal": "id of the portal",
        "url": "the address that was captured",
        "key": "that address without scheme, www. and default port: by it captures of one page are told",
        "at": "UTC, when it was captured",
        "status": "HTTP status, as the index says; NULL: it says none, as of a revisit",
        "media_type": "media type, as the index says",
        "digest": "of the payload, as the index writes it",
        "length": "bytes of its record",
        "file": "the WARC file that its record stands in, where the index says that",
        "offset": "the byte at which its record begins there",
        "outcome": "kept; refused; NULL: it was not asked for",
        "detail": "why it was refused, in words",
        "sha256": "SHA-256 of the body that was kept",
        "taken_as": "the address that it was kept under: the one that led there, which may be spelled otherwise",
    },
    "submissions": {
        "": "Addresses of reports that `nianbao preserve` handed to web archives for keeping, and what they answered.",
        "id": "number of the row",
        "source": "name of the web archive",
        "portal": "id of the portal",
        "url": "the address that was handed in: of a report's page, or of a file of it",
        "at": "UTC, when it was handed in",
        "outcome": "archived (it says that it has a capture); pending (it was at work when last asked); failed (it "
        "could not, and is asked again); refused (it will not, and is not asked again until the report changes)",
        "status": "HTTP status of the last answer",
        "memento": "address of the capture, as far as it was said",
        "memento_at": "UTC, when the capture was made, as far as it was said",
        "job": "what the web archive calls its work",
        "detail": "what it said of why not, in words; NULL where it took it",
    },
}
