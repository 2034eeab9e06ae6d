"""What a report is called everywhere, and the panel as a table that runs keep up to date."""

from __future__ import annotations

import sqlite3

from crawler.archive.schema.panel import MEASURES

_CHANGES = ("region_code", "report_year", "organ_kind", "organ", "portal", "url", "published_on", "gone_at",
            "text_sha256", "capture_id", "identity")  # fmt: skip
"""Columns of a report that the panel's row of its region and year follows from."""
_WAITS = (
    "insert or ignore into panel_waiting select {0}.region_code, {0}.report_year"
    " where {0}.region_code is not null and {0}.report_year is not null"
)

_COLUMNS = ",\n".join(f"        {measure.name} numeric,\n        {measure.name}_source text" for measure in MEASURES)

# Portals are written by an upsert, whose way with conflicts is that of its triggers, too: these two ask first.
_STATEMENTS = (
    "alter table reports add column key text",
    "create unique index reports_key on reports (key)",
    f"""create table panel (
        report_id integer not null references reports (id),
        portal text,
        region_code text not null references regions (code),
        region text,
        report_year integer not null,
        organ text,
        url text not null,
        published_on text,
{_COLUMNS},
        conflict integer not null,
        sample integer not null,
        break text,
        primary key (region_code, report_year)
    ) without rowid""",
    """create table panel_waiting (
        region_code text not null,
        report_year integer not null,
        primary key (region_code, report_year)
    ) without rowid""",
    f"""create trigger panel_insert after insert on reports begin
        {_WAITS.format("new")}; end""",
    f"""create trigger panel_delete after delete on reports begin
        {_WAITS.format("old")}; end""",
    f"""create trigger panel_update after update of {", ".join(_CHANGES)} on reports
        when {" or ".join(f"old.{column} is not new.{column}" for column in _CHANGES)} begin
        {_WAITS.format("old")};
        {_WAITS.format("new")}; end""",
    """create trigger panel_sample after update of sample on portals when old.sample <> new.sample begin
        insert into panel_waiting select distinct region_code, report_year from reports
        where portal = new.id and region_code is not null and report_year is not null
            and (region_code, report_year) not in (select region_code, report_year from panel_waiting); end""",
    """create trigger panel_mixed after insert on portals
        when exists (select 1 from portals where sample <> new.sample) begin
        insert into panel_waiting select distinct region_code, report_year from reports
        where region_code is not null and report_year is not null and portal in (select id from portals where sample)
            and (region_code, report_year) not in (select region_code, report_year from panel_waiting);
        end""",
    """insert or ignore into panel_waiting select region_code, report_year from reports
        where region_code is not null and report_year is not null""",
)


def migrate(connection: sqlite3.Connection) -> None:
    """`reports.key`; table `panel` in place of the view, and which of its rows wait to be made."""
    for statement in _STATEMENTS:
        connection.execute(statement)
