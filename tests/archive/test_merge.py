"""Many archives into one: as if one had seen all that they saw in the order of time, whichever came first."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.archive.derive.redaction import Demand
from crawler.archive.file.captures import pages_again
from crawler.archive.merge.order import Order, free, mark, seconds
from crawler.commands.cli import cli
from crawler.records.errors import ArchiveError, NianbaoError
from crawler.records.review import Review
from tests.support import archive_small
from tests.support.archive_small import derive
from tests.support.archive_toy import SITE
from tests.support.merging import ROWS, Sight, archive_of, merged, numbers, told

REPORT: dict[str, Any] = {"kind": "report", "title": "报告"}
FIRST = (
    Sight(10, "/a.html", REPORT | {"text": "收到申请3件", "year": 2018}),
    Sight(40, "/a.html", REPORT | {"text": "收到申请5件", "year": 2018}),
    Sight(60, "/f.xls", {"kind": "attachment", "day": 1}),
)
SECOND = (
    Sight(20, "/b.html", REPORT | {"text": "收到申请3件", "year": 2018, "files": ["f.xls"]}),
    Sight(30, "/c.html", REPORT | {"text": "收到申请4件", "year": 2018}),
    Sight(50, "/d.html", REPORT | {"text": "收到申请7件", "year": 2019}),
)


def sound(path: Path) -> list[str]:
    """What `verify --all` says, but that a file was not asked for: these archives are made without a crawl."""
    with Archive.open(path) as archive:
        return [line for line in archive.verify(derive, every=True) if "not asked for" not in line]


def nianbao(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["merge", *map(str, arguments), "--jobs", "1"])


def redact(path: Path, url: str) -> None:
    """Redact a page and all that has its bytes."""
    with Archive.open(path) as archive:
        archive.lock()
        ids = [row[0] for row in archive.connection.execute(
            "select id from captures where sha256 in (select sha256 from captures where url = ?)", (url,)
        )]  # fmt: skip
        pages = {row["id"]: page for row, page in pages_again(archive.connection, derive, ids)}
        archive.redact(derive, pages, Demand("a demand", "a rule"))
        assert archive.wipe() is None


def review(path: Path, url: str, note: str) -> None:
    """Have somebody say that a report is wrong."""
    with Archive.open(path) as archive:
        archive.lock()
        key = archive.reports.key(archive.reports.find(url) or 0)
        archive.keep_review(Review(key or "", None, "wrong", note, "甲"))


def test_a_note_that_was_emptied_does_not_come_back(tmp_path: Path) -> None:
    page = REPORT | {"text": "王某某", "year": 2018}
    parts = [archive_of(tmp_path / f"{number}.db", [Sight(10, "/a.html", page)]) for number in range(2)]
    review(parts[0], f"{SITE}/a.html", "王某某")
    shutil.copy(parts[0], tmp_path / "late.db")
    redact(parts[0], f"{SITE}/a.html")
    review(parts[0], f"{SITE}/a.html", "之后的话")
    with Archive.open(parts[0]) as archive:  # not in the same second
        archive.connection.execute("update reviews set at = '2050-01-01T00:00:00Z' where note = '之后的话'")
    target = tmp_path / "target.db"
    for sources in ([parts[0], tmp_path / "late.db"], [tmp_path / "late.db", parts[0]]):
        target.unlink(missing_ok=True)
        for source in sources:  # the copy has the same uuid: what one archive said at two times
            merged(target, [source, parts[1]])
        with closing(sqlite3.connect(target)) as connection:
            notes = [row[0] for row in connection.execute("select note from reviews order by note")]
        assert notes == ["redacted", "之后的话"]


def test_either_order_gives_what_one_crawl_gives(tmp_path: Path) -> None:
    whole = archive_of(tmp_path / "whole.db", FIRST + SECOND)
    parts = [archive_of(tmp_path / "first.db", FIRST), archive_of(tmp_path / "second.db", SECOND)]
    for number, order in enumerate((parts, parts[::-1])):
        target = tmp_path / f"{number}.db"
        merged(target, order)
        assert told(target) == told(whole)
        assert sound(target) == []
        assert len(told(target)["reports"]) == 3
    assert numbers(tmp_path / "0.db")["reports"] == numbers(tmp_path / "1.db")["reports"]


def test_a_copy_elsewhere_is_one_more_address_and_nothing_is_read_again(tmp_path: Path) -> None:
    page = REPORT | {"text": "收到申请3件", "year": 2018}
    sights = [Sight(at, f"/{at}.html", page | {"n": at % 2}) for at in (10, 20, 30, 40)]
    parts = [archive_of(tmp_path / f"{one.at}.db", [one]) for one in sights]
    mergers = merged(tmp_path / "target.db", parts)
    assert [merger.placed for merger in mergers] == [0, 0, 0, 0]
    assert [merger.placed for merger in merged(tmp_path / "other.db", parts[::-1])] == [0, 1, 1, 1]
    whole = told(archive_of(tmp_path / "whole.db", sights))
    assert told(tmp_path / "target.db") == told(tmp_path / "other.db") == whole
    assert len(whole["report_urls"]) == 4
    assert len(whole["reports"]) == 1


def test_thrice_is_once_and_what_is_known_is_not_read(tmp_path: Path) -> None:
    parts = [archive_of(tmp_path / "first.db", FIRST), archive_of(tmp_path / "second.db", SECOND)]
    merged(tmp_path / "target.db", parts)
    before = numbers(tmp_path / "target.db")
    for _ in range(2):
        assert all(merger.skipped for merger in merged(tmp_path / "target.db", parts))
    assert numbers(tmp_path / "target.db") == before
    with closing(sqlite3.connect(tmp_path / "target.db")) as connection:
        connection.execute("""update sources set state = '{"file": null, "rows": []}'""")
        connection.commit()
    assert not any(merger.skipped for merger in merged(tmp_path / "target.db", parts))
    assert numbers(tmp_path / "target.db") == before


def test_rows_of_every_table_come_over(tmp_path: Path) -> None:
    archive_small.make(tmp_path / "small.db")
    merged(tmp_path / "target.db", [tmp_path / "small.db"])
    # Of arrivals nothing comes where a redaction may keep them out; an archive of one source is that archive.
    left, right = told(tmp_path / "small.db"), told(tmp_path / "target.db")
    unread = {row[0][1] for row in left["blobs"]} - {row[0][1] for row in right["blobs"]}
    left["blobs"] = [row for row in left["blobs"] if row[0][1] not in unread]
    assert len(unread) == 1
    assert left == right
    assert [name for name, rows in right.items() if not rows] == []
    with (
        closing(sqlite3.connect(tmp_path / "small.db")) as one,
        closing(sqlite3.connect(tmp_path / "target.db")) as two,
    ):
        for table in ("problems", "events"):
            query = f"select kind, url, detail, at from {table} order by 1, 2, 3, 4"
            assert one.execute(query).fetchall() == two.execute(query).fetchall()
    assert sound(tmp_path / "target.db") == []


PATHS = st.sampled_from(["/a.html", "/b.html", "/c.html", "/d.html"])
TEXTS = st.sampled_from(["收到申请3件", "收到申请3 件", "收到申请4件", "收到申请5件", None])
REPORTS = st.fixed_dictionaries(
    {"kind": st.just("report"), "text": TEXTS, "year": st.sampled_from([2018, 2019, 2020, None])},
    optional={
        "files": st.just(["f.xls"]),
        "organ": st.sampled_from(["甲局", "乙局"]),
        "organ_kind": st.just("department"),
    },
)
OTHERS = st.one_of(
    st.tuples(PATHS, st.just({"kind": "missing"}), st.just(404)),
    st.tuples(st.just("/f.xls"), st.fixed_dictionaries(
        {"kind": st.just("attachment"), "day": st.integers(0, 2)}), st.just(200)),
    st.tuples(PATHS, st.just({"kind": "article"}), st.just(200)),
    st.tuples(
        PATHS,
        PATHS.map(lambda path: {"kind": "redirect", "body": b"", "headers": [("Location", path)]}),
        st.just(302),
    ),
)  # fmt: skip
SIGHTS = st.one_of(st.tuples(PATHS, REPORTS, st.just(200)), st.tuples(PATHS, REPORTS, st.just(200)), OTHERS)


@settings(max_examples=12, deadline=None)
@given(
    met=st.lists(st.tuples(SIGHTS, st.integers(0, 2)), min_size=2, max_size=8),
    grown=st.integers(0, 8),
)
def test_however_it_is_split_and_merged_it_is_one_crawl(
    tmp_path_factory: pytest.TempPathFactory, met: list[tuple[Any, int]], grown: int
) -> None:
    """Of what came after `grown` sights the archives know nothing when they are merged first."""
    folder = tmp_path_factory.mktemp("merge")
    sights = [Sight(at, path, says, status) for at, ((path, says, status), _) in enumerate(met)]
    parts = [[one for one, (_, where) in zip(sights, met, strict=True) if where == part] for part in range(3)]
    whole = archive_of(folder / "whole.db", sights)
    with Archive.open(whole) as archive:
        # A redirect met before there was a report where it leads counts from the next rebuild on.
        archive.rebuild(derive)
    expected = told(whole)
    try:
        for part, some in enumerate(parts):
            archive_of(folder / f"{part}.db", [one for one in some if one.at < grown])
        sources = [folder / f"{part}.db" for part in range(3) if parts[part]]
        targets = [folder / f"target{number}.db" for number in range(len(list(itertools.permutations(sources))))]
        for target, order in zip(targets, itertools.permutations(sources), strict=True):
            merged(target, order)
        for part, some in enumerate(parts):
            archive_of(folder / f"{part}.db", [one for one in some if one.at >= grown])
        for target, order in zip(targets, itertools.permutations(sources), strict=True):
            merged(target, order)
            assert told(target) == expected
        assert sound(targets[-1]) == []
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("first", [0, 1])
def test_a_redaction_in_one_holds_in_all(tmp_path: Path, first: int) -> None:
    page = REPORT | {"text": "王某某", "year": 2018}
    parts = [
        archive_of(tmp_path / "0.db", [Sight(10, "/a.html", page)]),
        archive_of(tmp_path / "1.db", [Sight(20, "/b.html", page), Sight(30, "/a.html", page), *SECOND[2:]]),
    ]
    for path in parts:
        review(path, f"{SITE}/a.html", "王某某")
    shutil.copy(parts[0], tmp_path / "before.db")
    redact(parts[0], f"{SITE}/a.html")
    target = tmp_path / "target.db"
    merged(target, [parts[first], parts[1 - first]])
    assert sound(target) == []
    with closing(sqlite3.connect(target)) as connection:
        assert {row[0] for row in connection.execute("select note from reviews")} == {"redacted"}
    assert "王某某".encode() not in target.read_bytes()
    rows = told(target)
    assert len(rows["redacted"]) == 2
    assert all(
        dict(row)["body"] is None
        for row in rows["blobs"]
        if dict(row)["sha256"] == dict(rows["redactions"][0])["sha256"]
    )
    assert [dict(row)["text"] for row in rows["reports"]].count(None) == 1
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("select count(*) from redactions where wiped_at is null").fetchone() == (0,)
    assert all(merger.skipped for merger in merged(target, parts))


def test_a_redaction_made_later_removes_what_came_from_another(tmp_path: Path) -> None:
    page = REPORT | {"text": "王某某", "year": 2018}
    one = archive_of(tmp_path / "one.db", [Sight(10, "/a.html", page)])
    two = archive_of(tmp_path / "two.db", [Sight(20, "/a.html", page)])
    target = tmp_path / "target.db"
    merged(target, [one, two])
    assert "王某某".encode() in target.read_bytes()
    redact(two, f"{SITE}/a.html")
    merged(target, [one, two])
    assert "王某某".encode() not in target.read_bytes()
    assert sound(target) == []


def test_a_merged_archive_is_a_source_as_any(tmp_path: Path) -> None:
    parts = [archive_of(tmp_path / f"{number}.db", FIRST[number : number + 1]) for number in range(3)]
    merged(tmp_path / "all.db", parts)
    merged(tmp_path / "two.db", parts[1:])
    merged(tmp_path / "nested.db", [parts[0], tmp_path / "two.db"])
    assert numbers(tmp_path / "nested.db") == numbers(tmp_path / "all.db")


class TestWhatIsRefused:
    @pytest.fixture
    def source(self, tmp_path: Path) -> Path:
        return archive_of(tmp_path / "source.db", FIRST)

    def refused(self, said: str, *arguments: Path, code: int = 2) -> None:
        done = nianbao(*arguments)
        assert done.exit_code == code or getattr(done.exception, "exit_code", None) == code, done.output
        assert said in done.output + str(done.exception)
        if done.exception is not None:
            assert isinstance(done.exception, SystemExit | NianbaoError)

    def test_the_target_itself(self, tmp_path: Path, source: Path) -> None:
        merged(tmp_path / "target.db", [source])
        self.refused("is the target itself", tmp_path / "target.db", tmp_path / "target.db")
        shutil.copy(tmp_path / "target.db", tmp_path / "copy.db")
        self.refused("is a copy of the target", tmp_path / "target.db", tmp_path / "copy.db")

    def test_a_target_with_runs_of_its_own(self, tmp_path: Path, source: Path) -> None:
        self.refused("has a run of its own", archive_of(tmp_path / "own.db", SECOND), source)

    def test_what_is_no_archive_or_is_not_there(self, tmp_path: Path, source: Path) -> None:
        (tmp_path / "text.db").write_text("text")
        self.refused("is not an SQLite file", tmp_path / "target.db", tmp_path / "text.db", source)
        self.refused("does not exist", tmp_path / "target.db", tmp_path / "none.db")
        assert len(told(tmp_path / "target.db", "reports")["reports"]) == 1

    @pytest.mark.parametrize(("statement", "said"), [
        ("pragma user_version = 999", "made by a newer version"),
        ("delete from _sqlite_migrations where name like '%requisites'", "made by an older version"),
        ("update captures set fetched_at = '2020-01-01T00:00:00Z'", "is damaged: captures row 1"),
        ("update blobs set body = x'00' where length > 0", "is damaged"),
    ])  # fmt: skip
    def test_another_form_or_damage(self, tmp_path: Path, source: Path, statement: str, said: str) -> None:
        with closing(sqlite3.connect(source)) as connection:
            connection.execute(statement)
            connection.commit()
        self.refused(said, tmp_path / "target.db", source)
        assert told(tmp_path / "target.db", "captures", "runs") == {"captures": [], "runs": []}

    def test_a_source_that_is_being_written(self, tmp_path: Path, source: Path) -> None:
        with Archive.open(source) as writing:
            writing.begin_run(["somewhere"])
            self.refused("a run writes", tmp_path / "target.db", source, code=3)

    def test_a_copy_that_went_another_way(self, tmp_path: Path) -> None:
        one = archive_of(tmp_path / "one.db", FIRST[:1])
        shutil.copy(one, tmp_path / "two.db")
        archive_of(one, FIRST[1:2])
        archive_of(tmp_path / "two.db", FIRST[2:])
        self.refused("went another way since", tmp_path / "target.db", one, tmp_path / "two.db")

    def test_the_sample_and_real_reports(self, tmp_path: Path, source: Path) -> None:
        page = REPORT | {"text": "收到申请3件", "year": 2018, "headers": [("X-Nianbao-Sample", "1")]}
        sample = archive_of(tmp_path / "sample.db", [Sight(10, "/a.html", page)])
        self.refused("made-up", tmp_path / "target.db", source, sample)


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    parts = [archive_of(tmp_path / "first.db", FIRST), archive_of(tmp_path / "second.db", SECOND[2:])]
    done = nianbao(tmp_path / "target.db", *parts, "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout.splitlines()[-1])
    assert [one["captures"] for one in said["sources"]] == [3, 1]
    assert (said["wiped"], said["errors"]) == (True, [])
    again = nianbao(tmp_path / "target.db", *parts)
    assert again.output.count("nothing new") == 2


def test_sources_are_only_read(tmp_path: Path) -> None:
    source = archive_of(tmp_path / "source.db", FIRST)
    before = source.read_bytes()
    merged(tmp_path / "target.db", [source])
    assert source.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("source.db*")) == ["source.db"]


def killed(target: Path, sources: list[Path], at: int) -> bool:
    """Merge in a process that is killed before its statement of this number; whether it came to that."""
    child = os.fork()
    if child == 0:
        count = 0

        def traced(_: str) -> None:
            nonlocal count
            count += 1
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            archive = Archive.open(target)
            archive.connection.set_trace_callback(traced)
            archive.lock()
            for source in sources:
                archive.merge(source, derive)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def moments(step: int) -> Iterator[int]:
    yield from range(1, 100_000, step)


def test_it_is_killed_at_any_moment_without_harm(tmp_path: Path) -> None:
    parts = [archive_of(tmp_path / "first.db", FIRST), archive_of(tmp_path / "second.db", SECOND)]
    merged(tmp_path / "whole.db", parts)
    expected = told(tmp_path / "whole.db")
    merged(tmp_path / "half.db", parts[:1])
    states = [told(tmp_path / "half.db"), expected]
    Archive.open(tmp_path / "blank.db").close()
    states.append(told(tmp_path / "blank.db"))
    count = 0
    for at in moments(41):
        target = tmp_path / f"killed{at}.db"
        shutil.copy(tmp_path / "blank.db", target)
        if not killed(target, parts, at):
            break
        count += 1
        assert told(target) in states
        merged(target, parts)
        assert told(target) == expected, f"killed at statement {at}"
    assert count > 10


class TestOrder:
    def test_a_place_is_the_time_and_never_before_the_one_before(self) -> None:
        order = Order(merged=False)
        places = [order.place(f"2026-01-01T00:00:{at:02}Z", mark(at), 1) for at in (5, 5, 3, 9)]
        assert places == sorted(places)
        assert [place >> 22 for place in places] == [seconds(f"2026-01-01T00:00:{at:02}Z") for at in (5, 5, 5, 9)]
        assert max(places) < 1 << 53

    def test_more_than_a_second_holds_go_into_the_next(self) -> None:
        order = Order(merged=False)
        places = [order.place("2026-01-01T00:00:05Z", 0, 1) for _ in range(300)]
        assert places == sorted(set(places))
        assert places[-1] >> 22 == seconds("2026-01-01T00:00:06Z")

    def test_a_merged_archive_keeps_its_places(self) -> None:
        order = Order(merged=False)
        places = [order.place("2026-01-01T00:00:05Z", mark(at), 1) for at in range(3)]
        again = Order(merged=True)
        assert [again.place("2026-01-01T00:00:05Z", 9, place) for place in places] == places
        assert Order(merged=True).place("2026-01-01T00:00:05Z", 9, 7) >> 22 == seconds("2026-01-01T00:00:05Z")

    def test_beside_another_row_a_row_stands_on_its_own_side(self) -> None:
        held: dict[int, tuple[object, ...]] = {5: ("m",)}
        assert free(5, ("m",), held.get) == 5
        assert free(5, ("z",), held.get) == 6
        assert free(5, ("a",), held.get) == 4

    @pytest.mark.parametrize("at", ["", "yesterday", "1990-01-01T00:00:00Z"])
    def test_no_time_is_the_first(self, at: str) -> None:
        assert seconds(at) == 0


def test_the_questions_ask_of_every_table() -> None:
    assert {"reports", "report_urls", "report_versions", "statistics", "panel", "captures"} <= set(ROWS)
    with pytest.raises(ArchiveError):
        told(Path("none.db"))
