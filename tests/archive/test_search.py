"""Search: exact as a substring scan, ranked, with snippets and facets; through the command and plain SQLite."""

from __future__ import annotations

import json
import sqlite3
import string
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.archive.queries.places import ORDERS, Sieve
from crawler.archive.queries.search import search
from crawler.archive.queries.snippets import AFTER, BEFORE, folded, marked, snippet
from crawler.archive.write import index
from crawler.commands.cli import cli
from crawler.records.capture import Capture
from crawler.records.page import Page
from crawler.records.report import Report
from crawler.words.tokens import match, terms, tokens
from tests.bench.searching import like
from tests.support.archive_toy import page

TEXTS = (
    "主动公开政府信息1,204条，其中网站公开86条。\n收到申请ABC-12件",
    "依申请公开：未收到。Covid été 100%_a\\b",
    "信\t息公 开，公开信息；行政复议（含诉讼）😀𠀀㐀",
    '公报 公开 "引号" O\'Neil (a OR b) NEAR* -x',
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "archive.db"
    with Archive.open(path) as archive:
        archive.begin_run(["somewhere"])
        for number, text in enumerate(TEXTS):
            archive.store(page(f"/{number}.html", text=text, year=2018 + number, title=f"第{number}份年度报告"))
    return path


@pytest.fixture(scope="module")
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with Archive.read(path) as archive:
        yield archive.connection


def scan(connection: sqlite3.Connection, query: str) -> set[int]:
    """The reports that hold every term, by LIKE over the texts."""
    found = None
    for term in terms(query):
        rows = connection.execute(
            "select id from reports where text like ?1 escape '\\' or title like ?1 escape '\\'", (like(term),)
        )
        ids = {row[0] for row in rows}
        found = ids if found is None else found & ids
    return found or set()


_SIGNS = st.sampled_from(sorted({sign for text in TEXTS for sign in text} | set(string.printable)))
_CUTS = st.builds(
    lambda text, start, length: text[start : start + length],
    st.sampled_from(TEXTS), st.integers(0, 40), st.integers(1, 12),
)  # fmt: skip


@given(st.one_of(_CUTS, st.text(_SIGNS, max_size=6), st.text(max_size=4)))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_miss_and_no_false_hit(connection: sqlite3.Connection, query: str) -> None:
    query = query.replace("\0", "").encode("utf-8", "ignore").decode()
    found = search(connection, query, limit=100)
    assert {hit.id for hit in found.hits} == scan(connection, query)
    assert found.total == len(found.hits) == sum(found.years.values()) == sum(found.regions.values())


@given(st.text(max_size=30), st.text(min_size=1, max_size=3))
def test_pieces_are_the_text(text: str, asked: str) -> None:
    assert "".join(piece for piece, _ in marked(text, [asked])) == text


def folded_before(text: str) -> str:
    """As letters were made small until 0.2: a table of characters."""
    return text.translate({ord(letter): letter.lower() for letter in string.ascii_uppercase})


_TEXTS = st.text(st.one_of(st.sampled_from("aAbBzZéÉıİK，公开 \n\t"), st.characters()), max_size=40)


@given(_TEXTS, st.integers(0, 9_000), st.lists(_TEXTS.filter(bool), min_size=1, max_size=3), st.booleans())
@settings(deadline=None)
def test_snippets_are_as_those_of_whole_texts_folded(text: str, ahead: int, asked: list[str], within: bool) -> None:
    """The way before: the whole text made small, and then looked through."""
    text = "公" * ahead + text
    if within:  # so that something is found, now and then across the edge of a window
        asked = [*asked, text[-min(len(text), 30) :].swapcase()[:30] or "公"]
    assert folded(text) == folded_before(text)
    places = [at for term in asked if (at := folded_before(text).find(folded_before(term))) >= 0]
    at = min(places, default=0)
    start, end = max(0, at - BEFORE), min(len(text), at + AFTER)
    pieces = [("…", False)] if start > 0 else []
    pieces += marked(text[start:end].replace("\n", " ").replace("\t", " "), asked)
    assert snippet(text, asked) == pieces + ([("…", False)] if end < len(text) else [])


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["search", "--archive", str(path), *arguments])


