"""The full-text index."""

from __future__ import annotations

import sqlite3

_SEARCH = (
    # Contents are read from reports; what stands in the index are the tokens that nianbao_tokens makes of them.
    # The text is the first column: the places of any other take two bytes more for each character of each report.
    """create virtual table reports_fts using fts5(
        text, title, content="reports", content_rowid="id", columnsize = 0,
        tokenize = 'unicode61 remove_diacritics 0'
    )""",
    "insert into reports_fts (rowid, title, text) select id, nianbao_tokens(title), nianbao_tokens(text) from reports",
    "create index reports_title on reports (title)",
)
"""write.index keeps the index, not triggers: those would need our function in every program that writes."""


def migrate(connection: sqlite3.Connection) -> None:
    """Search in Chinese (crawler.words.tokens), in an ordinary FTS5 table that plain SQLite reads."""
    for statement in _SEARCH:
        connection.execute(statement)
