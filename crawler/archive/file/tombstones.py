"""What stands in the place of a page whose body was redacted: which rows say so, and the page that follows from them.

A redaction holds for the bytes at any address, and for the text that was derived from them: a page with a rolling
counter would bring the same words back in other bytes. What was derived before is kept as digests (page.Remains), so
that `rebuild` places a tombstone where the page stood, under the same report and version.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from crawler.archive.file.identity import Fingerprint, hidden, identity_of, sha256_of
from crawler.records.capture import RENDERED, Capture, Context, Kind, Step
from crawler.records.page import Page, Remains
from crawler.records.report import Report
from crawler.words.text import unspaced

LEAST_TEXT = 100
"""Characters of a text, white space aside, from which it is known at any address: a short one (见附件) is anyone's."""
WITHHELD = "redaction_met"
"""The kind of problem of a page that a redaction keeps out."""
SILENCE = "redacted"
"""In the place of words about a redacted page."""
ACTIVE = (
    "select capture_id from redacted_captures join redactions on redactions.id = redaction_id where lifted_at is null"
)
"""Captures whose redaction is in force."""
SILENT = f"select 1 from captures where (id = ?1 or (?1 is null and url = ?2)) and id in ({ACTIVE})"
"""Whether a problem is one of a redacted page, or where none came, of an address where one stood."""
LIFTED = ACTIVE.replace("is null", "is not null")
"""Captures whose redaction was lifted: the next one at their address is kept again, they stay without a body."""

_TOKEN = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,40}/[A-Za-z0-9!#$&^_.+-]{1,80}")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.I)
_ETAG = re.compile(r'(?:W/)?"[!#-~]{0,100}"')
_NUMBER = re.compile(r"\d{1,18}")
_WORD = re.compile(r"[a-z0-9, -]{1,60}")


def neutral(headers: Iterable[tuple[str, str]], status: int) -> list[tuple[str, str]]:
    """The headers that can hold no words of a page: its type, length, codings and times, its ETag, and where a
    redirect leads; a file's name (Content-Disposition, `name=`), cookies and all others are left out."""
    kept = []
    for name, value in headers:
        said = _neutral(name.lower(), value.strip(), status)
        if said is not None:
            kept.append((name, said))
    return kept


def _neutral(name: str, value: str, status: int) -> str | None:
    if name == "content-type":
        return neutral_type(value)
    if name in ("content-length", "age"):
        return value if _NUMBER.fullmatch(value) else None
    if name in ("content-encoding", "transfer-encoding"):
        return value if _WORD.fullmatch(value.lower()) else None
    if name in ("date", "last-modified", "expires"):
        from email.utils import parsedate_to_datetime  # with sockets, which few commands need

        try:
            parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError):
            return None
        return value if value.isascii() and len(value) < 40 else None
    if name == "etag":
        return value if _ETAG.fullmatch(value) else None
    return value if name == "location" and 300 <= status < 400 else None


def neutral_type(value: str | None) -> str | None:
    """The media type of a Content-Type, with its charset and no other parameter; None for anything else."""
    found = _TOKEN.match(value or "")
    if found is None:
        return None
    charset = _CHARSET.search(value or "", found.end())
    return found[0] + (f"; charset={charset[1]}" if charset else "")


def remains_of(page: Page) -> Remains:
    """What stays of a page that was derived in full."""
    told, print_, who = page.report or Report(), Fingerprint.of(page), identity_of(page)
    return Remains(
        told.organ_kind,
        told.region_code,
        told.report_year,
        None if who is None else hidden(who),
        print_.text_sha256,
        print_.squeezed,
        print_.attachments,
    )


def tombstone(page: Page) -> Page:
    """The page in whose place only a tombstone is kept: its capture keeps its bytes, which nobody stores."""
    capture = replace(page.capture, headers=neutral(page.capture.headers, page.capture.status))
    if capture.trail:
        capture.trail = (*capture.trail[:-1], Step("", capture.trail[-1].url))
    made = _page(capture, page.context, page.kind, neutral_type(page.media_type), remains_of(page))
    made.links_skipped = page.links_skipped
    return made


def standing(connection: sqlite3.Connection, row: sqlite3.Row, capture: Capture, context: Context) -> Page | None:
    """The tombstone of a capture as its rows say; None for one that was not redacted."""
    told = connection.execute(
        "select organ_kind, region_code, report_year, identity, text_sha256, squeezed_sha256, attachments_sha256"
        " from redacted_captures where capture_id = ?",
        (row["id"],),
    ).fetchone()
    return None if told is None else _page(capture, context, row["kind"], row["media_type"], Remains(*told))


