"""Writes pages: each with all that follows from it or not at all, many pages a transaction."""

from __future__ import annotations

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from crawler.archive.file import seals, tombstones
from crawler.archive.file.blobs import Blobs, digest
from crawler.archive.file.captures import Derive, Whole
from crawler.archive.write.deaths import forgive, is_unread, judge
from crawler.archive.write.hand import Death
from crawler.archive.write.placement import Placing, Seen, dumps
from crawler.archive.write.samples import KEEP, is_sample
from crawler.archive.write.surrogates import scrubbed
from crawler.records.capture import RENDERED, Context, Step, as_told
from crawler.records.errors import ArchiveError
from crawler.records.page import Page, SeenAgain
from crawler.records.problems import Problem

PAGES_A_COMMIT = 100
"""A commit a page costs a quarter of the pages a second; beyond a hundred nothing more is won."""
SECONDS_A_COMMIT = 0.5
"""On a polite crawl, a second between two pages, every page is committed as it is stored."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a page. `capture_id`: its row, the older one where these bytes were seen before at that address.

    `report_id`: the report that it shows, or None. `new`: a report not known before. `changed`: a known report that
    says something new. `withheld`: a redaction keeps the page out, and a tombstone was stored for it.
    """

    capture_id: int
    report_id: int | None = None
    new: bool = False
    changed: bool = False
    withheld: bool = False


def now() -> str:
    """UTC, to the second, with a trailing Z."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def host_of(url: str) -> str:
    """Host and port as written, lower-case; never raises (`urlsplit` does, on a broken IPv6 address)."""
    return url.partition("//")[2].partition("/")[0].lower()


_INSERT_CAPTURE = """insert into captures (
    run_id, portal, url, fetched_at, status, headers, content_type, length, sha256, trail, links_skipped, context,
    last_seen_at, last_run_id, kind, media_type, charset_declared, charset, title, breadcrumb, lookalike, evidence
) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

_SEEN_URL = "update report_urls set last_seen_at = ? where capture_id = ? and gone_at is null"
_SEEN_REPORT = (
    "update reports set last_seen_at = ? where id in"
    " (select report_id from report_urls where capture_id = ? and gone_at is null)"
)
"""Only what shows the report itself counts as seeing it: an error page that comes again at its address does not."""
IMPORT = "import:"
"""What the name of a file begins with where a run's portals stand, for a run that imported it."""
_SILENT = f"""select 1 from captures where (id = ?1 or (?1 is null and url = ?2)) and id in ({tombstones.ACTIVE})"""
"""Whether a problem is one of a redacted page, or where none came, of an address where one stood."""
_EVENTS = ("new", "changed", "moved", "returned")

UPDATE_DERIVED = """update captures set kind = ?, media_type = ?, charset_declared = ?, charset = ?, title = ?,
    breadcrumb = ?, lookalike = ?, evidence = ? where id = ?"""


def derived(page: Page) -> tuple[str | None, ...]:
    """The derived columns of `captures`, in the order of the statements above."""
    return (
        page.kind,
        page.media_type,
        page.charset_declared,
        page.charset,
        page.title,
        dumps(page.breadcrumb),
        page.lookalike,
        dumps([(found.rule, found.detail) for found in page.evidence]),
    )


