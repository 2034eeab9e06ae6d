"""`python -m tests.bench.corpus [--reports N] [--portals P]`: a store of P archives beside one archive of the same.

Reports are made up (tests.bench.searching), each of a government, with 30 figures; every tenth is on two portals.
Prints sizes and times of the store, of the five documented questions, of an index and of searches in it; every answer
is held against the one archive's.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from crawler.archive.catalogue import Catalogue
from crawler.archive.corpus.corpus import Corpus
from crawler.archive.corpus.index import build
from crawler.archive.corpus.search import SearchIndex
from crawler.archive.file.connection import connect, open_for_writing
from crawler.archive.write import panelrows
from crawler.commands.export import measures
from crawler.store.deposit import deposit
from crawler.store.front import fronted
from crawler.store.seals import current
from crawler.store.store import Store
from crawler.store.tables import table_files
from tests.bench.searching import filled, queries
from tests.support.corpus_toy import questions, rows_of_archive, rows_of_corpus

FIGURES = 30
_COMPLETION = f"""
insert into runs (id, started_at, status, portals) values (1, '2026-01-01T00:00:00Z', 'finished', '["p"]');
insert or ignore into methods (id, name, meaning) values (1, 'bench', 'made up');
insert into portals values ('p', 0);
update reports set portal = 'p', key = printf('%016x', id), organ = region || id, capture_id = id,
    identity = 'government/' || id || '/' || report_year, region_code = printf('%06d', 110000 + id / 18),
    text_sha256 = printf('%064x', id), published_on = (report_year + 1) || '-04-0' || (1 + id % 9),
    first_seen_at = strftime('%Y-%m-%dT%H:%M:%SZ', 820454400 + id, 'unixepoch'),
    last_seen_at = strftime('%Y-%m-%dT%H:%M:%SZ', 820454400 + id, 'unixepoch');
insert into captures (id, run_id, portal, url, fetched_at, status, headers, length, sha256, trail, links_skipped,
    context, last_seen_at, last_run_id, kind, breadcrumb, evidence)
    select id, 1, 'p', url, first_seen_at, 200, '[]', 1, text_sha256, '[]', '{{}}', '{{}}', first_seen_at, 1, 'report',
    '[]', '[]' from reports;
insert into report_urls select id, url, first_seen_at, first_seen_at, null, id, text_sha256 from reports;
insert into report_versions select id, 1, id, text_sha256, first_seen_at, url, text_sha256, '' from reports;
insert into figures (report_id, position, form, measure, value, method)
    select reports.id, number, 3, measure, (reports.id * 31 + number * 7) % 50, 1 from reports cross join (
        select row_number() over (order by code desc) as number, id as measure from measures
        where code like 'req_%\\_\\_total' escape '\\' limit {FIGURES}
    );
