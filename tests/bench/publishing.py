"""`python -m tests.bench.publishing ARCHIVE [--reports N]`: time and size of `nianbao publish` of an archive.

Then of one made of its rows that has N reports, each with a text and values of its own; then of the next release, in
which a hundredth of the reports says something else, with its delta.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from random import Random

from tests.bench.prose import SENTENCES, sentence

_REFERRING = ("figures", "checks", "report_urls", "report_versions", "chapters")
"""Tables whose rows hang on a report, by `report_id`."""


def multiplied(archive: Path, reports: int) -> None:
    """Copy the rows of an archive within it until there are so many reports."""
    with closing(sqlite3.connect(archive, isolation_level=None)) as connection:
        execute = connection.execute
        execute("pragma foreign_keys = off")
        for (name,) in execute("select name from sqlite_master where type = 'trigger'").fetchall():
            execute(f"drop trigger {name}")
        counties = [code for (code,) in execute("select code from regions where level = 'county' order by code")]
        (count,) = execute("select max(id) from reports").fetchone()
        (captures,) = execute("select max(id) from captures").fetchone()
        execute("begin")
        for number in range(1, -(-reports // count)):
            places = {"id": f"id + {number * count}", "capture_id": f"capture_id + {number * captures}"}
            places |= {"url": f"url || '?{number}'", "report_id": f"report_id + {number * count}"}
            _copy(connection, "captures", places | {"id": f"id + {number * captures}"}, f"id <= {captures}")
            code = counties[number * 13 % len(counties)]
            places |= {"key": "null", "region_code": f"'{code}'", "identity": f"identity || '{number}'"}
            _copy(connection, "reports", places, f"id <= {count}")
            places["value"] = "iif(value is null, null, value + abs(random() % 50))"
            for table in (*_REFERRING, "panel"):
                _copy(connection, table, places, f"report_id <= {count}")
        rows = execute("select id, identity from reports where key is null").fetchall()
        connection.executemany(
            "update reports set key = ?, text = ? where id = ?",
            [(hashlib.sha256(f"{who} {at}".encode()).hexdigest()[:16], _text(Random(at)), at) for at, who in rows],
        )
        execute("commit")


def _copy(connection: sqlite3.Connection, table: str, places: dict[str, str], where: str) -> None:
    """The rows of a table once more, columns in `places` as said there."""
    names = [row[1] for row in connection.execute(f"pragma table_info({table})")]
    columns = ", ".join(places.get(name, f"[{name}]") for name in names)
    connection.execute(f"insert or ignore into {table} select {columns} from {table} where {where}")


def _text(rng: Random) -> str:
    return "\n".join(sentence(rng) for _ in range(rng.choice(SENTENCES["tables"])))


def _published(archive: Path, destination: Path, *more: str) -> None:
    """Run the command, and print what it took."""
    line = [sys.executable, "-m", "crawler", "publish", str(destination), "--archive", str(archive), *more]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    at = time.perf_counter()
    subprocess.run(line, check=True, capture_output=True)
    wall = time.perf_counter() - at
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    size = sum(path.stat().st_size for path in destination.iterdir()) / 1e6
    print(
        f"publish {' '.join(word for word in more if word.startswith('--'))}: {wall:.1f} s,"
        f" {used.ru_utime - before.ru_utime:.1f} s CPU, at most {used.ru_maxrss / 1024:.0f} MB,"
        f" {len(list(destination.iterdir()))} files, {size:.1f} MB"
    )


def main() -> None:
    """Publish the archive; then the larger one, the next release, and that release out of the delta."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.publishing", description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--reports", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-publish-") as name:
        folder = Path(name)
        archive = folder / "archive.db"
        shutil.copyfile(asked.archive, archive)
        _published(archive, folder / "small")
        multiplied(archive, asked.reports)
        print(f"an archive of {archive.stat().st_size / 1e6:.0f} MB, {asked.reports} reports")
        _published(archive, folder / "first")
        with closing(sqlite3.connect(archive)) as connection:
            connection.execute("update reports set title = title || '（改）', text = text || '改' where id % 100 = 0")
            connection.commit()
        _published(archive, folder / "second", "--since", str(folder / "first"))
        delta = folder / "second" / "delta.parquet"
        print(f"the delta has {delta.stat().st_size / 1e6:.1f} MB")
        _published(archive, folder / "again", "--since", str(folder / "first"), "--apply", str(delta))


if __name__ == "__main__":
    main()