class Writer:
    """The writing half of an archive, for one run at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
        self._blobs = Blobs(connection)
        self._placing = Placing(connection)
        self._run_id: int | None = None
        self._counts: Counter[str] = Counter()
        self._uncommitted = 0
        self._committed_at = time.monotonic()

    def break_off(self, requests: int, progress_at: str | None) -> None:
        """Mark a run whose process died, with how far it had come."""
        with self._step():
            self._execute(
                "update runs set status = 'broken_off', requests = ?, progress_at = ? where status = 'running'",
                (requests, progress_at),
            )
        self.flush()

    def begin_run(self, portals: list[str], deadline: str | None) -> int:
        """Open a run's row. Rows that still say `running` are of processes that died, for this one holds the lock."""
        with self._step():
            self._execute("update runs set status = 'broken_off' where status = 'running'")
            cursor = self._execute(
                "insert into runs (started_at, status, portals, deadline) values (?, 'running', ?, ?)",
                (now(), dumps(portals), deadline),
            )
        self.flush()
        self._run_id, self._counts = cursor.lastrowid, Counter()
        assert self._run_id is not None
        return self._run_id

    def finish_run(
        self, run_id: int, status: str, *, requests: int, not_modified: int, bytes: int, yields: Mapping[str, Any]
    ) -> None:
        """Close a run's row: `status` finished or interrupted; bytes as they came over the wire."""
        with self._step():
            self._execute(
                "update runs set finished_at = ?, status = ?, requests = ?, not_modified = ?, bytes = ?, yields = ?"
                " where id = ?",
                (now(), status, requests, not_modified, bytes, dumps(yields), run_id),
            )
            forgive(self._connection)
        self.flush()
        with self._step():
            self._execute("pragma optimize")
            seals.renew_statistics(self._connection)
        self.flush()

    def settle(self, run_id: int, rest: Callable[[Placing, Whole], Iterable[tuple[int, str, str]]]) -> None:
        """What only the whole run shows: addresses that redirect to another one of the same report; then `rest` is
        called for what else follows, and gives the reports that changed by a file, each while it is being written:
        report, its address, and when."""
        with self._step():
            self._placing.left(run_id)
        for report_id, url, at in rest(self._placing, self._step):
            self._counts["reports_changed"] += 1
            self._event(run_id, at, "changed", report_id, url)

    def keep_list(
        self, run_id: int, portal: str, url: str, plan: str, pages: int, items: int, stated: int | None
    ) -> None:
        """Note that a list was walked to its end: its row of `lists`, new or brought up to date."""
        with self._step():
            self._execute(
                "insert or replace into lists values (?, ?, ?, ?, ?, ?, ?, ?)",
                (portal, url, plan, now(), run_id, pages, items, stated),
            )

    def keep_ocr(self, capture_id: int, engine: str, lines: Sequence[tuple[str, str, float]]) -> None:
        """The lines of table `ocr` of a capture; without any, one row that says so."""
        rows = [(capture_id, at, *line, engine) for at, line in enumerate(lines)]
        with self._step():
            self._execute("delete from ocr where capture_id = ?", (capture_id,))
            self._connection.executemany(
                "insert into ocr values (?, ?, ?, ?, ?, ?)", rows or [(capture_id, 0, "", None, None, engine)]
            )

    def doubt_list(self, portal: str, url: str) -> None:
        """Have the next run walk a list to its end: no plan is the empty one."""
        with self._step():
            self._execute("update lists set plan = '' where portal = ? and url = ?", (portal, url))

    def expect(
        self, rows: list[tuple[str, str, str, int, str]], portal: str | None = None, years: range = range(0)
    ) -> None:
        """Note what the law asks of a portal: rows (portal, region_code, region, report_year, due_on).

        With `portal` and `years` the rows are all that is asked of it in these years: what was noted besides, by an
        older list of divisions, is withdrawn.
        """
        kept = json.dumps([f"{code} {year}" for _, code, _, year, _ in rows])
        with self._step():
            self._connection.executemany(
                "delete from expected where portal = ? and report_year = ?"
                " and region_code || ' ' || report_year not in (select value from json_each(?))",
                [(portal, year, kept) for year in years],
            )
            self._connection.executemany(
                "insert into expected values (?, ?, ?, ?, ?) on conflict (portal, region_code, report_year)"
                " do update set region = excluded.region, due_on = excluded.due_on",
                rows,
            )

    def keep_portal(self, portal: str, sample: bool) -> None:
        """Note a portal, and whether its reports are made up."""
        with self._step():
            self._execute(KEEP, (portal, sample))

    def problem(self, run_id: int, portal: str | None, problem: Problem, capture_id: int | None = None) -> None:
        """Note a problem that belongs to no page that came, or to a capture that is there already."""
        with self._step():
            self._problem(run_id, portal, problem, now(), capture_id)

    def blame(self, found: list[Death], derive: Derive) -> list[Death]:
        """What of the pages that dead processes had in hand is fatal; see `crawler.archive.write.deaths.judge`."""
        with self._step():
            return judge(self._connection, found, derive)

    def store(self, page: Page, run_id: int | None = None) -> Stored:
        """Write a page and all that follows from it; nothing of it where that fails.

        Bytes seen before at that address (with that status) make no new capture. Raises ArchiveError
        without a run, or where the file cannot be written; any other error is the page's own, and only it is undone.
        `run_id`: the run that met the page, where it is not the one that was begun.
        """
        run_id = run_id or self._run_id
        if run_id is None:
            raise ArchiveError("a page was to be stored before the run began")
        try:
            try:
                with self._step():
                    return self._store(page, run_id)
            except UnicodeEncodeError:
                # Half of a surrogate pair, out of a script's escapes: no text that a database could hold.
                with self._step():
                    return self._store(scrubbed(page), run_id)
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"the archive cannot be written: {error}") from error

    def bury(self, page: Page, sha256: str, length: int, redaction: Mapping[str, str | None]) -> Stored:
        """Store a tombstone that another archive made, and its redaction, where there is none in force here.

        Of the body this archive must hold no bytes. Raises ArchiveError without a run.
        """
        if self._run_id is None:
            raise ArchiveError("a tombstone was to be stored before the run began")
        with self._step():
            self._portal(page)
            found = self._execute(
                "select id from redactions where sha256 = ? order by lifted_at is not null, id desc", (sha256,)
            ).fetchone()
            redaction_id = None if found is None else int(found[0])
            if redaction_id is None:
                names = ", ".join(redaction)
                cursor = self._execute(
                    f"insert into redactions (sha256, length, wiped_at, {names})"
                    f" values (?, ?, ?{', ?' * len(redaction)})",
                    (sha256, length, now(), *redaction.values()),
                )
                redaction_id = cursor.lastrowid
            return self._keep(page, self._run_id, sha256, length, redaction_id)

    def seen_again(self, seen: SeenAgain) -> None:
        """Note when a capture, and the report that it shows, was last seen; add no row but its problems.

        Raises ArchiveError without a run, or where the file cannot be written.
        """
        if self._run_id is None:
            raise ArchiveError("a page was seen again before the run began")
        try:
            with self._step():
                self._execute(
                    "update captures set last_seen_at = ?, last_run_id = ? where id = ?",
                    (seen.at, self._run_id, seen.capture_id),
                )
                self._execute(_SEEN_URL, (seen.at, seen.capture_id))
                self._execute(_SEEN_REPORT, (seen.at, seen.capture_id))
                self._ways(seen.capture_id, seen.ways)
                for problem in seen.problems:
                    self._problem(self._run_id, seen.portal, problem, seen.at, seen.capture_id)
        except sqlite3.OperationalError as error:
            raise ArchiveError(f"the archive cannot be written: {error}") from error

    def flush(self) -> None:
        """Commit what was stored so far."""
        if self._connection.in_transaction:
            if self._counts and self._run_id is not None:
                sets = ", ".join(f"{name} = {name} + {count}" for name, count in sorted(self._counts.items()))
                self._execute(f"update runs set {sets} where id = ?", (self._run_id,))
                self._counts.clear()
            self._execute("commit")
        self._uncommitted = 0
        self._committed_at = time.monotonic()

    def forget(self) -> None:
        """Know nothing any more of the bodies that were packed: another hand is about to pack them anew."""
        self._blobs.forget()

    @contextmanager
    def _step(self) -> Iterator[None]:
        """One page's (or call's) worth of rows: all or none of them, within a transaction that may hold more."""
        if not self._connection.in_transaction:
            self._execute("begin immediate")
        before = self._counts.copy()
        self._execute("savepoint step")
        try:
            yield
        except BaseException:
            self._counts = before
            self._blobs.forget()
            if self._connection.in_transaction:  # a full disk ends the whole transaction
                self._execute("rollback to step")
                self._execute("release step")
            raise
        self._execute("release step")
        self._uncommitted += 1
        if self._uncommitted >= PAGES_A_COMMIT or time.monotonic() - self._committed_at >= SECONDS_A_COMMIT:
            self.flush()

    def _store(self, page: Page, run_id: int) -> Stored:
        self._portal(page)
        body = page.capture.body
        page, redaction_id = self._let_in(page)
        return self._keep(page, run_id, digest(body), len(body), redaction_id)

    def _portal(self, page: Page) -> None:
        if page.capture.portal is not None:
            self._execute(KEEP, (page.capture.portal, is_sample(page.capture)))

    def _keep(self, page: Page, run_id: int, sha256: str, length: int, redaction_id: int | None) -> Stored:
        seen = self._capture(page, run_id, sha256, length)
        if redaction_id is not None and page.remains is not None:
            tombstones.note(self._connection, seen.capture_id, redaction_id, page.remains)
            if seen.again:
                page.problems.clear()
        self._ways(seen.capture_id, page.ways)
        self._absence(page, run_id)
        placed = None
        if page.kind == "report" and not is_late(self._connection, seen.capture_id):
            placed = self._placing.place(page, seen)
            self._counts["reports_new"] += placed.new
            self._counts["reports_changed"] += placed.changed
            if placed.conflict:
                page.problem("identity_conflict", conflict_detail(page, placed.conflict))
            if placed.halved:
                page.problem("text_shrank", f"{len(page.text or '')} characters are left of the text")
            for kind in _EVENTS:
                if getattr(placed, kind):
                    self._event(run_id, page.capture.fetched_at, kind, placed.report_id, page.capture.address)
        for problem in page.problems:
            self._problem(run_id, page.capture.portal, problem, page.capture.fetched_at, seen.capture_id)
        withheld = page.remains is not None
        if placed is None:
            return Stored(seen.capture_id, withheld=withheld)
        return Stored(seen.capture_id, placed.report_id, placed.new, placed.changed, withheld)

    def _let_in(self, page: Page) -> tuple[Page, int | None]:
        """The page as it may be kept: itself, with no words of redacted pages in its trail; or, where a redaction keeps
        it out, its tombstone, with the id of the redaction of these bytes, made where only the text was known."""
        if self._execute("select 1 from redactions limit 1").fetchone() is None:
            return page, None
        sha256 = digest(page.capture.body)
        found = tombstones.withholding(self._connection, page, sha256)
        if found is not None:
            page = self._tombstone(page, sha256)
        labels = tombstones.silent_from(self._connection, page.capture.trail, last=False)
        trail = tuple(Step(label, step.url) for label, step in zip(labels, page.capture.trail, strict=True))
        page.capture = replace(page.capture, trail=trail)
        if found is None:
            return page, None
        page.problem(tombstones.WITHHELD, "a redacted page came again, and was not kept")
        if found["sha256"] == sha256:
            return page, int(found["id"])
        # Other bytes, the same words: a redaction of their own, of which nothing was ever written.
        cursor = self._execute(
            "insert into redactions (sha256, length, reason, rule, at, copy_of, wiped_at)"
            " values (?1, ?2, ?3, ?4, ?5, ?6, ?5)",
            (sha256, len(page.capture.body), found["reason"], found["rule"], now(), found["sha256"]),
        )
        return page, cursor.lastrowid

    def _tombstone(self, page: Page, sha256: str) -> Page:
        """The tombstone in the place of a page; of one that is fatal (crawler.archive.write.deaths) the one known."""
        made = tombstones.tombstone(page)
        known = self._execute(
            "select * from captures where url = ? and +sha256 = ? and status = ? order by id desc",
            (page.capture.address, sha256, page.capture.status),
        ).fetchone()
        if known is None or not is_unread(page):
            return made
        return tombstones.standing(self._connection, known, made.capture, made.context) or made

    def _capture(self, page: Page, run_id: int, sha256: str, length: int) -> Seen:
        """The row of these bytes at this address, new or seen again."""
        capture = page.capture
        context, headers = _context_json(page.context), dumps(capture.headers)
        trail = dumps(as_told(capture.trail))
        known = self._execute(
            # By the address: a thousand dead links of one host may have one and the same body.
            "select id, fetched_at, context, headers, id in (select capture_id from redacted_captures) from captures"
            " where url = ? and +sha256 = ? and status = ? order by id desc",
            (capture.address, sha256, capture.status),
        ).fetchall()
        for capture_id, fetched_at, its_context, its_headers, redacted in known:
            if redacted and page.remains is None:
                continue  # its redaction was lifted: it stays a tombstone, and this is a capture of its own
            if 300 <= capture.status < 400 and _location(its_headers) != _location(headers):
                continue  # redirects have no body to speak of: where they lead is what they say
            self._execute(
                "update captures set last_seen_at = ?, last_run_id = ? where id = ?",
                (capture.fetched_at, run_id, capture_id),
            )
            if its_context != context:
                # The profile or the way there says something else about the page now: it is derived anew from that.
                self._execute("update captures set context = ?, trail = ? where id = ?", (context, trail, capture_id))
                self._execute(UPDATE_DERIVED, (*derived(page), capture_id))
            return Seen(capture_id, fetched_at, capture.fetched_at, run_id, again=its_context == context)
        if page.remains is not None:
            self._blobs.keep_empty(sha256, length)
        else:
            self._blobs.put(
                host_of(capture.url),
                capture.body,
                sha256=sha256,
                page=page.media_type == "text/html" and capture.status == 200,
                leaf=page.kind in ("report", "article"),
            )
        cursor = self._execute(
            _INSERT_CAPTURE,
            (
                run_id, capture.portal, capture.address, capture.fetched_at, capture.status, headers,
                capture.header("content-type"), length, sha256, trail, dumps(page.links_skipped), context,
                capture.fetched_at, run_id, *derived(page),
            ),
        )  # fmt: skip
        assert cursor.lastrowid is not None
        return Seen(cursor.lastrowid, capture.fetched_at, capture.fetched_at, run_id)

    def _ways(self, capture_id: int, ways: tuple[str, bytes] | None) -> None:
        if ways is not None:
            self._execute(
                "insert or replace into ways select ?1, ?2, ?3"
                " where ?1 not in (select capture_id from redacted_captures)",
                (capture_id, *ways),
            )

    def _absence(self, page: Page, run_id: int) -> None:
        """Keep count of the runs in which a report's address led to nothing; on the second it is gone from there.

        What else may stand there meanwhile (a redirect to the home page, a challenge) neither confirms nor ends it.
        """
        if page.kind == "report":
            self._execute("delete from absences where url = ?", (page.capture.address,))
        elif page.kind == "missing":
            # Where nothing is served there is nothing to render either.
            for url in dict.fromkeys((page.capture.address, page.capture.url + RENDERED)):
                self._missed(url, page.capture.fetched_at, run_id)

    def _missed(self, url: str, at: str, run_id: int) -> None:
        self._execute(
            "insert into absences select ?1, ?2, ?3, ?3 where exists (select 1 from report_urls where url = ?1)"
            " on conflict (url) do update set last_run_id = excluded.last_run_id",
            (url, at, run_id),
        )
        row = self._execute("select since from absences where url = ? and first_run_id <> last_run_id", (url,))
        since = row.fetchone()
        if since is not None:
            for report_id in self._placing.gone(url, since[0]):
                self._counts["reports_gone"] += 1
                self._event(run_id, at, "gone", report_id, url)

    def _event(self, run_id: int, at: str, kind: str, report_id: int, url: str) -> None:
        """Note what the run found of a report."""
        self._execute(
            "insert into events (run_id, at, kind, report_id, url, detail) select ?, ?, ?, id, ?,"
            " coalesce(coalesce(organ, region) || ' ' || report_year, title, url) from reports where id = ?",
            (run_id, at, kind, url, report_id),
        )

    def _problem(self, run_id: int, portal: str | None, problem: Problem, at: str, capture_id: int | None) -> None:
        """Note a problem; of a redacted page only its kind, for its detail may quote the page."""
        if problem.kind != tombstones.WITHHELD and self._execute(_SILENT, (capture_id, problem.url)).fetchone():
            problem = replace(problem, detail=tombstones.SILENCE)
        self._execute(
            "insert into problems (run_id, portal, url, kind, detail, at, capture_id) values (?, ?, ?, ?, ?, ?, ?)",
            (run_id, portal, problem.url, problem.kind, problem.detail, at, capture_id),
        )
        self._counts["problems"] += 1


