"""Figures as narrow rows with their places, sections as offsets; the views that show both as before.

What an older form holds stays beside in tables of its own until crawler.archive.write.conversion has put it over.
"""

from __future__ import annotations

import sqlite3

PLANNING = ("pragma analysis_limit = 1000", "analyze figures", "analyze measures")
"""What tells SQLite's planner that a measure has many figures, and the list of measures is short."""

FORMER = {"statistics": "former_statistics", "sections": "former_sections"}
"""Tables of the first form, while they are put over."""

_TABLES = (
    """create table labels (
        id integer primary key,
        row_label text not null,
        column_label text not null,
        unique (row_label, column_label)
    )""",
    """create table figures (
        report_id integer not null references reports (id),
        position integer not null,
        form integer not null references forms (id),
        measure integer references measures (id),
        value numeric,
        raw text,
        unit text,
        method integer not null references methods (id),
        document integer,
        page,
        table_no integer,
        row_no integer,
        column_no integer,
        labels integer references labels (id),
        start integer,
        length integer,
        words text,
        primary key (report_id, position)
    ) without rowid""",
    "create index figures_measure on figures (measure, value, labels)",
    """create table chapters (
        report_id integer not null references reports (id),
        position integer not null,
        level integer not null,
        heading text,
        start integer not null,
        length integer not null,
        primary key (report_id, position)
    ) without rowid""",
    """create table checks_narrow (
        report_id integer not null references reports (id),
        rule text not null,
        subject text not null,
        holds integer check (holds in (0, 1)),
        expected text,
        actual text,
        primary key (report_id, rule, subject)
    ) without rowid""",
    "insert into checks_narrow select report_id, rule, subject, holds, expected, actual from checks",
    "drop table checks",
    "alter table checks_narrow rename to checks",
    "create index checks_broken on checks (rule) where holds = 0",
    "alter table attachments add column position integer not null default 0",
    """update attachments set position = (
        select count(*) from attachments as other
        where other.report_id = attachments.report_id and other.rowid < attachments.rowid
    )""",
    "create unique index attachments_position on attachments (report_id, position)",
)

RAW = """case when figures.value is null then figures.raw
        when figures.raw is null then cast(figures.value as text) else nullif(figures.raw, '') end"""
"""The cell or number as printed: kept where it is not the value's own digits; '' beside a value where none is printed
(a sum, a word for none)."""

_SENTENCE = """coalesce(
            figures.words,
            (select substr(text, figures.start, figures.length) from reports where id = figures.report_id)
        )"""
_DOCUMENT = """coalesce((
            select 'attachment «' || coalesce(nullif(label, ''), url) || '», ' from attachments
            where report_id = figures.report_id and position = figures.document
        ), '')"""
_PAGE = """coalesce(
            case typeof(figures.page) when 'integer' then 'page ' || figures.page else figures.page end || ', ', ''
        )"""
_LABELS = """coalesce((
            select case when row_label = '' then '' else ' «' || row_label || '»' end
                || case when column_no is null and column_label = '' then ''
                    else ', column' || coalesce(' ' || column_no, '')
                        || case when column_label = '' then '' else ' «' || column_label || '»' end end
            from labels where id = figures.labels
        ), ', column ' || column_no, '')"""
_CELL = f"case when column_no is null then '' else ': «' || coalesce({RAW}, '') || '»' end"
_EVIDENCE = f"""case when table_no is null then {_SENTENCE}
        else {_DOCUMENT} || {_PAGE} || 'table ' || table_no || coalesce(', row ' || row_no, '') || {_LABELS} || {_CELL}
        end"""
"""As crawler.records.report.Place.in_words."""

# Subqueries and no joins: what nobody asks for is not looked up, and a question over all figures of a measure is
# answered out of figures_measure alone; the label that a local row is called by is looked up through its own row.
STATISTICS = f"""create view statistics as
select figures.report_id, figures.position, (select name from forms where id = figures.form) as form, measures.code,
    coalesce(measures.item, (
        select row_label from figures as own join labels on labels.id = own.labels
        where own.report_id = figures.report_id and own.position = figures.position
    )) as item, measures.applicant,
    figures.value, {RAW} as raw, coalesce(figures.unit, measures.unit) as unit, {_EVIDENCE} as evidence,
    (select name from methods where id = figures.method) as method
from figures left join measures on measures.id = figures.measure
"""

_SECTIONS = """create view sections as
select report_id, position, level, heading, substr(coalesce(reports.text, ''), start, length) as text, start, length
from chapters join reports on reports.id = report_id
"""


def bare_view() -> str:
    """The statement that makes the view `statistics` where texts and attachments are not there: without evidence."""
    return STATISTICS.replace(f" {_EVIDENCE} as evidence,", "")


def migrate(connection: sqlite3.Connection) -> None:
    """Tables `labels`, `figures`, `chapters`; views `statistics` and `sections`; what there is of them steps aside."""
    connection.execute("drop view panel")
    for table, former in FORMER.items():
        if connection.execute(f"select 1 from {table} limit 1").fetchone() is None:
            connection.execute(f"drop table {table}")
        else:
            connection.execute(f"alter table {table} rename to {former}")
    for statement in (*_TABLES, STATISTICS, _SECTIONS):
        connection.execute(statement)
