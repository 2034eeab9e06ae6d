"""`nianbao import`: captures of other crawlers enter the archive with their own times and pass the same stages."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from crawler.archive.archive import Archive, Stored
from crawler.archive.exchange.addresses import address
from crawler.archive.exchange.digests import digest_of, holds, key
from crawler.archive.exchange.heads import Broken
from crawler.archive.exchange.intake import Found, Passed, Reference, read
from crawler.archive.exchange.records import check
from crawler.archive.exchange.testimony import Buried, Told
from crawler.archive.exchange.times import time_of
from crawler.archive.file.captures import Derive
from crawler.archive.file.tombstones import buried
from crawler.archive.write.captures import IMPORT
from crawler.archive.write.samples import PORTAL, is_sample
from crawler.commands.common import (
    archive_option,
    damage_under_run,
    jobs_option,
    json_option,
    print_json,
    profile_option,
    sample_notice,
    say,
    with_sample_option,
)
from crawler.portals.profile import Profile, bundled, load
from crawler.records.capture import RENDERED, Capture, Context
from crawler.records.errors import EXIT_ATTENTION
from crawler.records.page import SeenAgain
from crawler.records.problems import Problem, attention_kinds
from crawler.words.counts import counted


@click.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@profile_option
@with_sample_option
@jobs_option
@archive_option
@json_option
def import_(
    files: tuple[Path, ...], profiles: tuple[Path, ...], with_sample: bool, jobs: int, archive: Path, as_json: bool
) -> None:
    """The answers and resources in WARC files (Heritrix, Browsertrix, wget, Common Crawl, or our own export).

    Each keeps its own time; reports among them become rows. A record that is broken is a problem row, and the exit code
    is 1. What the archive has already is left as it is, so the same file may be given again. Pages of the sample portal
    (`nianbao demo`) do not come into an archive of real ones, nor those into the sample's: left out, and exit code 1.
    """
    from crawler.fetching.codings import undone  # with Scrapy, which no other command waits for
    from crawler.reading.derivation import Derivation
    from crawler.reading.pool import Pool

    for path in files:
        check(path)
    known = [load(path) for path in profiles] or list(bundled().values())
    counts: Counter[str] = Counter()
    with Archive.open(archive) as writing, Pool(jobs) as pool:
        writing.lock()
        derive = writing.cautious(Derivation(pool))
        writing.take_in(derive)
        run = writing.begin_run([f"{IMPORT}{path.name}" for path in files])
        taking = Taking(writing, run, known, derive, counts, with_sample)
        try:
            for path in files:
                for entry in read(path, undone):
                    taking.take(path, entry)
            taking.take_waiting()
        except BaseException:
            writing.finish_run(run, "interrupted")
            raise
        writing.settle(run, taking.derive)
        writing.finish_run(run, "finished")
        row = writing.runs.get(run)
        attention = attention_kinds(writing.runs.problem_kinds(run))
        sample = writing.portals.samples()
    with Archive.read(archive) as reading:
        damaged = reading.glance()
    for failure in damaged:
        say(damage_under_run(failure))
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
    say(
        f"{counted(counts['responses'], 'response')}: {found}; {counted(row['reports_new'], 'report')} new,"
        f" {row['reports_changed']} changed"
    )
    if taking.passed:
        say(f"passed over: {', '.join(f'{number} {kind}' for kind, number in sorted(taking.passed.items()))}")
    if counts["doubtful"]:
        say(f"{counted(counts['doubtful'], 'record')} taken with a doubt; see the problems of run {run}")
    if counts["broken"]:
        say(f"{counted(counts['broken'], 'record')} could not be used; see the problems of run {run}")
    if counts["apart"]:
        what = "real portals" if taking.holdings.sample else "the sample portal, made up,"
        say(f"{counted(counts['apart'], 'response')} of {what} left out of {archive}; --with-sample takes them in")
    for kind in attention:
        say(f"wants a person: {kind}; see the problems of run {run}")
    if sample:
        say(sample_notice(archive, sample))
    if as_json:
        names = ("responses", "new", "again", "older", "withheld", "tombstones", "apart", "broken", "doubtful")
        told = {name: counts[name] for name in names}
        told |= {name: row[name] for name in ("reports_new", "reports_changed", "problems")}
        print_json({"archive": str(archive), "run": run, **told, "passed_over": dict(sorted(taking.passed.items()))})
    wanting = counts["broken"] or counts["doubtful"] or counts["apart"] or attention or damaged
    sys.exit(EXIT_ATTENTION if wanting else 0)


class Taking:
    """Takes what a WARC holds into an archive, one record after another."""

    def __init__(
        self,
        archive: Archive,
        run: int,
        profiles: list[Profile],
        derive: Derive,
        counts: Counter[str],
        with_sample: bool,
    ) -> None:
        """`with_sample`: made-up pages and real ones may come into one archive; into an empty one they may anyway, for
        it may be a mixed one that comes back."""
        self.holdings = archive.portals.holdings()
        self._with_sample = with_sample or self.holdings.real == self.holdings.sample
        self.archive, self.run, self.profiles, self.derive, self.counts = archive, run, profiles, derive, counts
        self.passed: Counter[str] = Counter()
        """Records that are no captures, by their type."""
        self._bodies: dict[str, str] = {}
        """Payload digest to the SHA-256 of a body of this import."""
        self._redacted: dict[str, bytes] = {}
        """Bodies of this import that are not kept, by SHA-256, for the revisits that refer to them."""
        self._waiting: list[tuple[Path, Found]] = []
        """Revisits of what did not come yet."""

    def take(self, path: Path, entry: Found | Buried | Broken | Passed) -> None:
        """Store one capture or tombstone, or note why a record could not be used, or count one that is none."""
        if isinstance(entry, Passed):
            self.passed[entry.kind] += 1
        elif isinstance(entry, Broken):
            self.counts["broken"] += 1
            self._problem("warc_broken", path, entry.offset, entry.url, entry.why)
        elif isinstance(entry, Buried):
            self._bury(entry)
        elif not self._take(path, entry):
            self._waiting.append((path, entry))

    def take_waiting(self) -> None:
        """Store the revisits whose bytes came later than they, and note those whose bytes never came."""
        waiting, self._waiting = self._waiting, []
        for path, found in waiting:
            if not self._take(path, found):
                why = "a revisit of bytes that are neither in this import nor in the archive"
                self.take(path, Broken(found.offset, found.url, why))

    def _body(self, refers: Reference) -> bytes | None:
        """The bytes that a revisit refers to: by their digest in this import, else those archived at that address.

        Without a digest that can be checked only the time says which of the bytes at an address are meant.
        """
        known = self._bodies.get(key(refers.digest))
        if known is not None:
            return self._redacted.get(known) or self.archive.captures.body(known)
        at = time_of(refers.at)
        for sha256, fetched_at in self.archive.captures.bodies_at(address(refers.url), at):
            body = self.archive.captures.body(sha256)
            if body is not None and (holds(refers.digest, body) if refers.digest else fetched_at == at):
                return body
        return None

    def _problem(self, kind: str, path: Path, offset: int, url: str, words: str) -> None:
        self.archive.problem(self.run, None, Problem(kind, url, f"{path.name}, record at byte {offset}: {words}"))

    def _take(self, path: Path, found: Found) -> bool:
        """Store a capture; False for a revisit whose bytes are not there."""
        if found.refers is not None:
            found.body = self._body(found.refers)
        if found.body is None:
            return False
        self._store(found, found.body)
        if found.doubts:
            self.counts["doubtful"] += 1
            self._problem("warc_doubtful", path, found.offset, found.url, "taken, but " + "; ".join(found.doubts))
        return True

    def _store(self, found: Found, body: bytes) -> None:
        self.counts["responses"] += 1
        capture, context = self._capture(found, body)
        if not self._admitted(capture, found.told):
            return
        known = self.archive.captures.known_bytes(capture)
        if known is not None and known["last_seen_at"] >= capture.fetched_at:
            self.counts["again"] += 1
            self._remember(found.digest, body, known["sha256"])
            return
        page = self.derive(capture, context)
        page.links_skipped = found.told.links_skipped if found.told else {}
        stored = self.archive.store(page)
        count = "withheld" if stored.withheld else "again" if known is not None else "older" if stored.late else "new"
        self.counts[count] += 1
        self._remember(found.digest, body, self.archive.captures.known_bytes(capture)["sha256"])  # type: ignore[index]
        self._seen_again(stored, capture, found.told)

    def _bury(self, one: Buried) -> None:
        """Take over a tombstone; of what this archive holds itself it only says that it was redacted elsewhere."""
        self.counts["tombstones"] += 1
        told = one.told
        capture = Capture(
            one.url.removesuffix(RENDERED), one.status, told.headers, b"", one.fetched_at, told.portal, told.trail,
            rendered=one.url.endswith(RENDERED),
        )  # fmt: skip
        if not self._admitted(capture, told):
            return
        if self.archive.captures.body(one.sha256) is not None:
            why = f"{one.redaction['reason']} ({one.redaction['rule'] or 'no rule named'})"
            said = f"another archive redacted the body {one.sha256}: {why}; `nianbao redact` does so here"
            self.archive.problem(self.run, capture.portal, Problem("redacted_elsewhere", one.url, said))
            return
        page = buried(capture, told.context, one.kind, one.media_type, one.remains)
        page.links_skipped = told.links_skipped
        self._seen_again(self.archive.bury(page, one.sha256, one.length, one.redaction), capture, told)

    def _admitted(self, capture: Capture, told: Told | None) -> bool:
        """Whether made-up and real pages may come together; notes the portal of a made-up one."""
        sample = is_sample(capture) or (told is not None and told.sample)
        if sample == self.holdings.real and not self._with_sample:
            self.counts["apart"] += 1
            return False
        if sample:
            capture.portal = capture.portal or PORTAL
            self.archive.admit({capture.portal: True}, mixed=True)
        return True

    def _seen_again(self, stored: Stored, capture: Capture, told: Told | None) -> None:
        seen_at = told.last_seen_at if told else None
        if seen_at is not None and seen_at > capture.fetched_at:
            self.archive.seen_again(SeenAgain(stored.capture_id, capture.address, seen_at, capture.portal or ""))

    def _remember(self, sent: str, body: bytes, sha256: str) -> None:
        """What a later revisit may refer to, by the digest of the bytes as sent and of those that were in them."""
        self._bodies[digest_of(body)] = sha256
        if body and self.archive.captures.body(sha256) is None:
            self._redacted[sha256] = body
        if sent:
            self._bodies.setdefault(sent, sha256)

    def _capture(self, found: Found, body: bytes) -> tuple[Capture, Context]:
        """The capture, with portal, trail and context as our own export says, else as a profile does."""
        url, status, at, told = found.url, found.status, found.fetched_at, found.told
        if told is not None:
            return Capture(url, status, told.headers, body, at, told.portal, told.trail, found.rendered), told.context
        for profile in self.profiles:
            if profile.allows(url):
                context = Context(True, url == profile.home, profile.region)
                return Capture(url, status, found.headers, body, at, profile.id), context
        return Capture(url, status, found.headers, body, at), Context()
