"""Notes by which program the rows of a capture were derived, and says of which that need not be done again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from crawler.archive.file import seals
from crawler.archive.file.program import program_name

_NOTE = """insert into derivations values (?, (select id from programs where name = ?))
    on conflict (capture_id) do update set program_id = excluded.program_id where program_id <> excluded.program_id"""
_CURRENT = "select capture_id from derivations where program_id = (select id from programs where name = ?)"
_TO_READ = f"select id from captures where kind = 'report' or kind is null or id not in ({_CURRENT}) order by id"
_FOREIGN = f"select 1 from captures where id not in ({_CURRENT}) limit 1"
_WAITING = "select 1 from panel_waiting union all select 1 from arrivals limit 1"
_LAST_RUN = "select status from runs order by id desc limit 1"


def _sums(table: str, columns: str, where: str = "") -> str:
    """Number and sums of the rows that a report has in a table; strings count by their length."""
    sums = " || ' ' || ".join(("count(*)", *(f"total({column})" for column in columns.split(", "))))
    return f"(select {sums} from {table} where report_id = reports.id{where})"


# Labels and methods are left out: their numbers are those in which they were met.
_DIGEST = f"""nianbao_digest(key, identity, title, organ, region_code, report_year, form, text_sha256, length(text),
    capture_id, {_sums("figures", "form, measure, value, document, table_no, row_no, column_no, start, length")},
    {_sums("checks", "holds, length(subject), length(actual)", " and rule not in ('A5', 'A6', 'J1')")},
    {_sums("chapters", "level, heading_length, start, length")}, {_sums("attachments", "position, length(text)")},
    {_sums("report_versions", "capture_id")})"""
_TALLY = (
    f"insert or replace into tallies select id, {_DIGEST} from reports where id in (select value from json_each(?))"
)
_STRANGE = f"""select 1 from reports left join tallies on report_id = reports.id where digest is not {_DIGEST}
    union all select 1 from tallies where report_id not in (select id from reports) limit 1"""


def note(connection: sqlite3.Connection, capture_id: int) -> None:
    """The rows of a capture were derived just now."""
    connection.execute(_NOTE, (capture_id, program_name()))


def tally(connection: sqlite3.Connection, reports: Collection[int]) -> None:
    """Sum up the rows of reports as they stand, without the checks over years, which each run makes anew."""
    connection.execute(_TALLY, (json.dumps(sorted(reports)),))


def outdated(connection: sqlite3.Connection) -> list[int] | None:
    """The captures to derive again, in the order of making; None: all, for another hand has changed rows.

    None at all where this very program derived every row and the last run came to its end; else those that another
    program derived, and all reports, whose places hang on each other.
    """
    if connection.execute(_STRANGE).fetchone() is not None or next(seals.failures(connection), None) is not None:
        return None
    parameters = (program_name(),)
    last = connection.execute(_LAST_RUN).fetchone()
    is_settled = last is None or last["status"] == "finished"
    if is_settled and all(
        connection.execute(*query).fetchone() is None for query in ((_WAITING,), (_FOREIGN, parameters))
    ):
        return []
    return [row[0] for row in connection.execute(_TO_READ, parameters)]
