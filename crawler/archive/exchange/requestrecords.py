"""Requests as records of a WARC file."""

from __future__ import annotations

import json
import sqlite3
from io import BytesIO
from typing import Any

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]


def request(out: Any, row: sqlite3.Row, identifier: str, answer: str) -> Any:
    """The request of a capture (a row with url, fetched_at, line, request_headers and ip_address) as a record that
    refers to its `answer`; what a POST sends stands in its address."""
    record = out.create_warc_record(
        row["url"],
        "request",
        payload=BytesIO(),
        http_headers=StatusAndHeaders(row["line"], [tuple(pair) for pair in json.loads(row["request_headers"])]),
        warc_headers_dict={
            "WARC-Record-ID": identifier,
            "WARC-Date": row["fetched_at"],
            "WARC-Concurrent-To": answer,
            **server(row),
        },
    )
    out.ensure_digest(record, block=True, payload=True)
    return record


def server(row: sqlite3.Row) -> dict[str, str]:
    """The address that answered, where it was told (WARC 1.1, 5.9)."""
    return {"WARC-IP-Address": row["ip_address"]} if row["ip_address"] else {}
