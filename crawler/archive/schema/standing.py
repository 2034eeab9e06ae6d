"""Which report stands for a region and year: real before made up, and marked where another text claims the same."""

from __future__ import annotations

import sqlite3

from crawler.archive.schema import panel
from crawler.archive.schema.coverage import REFUSING

_MADE_UP = "（示例数据，内容纯属虚构。）"
"""What every made-up report of the sample says of itself."""

_PORTALS = (
    "create table portals (id text primary key, sample integer not null check (sample in (0, 1))) without rowid",
    # Version 0.1 knew the sample by its id alone, and served it on this machine; its reports say what they are.
    f"""insert into portals
    with known (id) as (
        select portal from captures where portal is not null union select portal from expected
    )
    select id,
        id in (select portal from reports where text like '%{_MADE_UP}%')
        or id = 'sample' and not exists (
            select 1 from captures where portal = 'sample' and url not like 'http://127.0.0.1:%'
        )
    from known""",
    # As crawler.archive.file.identity.identity: a made-up report is no other text, and no copy, of a real one.
    "update reports set identity = 'sample/' || identity where portal in (select id from portals where sample)",
)

_GOVERNMENT_REPORTS = """
create view government_reports as
select report_id, portal, region_code, region, report_year, organ, url, published_on, gone_at, sample,
    (select count(distinct text_sha256) from reports as other
        where other.identity = ranked.identity and other.text_sha256 <> ranked.text_sha256) as conflict
from (
    select reports.id as report_id, portal, region_code, region, report_year, organ, url, published_on, gone_at,
        identity, text_sha256, coalesce(portals.sample, 0) as sample,
        row_number() over (
            partition by region_code, report_year
            order by coalesce(portals.sample, 0), organ_kind = 'government' desc, gone_at is null desc,
                text_sha256 is not null desc, reports.id
        ) as rank
    from reports left join portals on portals.id = reports.portal
    where organ_kind in ('government', 'government_office') and region_code is not null and report_year is not null
) as ranked
where rank = 1
"""


def coverage_view(
    further: str = "",
    today: str = "date('now')",
    refusing: str = REFUSING,
    gone: str = "held.report_id is not null and held.gone_at is not null",
) -> str:
    """The statement that makes the view `coverage`; `further`: columns at its end, in SQL, of `held` and `place`.

    `today`: the day as of which a report is due, in SQL. `refusing`: the first parts of its WITH, closed and closed_to
    among them. `gone`: when a report counts as gone.
    """
    return f"""
create view coverage as
with {refusing},
expectation as (
    select expected.portal, expected.region_code, region, report_year, due_on, coalesce(portals.sample, 0) as sample,
        closed.portal is not null or closed_to.portal is not null as refused,
        rank() over (
            partition by expected.region_code, report_year order by coalesce(portals.sample, 0)
        ) as rank
    from expected
    left join portals on portals.id = expected.portal
    left join closed on closed.portal = expected.portal
    left join closed_to on closed_to.portal = expected.portal and closed_to.region_code = expected.region_code
),
place as (
    select region_code, region, report_year, sample, portal as first_portal,
        json_group_array(portal) over portals_of_place as portals, max(due_on) over portals_of_place as due_on,
        min(refused) over portals_of_place as refused,
        row_number() over (partition by region_code, report_year order by portal) as number
    from expectation where rank = 1
    window portals_of_place as (
        partition by region_code, report_year order by portal
        rows between unbounded preceding and unbounded following
    )
)
select
    case when held.portal in (select value from json_each(place.portals)) then held.portal
        else place.first_portal end as portal,
    place.region_code, place.region, place.report_year,
    case
        when {gone} then 'gone'
        when held.report_id is not null then 'archived'
        when place.due_on >= {today} then 'not_due'
        when place.refused then 'blocked'
        else 'missing'
    end as status,
    held.report_id,
    held.published_on,
    max(0, cast(julianday(held.published_on) - julianday(place.due_on) as integer)) as days_late,
    place.portals,
    held.conflict,
    coalesce(held.sample, place.sample) as sample{further}
from place
left join government_reports as held on held.region_code = place.region_code
    and held.report_year = place.report_year and held.sample <= place.sample
where place.number = 1
"""


_CHOSEN = """
with chosen as (
    select report_id as id, portal, region_code, region, report_year, organ, url, published_on, conflict, sample,
        (select statistics.form from statistics where statistics.report_id = government_reports.report_id
            and statistics.form in ('f2019', 'f2021') limit 1) as form
    from government_reports
)"""


def migrate(connection: sqlite3.Connection) -> None:
    """The sample is marked; a row of coverage a region and year, whatever the number of portals; conflicts marked."""
    for statement in (
        *_PORTALS,
        _GOVERNMENT_REPORTS,
        "drop view coverage",
        coverage_view(),
        "drop view panel",
        panel.view(_CHOSEN, ",\n    conflict, sample"),
    ):
        connection.execute(statement)
