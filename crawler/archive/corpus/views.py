"""The views of an archive over the tables of many, in the SQL of DuckDB: the same names, columns and meanings.

`parts.…` are the tables of all archives together, with a column `holder`: the portal's name in the store.
`parts.united` says which of their reports are one. A view in that schema takes names without one for its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.archive.corpus import years
from crawler.archive.schema.coverage import HOST
from crawler.archive.schema.panel import MEASURES
from crawler.archive.write.panelrows import HEAD, SOURCES

_REPORT = (
    "portal url title organ organ_kind region_code region report_year published_on signed_on source index_no doc_no"
    " breadcrumb trail form text text_sha256"
)
_FIGURE = "position form code item applicant value raw unit evidence method"
_OF = (
    "left join parts.united as united on united.holder = part.holder and united.number = part.{0}"
    " where united.number is null"
)


def _leading(table: str, columns: str) -> str:
    """The rows of a table for each report, of the archive whose words the report shows."""
    picked = ", ".join(f"part.{name}" for name in columns.split())
    return (
        f"select coalesce(united.report, part.report_id) as report_id, {picked} from parts.{table} as part"
        f" {_OF.format('report_id')} or united.leads"
    )


def _once(table: str, key: str, columns: str = "* exclude (holder)") -> str:
    """A table whose rows several archives have."""
    return f"select {columns} from parts.{table} qualify row_number() over (partition by {key} order by holder) = 1"


_REPORTS = f"""
select coalesce(united.report, part.id) as id, coalesce(united.key, part.key) as key,
    {", ".join(f"part.{name}" for name in _REPORT.split())},
    case when united.number is null then part.first_seen_at else united.first_seen_at end as first_seen_at,
    case when united.number is null then part.last_seen_at else united.last_seen_at end as last_seen_at,
    case when united.number is null then part.gone_at else united.gone_at end as gone_at,
    part.capture_id, part.evidence
from parts.reports as part {_OF.format("id")} or united.leads
"""
_ADDRESSES = """
select coalesce(united.report, part.report_id) as report_id, url, min(part.first_seen_at) as first_seen_at,
    max(part.last_seen_at) as last_seen_at,
    case when bool_or(part.gone_at is null) then null else max(part.gone_at) end as gone_at,
    min(capture_id) as capture_id
from parts.report_urls as part
left join parts.united as united on united.holder = part.holder and united.number = part.report_id
group by 1, 2
"""
_DEADLINES = """
select id as report_id, portal, organ, organ_kind, region_code, region, report_year, due_on, published_on,
    case when try_cast(published_on as date) is not null
        then greatest(0, date_diff('day', cast(due_on as date), try_cast(published_on as date))) end as days_late
from (
    select *, cast(report_year + 1 as varchar) || case
        when organ_kind = 'department' and report_year >= 2019 then '-01-31' else '-03-31'
    end as due_on
    from reports where report_year is not null
)
"""
_STANDING = """
select id as report_id, portal, region_code, region, report_year, organ, url, published_on, gone_at, sample, via,
    redacted, conflict, holder, number
from (
    select reports.*, claims.via, claims.redacted, claims.holder, claims.number, coalesce(portals.sample, 0) as sample,
        case when text_sha256 is null then 0 else coalesce(wordings.texts, 1) - 1 end as conflict,
        row_number() over (
            partition by region_code, report_year
            order by coalesce(portals.sample, 0), organ_kind = 'government' desc, gone_at is null desc,
                text_sha256 is not null desc, reports.id
        ) as rank
    from main.reports as reports
    join parts.leading as claims on claims.report = reports.id
    left join (
        select claims.identity, count(distinct text_sha256) as texts from main.reports as every_report
        join parts.leading as claims on claims.report = every_report.id group by 1
    ) as wordings on wordings.identity = claims.identity
    left join main.portals as portals on portals.id = reports.portal
    where organ_kind in ('government', 'government_office') and region_code is not null and report_year is not null
)
where rank = 1
"""
_LEADING = f"""
select coalesce(united.report, part.report_id) as report, part.holder, part.report_id as number, part.identity,
    part.via, part.redacted
