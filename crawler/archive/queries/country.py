"""How much of the country is held: regions and years of those that are due, by region, province and year."""

from __future__ import annotations

from typing import Any

from crawler.archive.queries.rows import Subject

_MADE_UP = "(select id from portals where sample)"
_DUE = f"""held as materialized (
    select region_code, report_year, region, report_id, published_on, processed, denied, refused, sample from panel
    where sample <= :most
),
places as materialized (
    select region_code, report_year, max(region) as region, max(due_on) as due_on from expected
    where :most or portal not in {_MADE_UP} group by region_code, report_year
),
due as materialized (
    select places.region_code, places.report_year, places.region, due_on, report_id, published_on
    from places left join held on held.region_code = places.region_code and held.report_year = places.report_year
    where due_on < date('now') or report_id is not null
)"""
"""What is due or held already (`due`), and the report of each region and year (`held`). :most is 1 where what is made
up counts, too."""

_REGIONS = f"""with {_DUE},
counted as (
    select region_code, max(report_year), region, count(*) as due, count(report_id) as held from due
    group by region_code
),
latest as (
    select held.region_code, max(held.report_year) as latest_year, held.region, held.report_id, held.sample,
        max(0, cast(julianday(held.published_on) - julianday(due_on) as integer)) as days_late
    from held left join due on due.region_code = held.region_code and due.report_year = held.report_year
    group by held.region_code
),
rated as (
    select region_code, max(report_year) as refused_year,
        round(1.0 * (denied + coalesce(refused, 0)) / processed, 4) as refused_share
    from held where processed > 0 and denied is not null group by region_code
),
failed as (
    select report_id, count(*) as failed from checks where holds = 0 and not exists (
        select 1 from reviews join reports on reports.key = reviews.key
        where reports.id = checks.report_id and (measure is null or measure = subject)
    ) group by report_id
),
open as (
    select region_code, sum(failed) as open_checks from held join failed using (report_id) group by region_code
),
codes as (select region_code from counted union select region_code from latest)
select region_code, coalesce(latest.region, counted.region, regions.name) as region, regions.level as level,
    coalesce(due, 0) as due, coalesce(held, 0) as held, latest_year,
    (select key from reports where id = latest.report_id) as latest_key, days_late, refused_share, refused_year,
    coalesce(open_checks, 0) as open_checks, coalesce(latest.sample, :most) as sample
from codes left join counted using (region_code) left join latest using (region_code)
left join rated using (region_code) left join open using (region_code)
left join regions on regions.code = region_code
order by region_code"""

_YEARS = f"""with {_DUE}
select report_year, count(*) as due, count(report_id) as held, coalesce(sum(published_on > due_on), 0) as late
from due where region_code between :first and :last group by 1 order by 1"""


class Country(Subject):
    """What is held of what is due. What is made up is left out where the archive has anything else."""

    def regions(self) -> list[dict[str, Any]]:
        """By code each region of which something is due or held: `region_code`, `region` (its name), `level`, `due` and
        `held` (report years), of the latest held `latest_year`, `latest_key`, `days_late`; `refused_share` (denied and
        refused of all processed, 0 to 1) of `refused_year`, the latest that states both; `open_checks` (checks that
        fail in its reports and that no review is about), `sample`. None for what is not known."""
        return [dict(row) for row in self._execute(_REGIONS, {"most": self._most()})]

    def years(self, code: str) -> list[dict[str, Any]]:
        """By year of the regions within a province (code) how many reports are `due`, `held`, and `late`."""
        within = {"first": f"{code[:2]}0000", "last": f"{code[:2]}9999"}
        return [dict(row) for row in self._execute(_YEARS, within | {"most": self._most()})]

    def counts(self) -> dict[str, int]:
        """How many `portals` the archive knows, how many provinces, prefectures and counties there are (`known`)."""
        row = self._execute(
            "select (select count(*) from portals) as portals,"
            " (select count(*) from regions where level <> 'township' and valid_to is null) as known"
        ).fetchone()
        return dict(row)

    def _most(self) -> int:
        """1 where the archive holds and expects nothing but what is made up, else 0."""
        row = self._execute(
            f"select not exists (select 1 from expected where portal not in {_MADE_UP})"
            " and not exists (select 1 from panel where not sample)"
        ).fetchone()
        return int(row[0])
