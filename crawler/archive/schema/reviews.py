"""What people who compared a report with its page say of it, beside evidence that stays as it is."""

from __future__ import annotations

import sqlite3

_REVIEWS = (
    # By key: a report that a rebuild does not find again keeps what was said of it.
    """create table reviews (
        id integer primary key autoincrement,
        key text not null,
        measure text,
        verdict text not null check (verdict in ('checked', 'disputed', 'wrong')),
        note text,
        who text not null,
        at text not null
    )""",
    "create index reviews_key on reviews (key, measure)",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Table `reviews`; no reference to `reports`, whose rows are derived again."""
    for statement in _REVIEWS:
        connection.execute(statement)