def test_the_command_shows_where_it_stands(path: Path) -> None:
    told = run(path, "行政复议")
    assert told.exit_code == 0
    assert told.output.startswith("1 report\n")
    assert "公开信息；行政复议（含诉讼）" in told.output


def test_json_has_hits_and_facets(path: Path) -> None:
    told = json.loads(run(path, "公开", "--json").output.splitlines()[-1])
    assert told["total"] == 4
    assert [hit["report_year"] for hit in told["hits"]] == [2021, 2020, 2019, 2018]
    assert told["years"] == {"2018": 1, "2019": 1, "2020": 1, "2021": 1}
    assert "公开" in told["hits"][0]["snippet"]


def test_titles_go_first(path: Path) -> None:
    told = json.loads(run(path, "1", "--json").output.splitlines()[-1])
    assert [(hit["report_year"], hit["in_title"]) for hit in told["hits"]] == [(2019, True), (2018, False)]


def test_filters_and_pages(path: Path) -> None:
    told = json.loads(run(path, "公开", "--year", "2019", "--json").output.splitlines()[-1])
    assert (told["total"], len(told["years"])) == (1, 4)
    second = json.loads(run(path, "公开", "--limit", "1", "--offset", "1", "--json").output.splitlines()[-1])
    assert (second["total"], [hit["report_year"] for hit in second["hits"]]) == (4, [2020])
    assert json.loads(run(path, "公开", "--region", "440000", "--json").output.splitlines()[-1])["total"] == 0


@pytest.mark.parametrize("query", ['"', "(", "*", "a OR b", "NEAR(", "-x", "%", "_", "\\", "，。", "'", "😀", '" "'])
def test_no_sign_is_an_operator(path: Path, connection: sqlite3.Connection, query: str) -> None:
    told = json.loads(run(path, "--json", "--", query).output.splitlines()[-1])
    assert {hit["id"] for hit in told["hits"]} == scan(connection, query)


def test_an_empty_query_is_bad_usage(path: Path) -> None:
    told = run(path, "  ")
    assert told.exit_code == 2
    assert "expected at least one character" in told.output


def test_plain_sqlite_reads_and_searches(path: Path) -> None:
    with sqlite3.connect(path) as plain:
        for (name,) in plain.execute("select name from sqlite_master where type in ('table', 'view')").fetchall():
            plain.execute(f"select * from [{name}] limit 1").fetchall()
        rows = plain.execute("select rowid, title from reports_fts where reports_fts match ?", ('"行 政 复 议"',))
        assert rows.fetchall() == [(3, "第2份年度报告")]


def test_a_corrected_text_is_found_and_the_old_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.begin_run(["somewhere"])
        archive.store(page("/a.html", text="旧文"))
        archive.begin_run(["somewhere"])
        archive.store(page("/a.html", "2026-02-01T00:00:00Z", text="新文"))
    assert json.loads(run(path, "旧文", "--json").output.splitlines()[-1])["total"] == 0
    assert json.loads(run(path, "新文", "--json").output.splitlines()[-1])["total"] == 1


