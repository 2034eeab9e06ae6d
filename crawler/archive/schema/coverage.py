"""What should exist, held against what is there."""

from __future__ import annotations

import sqlite3

_AFTER = "substr({0}, instr({0}, '//') + 2)"
HOST = f"substr({_AFTER}, 1, instr({_AFTER} || '/', '/') - 1)"
"""Host and port of an address, as it is written."""

REFUSING = f"""latest (portal, run_id) as materialized (
    select named.value, max(runs.id) from runs, json_each(runs.portals) as named group by 1
),
refusing (portal, host) as (
    select distinct problems.portal, {HOST.format("problems.url")}
    from (select distinct run_id from latest) as ended cross join problems on problems.run_id = ended.run_id
    cross join latest on latest.portal = problems.portal and latest.run_id = problems.run_id
    where problems.kind in ('challenge', 'block_page', 'host_resting')
        or (problems.kind = 'robots' and problems.url like '%://%/' and problems.url not like '%://%/%/')
),
homes (portal, host) as (
    select distinct portal, {HOST.format("json_extract(trail, '$[0].url')")} from captures
),
closed (portal) as materialized (
    select portal from refusing where (portal, host) in (select portal, host from homes)
    union select portal from (select portal from refusing except select portal from homes)
),
stands (host, region_code) as materialized (
    select distinct {HOST.format("report_urls.url")}, reports.region_code from report_urls
    cross join reports on reports.id = report_urls.report_id
),
closed_to (portal, region_code) as materialized (
    select distinct refusing.portal, stands.region_code from refusing cross join stands on stands.host = refusing.host
)"""
"""The portals that refused as a whole in their latest run (closed), and the regions whose hosts did (closed_to)."""

_COVERAGE_BY_HOST = f"""
create view coverage as
with {REFUSING},
ranked as (
    select id, region_code, report_year, published_on, gone_at, row_number() over (
        partition by region_code, report_year
        order by organ_kind = 'government' desc, gone_at is null desc, text is not null desc, id
    ) as rank
    from reports where organ_kind in ('government', 'government_office')
)
select
    expected.portal, expected.region_code, expected.region, expected.report_year,
    case
        when ranked.id is not null and ranked.gone_at is not null then 'gone'
        when ranked.id is not null then 'archived'
        when expected.due_on >= date('now') then 'not_due'
        when closed.portal is not null or closed_to.portal is not null then 'blocked'
        else 'missing'
    end as status,
    ranked.id as report_id,
    ranked.published_on,
    max(0, cast(julianday(ranked.published_on) - julianday(expected.due_on) as integer)) as days_late
from expected
left join ranked on ranked.region_code = expected.region_code
    and ranked.report_year = expected.report_year and ranked.rank = 1
left join closed on closed.portal = expected.portal
left join closed_to on closed_to.portal = expected.portal and closed_to.region_code = expected.region_code
"""


def migrate(connection: sqlite3.Connection) -> None:
    """A missing report is blocked where the portal's own host refused, or the host of that region's other reports."""
    connection.execute("drop view coverage")
    connection.execute(_COVERAGE_BY_HOST)
