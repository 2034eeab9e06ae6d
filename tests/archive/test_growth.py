"""Eight times as many reports cost eight times as many steps of SQLite's machine, and no more: of every statement that
joins tables which grow, in a new archive without statistics as in one that has them."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from datasette.utils.asgi import Request  # type: ignore[import-untyped]

from crawler.archive.archive import Archive
from crawler.archive.derive import rebuild
from crawler.archive.derive.conclusion import conclude
from crawler.archive.derive.verify import glance, verify
from crawler.archive.derive.years import check_across_years
from crawler.archive.exchange import datapackage, wacz
from crawler.archive.exchange.tables import tables
from crawler.archive.queries.canned import QUERIES
from crawler.archive.queries.reader import Reader
from crawler.archive.write.captures import is_late
from crawler.archive.write.panelrows import refresh
from crawler.archive.write.placement import Placing
from crawler.commands.export import measures
from crawler.records.capture import Capture
from crawler.records.page import SeenAgain
from crawler.records.problems import RETRIED_KINDS
from crawler.site import comparison, hits, regions
from crawler.site import measures as measure_pages
from tests.support.archive_grown import RUNS, grown
from tests.support.archive_toy import SITE, derive, page

pytestmark = pytest.mark.slow

SMALL, LARGE = 500, 4_000
SLACK = 1.2
"""For the logarithm that a search in a tree costs."""
EVERY = 100
"""Steps between two counts."""
_ASKED = {"region": "", "year": "", "code": "req_received", "q": "申请"}


def through(rows: Iterable[Any]) -> None:
    deque(rows, 0)


def listed(connection: sqlite3.Connection, query: str) -> list[Any]:
    return [tuple(row) for row in connection.execute(query).fetchall()]


def of_each_portal(ask: Callable[[sqlite3.Connection, str], Iterable[Any]]) -> Callable[[sqlite3.Connection], None]:
    def all_of_them(connection: sqlite3.Connection) -> None:
        for (portal,) in listed(connection, "select distinct portal from lists"):
            through(ask(connection, portal))

    return all_of_them


def of_each_address(ask: Callable[[sqlite3.Connection, str], Any]) -> Callable[[sqlite3.Connection], None]:
    def all_of_them(connection: sqlite3.Connection) -> None:
        for (url,) in listed(connection, "select url from captures where id % 3 <> 1"):
            ask(connection, url)

    return all_of_them


def same_bytes(connection: sqlite3.Connection, url: str) -> None:
    Reader(connection).captures.known_bytes(Capture(url, 404, [], b"", "2026-01-01T00:00:00Z"))


def asking(measure: str) -> Any:
    """A request for the page of a measure."""
    return Request.fake(f"/measure/{measure}", url_vars={"measure": measure})


def end_of_run(connection: sqlite3.Connection) -> None:
    """What `settle` asks for beside the years."""
    placing = Placing(connection)
    placing.addresses.left()
    conclude(connection, placing, derive, (RUNS, lambda report_id, url, at: None), years=False)


def portal(connection: sqlite3.Connection) -> None:
    """What the page of a portal asks for."""
    visits = Reader(connection).visits
    visits.runs("p1", 10)
    for ask in (visits.known, visits.home, visits.hosts, visits.lists, visits.years, visits.lost, visits.regions):
        ask("p1")


WORK: dict[str, Callable[[sqlite3.Connection], Any]] = {
    "years against years": check_across_years,
    "the end of a run": end_of_run,
    "what came back": lambda connection: rebuild._returned(connection, None),
    "numbers of reports": rebuild._OldNames,
    "late imports": lambda c: [is_late(c, number) for (number,) in listed(c, "select id from captures")],
    "known bytes": of_each_address(same_bytes),
    "known reports": of_each_portal(lambda c, portal: Reader(c).addresses.reports(portal)),
    "known files": of_each_portal(lambda c, portal: Reader(c).addresses.attachments(portal)),
    "known pages": of_each_address(lambda c, url: Reader(c).addresses.last_seen(url)),
    "problems before": of_each_address(lambda c, url: Reader(c).addresses.had_problem(url, RETRIED_KINDS)),
    "standing": of_each_portal(lambda c, portal: Reader(c).reports.standing(portal)),
    "yields": of_each_portal(lambda c, portal: (Reader(c).runs.last_yield(portal), Reader(c).lists.pages(portal))),
    "coverage": lambda c: through(Reader(c).coverage.rows()),
    "departments": lambda c: Reader(c).reports.departments("p1"),
    "pictures": lambda c: Reader(c).captures.wordless("engine"),
    "reports": lambda c: [
        Reader(c).reports.get(number) for (number,) in listed(c, "select id from reports where id % 9 = 0")
    ],
    "runs": lambda c: (
        Reader(c).runs.latest(5),
        Reader(c).runs.outline(5),
        Reader(c).runs.last_good(),
        Reader(c).events.newest(30),
    ),
    "country": lambda c: Reader(c).country.regions(),
    "province": lambda c: (Reader(c).country.years("000000"), Reader(c).visits.within("000000")),
    "portal": portal,
    "coverage of some regions": lambda c: Reader(c).coverage.of_regions(["000001", "000003"]),
    "region": lambda c: regions.contents(Reader(c), "000001", str),
    "comparison": lambda c: comparison.contents(Reader(c), Request.fake("/compare"), str),
    "measure": lambda c: measure_pages.contents(Reader(c), asking("received"), str),
    "measure of a code": lambda c: measure_pages.contents(Reader(c), asking("req_carried_in__total"), str),
    "search": lambda c: hits.page(Reader(c), Request.fake("/search?q=%E7%94%B3%E8%AF%B7")),
    "verify": lambda c: (through(verify(c)), through(glance(c, 1))),
    "sources": datapackage._sources,
    "pages": lambda c: through(wacz.pages(c)),
    "export": lambda c: [through(table.rows(c)) for table in tables(measures())],
    **{f"query {query.name}": lambda c, sql=query.sql: through(c.execute(sql, _ASKED)) for query in QUERIES},
}


def steps(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], Any], limit: float) -> int:
    """How many hundreds of steps a work takes; it is broken off where it takes more than `limit`."""
    count = 0

    def counted() -> bool:
        nonlocal count
        count += 1
        return count > limit

    connection.execute("begin")
    connection.set_progress_handler(counted, EVERY)
    try:
        work(connection)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
    finally:
        connection.set_progress_handler(None, EVERY)
        if connection.in_transaction:
            connection.execute("rollback")
    return count


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("grown")
    found = [grown(folder / f"{reports}.db", reports) for reports in (SMALL, LARGE)]
    for connection in found:
        refresh(connection)
    return found


@pytest.mark.parametrize("statistics", [False, True])
def test_no_statement_grows_faster_than_the_archive(archives: list[sqlite3.Connection], statistics: bool) -> None:
    small, large = archives
    if statistics:
        for connection in archives:
            connection.execute("analyze")
    fast = {}
    for name, work in WORK.items():
        few = steps(small, work, float("inf"))
        limit = max(few, 10) * LARGE / SMALL * SLACK
        if steps(large, work, limit) > limit:
            fast[name] = few
    assert fast == {}


def test_the_checks_over_years_are_made(archives: list[sqlite3.Connection]) -> None:
    small = archives[0]
    small.execute("begin")
    check_across_years(small)
    made = dict(listed(small, "select rule, count(*) from checks where rule in ('A5', 'A6', 'J1') group by 1"))
    small.execute("rollback")
    # Nine pairs of years to each organ: two applicants, two kinds of rules, four measures.
    assert made == {"A5": SMALL * 9 // 10 * 2, "A6": SMALL * 9 // 10 * 2, "J1": made["J1"]}
    assert made["J1"] > SMALL


def test_storing_a_page_costs_the_same_however_many_there_are(tmp_path: Path) -> None:
    """With its seals, dead links of one and the same body among them, in an archive without statistics."""
    counts = []
    with Archive.open(tmp_path / "a.db") as archive:
        archive.begin_run(["somewhere"])
        for begin in (0, 700):
            count = 0

            def counted() -> None:
                nonlocal count
                count += 1

            archive.connection.set_progress_handler(counted, 10)
            for n in range(begin, begin + 100):
                archive.store(
                    page(f"/{n}.html", title=f"{n}年", text=f"{n}件", year=n, organ=f"o{n}", region_code=None)
                )
                dead = archive.store(page(f"/dead/{n}", kind="missing", status=404))
                archive.seen_again(SeenAgain(dead.capture_id, f"{SITE}/dead/{n}", "2026-01-02T00:00:00Z", "somewhere"))
            archive.connection.set_progress_handler(None, 10)
            counts.append(count)
            for n in range(100, 700) if begin == 0 else ():
                archive.store(page(f"/dead/{n}", kind="missing", status=404))
    assert counts[1] < 1.2 * counts[0]
