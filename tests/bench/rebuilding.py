"""`python -m tests.bench.rebuilding [--pages N]`: `nianbao rebuild` of an archive beside lxml's parse of its bodies."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from lxml import html as lxml_html

from crawler.archive.archive import Archive
from tests.bench.measure import archived, rebuilt, served


def parsed(archive: Path) -> tuple[int, float]:
    """How many HTML captures there are, and the seconds that parsing them all takes with lxml alone."""
    with Archive.read(archive) as reading:
        rows = reading.connection.execute("select sha256 from captures where media_type = 'text/html' and status = 200")
        spent, count = 0.0, 0
        for (sha256,) in rows.fetchall():
            body = reading.captures.body(sha256) or b""
            at = time.perf_counter()
            if body:
                lxml_html.document_fromstring(body)
            spent += time.perf_counter() - at
            count += 1
    return count, spent


def main() -> None:
    """Crawl, then rebuild with one and with two processes, in turn."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.rebuilding", description=__doc__)
    parser.add_argument("--pages", type=int, default=5_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-rebuild-") as name:
        folder, archive = Path(name), Path(name) / "bench.db"
        with served(asked.pages) as home:
            archived(home, archive, folder)
        count, lxml_seconds = parsed(archive)
        print(f"{count} pages; lxml parses them in {lxml_seconds:.1f} s")
        for jobs in (1, 2, 1, 2):
            taken = rebuilt(archive, jobs, folder)
            print(
                f"rebuild --jobs {jobs}: {taken.wall:.1f} s ({taken.wall / lxml_seconds:.1f} times the parse),"
                f" {taken.cpu:.1f} s CPU, {taken.memory:.0f} MB in {taken.processes} processes"
            )


if __name__ == "__main__":
    main()
