"""Names of checks stand once, headings that the text has in the text alone, labels no more in the index of figures."""

from __future__ import annotations

import sqlite3

from crawler.archive.schema.figures import PLANNING, STATISTICS

_NUMBER = "case when cast(cast({0} as integer) as text) = {0} then cast({0} as integer) else {0} end"
"""A text of digits as the number that it is written from."""
_CHECKS = (
    """create table criteria (
        id integer primary key,
        rule text not null,
        subject text not null,
        unique (rule, subject)
    )""",
    # What is expected and said has no type: a number takes a byte or two, the words of one three or more.
    """create table findings (
        report_id integer not null references reports (id),
        criterion integer not null references criteria (id),
        holds integer check (holds in (0, 1)),
        expected,
        actual,
        primary key (report_id, criterion)
    ) without rowid""",
    "insert into criteria (rule, subject) select distinct rule, subject from checks order by 1, 2",
    f"""insert into findings
        select report_id, criteria.id, holds, {_NUMBER.format("expected")}, {_NUMBER.format("actual")}
        from checks join criteria on criteria.rule = checks.rule and criteria.subject = checks.subject
        order by report_id, criteria.id""",
    "drop table checks",
    "create index findings_broken on findings (criterion) where holds = 0",
    """create view checks as
    select report_id, rule, subject, holds, cast(expected as text) as expected, cast(actual as text) as actual
    from findings join criteria on criteria.id = criterion""",
)

_HEADING = "substr(reports.text, start - 1 - {0}, {0})"
"""A heading of so many characters ends one before the words under it."""
_CHAPTERS = (
    "drop view sections",
    "alter table chapters rename to chapters_with_words",
    """create table chapters (
        report_id integer not null references reports (id),
        position integer not null,
        level integer not null,
        heading text,
        heading_length integer,
        start integer not null,
        length integer not null,
        primary key (report_id, position)
    ) without rowid""",
    f"""insert into chapters
        select report_id, position, level, case when stands then null else heading end,
            case when stands then length(heading) end, start, length
        from (
            select chapters_with_words.*, heading <> '' and start > length(heading) + 1
                and {_HEADING.format("length(heading)")} = heading as stands
            from chapters_with_words left join reports on reports.id = report_id
        ) order by report_id, position""",
    "drop table chapters_with_words",
    f"""create view sections as
    select report_id, position, level, coalesce(heading, {_HEADING.format("heading_length")}) as heading,
        substr(coalesce(reports.text, ''), start, length) as text, start, length
    from chapters join reports on reports.id = report_id""",
)

_MEASURES = (
    "drop view statistics",
    "drop index figures_measure",
    "create index figures_measure on figures (measure, value)",
    STATISTICS,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Tables `criteria` and `findings`, view `checks`; `chapters.heading_length`; a shorter index of figures."""
    for statement in (*_CHECKS, *_CHAPTERS, *_MEASURES):
        connection.execute(statement)
    if connection.execute("select 1 from figures limit 1").fetchone() is not None:
        for statement in PLANNING:
            connection.execute(statement)
