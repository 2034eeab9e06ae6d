"""`python -m tests.bench.scans [ARCHIVE]`: what whole scans cost by the length of the file's pages (docs/size.md).

The archive is that of a crawl of the bench's portal, or the one named; a copy is compacted, and written anew for each.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from time import process_time

from tests.bench.measure import archived, served
from tests.bench.sizes import compact

PAGES = (1_024, 2_048, 4_096)
"""Bytes of the file's pages."""
_ONE_READING = """select sum(length(coalesce(heading, substr(both, 1, heading_length)))),
    sum(length(substr(both, coalesce(heading_length + 2, 1))))
from (
    select heading, heading_length, substr(reports.text, start - coalesce(heading_length + 1, 0),
        length + coalesce(heading_length + 1, 0)) as both
    from chapters join reports on reports.id = report_id limit -1
)"""
SCANS = {
    "all `sections` with their words": "select sum(length(heading)), sum(length(text)) from sections",
    "the same out of one reading of each text": _ONE_READING,
    "all headings": "select sum(length(heading)) from sections",
    "lengths of all texts": "select sum(length(text)) from reports",
    "count and sum of all figures by measure": "select measure, count(*), sum(value) from figures group by 1",
    "all captures by kind": "select kind, count(*), sum(length) from captures group by 1",
    "all packed bodies": "select sum(length(hex(body))) from blobs",
    "one report's sections, each report": "select (select sum(length(text)) from sections where report_id = reports.id)"
    " from reports",
}
"""What is read of the whole archive."""


def written(archive: Path, length: int) -> Path:
    """A copy of an archive in pages of so many bytes."""
    copy = archive.with_name(f"{archive.stem}-{length}.db")
    shutil.copy(archive, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as writing:
        writing.execute("pragma journal_mode = delete")
        writing.execute(f"pragma page_size = {length}")
        writing.execute("vacuum")
    return copy


def milliseconds(archives: list[Path], rounds: int) -> list[list[float]]:
    """CPU of each scan in each archive, the least of so many rounds in turn."""
    least = [[float("inf")] * len(archives) for _ in SCANS]
    for _ in range(rounds):
        for column, archive in enumerate(archives):
            with closing(sqlite3.connect(archive)) as reading:
                for row, statement in enumerate(SCANS.values()):
                    began = process_time()
                    reading.execute(statement).fetchall()
                    least[row][column] = min(least[row][column], (process_time() - began) * 1000)
    return least


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scans", description=__doc__)
    parser.add_argument("archive", nargs="?", type=Path, help="an archive, left as it is (default: of a crawl)")
    parser.add_argument("--pages", type=int, default=1_200, help="pages of the portal (default 1200)")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of each scan (default 15)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as name:
        archive = Path(name, "scans.db")
        if asked.archive:
            shutil.copy(asked.archive, archive)
        else:
            with served(asked.pages) as home:
                archived(home, archive, Path(name))
        compact(archive)
        copies = [written(archive, length) for length in PAGES]
        print("|  |", " | ".join(f"{length:,}" for length in PAGES), "|")
        print("| --- |", " | ".join("---" for _ in PAGES), "|")
        print("| MB |", " | ".join(f"{copy.stat().st_size / 1_000_000:.2f}" for copy in copies), "|")
        for scan, costs in zip(SCANS, milliseconds(copies, asked.rounds), strict=True):
            print(f"| {scan}, ms |", " | ".join(f"{cost:.1f}" for cost in costs), "|")


if __name__ == "__main__":
    main()
