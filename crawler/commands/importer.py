"""Takes what WARC files hold into an archive, one record after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from crawler.archive.archive import Archive, Stored
from crawler.archive.exchange.addresses import address
from crawler.archive.exchange.digests import digest_of, holds, key
from crawler.archive.exchange.heads import Damage
from crawler.archive.exchange.intake import Omission, Reference, WarcCapture
from crawler.archive.exchange.testimony import Testimony, Tombstone
from crawler.archive.exchange.times import time_of
from crawler.archive.file.captures import Derive, Material, derived
from crawler.archive.file.tombstones import buried
from crawler.archive.write.samples import PORTAL, is_sample
from crawler.portals.profile import Profile
from crawler.records.capture import RENDERED, Capture, Context
from crawler.records.page import Page, SeenAgain
from crawler.records.problems import Problem

_AHEAD, _AHEAD_BYTES = 64, 32 << 20
"""Captures, and bytes of them, that are read together."""

_PARTIAL = {
    "conversion": "a conversion, which is none of ours, and no answer of its address is in this import or the archive",
    "continuation": "a continuation, and no answer of its address is in this import or the archive",
}
"""Records that hold less than an answer, where nothing else is there of their address."""


class Importer:
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
        self.omissions: Counter[str] = Counter()
        """Records that are no captures, by their type."""
        self._bodies: dict[str, str] = {}
        """Payload digest to the SHA-256 of a body of this import."""
        self._redacted: dict[str, bytes] = {}
        """Bodies of this import that are not kept, by SHA-256, for the revisits that refer to them."""
        self._revisits: list[tuple[Path, WarcCapture]] = []
        """Revisits of what did not come yet."""
        self._partial: dict[tuple[Path, str], dict[str, int]] = {}
        """By file and type: addresses of which only a conversion or a continuation came yet, and where it stands."""
        self._damaged: set[str] = set()
        """Addresses of records that could not be used."""

    def take_all(self, path: Path, entries: Iterable[WarcCapture | Tombstone | Damage | Omission]) -> None:
        """Take what a file holds, in its order; pages that follow each other are read several at a time."""
        ahead: list[WarcCapture] = []
        for entry in entries:
            if isinstance(entry, WarcCapture) and entry.refers is None and entry.body is not None:
                ahead.append(entry)
                if len(ahead) == _AHEAD or sum(len(capture.body or b"") for capture in ahead) > _AHEAD_BYTES:
                    self._read_ahead(path, ahead)
            else:
                # It may refer to what stands before it.
                self._read_ahead(path, ahead)
                self.take(path, entry)
        self._read_ahead(path, ahead)

    def _read_ahead(self, path: Path, ahead: list[WarcCapture]) -> None:
        """Store captures that have their bytes with them, and forget them here."""
        materials = [self._material(entry, entry.body or b"") for entry in ahead]
        unread = [material for material in materials if material is not None and not self._is_held(material)]
        pages = dict(zip(map(id, unread), derived(self.derive, unread), strict=True))
        for entry, material in zip(ahead, materials, strict=True):
            if material is not None:
                self._store(entry, material, pages.get(id(material)))
            self._say_doubts(path, entry)
        ahead.clear()

    def take(self, path: Path, entry: WarcCapture | Tombstone | Damage | Omission) -> None:
        """Store one capture or tombstone, or note why a record could not be used, or count one that is none."""
        if isinstance(entry, Omission):
            self.omissions[entry.kind] += 1
            if entry.url is not None:
                self._partial.setdefault((path, entry.kind), {}).setdefault(entry.url, entry.offset)
        elif isinstance(entry, Damage):
            self.counts["broken"] += 1
            self._damaged.add(entry.url)
            self._problem("warc_broken", path, entry.offset, entry.url, entry.why)
        elif isinstance(entry, Tombstone):
            self._bury(entry)
        elif not self._take(path, entry):
            self._revisits.append((path, entry))

    def conclude(self) -> None:
        """After the last file: store the revisits whose bytes came later than they, and note what never came whole."""
        self._take_revisits()
        for (path, kind), places in self._partial.items():
            lost = {
                url: offset
                for url, offset in places.items()
                if url not in self._damaged and not self.archive.captures.bodies_at(url, None)
            }
            if not lost:
                continue
            self.counts["broken"] += len(lost)
            url, offset = next(iter(lost.items()))
            others = f"; {len(lost) - 1} more addresses of the file have no more than that" if len(lost) > 1 else ""
            self._problem("warc_broken", path, offset, url, f"{_PARTIAL[kind]}{others}")

    def _take_revisits(self) -> None:
        revisits, self._revisits = self._revisits, []
        for path, revisit in revisits:
            if not self._take(path, revisit):
                why = "a revisit of bytes that are neither in this import nor in the archive"
                self.take(path, Damage(revisit.offset, revisit.url, why))

    def _body(self, refers: Reference) -> bytes | None:
        """The bytes that a revisit refers to: by their digest in this import, else those archived at that address.

        Without a digest that can be checked only the time says which of the bytes at an address are meant.
        """
        body_sha256 = self._bodies.get(key(refers.digest))
        if body_sha256 is not None:
            return self._redacted.get(body_sha256) or self.archive.captures.body(body_sha256)
        at = time_of(refers.at)
        for sha256, fetched_at in self.archive.captures.bodies_at(address(refers.url), at):
            body = self.archive.captures.body(sha256)
            if body is not None and (holds(refers.digest, body) if refers.digest else fetched_at == at):
                return body
        return None

    def _problem(self, kind: str, path: Path, offset: int, url: str, words: str) -> None:
        self.archive.problem(self.run, None, Problem(kind, url, f"{path.name}, record at byte {offset}: {words}"))

    def _take(self, path: Path, entry: WarcCapture) -> bool:
        """Store a capture; False for a revisit whose bytes are not there."""
        if entry.refers is not None:
            entry.body = self._body(entry.refers)
        if entry.body is None:
            return False
        material = self._material(entry, entry.body)
        if material is not None:
            self._store(entry, material)
        self._say_doubts(path, entry)
        return True

    def _say_doubts(self, path: Path, entry: WarcCapture) -> None:
        if entry.doubts:
            self.counts["doubtful"] += 1
            self._problem("warc_doubtful", path, entry.offset, entry.url, "taken, but " + "; ".join(entry.doubts))

    def _material(self, entry: WarcCapture, body: bytes) -> Material | None:
        """What is to be read of a record; None where it is not to come in."""
        self.counts["responses"] += 1
        capture, context = self._capture(entry, body)
        return Material(capture, context) if self._admitted(capture, entry.testimony) else None

    def _is_held(self, material: Material) -> bool:
        """Whether the archive has it, and met it no earlier."""
        earlier = self.archive.captures.known_bytes(material.capture)
        return earlier is not None and earlier["last_seen_at"] >= material.capture.fetched_at

    def _store(self, entry: WarcCapture, material: Material, page: Page | None = None) -> None:
        """Store a capture; `page`: it was read already."""
        capture, body = material.capture, material.capture.body
        earlier = self.archive.captures.known_bytes(capture)
        if earlier is not None and self._is_held(material):
            self.counts["again"] += 1
            self._remember(entry.digest, body, earlier["sha256"])
            return
        page = page or self.derive(*material)
        page.links_skipped = entry.testimony.links_skipped if entry.testimony else {}
        stored = self.archive.store(page)
        count = "withheld" if stored.withheld else "again" if earlier is not None else "older" if stored.late else "new"
        self.counts[count] += 1
        self._remember(entry.digest, body, self.archive.captures.known_bytes(capture)["sha256"])  # type: ignore[index]
        self._seen_again(stored, capture, entry.testimony)

    def _bury(self, tombstone: Tombstone) -> None:
        """Take over a tombstone; of what this archive holds itself it only says that it was redacted elsewhere."""
        self.counts["tombstones"] += 1
        testimony = tombstone.testimony
        capture = Capture(
            tombstone.url.removesuffix(RENDERED), tombstone.status, testimony.headers, b"", tombstone.fetched_at,
            testimony.portal, testimony.trail, rendered=tombstone.url.endswith(RENDERED), source=testimony.source,
        )  # fmt: skip
        if not self._admitted(capture, testimony):
            return
        if self.archive.captures.body(tombstone.sha256) is not None:
            why = f"{tombstone.redaction['reason']} ({tombstone.redaction['rule'] or 'no rule named'})"
            said = f"another archive redacted the body {tombstone.sha256}: {why}; `nianbao redact` does so here"
            self.archive.problem(self.run, capture.portal, Problem("redacted_elsewhere", tombstone.url, said))
            return
        page = buried(capture, testimony.context, tombstone.kind, tombstone.media_type, tombstone.remains)
        page.links_skipped = testimony.links_skipped
        self._seen_again(
            self.archive.bury(page, tombstone.sha256, tombstone.length, tombstone.redaction), capture, testimony
        )

    def _admitted(self, capture: Capture, testimony: Testimony | None) -> bool:
        """Whether made-up and real pages may come together; notes the portal of a made-up one."""
        sample = is_sample(capture) or (testimony is not None and testimony.sample)
        if sample == self.holdings.real and not self._with_sample:
            self.counts["apart"] += 1
            return False
        if sample:
            capture.portal = capture.portal or PORTAL
            self.archive.admit({capture.portal: True}, mixed=True)
        return True

    def _seen_again(self, stored: Stored, capture: Capture, testimony: Testimony | None) -> None:
        seen_at = testimony.last_seen_at if testimony else None
        if seen_at is not None and seen_at > capture.fetched_at:
            self.archive.seen_again(SeenAgain(stored.capture_id, capture.address, seen_at, capture.portal or ""))

    def _remember(self, sent: str, body: bytes, sha256: str) -> None:
        """What a later revisit may refer to, by the digest of the bytes as sent and of those that were in them."""
        self._bodies[digest_of(body)] = sha256
        if body and self.archive.captures.body(sha256) is None:
            self._redacted[sha256] = body
        if sent:
            self._bodies.setdefault(sent, sha256)

    def _capture(self, entry: WarcCapture, body: bytes) -> tuple[Capture, Context]:
        """The capture, with portal, trail and context as our own export says, else as a profile does."""
        url, status, at, testimony = entry.url, entry.status, entry.fetched_at, entry.testimony
        if testimony is not None:
            return Capture(
                url, status, testimony.headers, body, at, testimony.portal, testimony.trail, entry.rendered,
                testimony.sent, testimony.source,
            ), testimony.context  # fmt: skip
        for profile in self.profiles:
            if profile.allows(url):
                context = Context(True, url == profile.home, profile.region)
                return Capture(url, status, entry.headers, body, at, profile.id), context
        return Capture(url, status, entry.headers, body, at), Context()