from parts.claims as part {_OF.format("report_id")} or united.leads
"""


def _panel() -> str:
    columns = [name for measure in MEASURES for name in (measure.name, f"{measure.name}_source")]
    sources = ", ".join(f"{measure.name}_source" for measure in MEASURES)
    form = " ".join(f"when list_contains([{sources}], '{source}') then '{source}'" for source in SOURCES)
    head = ", ".join(f"standing.{name}" for name in HEAD)
    return f"""
select * exclude (form, before),
    case when before is not null and form is not null and form <> before then before || ' → ' || form end as break
from (
    select *, last_value(form ignore nulls) over (
        partition by region_code order by report_year rows between unbounded preceding and 1 preceding
    ) as before
    from (
        select {head}, {", ".join(f"measured.{name}" for name in columns)}, standing.conflict, standing.sample,
            case {form} end as form
        from parts.standing as standing
        join parts.measured as measured on measured.holder = standing.holder and measured.report_id = standing.number
        where standing.sample = 0 or not exists (from portals where sample = 0)
    )
)
"""


def _coverage(today: str) -> str:
    return f"""
with expectation as (
    select expected.portal, expected.region_code, expected.region, expected.report_year, due_on,
        coalesce(portals.sample, 0) as sample, closed.portal is not null or closed_to.portal is not null as refused,
        rank() over (
            partition by expected.region_code, expected.report_year order by coalesce(portals.sample, 0)
        ) as rank
    from expected
    left join portals on portals.id = expected.portal
    left join (select distinct portal from parts.refusals where whole = 1) as closed
        on closed.portal = expected.portal
    left join (
        select distinct refusals.portal, stands.region_code from parts.refusals as refusals join (
            select distinct {HOST.format("report_urls.url")} as host, reports.region_code from report_urls
            join reports on reports.id = report_urls.report_id
        ) as stands on stands.host = refusals.host
    ) as closed_to on closed_to.portal = expected.portal and closed_to.region_code = expected.region_code
),
place as (
    select region_code, arg_min(region, portal) as region, report_year, min(sample) as sample,
        list(portal order by portal) as portals, max(due_on) as due_on, bool_and(refused) as refused
    from expectation where rank = 1 group by region_code, report_year
)
select
    case when list_contains(place.portals, held.portal) then held.portal else place.portals[1] end as portal,
    place.region_code, place.region, place.report_year,
    case
        when held.gone_at is not null and held.via = 0 then 'gone'
        when held.report_id is not null then 'archived'
        when place.due_on >= '{today}' then 'not_due'
        when place.refused then 'blocked'
        else 'missing'
    end as status,
    held.report_id,
    held.published_on,
    case when try_cast(held.published_on as date) is not null then greatest(
        0, date_diff('day', cast(place.due_on as date), try_cast(held.published_on as date))
    ) end as days_late,
    '["' || array_to_string(place.portals, '","') || '"]' as portals,
    held.conflict,
    coalesce(held.sample, place.sample) as sample,
    coalesce(held.redacted, 0) as redacted
from place left join parts.standing as held on held.region_code = place.region_code
    and held.report_year = place.report_year and held.sample <= place.sample
"""


TABLES = ("portals", "measures", "regions", "expected", "parts.leading", "parts.mixed")
"""What is worked out once: a row a report, or less."""


def views(today: str) -> Iterator[tuple[str, str]]:
    """Name and query of each view, those that others ask first; `today`: ISO date, by which reports are due."""
    yield "portals", _once("portals", "id")
    yield "measures", _once("measures", "code")
    yield "regions", _once("regions", "code")
    yield "expected", _once("expected", "portal, region_code, report_year")
    yield "reports", _REPORTS
    yield "report_urls", _ADDRESSES
    yield "statistics", _leading("statistics", _FIGURE)
    yield "parts.leading", _LEADING
    yield "parts.mixed", years.MIXED
    checks = _leading("checks", "rule subject holds expected actual")
    yield "checks", f"from ({checks}) where {years.LOCAL} union all from ({years.CHECKS})"
    yield "deadlines", _DEADLINES
    yield "parts.standing", _STANDING
    yield "panel", _panel()
    yield "coverage", _coverage(today)
