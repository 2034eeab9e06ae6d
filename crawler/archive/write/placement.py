"""Puts a page that is a report into the derived tables: which report it is, what of it is new, what the row shows.

The row of `reports` shows what the leading address says (reportaddresses): of the addresses not gone the first that has
the text, else the first seen; what only a web archive has seen stands behind all others. When the lead passes to
another address (the first is gone), the row follows as soon as that is seen.
`store` places pages as they come, `rebuild` places them again in the same order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from crawler.archive.file.identity import (
    Fingerprint,
    Version,
    hidden,
    identity_of,
    is_new_version,
    same_identity,
    same_text,
)
from crawler.archive.write.index import Index
from crawler.archive.write.keys import Name
from crawler.archive.write.reportaddresses import Addresses
from crawler.archive.write.reportrows import ReportRows, Seen
from crawler.records.page import Page


@dataclass(frozen=True, slots=True)
class Placed:
    """`report_id`; whether the report is `new`, whether it is an old one whose text or files `changed`;
    `conflict` names the address of another report that claims the same identity with a different text.

    `moved`: a report of an earlier run is at an address where it was not before; `returned`: it was gone. `halved`: its
    text has less than half of the characters that it had.
    """

    report_id: int
    new: bool
    changed: bool
    conflict: str | None = None
    moved: bool = False
    returned: bool = False
    halved: bool = False


OldName = Callable[[str, str | None, int], Name | None]
"""Id and key of a report that is founded again, by address, identity and capture; None for a new one."""

_BEFORE = (
    "select gone_at, coalesce(length(text), 0), captures.run_id, identity from reports"
    " join report_versions on report_versions.report_id = reports.id and version = 1"
    " join captures on captures.id = report_versions.capture_id where reports.id = ?"
)


class Placing:
    """Places pages over one connection, inside the caller's transaction.

    `old_name`: `rebuild` hands out the ids and keys that were. `index`: by which their texts are indexed, None: each at
    once.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        old_name: OldName = lambda url, who, capture_id: None,
        index: Index | None = None,
    ) -> None:
        self._execute = connection.execute
        self._old_name = old_name
        self.rows = ReportRows(connection, Index(connection) if index is None else index)
        self.addresses = Addresses(connection)

    def place(self, page: Page, seen: Seen) -> Placed:
        """Write all rows that follow from a report's page."""
        url = page.capture.address
        who, print_ = self._who(page), Fingerprint.of(page)
        report_id, conflict = self._find(url, who, print_, seen)
        if report_id is None:
            report_id = self.rows.insert(self._old_name(url, who, seen.capture_id), page, seen, who, print_)
            return Placed(report_id, True, False, conflict)
        versions = self._versions(report_id)
        changed = not seen.again and is_new_version(print_, url, versions)
        gone_at, length, run_id, known_as = self._execute(_BEFORE, (report_id,)).fetchone()
        known = self._execute("select 1 from report_urls where report_id = ? and url = ?", (report_id, url)).fetchone()
        if changed:
            self.rows.version(report_id, len(versions) + 1, url, seen, print_)
        self.rows.address(report_id, url, seen, print_)
        leading = self.addresses.settle(report_id) == url
        if self._takes_over(report_id, page, leading):
            self.rows.show(report_id, page, seen, who, print_)
        elif leading and who is not None and not same_identity(known_as, who):
            # The row goes on showing what was not redacted; what comes next is told by who spoke here last.
            self._execute("update reports set identity = ? where id = ?", (who, report_id))
        return Placed(
            report_id,
            False,
            changed,
            conflict,
            moved=known is None and run_id != seen.run_id,
            returned=gone_at is not None,
            # A page that leaves the text to its files, or to further pages, says nothing of how long that is.
            halved=changed
            and page.remains is None
            and len(page.text or "") * 2 < length
            and not (page.text is None and page.attachments)
            and not any(file.part for file in page.attachments),
        )

    def recall(self, page: Page, seen: Seen) -> Placed | None:
        """Write what follows from a report's page that a web archive has of an address where something newer stands.

        Nothing newer is undone: the report is found by its identity, and has left this address. None where it says no
        identity, or is the report that stands there.
        """
        url, who, print_ = page.capture.address, self._who(page), Fingerprint.of(page)
        if who is None:
            return None
        at_hand = self._execute(
            "select 1 from report_urls join reports on reports.id = report_id where report_urls.url = ?"
            " and identity = ?",
            (url, who),
        ).fetchone()
        if at_hand is not None:
            return None
        others = self.claiming(who)
        alike = [number for number, _ in others if same_text(print_, self._versions(number))]
        if alike:
            report_id = alike[0]
            self.rows.address(report_id, url, seen, print_)
        else:
            report_id = self.rows.insert(self._old_name(url, who, seen.capture_id), page, seen, who, print_)
        self._execute("update report_urls set gone_at = last_seen_at where report_id = ? and url = ?", (report_id, url))
        self.addresses.settle(report_id)
        return Placed(report_id, not alike, False, None if alike or not others else others[0][1])

    def show(self, report_id: int, page: Page, seen: Seen, files: Mapping[str, int] | None = None) -> None:
        """Let the row show what a page says that has its place already; `files`: the captures of its attachments."""
        self.rows.show(report_id, page, seen, self._who(page), Fingerprint.of(page), files)

    def file_changed(self, report_id: int, page: Page, seen: Seen, url: str) -> None:
        """A version by a file of the report: `page` is the report with it, `seen` and `url` are the file's.

        It has no part in telling copies and changes of pages, which is by what the pages themselves say.
        """
        print_ = replace(Fingerprint.of(page), squeezed=None)
        self.rows.version(report_id, len(self._versions(report_id)) + 1, url, seen, print_)

    def _who(self, page: Page) -> str | None:
        """The identity of the report that a page is; one of its own where its portal is marked as made up."""
        marked = self._execute("select 1 from portals where id = ? and sample", (page.capture.portal,)).fetchone()
        return identity_of(page, sample=marked is not None)

    def _find(self, url: str, who: str | None, print_: Fingerprint, seen: Seen) -> tuple[int | None, str | None]:
        """The report that the page is, or None; and the address of one that claims the same with another text."""
        here = self._execute(
            "select reports.id, identity from report_urls join reports on reports.id = report_id"
            " where report_urls.url = ? order by report_urls.gone_at is not null, reports.id",
            (url,),
        ).fetchall()
        # None is like None here: of a page that does not say who speaks, the address decides.
        here.sort(key=lambda row: row[1] != who and not same_identity(row[1], who))
        for report_id, its in here:
            if its is None or who is None or same_identity(its, who) or self._shares_text(report_id, print_):
                if len(here) > 1:
                    self.addresses.leave(url, report_id)
                return report_id, None
        if here:
            self.addresses.leave(url, None)
        if who is None:
            return None, None
        conflict = None
        for report_id, its_url in self.claiming(who):
            # Where a part of the archive is derived again, what was found later is there already.
            if not seen.again and self._founder(report_id) > seen.capture_id:
                continue
            if same_text(print_, self._versions(report_id)):
                return report_id, None
            conflict = conflict or its_url
        return None, conflict

    def claiming(self, who: str) -> list[tuple[int, str]]:
        """Id and address of the reports of an identity, whether that or theirs is hidden."""
        veiled = hidden(who)
        if veiled != who or "sha256:" not in who:
            query = "select id, url from reports where identity in (?, ?) order by id"
            return [tuple(row) for row in self._execute(query, (who, veiled))]
        query = "select id, url, identity from reports where substr(identity, 1, ?) = ? order by id"
        codes = who[: who.index("sha256:")]
        return [(row[0], row[1]) for row in self._execute(query, (len(codes), codes)) if same_identity(row[2], who)]

    def _founder(self, report_id: int) -> int:
        query = "select capture_id from report_versions where report_id = ? and version = 1"
        return int(self._execute(query, (report_id,)).fetchone()[0])

    def _takes_over(self, report_id: int, page: Page, leading: bool) -> bool:
        """Whether the row is to show a page: the leading one, but no tombstone in the place of words; of words instead
        of a tombstone any."""
        if leading and page.remains is None:
            return True
        query = "select 1 from reports where id = ? and capture_id in (select capture_id from redacted_captures)"
        bare = self._execute(query, (report_id,)).fetchone() is not None
        return bare and (leading or page.remains is None)

    def _shares_text(self, report_id: int, print_: Fingerprint) -> bool:
        return print_.squeezed is not None and any(
            version.squeezed == print_.squeezed for version in self._versions(report_id)
        )

    def _versions(self, report_id: int) -> list[Version]:
        rows = self._execute(
            "select url, squeezed_sha256, attachments_sha256 from report_versions where report_id = ?", (report_id,)
        )
        return [Version(*row) for row in rows]
