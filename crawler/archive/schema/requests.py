"""What captures answer: the requests as they were sent."""

from __future__ import annotations

import sqlite3

_REST = "substr(captures.url, instr(captures.url, '//') + 2)"
_STATEMENTS = (
    """create table request_heads (
        id integer primary key,
        headers text not null,
        ip_address text
    )""",
    "create index request_heads_headers on request_heads (headers)",
    """create table request_lines (
        capture_id integer primary key references captures (id),
        head integer not null references request_heads (id),
        line text
    )""",
    f"""create view requests as
    select capture_id, coalesce(line, 'GET ' || substr({_REST}, instr({_REST}, '/')) || ' HTTP/1.1') as line,
        request_heads.headers, ip_address
    from request_lines join request_heads on request_heads.id = head join captures on captures.id = capture_id""",
)


def plain_line(url: str) -> str:
    """The line of a request that asks for an address as it stands; such a one is not kept."""
    rest = url.partition("//")[2]
    _, slash, path = rest.partition("/")
    return f"GET {slash}{path} HTTP/1.1"


def migrate(connection: sqlite3.Connection) -> None:
    """View `requests`, a row to a capture; none for what was captured before, or imported from other crawlers. The
    headers are much the same from page to page, and each wording of them is kept once."""
    for statement in _STATEMENTS:
        connection.execute(statement)
