"""`python -m tests.bench.searching [--reports N]`: searches in N reports of 6 KB, beside a LIKE scan of the same texts.

Queries are cut out of the texts at random, and made of common words. Every answer is held against the scan: no miss, no
false hit. Prints the time of a first page (hits, snippets, facets), of one right after a commit, the size of the index,
and the ratio to LIKE. With --archive the reports are made once and kept, so that two checkouts can be asked in turn.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from random import Random

from crawler.archive.file.connection import open_for_writing
from crawler.archive.queries.search import search
from crawler.archive.write import index
from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.records.report import Report
from crawler.words.tokens import match
from tests.bench.portal import sentence

LEXICON = 6_000
"""Words of the made-up language, drawn as often as their rank says (Zipf), of 2,500 characters likewise."""

COMMON = (
    "信息",
    "公开",
    "政府信息",
    "信息公开",
    "主动公开",
    "行政复议",
    "沈阳市",
    "2019年",
    "，积极",
    "公开信息",
    "工作情况",
    "条。",
    "安全生产",
)


def like(term: str) -> str:
    """The LIKE pattern (escape '\\') for a string anywhere in a text."""
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def language(random: Random) -> Callable[[], str]:
    """Sentences whose words are as unevenly common as those of a real text; every third is of the field's own words."""
    characters = [chr(point) for point in range(0x4E00, 0x4E00 + 2_500)]
    weights = [1 / (rank + 20) for rank in range(len(characters))]
    words = ["".join(random.choices(characters, weights, k=random.choice((1, 2, 2, 2, 3)))) for _ in range(LEXICON)]
    often = list(accumulate(1 / (rank + 5) for rank in range(LEXICON)))

    def one() -> str:
        if random.random() < 0.3:
            return sentence(random)
        found = random.choices(words, cum_weights=often, k=random.randint(12, 24))
        found.insert(random.randint(3, 9), "，")
        return "".join(found) + "。"

    return one


def filled(path: Path, reports: int) -> tuple[sqlite3.Connection, float, int]:
    """An archive of made-up reports, the seconds that indexing took, and the bytes of all texts."""
    connection = open_for_writing(path)
    connection.execute("pragma synchronous = off")
    connection.execute("pragma foreign_keys = off")
    random = Random(2008)
    say = language(random)
    spent, size = 0.0, 0
    connection.execute("begin")
    for number in range(1, reports + 1):
        title = f"沈阳市第{random.randrange(400)}街道{2008 + number % 18}年政府信息公开工作年度报告"
        text = title
        while len(text.encode()) < 6_000:
            text += "\n" + "".join(say() for _ in range(4))
        connection.execute(
            "insert into reports (id, url, title, organ_kind, region_code, region, report_year, text, breadcrumb,"
            " trail, first_seen_at, last_seen_at, capture_id, evidence)"
            " values (?, ?, ?, 'government', ?, ?, ?, ?, '[]', '[]', '', '', 1, '{}')",
            (number, f"http://x/{number}", title, f"2101{number % 13:02}", "区", 2008 + number % 18, text),
        )
        size += len(text.encode())
        page = Page(Capture(f"http://x/{number}", 200, [], b"", ""), Context(), text=text, report=Report(title=title))
        at = time.process_time()
        index.Index(connection).add(number, page)
        spent += time.process_time() - at
    connection.execute("commit")
    return connection, spent, size


def queries(connection: sqlite3.Connection, count: int) -> list[str]:
    """Strings of two to eight characters out of the texts, and the common ones."""
    random = Random(7)
    (most,) = connection.execute("select max(id) from reports").fetchone()
    found = list(COMMON)
    while len(found) < count:
        (text,) = connection.execute("select text from reports where id = ?", (random.randint(1, most),)).fetchone()
        at = random.randrange(len(text) - 8)
        query = text[at : at + random.randint(2, 8)]
        if not any(sign.isspace() or sign == '"' for sign in query):
            found.append(query)
    return found


def taken(connection: sqlite3.Connection, told: list[str], fresh: bool) -> list[tuple[float, int, str]]:
    """Seconds, hits and query of each first page, the quickest first; `fresh`: right after another commit."""
    times = []
    for query in told:
        search(connection, query)
        if fresh:
            connection.execute("insert into runs (started_at, status, portals) values ('', 'finished', '[]')")
        at = time.perf_counter()
        results = search(connection, query)
        times.append((time.perf_counter() - at, results.total, query))
    return sorted(times)


def main() -> None:
    """Build, ask, compare and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.searching", description=__doc__)
    parser.add_argument("--reports", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--compare", type=int, default=25, help="queries held against LIKE")
    parser.add_argument("--archive", type=Path, help="made where it is not there yet, and kept")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-search-") as name:
        path = asked.archive or Path(name) / "bench.db"
        if path.exists():
            connection = open_for_writing(path)
        else:
            connection, spent, size = filled(path, asked.reports)
            (pages,) = connection.execute("select sum(pgsize) from dbstat where name like 'reports_fts%'").fetchone()
            print(f"{asked.reports} reports, texts {size:,} bytes, index {pages:,} ({pages / size:.2f}), ", end="")
            print(f"indexing {spent / asked.reports * 1000:.2f} ms a report")
        told = queries(connection, asked.queries)
        after = taken(connection, told[:30], fresh=True)
        times = taken(connection, told, fresh=False)
        for label, some in (("after a commit ", after), ("", times)):
            for share in (0.5, 0.9, 0.95, 1):
                seconds, total, query = some[min(len(some) - 1, int(share * len(some)))]
                print(f"{label}p{share * 100:.0f} {seconds * 1000:.1f} ms ({query!r}: {total} hits)")
        scans = []
        for query in told[: asked.compare]:
            at = time.perf_counter()
            scan = {
                row[0]
                for row in connection.execute(
                    "select id from reports where text like ?1 escape '\\' or title like ?1 escape '\\'", (like(query),)
                )
            }
            scans.append(time.perf_counter() - at)
            rows = connection.execute("select rowid from reports_fts where reports_fts match ?", (match(query),))
            found = {row[0] for row in rows}
            assert found == scan, (query, len(found - scan), len(scan - found))
        mean = sum(seconds for seconds, *_ in times) / len(times)
        scan_mean = sum(scans) / len(scans)
        print(f"LIKE {scan_mean * 1000:.0f} ms on average, {scan_mean / mean:.0f} times ours", end="; ")
        print(f"{len(scans)} queries gave the same reports as LIKE")


if __name__ == "__main__":
    main()
