"""How runs went with one portal, and what of it is held: for the page of a portal."""

from __future__ import annotations

from collections import Counter
from typing import Any

from crawler.archive.queries.rows import Subject, as_dict
from crawler.archive.schema.coverage import HOST
from crawler.records.problems import attention_kinds

_OF_PORTAL = "exists (select 1 from json_each(runs.portals) as named where named.value = ?)"


class Visits(Subject):
    """Questions about portals by their ids."""

    def known(self, portal: str) -> bool:
        """Whether anything is expected of it, was captured on it, or a run asked it."""
        row = self._execute(
            "select exists (select 1 from expected where portal = ?1) or exists (select 1 from captures where"
            f" portal = ?1) or exists (select 1 from runs where {_OF_PORTAL.replace('?', '?1')})",
            (portal,),
        ).fetchone()
        return bool(row[0])

    def runs(self, portal: str, count: int) -> list[dict[str, Any]]:
        """The last runs that asked it, newest first: `id`, `started_at`, `finished_at`, `status`, `kinds` (its own
        problems in them, by kind), and which of these kinds `wants_a_person`."""
        runs = self._execute(
            f"select id, started_at, finished_at, status from runs where {_OF_PORTAL} order by id desc limit ?",
            (portal, count),
        ).fetchall()
        found = []
        for run in runs:
            rows = self._execute("select kind from problems where run_id = ? and portal = ?", (run["id"], portal))
            kinds = dict(sorted(Counter(kind for (kind,) in rows).items()))
            found.append(dict(run) | {"kinds": kinds, "wants_a_person": attention_kinds(kinds)})
        return found

    def home(self, portal: str) -> str | None:
        """The address at which its last walk began; None where none of its pages is held."""
        row = self._execute(
            "select json_extract(trail, '$[0].url') from captures where portal = ? order by id desc limit 1", (portal,)
        ).fetchone()
        return None if row is None else row[0]

    def hosts(self, portal: str) -> list[dict[str, Any]]:
        """The hosts that answered for it: `host` and `captures`, the busiest first."""
        rows = self._execute(
            f"select {HOST.format('url')} as host, count(*) as captures from captures where portal = ?"
            " group by 1 order by 2 desc, 1",
            (portal,),
        )
        return [dict(row) for row in rows]

    def lists(self, portal: str) -> list[dict[str, Any]]:
        """Its lists as last walked to their end: `url`, `pages`, `items`, `stated` (how many the list says it has),
        `swept_at`."""
        rows = self._execute(
            "select url, pages, items, stated, swept_at from lists where portal = ? order by url", (portal,)
        )
        return [dict(row) for row in rows]

    def lost(self, portal: str) -> list[dict[str, Any]]:
        """The addresses of its reports that are gone: `url`, `gone_at`, and of the report `key`, `title`,
        `report_year`; the last gone first."""
        rows = self._execute(
            "select report_urls.url, report_urls.gone_at, key, title, report_year from reports"
            " join report_urls on report_urls.report_id = reports.id"
            " where reports.portal = ? and report_urls.gone_at is not null order by 2 desc, 1",
            (portal,),
        )
        return [dict(row) for row in rows]

    def years(self, portal: str) -> list[dict[str, Any]]:
        """By report year how many reports it should have by now (`due`), how many of these are `held`, and how many of
        `reports` in all are held of it, those of departments among them."""
        rows = self._execute(
            "with due as (select report_year, count(*) as due, count(report_id) as held from expected"
            " left join panel using (region_code, report_year) where expected.portal = ?1"
            " and (due_on < date('now') or report_id is not null) group by 1),"
            " own as (select report_year, count(*) as reports from reports where portal = ?1 group by 1)"
            " select report_year, coalesce(due, 0) as due, coalesce(held, 0) as held, coalesce(reports, 0) as reports"
            " from (select report_year from due union select report_year from own) left join due using (report_year)"
            " left join own using (report_year) order by report_year is null, report_year",
            (portal,),
        )
        return [dict(row) for row in rows]

    def regions(self, portal: str) -> list[str]:
        """The codes of the regions whose reports it should have, in order."""
        rows = self._execute("select distinct region_code from expected where portal = ? order by 1", (portal,))
        return [code for (code,) in rows]

    def problems(self, portal: str, run_id: int) -> list[dict[str, Any]]:
        """Its problems in a run, in the order in which they were met."""
        rows = self._execute("select * from problems where run_id = ? and portal = ? order by id", (run_id, portal))
        return [as_dict(row) for row in rows]

    def within(self, code: str) -> list[dict[str, Any]]:
        """The portals that should have reports of a province (its code): `portal`, and of how many `regions`."""
        rows = self._execute(
            "select portal, count(distinct region_code) as regions from expected where region_code between ? and ?"
            " group by 1 order by 1",
            (f"{code[:2]}0000", f"{code[:2]}9999"),
        )
        return [dict(row) for row in rows]
