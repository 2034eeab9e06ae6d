"""Checks of one year against the next where the two years are of several archives: as crawler.archive.derive.years, in
the SQL of DuckDB. Where one archive has both, its own rows hold."""

from __future__ import annotations

from crawler.archive.derive.years import FEW, JUMP

RULES = ("A5", "A6", "J1")
DIGITS = (
    "create macro parts.digits(number) as case when number = trunc(number)"
    " then cast(cast(number as bigint) as varchar) else cast(number as varchar) end"
)
"""A number as the archive writes it: whole ones without a point."""
_NAME = "replace(identity, '/' || cast(report_year as varchar), '')"
_RULES = ", ".join(f"'{rule}'" for rule in RULES)
MIXED = f"""
select {_NAME} as name, region_code from parts.claims as claims
join parts.reports as reports on reports.holder = claims.holder and reports.id = claims.report_id
where identity is not null group by all having count(distinct claims.holder) > 1
"""
"""The organs of which several archives have reports."""
_PAIRS = f"""
with organ as (
    select id, region_code, report_year, {_NAME} as name, (name, coalesce(region_code, '')) in (
        select (name, coalesce(region_code, '')) from parts.mixed
    ) as mixed
    from reports join parts.leading as shown on shown.report = reports.id where identity is not null
),
pair as (
    select later.id as later_id, min(earlier.id) as earlier_id
    from organ as later join organ as earlier on earlier.name = later.name
        and earlier.report_year = later.report_year - 1
        and earlier.region_code is not distinct from later.region_code
    where later.mixed group by later.id having count(*) = 1
)"""
_MEASURES = (
    "'disc_total', 'req_received', 'req_answered', 'req_new_received__total', 'req_total_processed__total',"
    " 'review_total', 'suit_total'"
)
_KINDS = "('art20_1_rules'), ('art20_1_normative_docs')"


def _stock(name: str, report: str, ending: str) -> str:
    return f" join statistics as {name} on {name}.report_id = {report} and {name}.code = kind.name || '{ending}'"


CHECKS = f"""{_PAIRS},
carried as (
    select later_id as report_id, 'A5' as rule, now.applicant as subject, now.value = before.value as holds,
        parts.digits(before.value) as expected, parts.digits(now.value) as actual, now.position as place
    from pair
    join statistics as now on now.report_id = later_id and now.item = 'req_carried_in' and now.form <> 'narrative'
    join statistics as before on before.report_id = earlier_id and before.item = 'req_carried_out'
        and before.form <> 'narrative' and before.applicant = now.applicant
    where now.value is not null or before.value is not null
),
stock as (
    select later_id as report_id, 'A6' as rule, kind.name as subject,
        now.value = before.value + issued.value - repealed.value as holds,
        parts.digits(before.value + issued.value - repealed.value) as expected, parts.digits(now.value) as actual,
        now.position as place
    from pair cross join (values {_KINDS}) as kind (name)
    {_stock("now", "later_id", "_in_force")}{_stock("before", "earlier_id", "_in_force")}
    {_stock("issued", "later_id", "_issued_this_year")}{_stock("repealed", "later_id", "_repealed_this_year")}
    where now.value is not null
),
jump as (
    select later_id as report_id, 'J1' as rule, now.code as subject,
        not (greatest(now.value, before.value) >= {FEW}
            and greatest(now.value, before.value) > {JUMP} * least(now.value, before.value)) as holds,
        'near ' || parts.digits(before.value) as expected, parts.digits(now.value) as actual, now.position as place
    from pair join statistics as now on now.report_id = later_id and now.code in ({_MEASURES})
    join statistics as before on before.report_id = earlier_id and before.code = now.code and before.form = now.form
    where now.value > 0 and before.value > 0
)
select report_id, rule, subject, cast(holds as bigint) as holds, expected, actual
from (from carried union all from stock union all from jump)
qualify row_number() over (partition by report_id, rule, subject order by place) = 1
"""
LOCAL = f"""
rule not in ({_RULES}) or report_id not in (
    select shown.report from parts.leading as shown
    join parts.reports as part on part.holder = shown.holder and part.id = shown.number
    where identity is not null
        and ({_NAME}, coalesce(part.region_code, '')) in (select (name, coalesce(region_code, '')) from parts.mixed)
)"""
"""Which rows of an archive hold in the corpus, too."""
