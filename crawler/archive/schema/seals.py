"""Digests of what cannot be derived again, and the indexes by which joins stay linear."""

from __future__ import annotations

import sqlite_utils

from crawler.archive.schema.coverage import _HOST

_SEALS = (
    """create table seals (
        name text not null,
        key not null,
        digest integer not null,
        primary key (name, key)
    ) without rowid""",
    "create index captures_portal on captures (portal)",
    "create index reports_capture on reports (capture_id)",
    "create index attachments_url on attachments (url)",
    "create index problems_url on problems (url, kind)",
)


_COVERAGE = f"""
create view coverage as
with latest (portal, run_id) as materialized (
    select named.value, max(runs.id) from runs, json_each(runs.portals) as named group by 1
),
refusing (portal, host) as (
    select distinct problems.portal, {_HOST.format("problems.url")}
    from (select distinct run_id from latest) as ended cross join problems on problems.run_id = ended.run_id
    cross join latest on latest.portal = problems.portal and latest.run_id = problems.run_id
    where problems.kind in ('challenge', 'block_page', 'host_resting')
        or (problems.kind = 'robots' and problems.url like '%://%/' and problems.url not like '%://%/%/')
),
homes (portal, host) as (
    select distinct portal, {_HOST.format("json_extract(trail, '$[0].url')")} from captures
),
closed (portal) as materialized (
    select portal from refusing where (portal, host) in (select portal, host from homes)
    union select portal from (select portal from refusing except select portal from homes)
),
stands (host, region_code) as materialized (
    select distinct {_HOST.format("report_urls.url")}, reports.region_code from report_urls
    cross join reports on reports.id = report_urls.report_id
),
closed_to (portal, region_code) as materialized (
    select distinct refusing.portal, stands.region_code from refusing cross join stands on stands.host = refusing.host
),
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
"""As before; hosts are held against hosts as lists, not each against each."""


def migrate(db: sqlite_utils.Database) -> None:
    """A table for them; crawler.archive.seals fills it when every migration has been applied, and keeps it."""
    for statement in (*_SEALS, "drop view coverage", _COVERAGE):
        db.conn.execute(statement)
