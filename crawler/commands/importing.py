"""`nianbao import`: captures of other crawlers enter the archive with their own times and pass the same stages."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from crawler import portals
from crawler.archive.archive import Archive
from crawler.archive.tombstones import buried
from crawler.archive.warc_in import Buried, Found, digest_of, read
from crawler.archive.warc_records import Broken, check
from crawler.archive.writing import IMPORT
from crawler.commands.common import archive_option, json_option, print_json, profile_option, say
from crawler.errors import EXIT_ATTENTION
from crawler.items import RENDERED, Capture, Context, Problem, SeenAgain
from crawler.portals import Profile


@click.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@profile_option
@archive_option
@json_option
def import_(files: tuple[Path, ...], profiles: tuple[Path, ...], archive: Path, as_json: bool) -> None:
    """The responses of WARC files (Heritrix, Browsertrix, wget, Common Crawl, or our own export).

    Each keeps its own time; reports among them become rows. A record that is broken is a problem row, and the exit code
    is 1. What the archive has already is left as it is, so the same file may be given again.
    """
    from crawler.contentcoding import undone  # with Scrapy, which no other command waits for
    from pipelines import derive

    for path in files:
        check(path)
    known = [portals.load(path) for path in profiles] or list(portals.bundled().values())
    counts: Counter[str] = Counter()
    with Archive.open(archive) as writing:
        writing.lock()
        run = writing.begin_run([f"{IMPORT}{path.name}" for path in files])
        taking = Taking(writing, run, known, derive, counts)
        try:
            for path in files:
                for one in read(path, taking.look, undone):
                    taking.take(path, one)
        except BaseException:
            writing.finish_run(run, "interrupted")
            raise
        writing.settle(run, derive)
        writing.finish_run(run, "finished")
        row = writing.run(run)
    found = ", ".join(
        f"{counts[name]} {words}"
        for name, words in (
            ("new", "new"),
            ("again", "known already"),
            ("older", "older than what stands there"),
            ("withheld", "redacted and kept out"),
        )
        if counts[name] or name != "withheld"
    )
    say(f"{counts['responses']} responses: {found}; {row['reports_new']} reports new, {row['reports_changed']} changed")
    if counts["broken"]:
        say(f"{counts['broken']} records could not be used; see the problems of run {run}")
    if as_json:
        told = {
            name: counts[name] for name in ("responses", "new", "again", "older", "withheld", "tombstones", "broken")
        }
        told |= {name: row[name] for name in ("reports_new", "reports_changed", "problems")}
        print_json({"archive": str(archive), "run": run, **told})
    sys.exit(EXIT_ATTENTION if counts["broken"] else 0)


class Taking:
    """Takes what a WARC holds into an archive, one record after another."""

    def __init__(
        self,
        archive: Archive,
        run: int,
        profiles: list[Profile],
        derive: Callable[[Capture, Context], Any],
        counts: Counter[str],
    ) -> None:
        self.archive, self.run, self.profiles, self.derive, self.counts = archive, run, profiles, derive, counts
        self._bodies: dict[str, str] = {}
        """Payload digest to the SHA-256 of a body of this import."""
        self._redacted: dict[str, bytes] = {}
        """Bodies of this import that are not kept, for the revisits that refer to them."""

    def look(self, digest: str, url: str, at: str) -> bytes | None:
        """The body that a revisit refers to: by its digest in this import, else the one archived at that address."""
        known = self._bodies.get(digest)
        if known is not None:
            return self._redacted.get(known) or self.archive.body(known)
        rows = self.archive.connection.execute(
            "select sha256 from captures where url = ? order by fetched_at <> ?, id desc", (url, at)
        )
        for (sha256,) in rows.fetchall():
            body = self.archive.body(sha256)
            if body is not None and (not digest or digest_of(body) == digest):
                return body
        return None

    def take(self, path: Path, one: Found | Buried | Broken) -> None:
        """Store one response or tombstone, or note why a record could not be used."""
        if isinstance(one, Buried):
            self._bury(one)
            return
        if isinstance(one, Broken):
            self.counts["broken"] += 1
            where = f"{path.name}, record at byte {one.offset}" if one.offset >= 0 else path.name
            self.archive.problem(self.run, None, Problem("warc_broken", one.url, f"{where}: {one.why}"))
            return
        self.counts["responses"] += 1
        capture, context = self._capture(one)
        known = self.archive.known_bytes(capture)
        if known is not None and known["last_seen_at"] >= capture.fetched_at:
            self.counts["again"] += 1
            self._remember(one, known["sha256"])
            return
        page = self.derive(capture, context)
        page.links_skipped = one.told.links_skipped if one.told else {}
        late = self.archive.is_late(capture)
        stored = self.archive.store(page)
        found = "withheld" if stored.withheld else "again" if known is not None else "older" if late else "new"
        self.counts[found] += 1
        self._remember(one, self.archive.known_bytes(capture)["sha256"])  # type: ignore[index]
        seen_at = one.told.last_seen_at if one.told else None
        if seen_at is not None and seen_at > capture.fetched_at:
            self.archive.seen_again(SeenAgain(stored.capture_id, capture.address, seen_at, capture.portal or ""))

    def _bury(self, one: Buried) -> None:
        """Take over a tombstone; of what this archive holds itself it only says that it was redacted elsewhere."""
        self.counts["tombstones"] += 1
        if self.archive.body(one.sha256) is not None:
            why = f"{one.redaction['reason']} ({one.redaction['rule'] or 'no rule named'})"
            said = f"another archive redacted the body {one.sha256}: {why}; `nianbao redact` does so here"
            self.archive.problem(self.run, one.told.portal, Problem("redacted_elsewhere", one.url, said))
            return
        rendered = one.url.endswith(RENDERED)
        url, told = one.url.removesuffix(RENDERED), one.told
        capture = Capture(
            url, one.status, told.headers, b"", one.fetched_at, told.portal, told.trail, rendered=rendered
        )
        page = buried(capture, told.context, one.kind, one.media_type, one.remains)
        page.links_skipped = told.links_skipped
        stored = self.archive.bury(page, one.sha256, one.length, one.redaction)
        if told.last_seen_at is not None and told.last_seen_at > one.fetched_at:
            self.archive.seen_again(SeenAgain(stored.capture_id, capture.address, told.last_seen_at, told.portal or ""))

    def _remember(self, one: Found, sha256: str) -> None:
        """What a later revisit may refer to, by the digest of the bytes as sent and of those that were in them."""
        self._bodies[digest_of(one.body)] = sha256
        if one.body and self.archive.body(sha256) is None:
            self._redacted[sha256] = one.body
        if one.digest:
            self._bodies.setdefault(one.digest, sha256)

    def _capture(self, one: Found) -> tuple[Capture, Context]:
        """The capture, with portal, trail and context as our own export says, else as a profile does."""
        told = one.told
        if told is not None:
            at = one.fetched_at
            trail = told.trail
            capture = Capture(one.url, one.status, told.headers, one.body, at, told.portal, trail, one.rendered)
            return capture, told.context
        for profile in self.profiles:
            if profile.allows(one.url):
                context = Context(True, one.url == profile.home, profile.region)
                return Capture(one.url, one.status, one.headers, one.body, one.fetched_at, profile.id), context
        return Capture(one.url, one.status, one.headers, one.body, one.fetched_at), Context()