def _page(capture: Capture, context: Context, kind: Kind, media_type: str | None, remains: Remains) -> Page:
    page = Page(capture, context, media_type=media_type, kind=kind, remains=remains)
    if kind == "report":
        from crawler.reference import divisions  # with the tables of all years

        place = divisions.latest(remains.region_code, remains.report_year) if remains.region_code else None
        page.report = Report(
            organ_kind=remains.organ_kind,
            region_code=remains.region_code,
            region=place.name if place else None,
            report_year=remains.report_year,
        )
    return page


def buried(capture: Capture, context: Context, kind: Kind, media_type: str | None, remains: Remains) -> Page:
    """A tombstone that another archive made."""
    capture.headers = neutral(capture.headers, capture.status)
    return _page(capture, context, kind, neutral_type(media_type), remains)


def note(connection: sqlite3.Connection, capture_id: int, redaction_id: int, remains: Remains) -> None:
    """Write what stays of a capture: its row of `redacted_captures`, in place of the one it may have."""
    connection.execute(
        "insert or replace into redacted_captures values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            capture_id, redaction_id, remains.organ_kind, remains.region_code, remains.report_year, remains.identity,
            remains.text_sha256, remains.squeezed, remains.attachments,
        ),
    )  # fmt: skip


def in_force(connection: sqlite3.Connection, sha256: str) -> sqlite3.Row | None:
    """The redaction of a body that was not lifted; None for none."""
    row = connection.execute("select * from redactions where sha256 = ? and lifted_at is null", (sha256,)).fetchone()
    found: sqlite3.Row | None = row
    return found


def sentence(redaction: sqlite3.Row | dict[str, Any]) -> str:
    """A redaction in words: when, why, by which rule; and whether it was lifted since."""
    rule = f" ({redaction['rule']})" if redaction["rule"] else ""
    told = f"redacted {redaction['at']}: {redaction['reason']}{rule}"
    return told + (f"; lifted {redaction['lifted_at']}: {redaction['lifted_reason']}" if redaction["lifted_at"] else "")


def withholding(connection: sqlite3.Connection, page: Page, sha256: str) -> sqlite3.Row | None:
    """The redaction that keeps a page out: that of its bytes, else that of its text; None where none does.

    A text is known again at an address where it was redacted, and from LEAST_TEXT characters on at any address, but not
    where the archive holds a copy of it that was left standing.
    """
    found = in_force(connection, sha256)
    if found is not None or page.text is None:
        return found
    squeezed, address = Fingerprint.of(page).squeezed, page.capture.address
    rows = connection.execute(
        "select redactions.*, captures.url from redacted_captures join redactions on redactions.id = redaction_id"
        " join captures on captures.id = capture_id where squeezed_sha256 = ? and lifted_at is null order by at",
        (squeezed,),
    ).fetchall()
    page_url = address.removesuffix(RENDERED)
    if not rows or _stands(connection, "sha256 = ?", (sha256,)):
        return None
    for row in rows:
        if row["url"].removesuffix(RENDERED) == page_url:
            return in_force(connection, row["sha256"])
    copied = "id in (select capture_id from report_urls where url = ? and text_sha256 = ?)"
    if len(unspaced(page.text)) < LEAST_TEXT or _stands(connection, copied, (address, sha256_of(page.text))):
        return None
    return in_force(connection, rows[0]["sha256"])


def _stands(connection: sqlite3.Connection, which: str, parameters: tuple[str | None, ...]) -> bool:
    query = f"select 1 from captures where id not in (select capture_id from redacted_captures) and {which}"
    return connection.execute(query, parameters).fetchone() is not None


def silent_from(connection: sqlite3.Connection, trail: Sequence[Step], last: bool = True) -> list[str]:
    """The labels of a trail, empty from the first step on whose address holds nothing but redacted captures: that step
    is named by the title of the page, and the later ones by words that stood on it. Without `last` the last step is not
    asked: it is that of a page about to be archived."""
    labels = [step.label for step in trail]
    for at, step in enumerate(trail if last else trail[:-1]):
        (captures, kept) = connection.execute(
            f"select count(*), sum(id not in ({ACTIVE})) from captures where url in (?, ?)",
            (step.url, step.url + RENDERED),
        ).fetchone()
        if captures and not kept:
            return labels[:at] + [""] * (len(labels) - at)
    return labels
