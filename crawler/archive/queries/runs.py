"""Runs: their rows, the pages and problems of each, and how the last ones ended."""

from __future__ import annotations

import json
from typing import Any

from crawler.archive.file.captures import IMPORT
from crawler.archive.queries.events import Events
from crawler.archive.queries.rows import Subject, as_dict
from crawler.records.errors import ArchiveError
from crawler.records.problems import ATTENTION_ABOVE, attention_kinds

_ASKING = f"select * from runs where source is null and portals not like '[\"{IMPORT}%'"
"""Runs that asked the network; the files of imports stand where a run's portals do."""


class Runs(Subject):
    """Rows of `runs`, and what belongs to each."""

    def get(self, run_id: int) -> dict[str, Any]:
        """The row of a run. Raises KeyError where there is none."""
        row = self._execute("select * from runs where id = ?", (run_id,)).fetchone()
        if row is None:
            raise KeyError(run_id)
        return as_dict(row)

    def last(self) -> int:
        """The number of the last run. Raises ArchiveError where there was none."""
        (number,) = self._execute("select max(id) from runs").fetchone()
        if number is None:
            raise ArchiveError("the archive has no run yet")
        return int(number)

    def latest(self, count: int) -> list[dict[str, Any]]:
        """The last runs, newest first: the row, with `found` (its events), `problem_kinds` (how many of each), and
        which of these kinds `wants_a_person`."""
        events = Events(self._connection)
        runs = []
        for row in self._execute("select * from runs order by id desc limit ?", (count,)).fetchall():
            run = dict(row) | {"portals": json.loads(row["portals"])}
            del run["yields"]
            run["found"] = events.of_run(row["id"])
            run["problem_kinds"] = self.problem_kinds(row["id"])
            run["wants_a_person"] = attention_kinds(run["problem_kinds"])
            runs.append(run)
        return runs

    def outline(self, count: int) -> list[dict[str, Any]]:
        """The last runs, newest first: the row, and which kinds of its problems `wants_a_person`."""
        rows = self._execute("select * from runs order by id desc limit ?", (count,)).fetchall()
        return [
            {name: value for name, value in as_dict(row).items() if name != "yields"}
            | {"wants_a_person": attention_kinds(self.problem_kinds(row["id"]))}
            for row in rows
        ]

    def last_good(self) -> dict[str, str | None]:
        """By portal the end of the last run that asked it and finished without anything that wants a person; None:
        there was none.

        The files of imports, which stand where a run's portals do, are no portals.
        """
        marks = ", ".join(["(?, ?)"] * len(ATTENTION_ABOVE))
        rows = self._execute(
            f"with attention (kind, above) as (values {marks}), wanting as materialized ("
            " select run_id, kind from problems join attention using (kind) group by 1, 2"
            " having count(*) > max(above)),"
            " bad as materialized (select distinct run_id, portal from problems join wanting using (run_id, kind))"
            " select named.value, max(case when status = 'finished' and source is null and bad.run_id is null"
            " then finished_at end)"
            " from runs cross join json_each(runs.portals) as named"
            " left join bad on bad.run_id = runs.id and bad.portal = named.value"
            " where named.value not like ? group by 1 order by 1",
            [*(value for pair in ATTENTION_ABOVE.items() for value in pair), f"{IMPORT}%"],
        )
        return {row[0]: row[1] for row in rows}

    def asking(self, status: str | None = None) -> dict[str, Any] | None:
        """The newest run that asked the network, or the newest of a `status`; None: there was none."""
        row = self._execute(
            f"{_ASKING} and status = coalesce(?, status) order by id desc limit 1", (status,)
        ).fetchone()
        return None if row is None else dict(row)

    def wanting(self) -> dict[str, list[str]]:
        """By portal what of the last run that asked it wants a person: kinds of problems; portals without any left
        out."""
        rows = self._execute(
            f"select named.value, max(asking.id) from ({_ASKING} and status <> 'running') as asking"
            " cross join json_each(asking.portals) as named group by 1 order by 1"
        ).fetchall()
        pressing = {run_id: set(attention_kinds(self.problem_kinds(run_id))) for run_id in {row[1] for row in rows}}
        wants: dict[str, list[str]] = {}
        for portal, run_id in rows:
            met = "select distinct kind from problems where run_id = ? and portal = ? order by 1"
            kinds = [kind for (kind,) in self._execute(met, (run_id, portal)) if kind in pressing[run_id]]
            if kinds:
                wants[portal] = kinds
        return wants

    def page_kinds(self, run_id: int) -> dict[str, int]:
        """How many captures of each kind a run added."""
        rows = self._execute("select kind, count(*) from captures where run_id = ? group by 1 order by 1", (run_id,))
        return {row[0]: row[1] for row in rows}

    def problem_kinds(self, run_id: int) -> dict[str, int]:
        """How many problems of each kind a run met."""
        rows = self._execute("select kind, count(*) from problems where run_id = ? group by 1 order by 1", (run_id,))
        return {row[0]: row[1] for row in rows}

    def problems(self, run_id: int) -> list[dict[str, Any]]:
        """The problems of a run in the order in which they were met."""
        rows = self._execute("select * from problems where run_id = ? order by id", (run_id,))
        return [as_dict(row) for row in rows]

    def problems_before(self, run_id: int, runs: int) -> list[int]:
        """How many problems each of the last runs of the same portals as this one met, newest first; of those that came
        to their end, and no walk was stopped."""
        rows = self._execute(
            "select problems from runs where id < ?1 and status = 'finished' and source is null and not exists"
            " (select 1 from problems as spent where spent.run_id = runs.id and spent.kind = 'budget_spent')"
            " and portals = (select portals from runs where id = ?1) order by id desc limit ?2",
            (run_id, runs),
        )
        return [row[0] for row in rows]

    def last_yield(self, portal: str) -> dict[str, Any] | None:
        """What a portal yielded when last walked to its end (crawler.runs.health.Yield); None if it never was."""
        row = self._execute(
            "select json_extract(yields, '$.' || json_quote(?1)) from runs"
            " where json_extract(yields, '$.' || json_quote(?1)) is not null order by id desc limit 1",
            (portal,),
        ).fetchone()
        return None if row is None else json.loads(row[0])
