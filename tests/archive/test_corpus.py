"""Many archives as one corpus: the same answers as of one archive merged of them, and nothing else in reach."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive.catalogue import Catalogue
from crawler.archive.corpus.corpus import Corpus
from crawler.archive.corpus.index import build
from crawler.archive.corpus.search import SearchIndex
from crawler.archive.merge.order import mark
from crawler.archive.queries.places import ORDERS, Sieve
from crawler.records.errors import NianbaoError, QueryError
from tests.support.archive_toy import capture
from tests.support.corpus_toy import (
    archive_of,
    differences,
    merged,
    questions,
    rows_of_archive,
    rows_of_corpus,
    scratch,
    tables_of,
)
from tests.support.merging import Sight


def report(
    text: str, year: int = 2019, region: str = "210104", kind: str = "government", **more: Any
) -> dict[str, Any]:
    """What a report's page says."""
    says = {"kind": "report", "title": f"{region} {year}年报告", "text": text, "year": year, "region_code": region}
    return says | {"organ_kind": kind, "organ": f"{region}的{kind}", "published_on": f"{year + 1}-04-02"} | more


CITY = (
    Sight(10, "/city/1.html", report("不予公开3件，4件，共20件，2件，1件。ABC%_", 2019)),
    Sight(20, "/city/2.html", report("不予公开5件，6件，共30件", 2020)),
    Sight(30, "/city/3.html", report("另一个区，7件，8件，共40件", 2020, "210105")),
    Sight(40, "/city/4.html", report("部门9件，1件，共50件", 2019, kind="department")),
    Sight(50, "/city/5.html", report("无年份", 2018, published_on=None)),
)
DISTRICT = (
    Sight(15, "/district/1.html", report("不予公开3件，4件，共20件，2件，1件。ABC%_", 2019)),  # the city's copy, later
    Sight(5, "/district/2.html", report("不予公开5件，6件，共30件", 2020)),  # … and earlier
    Sight(25, "/district/3.html", report("另一个区，70件，8件，共41件", 2020, "210105")),  # another text
    Sight(35, "/district/4.html", report("二〇二一年11件，12件，共60件", 2021)),
)
COUNTY = (
    Sight(1, "/county/1.html", report("另一个区，7件，8件，共40件", 2020, "210105")),
    Sight(2, "/county/2.html", report("前一年900件，8件，共40件", 2019, "210105")),  # others have the year after
)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Corpus, Path, dict[str, dict[str, Path]]]]:
    """Three archives as a corpus, merged into one, and their tables."""
    folder = tmp_path_factory.mktemp("corpus")
    archives = {
        name: archive_of(folder / f"{name}.db", name, sights)
        for name, sights in (("a", CITY), ("b", DISTRICT), ("c", COUNTY))
    }
    tables = tables_of(folder, archives)
    with Corpus.open(tables, folder / "scratch") as corpus:
        yield corpus, merged(folder / "merged.db", archives.values()), tables


Three = tuple[Corpus, Path, dict[str, dict[str, Path]]]


def test_the_views_are_those_of_a_merged_archive(three: Three) -> None:
    corpus, archive, _ = three
    assert differences(corpus, archive) == {}
    assert corpus.doubtful == []
    assert rows_of_corpus(corpus, "select count(*) from reports") == [(8.0,)]
    assert rows_of_corpus(corpus, "select max(conflict) from panel") == [(1.0,)]
    statuses = rows_of_corpus(corpus, "select status, count(*) from coverage group by 1")
    assert statuses == [("archived", 4.0), ("blocked", 2.0)]
    jumps = rows_of_corpus(corpus, "select expected, actual from checks where rule = 'J1' and holds = 0")
    assert jumps == [("near 901", "71"), ("near 901", "8")]


