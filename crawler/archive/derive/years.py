"""One year against the next: what was carried over, what is in force, jumps. Rows of `checks` over two reports.

A5, A6 and J1 of pipelines.statistics.checks.RULES; made in SQL, because both years stand in the archive only. Two
reports follow one another where their identity is the same but for the year.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from crawler.archive.file.neighbours import neighbours
from crawler.archive.write import checkrows
from crawler.archive.write.codes import Numbers

JUMP = 10
"""Ten times the year before is most often a slip of the pen, or another unit."""
FEW = 10
"""Below ten a count may well grow tenfold."""

# The order of every join is named (`cross join`, `+column`): while a first run writes, SQLite has no statistics to
# choose by, and would go through all figures of one code for each of another.
_PAIRS = """
with organ as materialized (
    select id, organ_kind, region_code, report_year, replace(identity, '/' || report_year, '') as name
    from reports where identity is not null{0}
),
pair as materialized (
    select later.id as later_id, min(earlier.id) as earlier_id
    from organ as later cross join organ as earlier on earlier.name = later.name
        and earlier.report_year = later.report_year - 1 and earlier.region_code is later.region_code{1}
    group by later.id having count(*) = 1
)
"""

_CARRIED = f"""{_PAIRS}
select later_id, 'A5', now.applicant, now.value = before.value,
    cast(before.value as text), cast(now.value as text)
from pair
cross join statistics as now on now.report_id = later_id and now.item = 'req_carried_in' and now.form <> 'narrative'
cross join statistics as before on before.report_id = earlier_id and before.item = 'req_carried_out'
    and before.form <> 'narrative' and before.applicant = now.applicant
where now.value is not null or before.value is not null
"""

_IN_FORCE = f"""{_PAIRS},
kind (name) as (values ('art20_1_rules'), ('art20_1_normative_docs')),
stock as (
    select later_id, kind.name, now.value as now_value, before.value + issued.value - repealed.value as due_value
    from pair cross join kind
    cross join statistics as now on now.report_id = later_id and +now.code = kind.name || '_in_force'
    cross join statistics as before on before.report_id = earlier_id and +before.code = kind.name || '_in_force'
    cross join statistics as issued on issued.report_id = later_id and +issued.code = kind.name || '_issued_this_year'
    cross join statistics as repealed
        on repealed.report_id = later_id and +repealed.code = kind.name || '_repealed_this_year'
)
select later_id, 'A6', name, now_value = due_value, cast(due_value as text), cast(now_value as text)
from stock where now_value is not null
"""

_JUMPS = f"""{_PAIRS},
measure (code) as (
    values ('disc_total'), ('req_received'), ('req_answered'), ('req_new_received__total'),
        ('req_total_processed__total'), ('review_total'), ('suit_total')
),
step as (
    select later_id, now.code, now.value as now_value, before.value as old_value,
        min(now.value, before.value) as small, max(now.value, before.value) as great
    from pair cross join statistics as now on now.report_id = later_id and +now.code in (select code from measure)
    cross join statistics as before
        on before.report_id = earlier_id and +before.code = now.code and before.form = now.form
    where now.value > 0 and before.value > 0
)
select later_id, 'J1', code, not (great >= {FEW} and great > {JUMP} * small),
    'near ' || cast(old_value as text), cast(now_value as text)
from step
"""


_SOME = (
    " and id in (select value from json_each(?1) union all select value from json_each(?2))",
    " where later.id in (select value from json_each(?1))",
)


_DELETE = "delete from findings where criterion in (select id from criteria where rule in ('A5', 'A6', 'J1'))"


def check_across_years(connection: sqlite3.Connection, reports: Collection[int] | None = None) -> None:
    """Make every check over two years anew, or those of `reports` against the year before each: the same rows whatever
    the order in which reports came."""
    numbers = Numbers(connection)
    if reports is None:
        connection.execute(_DELETE)
        for statement in (_CARRIED, _IN_FORCE, _JUMPS):
            checkrows.write(connection, numbers, connection.execute(_filled(statement, ("", ""))))
        return
    for report_id in reports:
        connection.execute(f"{_DELETE} and report_id = ?", (report_id,))
    before = neighbours(connection, reports, -1)
    among = json.dumps(sorted(reports)), json.dumps(sorted(before.difference(reports)))
    for statement in (_CARRIED, _IN_FORCE, _JUMPS):
        checkrows.write(connection, numbers, connection.execute(_filled(statement, _SOME), among))


def _filled(statement: str, among: tuple[str, str]) -> str:
    return statement.replace("{0}", among[0]).replace("{1}", among[1])
