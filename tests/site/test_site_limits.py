"""What one anonymous request can take: bombs in SQL, slow queries beside our own pages, searches without end."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.archive.file import functions as sql_functions
from crawler.archive.file.connection import read_only_address
from crawler.archive.sandbox.limits import CONNECTION, RESULT, VALUE, restrict
from crawler.archive.sandbox.pool import Process
from crawler.archive.sandbox.question import TOO_MUCH_MEMORY, Answer, Question
from crawler.commands.cli import cli
from crawler.records.errors import QueryError
from crawler.site.database import ArchiveDatabase
from crawler.words.tokens import LONGEST_QUERY, MOST_TERMS, match, terms
from tests.support.archive_toy import capture, page
from tests.support.serving import get, served

ENDLESS = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("limits") / "archive.db"
    with Archive.open(path) as opened:
        run = opened.begin_run(["somewhere"])
        for number in range(30):
            text = f"政府信息公开{number}件"
            opened.store(page(f"/{number}.html", text=text, title="年报", year=1990 + number))
        opened.finish_run(run, "finished")
    return path


@pytest.fixture(scope="module")
def site(archive: Path) -> Iterator[str]:
    with served(archive) as address:
        yield address


@pytest.fixture
def process() -> Iterator[Process]:
    made = Process()
    yield made
    made.close()


def asked(process: Process, archive: Path, sql: str, *, seconds: float = 20.0, **parameters: object) -> Answer:
    return process.ask(Question(read_only_address(archive), (), sql, parameters, 1_000, seconds))


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("select length(zeroblob(500000000))", "longer than it may be"),
        ("select zeroblob(60000000)", "longer than 16 MB"),
        ("select length(randomblob(1000000000))", "longer than it may be"),
        ("select replace(hex(zeroblob(2000000)), '0', hex(zeroblob(2000)))", "longer than it may be"),
        ("select group_concat(hex(zeroblob(2000000))) from reports a, reports b", "longer than it may be"),
        ("select nianbao_tokens(hex(zeroblob(200000000)))", "longer than it may be"),
        ("select nianbao_tokens(hex(zeroblob(1500000)))", "nianbao_tokens: 3000000 characters"),
        ("select nianbao_match(hex(zeroblob(1000)))", "expected at most 1,000"),
        ("select * from json_each('[' || replace(hex(zeroblob(5000000)), '0', '1,') || '1]')", TOO_MUCH_MEMORY),
        (
            "with recursive c(x) as (select 1 union all select x + 1 from c limit 60)"
            " select x, zeroblob(10000000) from c order by zeroblob(10000000 + x)",
            TOO_MUCH_MEMORY,
        ),
        ("select " + ", ".join(["1"] * 60) + " from reports a, reports b", "more than 40,000 cells"),
        ("select " + ", ".join(["1"] * 300), "too many columns"),
        ("select " + "(" * 400 + "1" + ")" * 400, ""),
        ("select 1" + " union select 1" * 200, "compound SELECT"),
        ("select '" + "x" * 200_000 + "'", "too large"),
        ("select 1 where 'a' like '" + "%a" * 2_000 + "'", "pattern too complex"),
        ("select * from pragma_database_list", "more than read"),
        ("select * from pragma_hard_heap_limit", "more than read"),
        ("pragma hard_heap_limit = 0", "more than read"),
        ("attach ':memory:' as other", "more than read"),
        ("create temp table t (a)", "more than read"),
        ("delete from reports", "more than read"),
        ("select load_extension('x')", "not authorized"),
        ("select 1; select 2", "one statement"),
        ("select '\ud800'", "cannot be asked"),
        ("select \0", "null character"),
        ("select :missing", "missing"),
        ("select nowhere from reports", "nowhere"),
    ],
)
def test_a_query_that_wants_too_much_is_refused_and_the_next_is_answered(
    process: Process, archive: Path, sql: str, says: str
) -> None:
    refused = asked(process, archive, sql)
    assert refused.error is not None
    assert says in refused.error
    assert refused.rows == []
    assert asked(process, archive, "select count(*) from reports").rows == [(30,)]


@pytest.mark.parametrize(
    "sql",
    [ENDLESS, "select instr(zeroblob(30000000) || x'01', zeroblob(15000000) || x'02')"],
    ids=["steps", "function"],
)
def test_time_is_limited_within_a_function_too(process: Process, archive: Path, sql: str) -> None:
    assert asked(process, archive, sql, seconds=0.1).late
    assert asked(process, archive, "select 1 as a").columns == ["a"]


def test_a_lost_process_is_replaced(process: Process, archive: Path) -> None:
    assert asked(process, archive, "select 1").rows == [(1,)]
    assert process._process is not None
    os.kill(process._process.pid, signal.SIGKILL)
    assert asked(process, archive, "select 1").error == TOO_MUCH_MEMORY
    assert asked(process, archive, "select 1").rows == [(1,)]


def test_what_a_researcher_needs_is_still_there(process: Process, archive: Path) -> None:
    for sql in (
        "select id, region, count(*) over () from reports where text like '%公开%' order by random()",
        "select rowid from reports_fts where reports_fts match nianbao_match('信息公开')",
        "select rowid from reports_fts where reports_fts match escape_fts('信息公开')",
        "select value from reports, json_each(breadcrumb)",
        "select * from pragma_table_info('reports')",
        "select nianbao_text(id), length(nianbao_body(sha256)) from captures",
        "select * from panel",
    ):
        answer = asked(process, archive, sql)
        assert answer.error is None, sql
        assert answer.rows, sql
    assert asked(process, archive, "select :a as a", a="年").rows == [("年",)]


def test_the_largest_body_that_a_crawl_keeps_can_be_read(tmp_path: Path, process: Process) -> None:
    """64 MiB that do not compress, so that the row is as long as the body; longer than an answer, and read in SQL."""
    from crawler.fetching.settings import DOWNLOAD_MAXSIZE

    assert VALUE > DOWNLOAD_MAXSIZE
    assert sql_functions.LONGEST_BODY > DOWNLOAD_MAXSIZE
    body = os.urandom(1 << 20) * 17
    with Archive.open(tmp_path / "archive.db") as opened:
        opened.begin_run(["somewhere"])
        opened.store(page("/a.html", text="a"))
        from crawler.records.page import Page

        opened.store(Page(capture("/large", body=body), media_type="application/pdf"))
    answer = asked(process, tmp_path / "archive.db", "select max(length(nianbao_body(sha256))) from captures")
    assert answer.rows == [(len(body),)]
    assert len(body) > RESULT
    refused = asked(process, tmp_path / "archive.db", "select nianbao_body(sha256) from captures where id = 2")
    assert refused.error is not None
    assert "/capture/ID/raw" in refused.error


def test_slow_queries_do_not_keep_our_pages_waiting(site: str) -> None:
    """Twelve that never end: all of ours are answered before the first of them has used up its time."""
    get(site + "/archive")  # the processes are started
    with ThreadPoolExecutor(12) as threads:
        slow = [
            threads.submit(get, f"{site}/archive.json?sql={quote(f'{ENDLESS} where x > {number}')}&_timelimit=500")
            for number in range(12)
        ]
        for path in ("/", "/report/1", "/search?q=1", "/tables", "/archive/reports", "/archive/late.json?region="):
            assert get(site + path)[0] == 200, path
        assert sum(query.done() for query in slow) < len(slow)
        wait(slow)
    assert {query.result()[0] for query in slow} == {400}


def test_queries_beyond_those_that_may_wait_are_told_to_come_back(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    from crawler.site import database

    monkeypatch.setattr(database, "WAITING", 1)
    monkeypatch.setattr(database, "PROCESSES", 1)

    async def ask() -> list[int]:
        datasette = Datasette([str(archive)], settings={"sql_time_limit_ms": 300})
        path = f"/archive.json?sql={quote(ENDLESS)}"
        await datasette.client.get("/archive")
        answers = await asyncio.gather(*(datasette.client.get(path) for _ in range(6)))
        assert all("Retry-After" in answer.headers for answer in answers if answer.status_code == 503)
        datasette.get_database("archive").close()
        return sorted(answer.status_code for answer in answers)

    statuses = asyncio.run(ask())
    assert set(statuses) == {400, 503}
    assert statuses.count(400) == 2


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
@pytest.mark.parametrize("sql", ["select zeroblob(500000000)", "select nowhere from reports"])
def test_a_query_that_fails_says_so_in_every_form(site: str, form: str, sql: str) -> None:
    status, body, _ = get(f"{site}/archive{form}?sql={quote(sql)}")
    assert status == 400
    assert "longer than it may be" in body or "no such column" in body


def test_csv_of_a_query_that_takes_too_long_is_no_failure_of_the_server(site: str) -> None:
    status, body, _ = get(f"{site}/archive.csv?sql={quote(ENDLESS)}&_timelimit=50&lang=en")
    assert (status, "took too long" in body) == (400, True)


@pytest.mark.parametrize("path", ["/archive/reports?_timelimit=x", "/archive/reports.json?_size=x"])
def test_a_parameter_that_is_no_number_is_a_bad_request(site: str, path: str) -> None:
    assert get(site + path)[0] == 400


def test_rows_have_names_and_places_as_sqlite_s(archive: Path) -> None:
    import asyncio

    async def ask() -> object:
        datasette = Datasette([str(archive)])
        await datasette.invoke_startup()
        database = datasette.get_database("archive")
        assert isinstance(database, ArchiveDatabase)
        results = await database.execute("select 1 as a, 2 as A, 3 as b")
        (row,) = results.rows
        assert (row[0], row["a"], row["B"], row[-1], dict(zip(row.keys(), row, strict=True))["b"]) == (1, 1, 3, 3, 3)
        with pytest.raises(IndexError):
            row["c"]
        assert results.columns == ["a", "A", "b"]
        with pytest.raises(sqlite3.OperationalError, match="does not write"):
            await database.execute_write("delete from reports")
        database.close()
        return None

    asyncio.run(ask())


def test_plain_datasette_suggests_no_facets_and_has_the_limits(archive: Path) -> None:
    import asyncio

    async def ask() -> None:
        client = Datasette([str(archive)]).client
        told = (await client.get("/archive/panel.json")).json()
        assert told["suggested_facets"] == []
        assert len((await client.get("/archive/panel.json?_facet=report_year")).json()["facet_results"]) == 1
        assert (await client.get("/archive.json", params={"sql": "select zeroblob(500000000)"})).status_code == 400

    asyncio.run(ask())


def test_another_database_keeps_its_facets_and_values(tmp_path: Path) -> None:
    import asyncio

    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("create table t (a)")
        other.executemany("insert into t values (?)", [(number % 3,) for number in range(30)])

    async def ask() -> None:
        client = Datasette([str(tmp_path / "other.db")]).client
        assert (await client.get("/other/t.json")).json()["suggested_facets"] != []

    asyncio.run(ask())


def test_a_page_of_the_panel_reads_no_figures(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as connection:
        plan = connection.execute("explain query plan select * from panel order by region_code limit 20").fetchall()
    assert [row[3] for row in plan] == ["SCAN panel"]


@given(st.text(max_size=3 * LONGEST_QUERY))
def test_any_query_is_read_or_refused(query: str) -> None:
    try:
        asked_for = terms(query)
    except QueryError:
        assert len(query) > LONGEST_QUERY or len(query.split()) > MOST_TERMS or '"' in query
        return
    assert len(asked_for) <= MOST_TERMS
    assert (match(query) is None) == (not asked_for)


BAD_QUERIES = {
    "words": ("政 " * 3_000, "3,000 words; expected at most 32"),
    "characters": ("a" * 5_000, "5,000 characters; expected at most 1,000"),
    "quoted": ('"政 府" ' * 33, "33 words"),
}


@pytest.mark.parametrize("query", [query for query, _ in BAD_QUERIES.values()], ids=list(BAD_QUERIES))
def test_a_search_that_asks_for_too_much_is_a_bad_request(site: str, archive: Path, query: str) -> None:
    query = query[:LONGEST_QUERY] if query.startswith("政") else query
    (says,) = (says for known, says in BAD_QUERIES.values() if known.startswith(query))
    status, body, headers = get(f"{site}/search?q={quote(query)}")
    assert status == 400
    assert "expected at most" in body
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert get(f"{site}/archive/reports.json?_search={quote(query)}")[0] == 400
    assert get(f"{site}/archive/search.json?q={quote(query)}")[0] == 400
    told = CliRunner().invoke(cli, ["search", query, "--archive", str(archive)])
    assert isinstance(told.exception, QueryError)
    assert told.exception.exit_code == 2
    assert "expected at most" in str(told.exception) or says in str(told.exception)


def test_a_search_for_what_is_no_text_is_one_sentence(archive: Path) -> None:
    told = CliRunner().invoke(cli, ["search", "年报\udcff", "--archive", str(archive)])
    assert isinstance(told.exception, QueryError)
    assert "no text" in str(told.exception)


@pytest.mark.parametrize("option", ["--limit", "--offset", "--year"])
def test_a_search_with_a_number_out_of_all_proportion_ends_in_no_traceback(archive: Path, option: str) -> None:
    told = CliRunner().invoke(cli, ["search", "信息", option, str(10**30), "--archive", str(archive), "--json"])
    assert told.exit_code in (0, 2), told.exception
    if told.exit_code == 0:
        assert json.loads(told.stdout)["total"] in (0, 30)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("q=%00", 200),
        ("q=%ED%A0%80", 200),
        ("q=%22", 200),
        ("q=1&region=%00", 400),
        ("q=1&page=-1", 400),
        ("q=1&year=1e9", 400),
    ],
)
def test_odd_searches_have_a_page(site: str, more: str, status: int) -> None:
    assert get(f"{site}/search?{more}")[0] == status


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # another plugin has callbacks told
def test_own_functions_refuse_in_any_connection() -> None:
    connection = sqlite3.connect(":memory:")
    functions = sql_functions.register(connection)
    with pytest.raises(sqlite3.DataError, match="too big"):
        connection.execute("select nianbao_tokens(?)", ("年" * (sql_functions.LONGEST_TEXT + 1),)).fetchone()
    assert functions.refusal is not None
    assert "expected at most" in functions.refusal
    assert connection.execute("select nianbao_tokens(?)", ("年报",)).fetchone() == ("年 报",)


def test_every_limit_is_set_where_strangers_ask() -> None:
    connection = sqlite3.connect(":memory:")
    try:
        restrict(connection)
        assert {number: connection.getlimit(number) for number in CONNECTION} == CONNECTION
        assert connection.getlimit(sqlite3.SQLITE_LIMIT_ATTACHED) == 0
    finally:
        plain = sqlite3.connect(":memory:")
        plain.execute("pragma hard_heap_limit = 0")  # it is the whole process's


def test_a_worker_imports_neither_datasette_nor_scrapy() -> None:
    """So that a new one is ready at once."""
    import subprocess

    code = "import sys, crawler.archive.sandbox.worker; print({'datasette', 'scrapy', 'lxml'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
