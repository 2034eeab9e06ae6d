"""Figures of an archive for the front: nine of ten rows of it, so that SQLite takes them over by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from crawler.archive.file.connection import read_only_address
from crawler.archive.write.codes import Numbers


def take(front: sqlite3.Connection, file: Path, leads: Mapping[int, int]) -> None:
    """Write the figures of these reports, by their numbers in the archive those in the front, without words.

    Not within a transaction, in which no file is let go of. Raises sqlite3.Error.
    """
    front.execute("attach ? as there", (read_only_address(file, immutable=True),))
    front.execute("begin")
    _take(front, leads)
    front.execute("commit")
    front.execute("detach there")


def _take(front: sqlite3.Connection, leads: Mapping[int, int]) -> None:
    codes = Numbers(front)
    codes.ready()
    front.execute("create temp table if not exists leads (number integer primary key, report integer not null)")
    front.execute("create temp table if not exists codes (kind text, number integer, code integer,"
                  " primary key (kind, number)) without rowid")  # fmt: skip
    for table in ("leads", "codes"):
        front.execute(f"delete from temp.{table}")
    front.executemany("insert into temp.leads values (?, ?)", leads.items())
    used = "from there.figures join temp.leads on number = report_id"
    marks: list[tuple[str, int, int | None]] = []
    for number, name in front.execute(f"select id, name from there.forms where id in (select form {used})"):
        marks.append(("form", number, codes.forms[name]))
    for number, code, form in front.execute(
        f"select there.measures.id, code, min(there.forms.name) {used}"
        " join there.measures on there.measures.id = measure join there.forms on there.forms.id = form"
        " group by 1, 2 order by 1"
    ).fetchall():
        marks.append(("measure", number, codes.measure(code, form)[0]))
    for number, name in front.execute(
        f"select id, name from there.methods where id in (select method {used}) order by id"
    ).fetchall():
        marks.append(("method", number, codes.method(name)))
    for number, row, column in front.execute(
        f"select id, row_label, column_label from there.labels where id in (select labels {used}) order by id"
    ).fetchall():
        marks.append(("labels", number, codes.labels(row, column)))
    front.executemany("insert into temp.codes values (?, ?, ?)", marks)
    columns_of = {"report_id": "report", "words": "null"} | {
        kind: f"(select code from temp.codes where kind = '{kind}' and number = there.figures.{kind})"
        for kind in ("form", "measure", "method", "labels")
    }
    names = [row["name"] for row in front.execute("select name from pragma_table_info('figures')")]
    columns = ", ".join(f"[{name}]" for name in names)
    told_of = ", ".join(columns_of.get(name, f"there.figures.[{name}]") for name in names)
    front.execute(f"insert into main.figures ({columns}) select {told_of} {used}")
