"""The row of a run, and what it notes that belongs to no page: lists walked, what the law asks, portals, words of a
model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.archive.file import seals
from crawler.archive.schema.figures import PLANNING
from crawler.archive.write import panelrows
from crawler.archive.write.ledger import Ledger, now
from crawler.archive.write.reportrows import dumps
from crawler.archive.write.samples import KEEP
from crawler.records.page import Needs


class RunRows:
    """Writes the rows of runs, one run at a time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def break_off(self, requests: int, progress_at: str | None) -> None:
        """Mark a run whose process died, with how far it had come."""
        with self._ledger.step():
            self._ledger.execute(
                "update runs set status = 'broken_off', requests = ?, progress_at = ? where status = 'running'",
                (requests, progress_at),
            )
        self._ledger.flush()

    def begin(self, portals: list[str], deadline: str | None, source: str | None = None) -> int:
        """Open a run's row. Rows that still say `running` are of processes that died, for this one holds the lock.

        `source`: the name of the file whose captures are walked in the network's place.
        """
        with self._ledger.step():
            self._ledger.execute("update runs set status = 'broken_off' where status = 'running'")
            cursor = self._ledger.execute(
                "insert into runs (started_at, status, portals, deadline, source) values (?, 'running', ?, ?, ?)",
                (now(), dumps(portals), deadline, source),
            )
        self._ledger.flush()
        run_id = cursor.lastrowid
        assert run_id is not None
        self._ledger.run_id = run_id
        self._ledger.counts.clear()
        return run_id

    def finish(
        self, run_id: int, status: str, *, requests: int, not_modified: int, bytes: int, yields: Mapping[str, Any]
    ) -> None:
        """Close a run's row: `status` finished or interrupted; bytes as they came over the wire."""
        with self._ledger.step():
            self._ledger.execute(
                "update runs set finished_at = ?, status = ?, requests = ?, not_modified = ?, bytes = ?, yields = ?"
                " where id = ?",
                (now(), status, requests, not_modified, bytes, dumps(yields), run_id),
            )
        self._ledger.flush()
        panelrows.refresh(self._ledger.connection, self._ledger.step)
        with self._ledger.step():
            for statement in (*PLANNING, "pragma optimize"):
                self._ledger.execute(statement)
            seals.renew_statistics(self._ledger.connection)
        self._ledger.flush()

    def keep_list(
        self, run_id: int, portal: str, url: str, plan: str, pages: int, items: int, stated: int | None
    ) -> None:
        """Note that a list was walked to its end: its row of `lists`, new or brought up to date."""
        with self._ledger.step():
            self._ledger.execute(
                "insert or replace into lists values (?, ?, ?, ?, ?, ?, ?, ?)",
                (portal, url, plan, now(), run_id, pages, items, stated),
            )

    def keep_ocr(self, capture_id: int, engine: str, lines: Sequence[tuple[str, str, float]]) -> None:
        """The lines of table `ocr` of a capture; without any, one row that says so."""
        rows = [(capture_id, at, *line, engine) for at, line in enumerate(lines)]
        with self._ledger.step():
            self._ledger.execute("delete from ocr where capture_id = ?", (capture_id,))
            self._ledger.connection.executemany(
                "insert into ocr values (?, ?, ?, ?, ?, ?)", rows or [(capture_id, 0, "", None, None, engine)]
            )

    def keep_needs(self, needs: Needs) -> None:
        """The row of `requisites` of a page."""
        with self._ledger.step():
            self._ledger.execute(
                "insert or replace into requisites values (?, ?)", (needs.capture_id, dumps(needs.urls))
            )

    def doubt_list(self, portal: str, url: str) -> None:
        """Have the next run walk a list to its end: no plan is the empty one."""
        with self._ledger.step():
            self._ledger.execute("update lists set plan = '' where portal = ? and url = ?", (portal, url))

    def expect(
        self, rows: list[tuple[str, str, str, int, str]], portal: str | None = None, years: range = range(0)
    ) -> None:
        """Note what the law asks of a portal: rows (portal, region_code, region, report_year, due_on).

        With `portal` and `years` the rows are all that is asked of it in these years: what was noted besides, by an
        older list of divisions, is withdrawn.
        """
        kept = json.dumps([f"{code} {year}" for _, code, _, year, _ in rows])
        with self._ledger.step():
            self._ledger.connection.executemany(
                "delete from expected where portal = ? and report_year = ?"
                " and region_code || ' ' || report_year not in (select value from json_each(?))",
                [(portal, year, kept) for year in years],
            )
            self._ledger.connection.executemany(
                "insert into expected values (?, ?, ?, ?, ?) on conflict (portal, region_code, report_year)"
                " do update set region = excluded.region, due_on = excluded.due_on",
                rows,
            )

    def keep_portal(self, portal: str, sample: bool) -> None:
        """Note a portal, and whether its reports are made up."""
        with self._ledger.step():
            self._ledger.execute(KEEP, (portal, sample))