def is_late(connection: sqlite3.Connection, capture_id: int) -> bool:
    """Whether an import brought a capture older than one that was there of its address.

    It is kept as it is, but the report that stands there is not what it says. What a crawl brings is the newest,
    whatever its clock says.
    """
    row = connection.execute(
        "select 1 from captures as late join captures as newer on newer.url = late.url and newer.id < late.id"
        " and newer.fetched_at > late.fetched_at join runs on runs.id = late.run_id"
        " where late.id = ? and runs.portals like ? limit 1",
        (capture_id, f'["{IMPORT}%'),
    ).fetchone()
    return row is not None


def conflict_detail(page: Page, other: str) -> str:
    """The words of an `identity_conflict`."""
    report = page.report
    who = f"{report.organ or report.region} {report.report_year}" if report else "?"
    return f"says another text as {who} than {other}"


_CONTEXT_FIELDS = tuple(field.name for field in fields(Context))


@lru_cache(maxsize=1024)
def _context_json(context: Context) -> str:
    """A context as JSON; the pages of one column share it."""
    told = {name: getattr(context, name) for name in _CONTEXT_FIELDS}
    if not context.attached:
        del told["attached"]  # as before there were any: the context of a page does not become another one by that
    return dumps(told)


def _location(headers: str) -> str | None:
    """Where a stored header list redirects to."""
    pairs = json.loads(headers)
    return next((value for name, value in pairs if name.lower() == "location"), None)
