"""Figures, each with its evidence."""

from __future__ import annotations

import sqlite3

from crawler.archive.schema import panel

_STATISTICS = (
    "drop table statistics",
    """create table statistics (
        report_id integer not null references reports (id),
        position integer not null,
        form text not null,
        code text,
        item text not null,
        applicant text,
        value numeric,
        raw text,
        unit text,
        evidence text not null,
        method text not null,
        primary key (report_id, position)
    ) without rowid""",
    "create unique index statistics_measure on statistics (report_id, form, code) where code is not null",
    "create index statistics_code on statistics (code, value)",
    "create index checks_rule on checks (rule, holds)",
)

_CHOSEN = """
with ranked as (
    select *, row_number() over (
        partition by region_code, report_year
        order by organ_kind = 'government' desc, gone_at is null desc, text is not null desc, id
    ) as rank
    from reports
    where organ_kind in ('government', 'government_office') and region_code is not null and report_year is not null
),
chosen as (
    select id, portal, region_code, region, report_year, organ, url, published_on,
        (select statistics.form from statistics where statistics.report_id = ranked.id
            and statistics.form in ('f2019', 'f2021') limit 1) as form
    from ranked where rank = 1
)"""


def migrate(connection: sqlite3.Connection) -> None:
    """A measure may be told by the text and by a table, and a local row has no code. The table was empty until now."""
    for statement in (*_STATISTICS, panel.view(_CHOSEN)):
        connection.execute(statement)