"""
_TABLES = ("runs", "methods", "portals", "captures", "reports", "report_urls", "report_versions", "figures")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print the wall and CPU seconds of the block."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    print(f"{what}: {time.perf_counter() - wall:.2f} s wall, {time.process_time() - cpu:.2f} s CPU")


def completed(connection: sqlite3.Connection) -> None:
    """Fill what the search bench leaves out of its reports."""
    connection.execute("pragma foreign_keys = off")
    connection.executescript(_COMPLETION)
    panelrows.refresh(connection)


def parted(whole: Path, folder: Path, portals: int) -> Iterator[Path]:
    """The archive in as many; every tenth report is a later copy in the next one, too."""
    for portal in range(portals):
        path = folder / f"p{portal}.db"
        connection = open_for_writing(path)
        connection.execute("pragma synchronous = off")
        connection.execute("pragma foreign_keys = off")
        connection.execute("attach ? as whole", (str(whole),))
        connection.execute("begin")
        for table in _TABLES:
            column = {"reports": "id", "captures": "id"}.get(table, "report_id")
            next_ = f"{column} % 10 = 0 and {column} % {portals} = {(portal + 1) % portals}"
            mine = f"{column} % {portals} = {portal} or {next_}"
            where = "true" if table in _TABLES[:3] else mine
            connection.execute(f"insert or ignore into {table} select * from whole.{table} where {where}")
        later = f"id % 10 = 0 and id % {portals} = {(portal + 1) % portals}"
        copies = f"(select id from reports where {later})"
        at = "'2026-06-01T00:00:00Z'"
        if portals > 1:
            connection.execute(f"update captures set url = url || '/copy', fetched_at = {at} where id in {copies}")
            for table, time_ in (("report_urls", "first_seen_at"), ("report_versions", "observed_at")):
                connection.execute(
                    f"update {table} set url = url || '/copy', {time_} = {at} where report_id in {copies}"
                )
            connection.execute(f"update reports set url = url || '/copy', first_seen_at = {at} where {later}")
        connection.execute("commit")
        connection.close()
        yield path


def size(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Build, ask, compare and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.corpus", description=__doc__)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--portals", type=int, default=20)
    parser.add_argument("--queries", type=int, default=60)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-corpus-") as name:
        folder = Path(name)
        whole = folder / "whole.db"
        connection, spent, texts = filled(whole, asked.reports)
        completed(connection)
        found = queries(connection, asked.queries)
        (fts,) = connection.execute("select sum(pgsize) from dbstat where name like 'reports_fts%'").fetchone()
        connection.execute("analyze")
        connection.close()
        print(f"{asked.reports:,} reports, texts {texts:,} bytes; archive {whole.stat().st_size:,},", end=" ")
        print(f"its index {fts:,} ({spent:.0f} s CPU)")
        store = Store.open(str(folder / "store"), create=True)
        with timed(f"store put of {asked.portals} archives"):
            for path in parted(whole, folder, asked.portals):
                deposit(store, path.stem, path, measures())
        print(f"archives {size(folder / 'store' / 'archives'):,} bytes, tables {size(folder / 'store' / 'tables'):,}")
        with timed("front of a site"):
            front, shelf, _, _ = fronted(store, folder / "site", None)
        print(f"front {front.stat().st_size:,} bytes")
        with closing(connect(front)) as connection, timed("20 reports of the site"):
            site = shelf.reader(connection)
            for row in site.country.regions()[:20]:
                number = site.reports.find(row["latest_key"])
                assert number is not None
                assert site.reports.get(number)
        with timed("open"):
            corpus = Corpus.open(table_files(store, current(store), folder), folder / "scratch")
        with corpus:
            for number, question in enumerate(questions()):
                with timed(f"question {number + 1}, store"):
                    answer = rows_of_corpus(corpus, question)
                with timed(f"question {number + 1}, archive"):
                    expected = rows_of_archive(whole, question)
                print(f"  {len(answer):,} rows, {'the same' if answer == expected else 'others'}")
            with timed("count of identities, store"):
                print(rows_of_corpus(corpus, "select count(*), count(distinct key) from reports"))
            with timed("index"):
                print(build(corpus, folder / "index", {}, "bench"))
            with timed("index again"):
                print(build(corpus, folder / "index", {}, "bench"))
        print(f"index {size(folder / 'index'):,} bytes, with the texts")
        index = SearchIndex(folder / "index")
        times: dict[str, list[float]] = {"archive": [], "index": []}
        wrong = 0
        with Catalogue.read(whole) as archive:
            for query in found:
                totals = []
                for label, search in (("archive", archive.search), ("index", index.search)):
                    at = time.perf_counter()
                    totals.append(search(query).total)
                    times[label].append(time.perf_counter() - at)
                wrong += totals[0] != totals[1]
        for label, seconds in times.items():
            ordered = sorted(seconds)
            print(
                f"search, {label}: median {ordered[len(ordered) // 2] * 1000:.1f} ms, max {ordered[-1] * 1000:.1f} ms"
            )
        print(f"{len(found)} searches, {wrong} with another count")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
