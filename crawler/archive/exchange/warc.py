"""The archive's captures as a WARC 1.1 file: a response and a metadata record each, revisits for bytes met before.

Bodies were stored with transfer and content coding undone, so the headers that spoke of those are renamed
(X-Archive-Orig-…), and Content-Length is that of the body. The metadata record has the headers as they came, and what
else the archive knows of a capture: our own import gives the same rows from it. Of a redacted capture there is only a
metadata record that says so. A request stands before its answer where it was kept; the reason phrase of an answer is
not kept. What a browser made of a page is a conversion record that refers to the response.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterator
from http import HTTPStatus
from io import BytesIO
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler import __version__
from crawler.archive.exchange.requestrecords import request, server
from crawler.archive.file.blobs import BlobReader
from crawler.archive.write.samples import sample_portals
from crawler.records.capture import RENDERED
from crawler.records.errors import ArchiveError

_NAMES = UUID("6e69616e-6261-6f00-8000-000000000000")
"""Name space of record ids: the same archive gives the same ids."""
_UNDONE = frozenset({"content-encoding", "transfer-encoding", "content-length"})
METADATA = ("portal", "trail", "links_skipped", "context", "last_seen_at", "kind", "headers", "source")
"""Columns of `captures` in a metadata record."""
_JSON = frozenset({"trail", "links_skipped", "context", "headers"})
REMAINS = (
    "organ_kind", "region_code", "report_year", "identity", "text_sha256", "squeezed_sha256", "attachments_sha256"
)  # fmt: skip
"""Columns of `redacted_captures` in the metadata record of a tombstone, in the order of records.page.Remains."""
CONFORMS = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
METADATA_TYPE = "application/json"
CONVERSION_TYPE = "text/html; charset=utf-8"


def write(
    connection: sqlite3.Connection,
    file: BinaryIO,
    only: Container[int] | None = None,
    *,
    with_requests: bool = True,
) -> dict[str, int]:
    """Write every capture, or `only` those by id, in the order of making, and `with_requests` what each was
    asked by; count records by type.

    Raises ArchiveError for a damaged body.
    """
    out = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
    reader = BlobReader(connection)
    counts = {"response": 0, "revisit": 0}
    (newest,) = connection.execute("select max(fetched_at) from captures").fetchone()
    if newest is None:
        return counts
    out.write_record(_about(out, newest))
    first: dict[str, tuple[str, str, str]] = {}  # SHA-256 to the address, time and digest of the response that has it
    samples = sample_portals(connection)
    served: dict[str, str] = {}  # the address of a page to the record that it last came in
    for row in _captures(connection, with_requests):
        if only is not None and row["id"] not in only:
            continue
        if row["redacted"]:
            out.write_record(_tombstone(out, connection, row, row["portal"] in samples))
            counts["tombstone"] = counts.get("tombstone", 0) + 1
            continue
        body = reader.get(row["sha256"])
        if body is None:
            raise ArchiveError(f"the body {row['sha256']} of capture {row['id']} is missing")
        original = first.get(row["sha256"]) if body else None
        if row["url"].endswith(RENDERED):
            kind = "conversion"
            out.write_record(_conversion(out, row, body, served.get(row["url"].removesuffix(RENDERED))))
            counts[kind] = counts.get(kind, 0) + 1
            out.write_record(_metadata(out, row, kind, row["portal"] in samples))
            continue
        if original is None:
            kind, record = "response", _response(out, row, body)
        else:
            kind, record = "revisit", _revisit(out, row, *original)
        if row["line"] is not None:
            parts = row["id"], row["sha256"]
            out.write_record(request(out, row, identifier("request", *parts), identifier(kind, *parts)))
            counts["request"] = counts.get("request", 0) + 1
        out.write_record(record)
        served[row["url"]] = record.rec_headers.get_header("WARC-Record-ID")
        first.setdefault(
            row["sha256"], (row["url"], row["fetched_at"], record.rec_headers.get_header("WARC-Payload-Digest"))
        )
        counts[kind] += 1
        out.write_record(_metadata(out, row, kind, row["portal"] in samples))
    return counts


def _captures(connection: sqlite3.Connection, with_requests: bool) -> Iterator[sqlite3.Row]:
    names = ", ".join(f"captures.{name}" for name in METADATA)
    names += ", length, media_type, id in (select capture_id from redacted_captures) as redacted"
    names += ", line, requests.headers as request_headers, ip_address"
    yield from connection.execute(
        f"select id, url, fetched_at, status, sha256, {names} from captures"
        " left join requests on requests.capture_id = captures.id and ? order by id",
        (with_requests,),
    )


def identifier(*parts: object) -> str:
    """The id of a record: the same for the same parts."""
    return f"<urn:uuid:{uuid5(_NAMES, ' '.join(map(str, parts)))}>"


def _about(out: Any, at: str) -> Any:
    fields = {
        "software": f"nianbao/{__version__}",
        "format": "WARC file version 1.1",
        "conformsTo": CONFORMS,
        "description": "transfer and content coding of bodies are undone; reason phrases are not kept, nor what a POST"
        " sends but in its address",
    }
    body = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    return out.create_warc_record(
        None,
        "warcinfo",
        payload=BytesIO(body),
        length=len(body),
        warc_content_type="application/warc-fields",
        warc_headers_dict={"WARC-Record-ID": identifier("warcinfo", at), "WARC-Date": at},
    )


def _http(row: sqlite3.Row, length: int) -> Any:
    headers = []
    for name, value in json.loads(row["headers"]):
        name = f"X-Archive-Orig-{name}" if name.lower() in _UNDONE else name
        headers.append((name, value.replace("\r", " ").replace("\n", " ")))
    headers.append(("Content-Length", str(length)))
    try:
        reason = HTTPStatus(row["status"]).phrase
    except ValueError:
        reason = ""
    return StatusAndHeaders(f"{row['status']} {reason}".strip(), headers, protocol="HTTP/1.1")


def _response(out: Any, row: sqlite3.Row, body: bytes) -> Any:
    record = out.create_warc_record(
        row["url"],
        "response",
        payload=BytesIO(body),
        http_headers=_http(row, len(body)),
        warc_headers_dict={
            "WARC-Record-ID": identifier("response", row["id"], row["sha256"]),
            "WARC-Date": row["fetched_at"],
            **server(row),
        },
    )
    out.ensure_digest(record, block=True, payload=True)
    return record


def _conversion(out: Any, row: sqlite3.Row, body: bytes, of: str | None) -> Any:
    """The document that a browser made of the response `of` (WARC 1.1, 6.7)."""
    record = out.create_warc_record(
        row["url"].removesuffix(RENDERED),
        "conversion",
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=CONVERSION_TYPE,
        warc_headers_dict={
            "WARC-Record-ID": identifier("conversion", row["id"], row["sha256"]),
            "WARC-Date": row["fetched_at"],
            **({"WARC-Refers-To": of} if of else {}),
        },
    )
    out.ensure_digest(record, block=True, payload=True)
    return record


def _revisit(out: Any, row: sqlite3.Row, url: str, at: str, digest: str) -> Any:
    return out.create_revisit_record(
        row["url"],
        digest,
        url,
        at,
        http_headers=_http(row, 0),
        warc_headers_dict={
            "WARC-Record-ID": identifier("revisit", row["id"], row["sha256"]),
            "WARC-Date": row["fetched_at"],
            **server(row),
        },
    )


def _tombstone(out: Any, connection: sqlite3.Connection, row: sqlite3.Row, sample: bool) -> Any:
    """A metadata record in the place of a redacted response: what it was, why it is not there, what stays of it."""
    fields = _said(row, sample)
    fields |= {name: row[name] for name in ("url", "fetched_at", "status", "length", "sha256")}
    redaction = connection.execute(
        "select reason, rule, at, copy_of, lifted_at, lifted_reason from redactions where id ="
        " (select redaction_id from redacted_captures where capture_id = ?)",
        (row["id"],),
    ).fetchone()
    remains = connection.execute(
        f"select {', '.join(REMAINS)} from redacted_captures where capture_id = ?", (row["id"],)
    ).fetchone()
    fields |= {"media_type": row["media_type"], "redaction": dict(redaction), "remains": dict(remains)}
    body = json.dumps(fields, ensure_ascii=False).encode()
    return out.create_warc_record(
        None,
        "metadata",
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=METADATA_TYPE,
        warc_headers_dict={
            "WARC-Record-ID": identifier("tombstone", row["id"], row["sha256"]),
            "WARC-Date": row["fetched_at"],
        },
    )


def _said(row: sqlite3.Row, sample: bool) -> dict[str, Any]:
    """What a metadata record says of a capture; `sample`: that it is made up, too."""
    fields = {
        name: json.loads(row[name]) if name in _JSON and row[name] is not None else row[name] for name in METADATA
    }
    if row["line"] is not None:
        fields["request"] = [row["line"], json.loads(row["request_headers"]), row["ip_address"]]
    return fields | ({"sample": True} if sample else {})


def _metadata(out: Any, row: sqlite3.Row, kind: str, sample: bool) -> Any:
    body = json.dumps(_said(row, sample), ensure_ascii=False).encode()
    return out.create_warc_record(
        None,  # with an address of its own pywb would replay it in place of the page
        "metadata",
        payload=BytesIO(body),
        length=len(body),
        warc_content_type=METADATA_TYPE,
        warc_headers_dict={
            "WARC-Record-ID": identifier("metadata", row["id"], row["sha256"]),
            "WARC-Date": row["fetched_at"],
            "WARC-Refers-To": identifier(kind, row["id"], row["sha256"]),
        },
    )