def test_the_documented_questions_have_the_same_answers(three: Three) -> None:
    corpus, archive, _ = three
    assert len(questions()) == 5
    for question in questions():
        answer = rows_of_corpus(corpus, question)
        assert answer == rows_of_archive(archive, question)
        assert answer, question


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select nothing from reports", r'Referenced column "nothing" not found'),
        ("selec", "syntax error"),
        ("", "no single SELECT"),
        ("select 1; select 2", "no single SELECT"),
        ("copy (select 1) to '{0}/x.csv'", "no single SELECT"),
        ("copy (select 1) to '{1}'", "no single SELECT"),
        ("explain analyze select 1", "no single SELECT"),
        ("drop view reports", "no single SELECT"),
        ("set enable_external_access = true", "no single SELECT"),
        ("attach '{0}/x.db'", "no single SELECT"),
        ("from read_text('{0}/secret')", "Cannot access file"),
        ("from '{0}/secret.csv'", "Cannot access file"),
        ("from glob('{0}/*')", "Cannot access"),
        ("from read_parquet('https://127.0.0.1/x.parquet')", "Cannot access file|extension"),
        ("from query('copy (select 1) to ''{0}/x.csv''')", "SELECT"),
        ("select cast('x' as integer)", "Could not convert"),
    ],
)
def test_a_question_reads_the_views_and_nothing_else(sql: str, words: str, three: Three, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("1")
    (tmp_path / "secret.csv").write_text("1")
    corpus, _, tables = three
    before = {path: path.read_bytes() for files in tables.values() for path in files.values()}
    with pytest.raises(QueryError, match=words) as error:
        list(corpus.ask(sql.format(tmp_path, tables["a"]["reports"])).rows)
    assert "\n" not in str(error.value)
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret", "secret.csv"]


def test_a_report_that_left_the_archive_that_met_it_first_is_shown_as_the_other_has_it(tmp_path: Path) -> None:
    says = report("不予公开3件，4件，共20件", 2019)
    gone = [Sight(at, "/first.html", {"kind": "missing"}, 404) for at in (50, 60)]
    archives = {
        "a": archive_of(tmp_path / "a.db", "a", [Sight(5, "/first.html", says), *gone]),
        "b": archive_of(tmp_path / "b.db", "b", [Sight(30, "/later.html", says)]),
    }
    with Corpus.open(tables_of(tmp_path, archives), tmp_path / "scratch") as corpus:
        assert corpus.doubtful == []
        assert differences(corpus, merged(tmp_path / "merged.db", archives.values())) == {}
        assert rows_of_corpus(corpus, "select portal, denied from panel") == [("b", 7.0)]


def test_reports_that_two_archives_met_in_one_second_stay_two(tmp_path: Path) -> None:
    says = {name: report(f"收到{at}件", 2019 + at) for at, name in enumerate("ab")}
    marks: dict[str, dict[int, str]] = {
        name: {_mark(path, says[name]): path for path in (f"/{name}/{number}.html" for number in range(400))}
        for name in "ab"
    }
    same = min(marks["a"].keys() & marks["b"].keys())
    archives = {
        name: archive_of(tmp_path / f"{name}.db", name, [Sight(5, marks[name][same], says[name])]) for name in "ab"
    }
    with Corpus.open(tables_of(tmp_path, archives), tmp_path / "scratch") as corpus:
        archive = merged(tmp_path / "merged.db", archives.values())
        assert rows_of_corpus(corpus, "select count(distinct id) from reports") == [(2.0,)]
        numbers = "select id, key, report_year from reports"
        assert rows_of_corpus(corpus, numbers) == rows_of_archive(archive, numbers)
        joined = "select report_year, value from statistics join reports on reports.id = report_id"
        assert rows_of_corpus(corpus, joined) == rows_of_archive(archive, joined)
        assert build(corpus, tmp_path / "index", {}, "a store").reports == 2


def _mark(path: str, says: dict[str, Any]) -> int:
    met = capture(path, **says)
    return mark(met.url, hashlib.sha256(met.body).hexdigest(), met.status)


TEXTS = ("一1件，2件", "一1件，3件", "二4件", "")
sights = st.lists(
    st.builds(
        lambda at, path, text, year, kind, status: Sight(
            at,
            f"/{path}.html",
            report(text or None, year, kind=kind) if status == 200 else {"kind": "missing"},  # type: ignore[arg-type]
            status,
        ),
        st.integers(0, 500),
        st.sampled_from("pqrs"),
        st.sampled_from(TEXTS),
        st.sampled_from((2019, 2020)),
        st.sampled_from(("government", "government_office", "department")),
        st.sampled_from((200, 200, 200, 404)),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda sight: sight.at,
)


@settings(max_examples=5)
@given(st.tuples(sights, sights), st.booleans())
def test_what_is_not_doubtful_is_as_a_merge_makes_it(drawn: tuple[list[Sight], list[Sight]], shared: bool) -> None:
    with scratch() as name:
        folder = Path(name)
        archives = {}
        for portal, met in zip("ab", drawn, strict=True):
            place = "" if shared else f"/{portal}"
            apart = [Sight(sight.at, place + sight.path, sight.says, sight.status) for sight in met]
            archives[portal] = archive_of(folder / f"{portal}.db", portal, apart)
        with Corpus.open(tables_of(folder, archives), folder / "scratch") as corpus:
            if not corpus.doubtful:
                assert differences(corpus, merged(folder / "merged.db", archives.values())) == {}


@pytest.fixture(scope="module")
def index(three: Three, tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder = tmp_path_factory.mktemp("index") / "new"
    assert build(three[0], folder, {"a": 1}, "a store").written == 8
    return SearchIndex(folder)


_SOURCE = "".join(str(sight.says["text"]) for sight in CITY + DISTRICT)
sieves = st.builds(
    Sieve,
    # 210112 is 浑南区, into which 东陵区 went; 210104 and 210000 take in the districts.
    st.sampled_from((None, "210000", "210104", "210112", "2101", "x")),
    st.sampled_from((None, 2019, 2020, 0)),
    st.sampled_from((None, "government", "department")),
    st.sampled_from((None, "narrative", "f2021")),
)
queries = st.one_of(
    st.builds(lambda at, length: _SOURCE[at : at + length], st.integers(0, len(_SOURCE) - 1), st.integers(1, 8)),
    st.text("不予公开共件，。% _\"'(AbC年0123456789\t\n", min_size=1, max_size=8),
    st.text(min_size=1, max_size=4),
)


@settings(max_examples=150)
@given(queries, sieves, st.sampled_from([*ORDERS]), st.integers(0, 3), st.booleans())
def test_a_search_gives_what_the_archives_own_search_gives(
    three: Three, index: SearchIndex, query: str, sieve: Sieve, sort: str, offset: int, quoted: bool
) -> None:
    asked = f'"{query}"' if quoted and '"' not in query else query
    with Catalogue.read(three[1]) as archive:
        try:
            expected = archive.search(asked, sieve=sieve, sort=sort, offset=offset, limit=4)
        except QueryError as error:
            with pytest.raises(QueryError, match=str(error)):
                index.search(asked)
            return
    assert index.search(asked, sieve=sieve, sort=sort, offset=offset, limit=4) == expected


def test_an_index_is_kept_up_report_by_report(tmp_path: Path) -> None:
    first = {"a": archive_of(tmp_path / "a.db", "a", CITY)}
    with Corpus.open(tables_of(tmp_path / "1", first), tmp_path) as corpus:
        change = build(corpus, tmp_path / "index", {"a": 1}, "s")
        assert (change.written, change.removed, change.reports) == (5, 0, 5)
        change = build(corpus, tmp_path / "index", {"a": 1}, "s")
        assert (change.written, change.removed, change.reports) == (0, 0, 5)
    both = first | {"b": archive_of(tmp_path / "b.db", "b", DISTRICT)}
    with Corpus.open(tables_of(tmp_path / "2", both), tmp_path) as corpus:
        change = build(corpus, tmp_path / "index", {"a": 1, "b": 1}, "s")
        # Two are new; of the five before the district met one first, which has another number and address now, and
        # another text of one, which so has the second key.
        assert (change.written, change.removed, change.reports) == (4, 1, 7)
        build(corpus, tmp_path / "new", {}, "s")
    kept, new = SearchIndex(tmp_path / "index"), SearchIndex(tmp_path / "new")
    for query in ("件", "公开", "共60件", "无年份"):
        assert kept.search(query) == new.search(query)
    assert kept.search("件").total == 6


def test_what_is_no_index_is_said(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("a letter")
    for folder in (tmp_path / "letters", tmp_path / "none"):
        with pytest.raises(NianbaoError, match=r"holds no search index of this program; expected one that"):
            SearchIndex(folder)
    assert (tmp_path / "letters" / "a.txt").read_text() == "a letter"
