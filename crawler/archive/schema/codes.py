"""The second form begins: lists of codes, the archive's own name, and what a merge needs."""

from __future__ import annotations

import sqlite3

CODE_TABLES = ("forms", "measures", "regions", "methods")
"""Filled from the program's own data (crawler.archive.write.codes), and by no capture."""

_TABLES = (
    "create table forms (id integer primary key, name text not null unique, since integer, until integer)",
    """create table measures (
        id integer primary key,
        code text not null unique,
        item text not null,
        applicant text,
        forms text not null,
        section text not null,
        row integer not null,
        label_zh text not null,
        label_en text not null,
        unit text,
        series text not null,
        comparable text not null check (comparable in ('same', 'broader', 'narrower', 'other')),
        since integer,
        until integer,
        sums text not null
    )""",
    "create table methods (id integer primary key, name text not null unique, meaning text)",
    """create table regions (
        code text primary key,
        name text not null,
        full_name text,
        parent text references regions (code),
        level text check (level in ('province', 'prefecture', 'county', 'township')),
        valid_from integer,
        valid_to integer,
        former_names text not null default '[]',
        predecessors text not null default '[]',
        successors text not null default '[]'
    ) without rowid""",
    "create index regions_parent on regions (parent)",
    """create table archive (
        uuid text not null primary key,
        form integer not null,
        made_at text not null,
        program text not null
    ) without rowid""",
    """create table sources (
        id integer primary key,
        uuid text not null unique,
        name text not null,
        state text not null,
        merged_at text not null
    )""",
    """create table merged_ids (
        source_id integer not null references sources (id),
        name text not null,
        source_key integer not null,
        id integer not null,
        primary key (source_id, name, source_key)
    ) without rowid""",
)

_REGION = """create trigger {table}_region_{event} before {event} on {table}
    when new.region_code is not null and not exists (select 1 from regions where code = new.region_code)
    begin insert into regions (code, name) values (new.region_code, coalesce(new.region, new.region_code)); end"""
"""A code that no list has, out of a profile, is a region of unknown level."""
_REFERENCES = (
    ("reports", "region_code text,", "region_code text references regions (code),"),
    ("expected", "region_code text not null,", "region_code text not null references regions (code),"),
)


def migrate(connection: sqlite3.Connection) -> None:
    """Tables `forms`, `measures`, `methods`, `regions`, `archive`, `sources`, `merged_ids`; regions are referred to."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute(
        "insert or ignore into regions (code, name) select region_code, coalesce(region, region_code) from reports"
        " where region_code is not null union select region_code, region from expected"
    )
    # A constraint cannot be added to a table, and these hold all the texts: only what SQLite notes of them changes.
    connection.execute("pragma writable_schema = on")
    for table, before, after in _REFERENCES:
        connection.execute(
            "update sqlite_schema set sql = replace(sql, ?, ?) where type = 'table' and name = ?",
            (before, after, table),
        )
    connection.execute("pragma writable_schema = reset")
    for table, _, _ in _REFERENCES:
        for event in ("insert", "update"):
            connection.execute(_REGION.format(table=table, event=event))