def test_a_page_that_fails_leaves_nothing_to_be_found(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.begin_run(["somewhere"])
        archive.store(page("/a.html", text="甲文"))
        broken = page("/b.html", text="乙文", year=2019)
        broken.problem("charset", object())  # type: ignore[arg-type]
        with pytest.raises(Exception, match="type 'object' is not supported"):
            archive.store(broken)
        archive.store(page("/c.html", text="丙文", year=2020))
    found = {
        word: json.loads(run(path, word, "--json").output.splitlines()[-1])["total"]
        for word in ("甲文", "乙文", "丙文")
    }
    assert found == {"甲文": 1, "乙文": 0, "丙文": 1}


def test_snippets_are_one_line_around_the_first_place() -> None:
    pieces = snippet("前" * 100 + "\n信息公开" + "后" * 200, ["信息公开"])
    text = "".join(piece for piece, _ in pieces)
    assert text.startswith("…前")
    assert "\n" not in text
    assert [piece for piece, found in pieces if found] == ["信息公开"]


def test_what_is_typed_and_what_is_asked() -> None:
    assert terms(' 信息  "a b" ') == ["信息", "a b"]
    assert terms('a "b') == ["a", '"b']
    assert match("  ") is None
    assert match("信息 a") == '"信 息" AND "a"'
    assert tokens(None) == ""


@pytest.fixture(scope="module")
def regions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Reports of a province, two prefectures and their districts, and one of nowhere."""
    path = tmp_path_factory.mktemp("regions") / "archive.db"
    with Archive.open(path) as archive:
        archive.begin_run(["somewhere"])
        for number, code in enumerate(("210000", "210100", "210104", "210105", "210200", "210204", "370202")):
            archive.store(page(f"/{number}.html", text="公开", region_code=code, year=2018 + number % 2))
        archive.store(page("/none.html", text="公开", region_code=None, organ="某局", organ_kind="department"))
    with Archive.read(path) as archive:
        yield archive.connection


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("210000", {"210000", "210100", "210104", "210105", "210200", "210204"}),
        ("210100", {"210100", "210104", "210105"}),  # a prefecture takes in its districts
        ("210200", {"210200", "210204"}),
        ("210104", {"210104"}),
        ("210106", set()),
        ("370000", {"370202"}),
        ("370200", {"370202"}),
        ("110000", set()),
    ],
)
def test_a_region_takes_in_what_lies_within(regions: sqlite3.Connection, region: str, expected: set[str]) -> None:
    found = search(regions, "公开", sieve=Sieve(region))
    assert {hit.region_code for hit in found.hits} == expected
    assert found.total == len(expected)
    assert sum(found.regions.values()) == 8  # the counts by region are without the region asked for
    assert sum(found.years.values()) == len(expected)


@pytest.mark.parametrize("region", [None, ""])
def test_no_region_is_everywhere(regions: sqlite3.Connection, region: str | None) -> None:
    assert search(regions, "公开", sieve=Sieve(region)).total == 8


def test_region_and_year_together(regions: sqlite3.Connection) -> None:
    found = search(regions, "公开", sieve=Sieve("210100", 2018))
    assert {hit.region_code for hit in found.hits} == {"210104"}
    assert found.years == {2018: 1, 2019: 2}
    assert found.regions["210200"] == 1


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Reports of few years and all kinds of organs, some without a title, a year or a region."""
    random = Random(9)
    with Archive.open(tmp_path_factory.mktemp("ranked") / "archive.db") as archive:
        archive.connection.execute("pragma foreign_keys = off")
        for number in range(1, 301):
            title = random.choice([None, "年报", "公开年报", "ABC年报", "公开abc"])
            organ = random.choice(["government", "government_office", "zone", "department", "township", None])
            year, region = random.choice([None, 2019, 2020, 2021]), random.choice([None, "210104", "210100"])
            text = random.choice(["公开Abc", "公开", "别的"])
            archive.connection.execute(
                "insert into reports (id, url, title, organ_kind, report_year, region_code, text, breadcrumb, trail,"
                " first_seen_at, last_seen_at, capture_id, evidence)"
                " values (?, '', ?, ?, ?, ?, ?, '[]', '[]', '', '', 1, '{}')",
                (number, title, organ, year, region, text),
            )
            page = Page(Capture("", 200, [], b"", ""), text=text, report=Report(title))
            index.Index(archive.connection).add(number, page)
        yield archive.connection


@pytest.mark.parametrize("query", ["公开", "abc", "公开 ABC", "年报", "别的", "没有"])
@pytest.mark.parametrize("year", [None, 2020])
def test_every_page_goes_on_where_the_one_before_ended(
    ranked: sqlite3.Connection, query: str, year: int | None
) -> None:
    kinds = ["government", "government_office", "zone", "department", "township", None]
    asked = [term.lower() for term in terms(query)]
    expected = []
    for number, title, organ, its_year, text in ranked.execute(
        "select id, title, organ_kind, report_year, text from reports"
    ):
        small, words = (title or "").lower(), (text + "\0" + (title or "")).lower()
        if all(term in words for term in asked) and year in (None, its_year):
            in_title = all(term in small for term in asked)
            expected.append((not in_title, -(its_year or 0), kinds.index(organ), number))
    found = [
        hit.id
        for offset in range(0, 320, 20)
        for hit in search(ranked, query, sieve=Sieve(year=year), offset=offset, limit=20).hits
    ]
    assert found == [number for *_, number in sorted(expected)]


def test_what_is_committed_meanwhile_is_found(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive, Archive.read(tmp_path / "archive.db") as reading:
        archive.begin_run(["somewhere"])
        for number in range(3):
            archive.store(page(f"/{number}.html", text="公开", year=2018 + number))
            archive.flush()
            assert reading.search("公开").years == {2018 + before: 1 for before in range(number + 1)}


@pytest.mark.parametrize("sort", ORDERS)
def test_every_order_holds_over_all_pages(ranked: sqlite3.Connection, sort: str) -> None:
    kinds = ["government", "government_office", "zone", "department", "township", None]
    rows = ranked.execute("select id, region_code, report_year, organ_kind, text || coalesce(title, '') from reports")
    keys = {
        "newest": lambda row: (-(row[2] or 0), kinds.index(row[3]), row[0]),
        "oldest": lambda row: (row[2] or 9999, kinds.index(row[3]), row[0]),
        "region": lambda row: (row[1] or "~", -(row[2] or 0), kinds.index(row[3]), row[0]),
        "relevance": lambda row: (-(row[2] or 0), kinds.index(row[3]), row[0]),
    }
    expected = [row[0] for row in sorted((row for row in rows if "别的" in row[4]), key=keys[sort])]
    found = [hit.id for at in range(0, 320, 20) for hit in search(ranked, "别的", sort=sort, offset=at).hits]
    assert found == expected
    assert expected


def test_kinds_and_forms_are_counted_without_their_own_filter(ranked: sqlite3.Connection) -> None:
    everything = search(ranked, "公开")
    some = search(ranked, "公开", sieve=Sieve(kind="township", year=2020))
    assert some.total == some.kinds["township"] == some.years[2020] < everything.kinds["township"]
    assert len(some.kinds) > 1
    assert all(hit.organ_kind == "township" and hit.report_year == 2020 for hit in some.hits)
    assert search(ranked, "公开", sieve=Sieve(form="f2021")).total == 0
    assert everything.forms == {None: everything.total}


def test_a_region_of_today_takes_in_what_went_into_it(tmp_path: Path) -> None:
    """沙县 became 沙县区, 崇文区 went into 东城区, 江干区 into several."""
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.begin_run(["somewhere"])
        for number, code in enumerate(("350427", "350405", "110103", "110101", "330104", "330102")):
            archive.store(page(f"/{number}.html", text="公开", region_code=code, year=2010 + number))
        archive.flush()

        def codes(region: str) -> set[str | None]:
            return {hit.region_code for hit in archive.search("公开", sieve=Sieve(region)).hits}

        assert codes("350405") == codes("350427") == {"350427", "350405"}
        assert codes("110101") == {"110103", "110101"}
        assert codes("330104") == {"330104"}
        assert codes("330102") == {"330102"}
        assert archive.search("公开").regions == {"350405": 2, "110101": 2, "330104": 1, "330102": 1}


def test_the_latest_hits_are_those_that_came_or_changed_last(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.begin_run(["somewhere"])
        for number, text in enumerate(("公开", "公开", "别的", "公开")):
            archive.store(page(f"/{number}", f"2026-01-0{number + 1}T00:00:00Z", text=text, year=2010 + number))
        archive.store(page("/0", "2026-02-01T00:00:00Z", text="公开更正", year=2010))
        archive.flush()
        hits = archive.latest("公开", Sieve(), 20)
        assert [(at[:10], hit.report_year) for at, hit in hits] == [
            ("2026-02-01", 2010), ("2026-01-04", 2013), ("2026-01-02", 2011),
        ]  # fmt: skip
        assert [hit.report_year for _, hit in archive.latest("公开", Sieve(year=2013), 20)] == [2013]
        assert len(archive.latest("公开", Sieve(), 2)) == 2
        assert archive.latest(" ", Sieve(), 20) == []
