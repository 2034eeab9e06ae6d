"""Which report a page is, what of it is new, what the row shows: crawler/archive/write/placement.py, rule by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.file.blobs import Blobs, digest
from crawler.archive.file.captures import IMPORT
from crawler.archive.file.identity import Fingerprint, hidden, identity, sha256_of
from crawler.archive.queries.search import search
from crawler.archive.write.captures import keep
from crawler.archive.write.placement import Placed, Placing
from crawler.archive.write.reportrows import Seen, dumps
from crawler.archive.write.samples import HEADER
from crawler.archive.write.writer import Stored
from crawler.records.page import Page, Remains
from crawler.records.report import Check, Figure, Place, Report
from tests.support.archive_toy import SITE, page

DEPARTMENT: dict[str, Any] = {"organ_kind": "department", "organ": "大东区教育局"}
NEXT_YEAR = "2027-01-01T00:00:00Z"


class Shelf:
    """An archive within a run, and the days on which it meets pages: the first of January is day 1."""

    def __init__(self, path: Path) -> None:
        self.archive = Archive.open(path)
        self.run_id = self.run()
        self.placing = Placing(self.archive.connection)

    def run(self, portal: str = "somewhere") -> int:
        self.run_id = self.archive.begin_run([portal])
        return self.run_id

    def meet(self, path: str, text: str | None = "正文", day: int = 1, **says: Any) -> Stored:
        return self.archive.store(page(path, stamp(day), text=text, **says))

    def bury(self, path: str, text: str | None = "正文", day: int = 1, **says: Any) -> Stored:
        """Meet what stays of a page that was redacted."""
        body = page(path, text=text, **says).capture.body
        kept = tombstone(path, text, day, **says)
        return self.archive.bury(kept, digest(body), len(body), {"reason": "a demand", "at": stamp(day)})

    def lose(self, *paths: str, day: int = 3) -> None:
        """Two runs in which these addresses lead to nothing."""
        for at in (day, day + 1):
            self.run()
            for path in paths:
                self.archive.store(page(path, stamp(at), kind="missing", status=404))

    def redirect(self, path: str, *targets: str, day: int = 5) -> None:
        headers = [("location", target) for target in targets]
        self.archive.store(page(path, stamp(day), kind="redirect", status=301, headers=headers))

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.archive.connection.execute(query, values)]

    def addresses(self) -> dict[tuple[int, str], int | None]:
        """By report and path: the day since when the report is gone from there, None while it stands."""
        rows = self.ask("select report_id, url, gone_at from report_urls order by report_id, rowid")
        return {(number, url.removeprefix(SITE)): day_of(at) for number, url, at in rows}

    def row(self, number: int = 1) -> tuple[str, str | None]:
        """The leading path of a report, and the text that its row shows."""
        ((url, text),) = self.ask("select url, text from reports where id = ?", number)
        return url.removeprefix(SITE), text

    def versions(self, number: int = 1) -> list[tuple[int, str]]:
        rows = self.ask("select version, url from report_versions where report_id = ? order by version", number)
        return [(version, url.removeprefix(SITE)) for version, url in rows]

    def events(self) -> list[tuple[str, int, str]]:
        rows = self.ask("select kind, report_id, url from events order by id")
        return [(kind, number, url.removeprefix(SITE)) for kind, number, url in rows]

    def problems(self, kind: str) -> list[str]:
        return [detail for (detail,) in self.ask("select detail from problems where kind = ? order by id", kind)]


def tombstone(path: str, text: str | None = "正文", day: int = 1, **says: Any) -> Page:
    """What stays of a page that was redacted."""
    whole = page(path, stamp(day), text=text, **says)
    report, print_ = whole.report or Report(), Fingerprint.of(whole)
    who = identity(report)
    kept = Page(whole.capture, whole.context, media_type="text/html", kind="report")
    kept.remains = Remains(
        report.organ_kind, report.region_code, report.report_year, None if who is None else hidden(who),
        print_.text_sha256, print_.squeezed, print_.attachments,
    )  # fmt: skip
    kept.report = Report(organ_kind=report.organ_kind, region_code=report.region_code, report_year=report.report_year)
    kept.capture.body = b""
    return kept


def stamp(day: int) -> str:
    return f"2026-01-{day:02}T00:00:00Z"


def day_of(at: str | None) -> int | None:
    return None if at is None else int(at[8:10])


def place(shelf: Shelf, this: Page, again: bool = False) -> Placed:
    """Place a page without all else that a writer does; `again`: nothing about the capture is new."""
    connection, body = shelf.archive.connection, this.capture.body
    seen = keep(connection, Blobs(connection), this, shelf.run_id, digest(body), len(body))
    return shelf.placing.place(this, replace(seen, last_seen_at=NEXT_YEAR, again=again))


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    opened = Shelf(tmp_path / "archive.db")
    yield opened
    opened.archive.close()


# which report a page is


@pytest.mark.parametrize(
    ("says", "number", "conflict"),
    [
        ({}, 1, False),
        ({"text": " 正\u3000文\n"}, 1, False),  # white space is no part of a text
        ({"text": None}, 1, False),  # the text may be left to a file
        ({"text": "别文"}, 2, True),
        ({"text": "别文", "year": 2019}, 2, False),
        ({"year": 2019}, 2, False),
        ({"year": None}, 2, False),  # nobody is nobody's copy, whatever the text
        ({"region_code": "210102"}, 2, False),
        ({"organ_kind": "government_office"}, 2, False),
        (DEPARTMENT, 2, False),
    ],
)
def test_at_another_address_it_is_the_copy_that_says_the_same_of_the_same(
    shelf: Shelf, says: dict[str, Any], number: int, conflict: bool
) -> None:
    assert shelf.meet("/a") == Stored(1, 1, new=True)
    assert shelf.meet("/b", **{"text": "正文", **says}) == Stored(2, number, new=number == 2)
    told = ["says another text as 大东区人民政府 2018 than https://www.somewhere.gov.cn/a"]
    assert shelf.problems("identity_conflict") == told * conflict
    assert shelf.addresses() == {(1, "/a"): None, (number, "/b"): None}
    assert shelf.versions() == [(1, "/a")]


def test_of_several_texts_of_one_identity_it_is_the_one_with_its_text_and_the_first_is_named(shelf: Shelf) -> None:
    for number, path in enumerate(("/a", "/b", "/c"), 1):
        assert shelf.meet(path, path).report_id == number
    assert [detail.rpartition("/")[2] for detail in shelf.problems("identity_conflict")] == ["a", "a"]
    assert shelf.meet("/copy", "/b").report_id == 2
    assert shelf.meet("/older", "/a").report_id == 1
    assert len(shelf.problems("identity_conflict")) == 2


def test_a_report_without_text_is_everybodys_copy(shelf: Shelf) -> None:
    shelf.meet("/a", None)
    assert shelf.meet("/b").report_id == 1
    assert shelf.row() == ("/b", "正文")


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        ({}, {"text": "别文"}, 1),
        ({}, {"year": None, "text": "别文"}, 1),  # of a page that does not say who speaks the address decides
        ({"year": None}, {"text": "别文"}, 1),
        ({"year": None}, {"year": None, "text": "别文"}, 1),
        ({}, {"year": 2019}, 1),  # the same words: what was read of them was mended
        ({}, {"year": 2019, "text": "正 文"}, 1),
        ({}, {"year": 2019, "text": "别文"}, 2),  # one page that is overwritten every year
        ({"text": None}, {"year": 2019, "text": None, "title": "年报"}, 2),  # no text is nobody's text
        ({"text": None}, {"year": 2019, "text": "别文"}, 2),
    ],
)
def test_at_a_known_address_it_is_the_report_there_unless_it_speaks_for_another(
    shelf: Shelf, first: dict[str, Any], second: dict[str, Any], number: int
) -> None:
    shelf.meet("/a", **{"text": "正文", **first})
    assert shelf.meet("/a", day=2, **{"text": "正文", **second}).report_id == number
    assert shelf.problems("identity_conflict") == []
    # the report that was there left when it was last seen
    assert shelf.addresses() == ({(1, "/a"): None} if number == 1 else {(1, "/a"): 1, (2, "/a"): None})
    assert [day_of(at) for (at,) in shelf.ask("select gone_at from reports order by id")] == [None, 1, None][-number:]


def test_a_report_that_comes_back_to_an_address_drives_out_the_other(shelf: Shelf) -> None:
    shelf.meet("/a", "甲", year=2018)
    shelf.meet("/b", "丙", year=2020)
    shelf.meet("/a", "乙", 2, year=2019)
    shelf.run()
    assert shelf.meet("/a", "甲", 3, year=2018).report_id == 1
    assert shelf.addresses() == {(1, "/a"): None, (2, "/b"): None, (3, "/a"): 2}
    assert shelf.events()[-1] == ("returned", 1, "/a")


def test_of_the_reports_of_one_address_the_one_that_stands_is_meant_where_none_is_named(shelf: Shelf) -> None:
    shelf.meet("/a", "甲", year=2018)
    shelf.meet("/a", "乙", 2, year=2019)
    assert shelf.meet("/a", "丁", 3, year=None).report_id == 2
    assert shelf.addresses() == {(1, "/a"): 1, (2, "/a"): None}


def test_what_says_a_third_thing_there_is_a_third_report_and_leaves_other_addresses_alone(shelf: Shelf) -> None:
    shelf.meet("/a", "甲", year=2018)
    shelf.meet("/copy", "甲", year=2018)
    shelf.lose("/a")
    shelf.meet("/a", "乙", 5, year=2019)
    assert shelf.meet("/a", "丙", 6, year=2020).report_id == 3
    # gone before is gone since then
    assert shelf.addresses() == {(1, "/a"): 3, (1, "/copy"): None, (2, "/a"): 5, (3, "/a"): None}


def test_an_address_that_was_left_before_is_not_left_again(shelf: Shelf) -> None:
    shelf.meet("/a", "甲", year=2018)
    shelf.lose("/a", day=7)
    shelf.meet("/a", "乙", 9, year=2019)
    assert shelf.addresses()[1, "/a"] == 7


def test_an_identity_once_known_is_not_lost_by_a_page_that_names_nobody(shelf: Shelf) -> None:
    shelf.meet("/a")
    shelf.meet("/a", "别文", 2, year=None)
    assert shelf.ask("select identity, report_year, text from reports") == [("government/210104/2018", None, "别文")]
    shelf.meet("/a", "又文", 3, organ_kind="government_office")
    assert shelf.ask("select id, identity from reports") == [
        (1, "government/210104/2018"),
        (2, "government_office/210104/2018"),
    ]


def test_a_made_up_report_is_no_copy_of_a_real_one(shelf: Shelf) -> None:
    shelf.meet("/a")
    sample = page("/b", text="正文", headers=[(HEADER, "1")])
    sample.capture.portal = "sample"
    assert shelf.archive.store(sample).report_id == 2
    assert shelf.meet("/c").report_id == 1
    assert shelf.ask("select identity from reports where id = 2") == [("sample/government/210104/2018",)]


# what is new


def test_versions_are_numbered_by_what_the_page_says_and_old_words_make_none(shelf: Shelf) -> None:
    shelf.meet("/a", "甲")
    assert shelf.meet("/a", "乙", 2) == Stored(2, 1, changed=True)
    assert shelf.meet("/a", "丙", 3) == Stored(3, 1, changed=True)
    assert shelf.meet("/a", "丙", 4) == Stored(3, 1)
    assert shelf.meet("/a", "甲", 5, title="another head") == Stored(4, 1)
    assert shelf.versions() == [(1, "/a"), (2, "/a"), (3, "/a")]
    assert shelf.row() == ("/a", "甲")
    assert [kind for kind, *_ in shelf.events()] == ["new", "changed", "changed"]


def test_the_same_bytes_make_no_version_however_they_are_read(shelf: Shelf) -> None:
    first = page("/a", text="甲")
    place(shelf, first)
    again = page("/a", text="乙")
    again.capture = first.capture
    assert place(shelf, again, again=True) == Placed(1, new=False, changed=False)
    assert shelf.versions() == [(1, "/a")]
    assert shelf.row() == ("/a", "甲")  # what old bytes say changes by a rebuild, for all at once
    assert place(shelf, again) == Placed(1, new=False, changed=True)
    assert shelf.row() == ("/a", "乙")


def test_bytes_that_come_again_after_others_are_shown_again(shelf: Shelf) -> None:
    shelf.meet("/a", "甲")
    shelf.meet("/a", "乙", 2)
    assert shelf.meet("/a", "甲", 3) == Stored(1, 1)
    assert shelf.row() == ("/a", "甲")
    assert shelf.versions() == [(1, "/a"), (2, "/a")]


@pytest.mark.parametrize(
    ("runs", "path", "moved"), [(1, "/b", False), (2, "/b", True), (2, "/a", False), (2, "/copy", False)]
)
def test_a_report_of_an_earlier_run_at_a_new_address_has_moved(shelf: Shelf, runs: int, path: str, moved: bool) -> None:
    shelf.meet("/a")
    shelf.meet("/copy")
    shelf.meet("/other", year=2019)
    if runs == 2:
        shelf.run()
    shelf.meet(path, title="another head", day=2)
    assert [event for event in shelf.events() if event[0] == "moved"] == [("moved", 1, path)] * moved


def test_a_report_that_was_gone_returns(shelf: Shelf) -> None:
    shelf.meet("/a")
    shelf.lose("/a")
    shelf.run()
    shelf.meet("/a", day=5)
    assert shelf.addresses() == {(1, "/a"): None}
    assert shelf.events() == [("new", 1, "/a"), ("gone", 1, "/a"), ("returned", 1, "/a")]
    shelf.meet("/a", day=6, title="another head")
    assert len(shelf.events()) == 3


@pytest.mark.parametrize(
    ("length", "text", "files", "halved"),
    [
        (100, "二" * 49, (), True),
        (100, "二" * 50, (), False),
        (101, "二" * 50, (), True),
        (100, None, (), True),
        (100, None, ("a.pdf",), False),  # the text is in its file now
        (100, "二" * 49, ("a.pdf",), True),
        (0, None, ("a.pdf",), False),
    ],
)
def test_a_text_of_less_than_half_is_told(
    shelf: Shelf, length: int, text: str | None, files: tuple[str, ...], halved: bool
) -> None:
    shelf.meet("/a", "一" * length or None)
    assert shelf.meet("/a", text, 2, files=files).changed
    assert shelf.problems("text_shrank") == [f"{len(text or '')} characters are left of the text"] * halved


def test_a_short_text_that_was_there_before_is_no_news(shelf: Shelf) -> None:
    shelf.meet("/a", "一")
    shelf.meet("/a", "一" * 100, 2)
    shelf.meet("/a", "一", 3, title="another head")
    assert shelf.problems("text_shrank") == []


def test_an_import_of_an_older_capture_changes_no_report(shelf: Shelf) -> None:
    shelf.meet("/a", "新", 9)
    shelf.run(IMPORT + "old.warc")
    assert shelf.meet("/a", "旧", 5) == Stored(2, late=True)
    assert shelf.meet("/b", "新", 5) == Stored(3, 1)  # at an address of its own it is none too late
    assert (shelf.row(), shelf.versions()) == (("/b", "新"), [(1, "/a")])
    assert shelf.ask("select first_seen_at, last_seen_at from reports") == [(stamp(5), stamp(9))]


# what the row shows


def test_of_the_addresses_the_first_leads_that_has_the_text_and_is_not_gone(shelf: Shelf) -> None:
    shelf.meet("/bare", None, 1)
    assert shelf.row() == ("/bare", None)
    shelf.meet("/late", "正文", 4)
    assert shelf.row() == ("/late", "正文")
    shelf.meet("/early", "正文", 3)
    assert shelf.row() == ("/early", "正文")
    shelf.meet("/same", "正 文", 3)
    assert shelf.row() == ("/early", "正文")  # of two of one moment that which came first
    shelf.lose("/early", day=5)
    assert shelf.row()[0] == "/same"
    shelf.lose("/same", "/late", day=7)
    assert shelf.row()[0] == "/bare"
    assert shelf.ask("select gone_at, first_seen_at, last_seen_at from reports") == [(None, stamp(1), stamp(4))]
    shelf.lose("/bare", day=9)
    assert shelf.ask("select url, gone_at from reports") == [(SITE + "/early", stamp(9))]  # since the last of them


def test_what_another_address_says_is_a_version_and_not_shown(shelf: Shelf) -> None:
    shelf.meet("/a", "甲")
    shelf.meet("/b", "甲")
    assert shelf.meet("/b", "乙", 2).changed
    assert shelf.row() == ("/a", "甲")
    assert shelf.versions() == [(1, "/a"), (2, "/b")]
    assert shelf.meet("/a", "丙", 3).changed
    assert shelf.row() == ("/a", "丙")


def test_an_address_keeps_its_first_moment_and_its_last(shelf: Shelf) -> None:
    shelf.meet("/a", "甲", 5)
    shelf.meet("/a", "乙", 9)
    shelf.meet("/a", "丙", 7)  # a clock that was put back
    assert shelf.ask("select first_seen_at, last_seen_at, capture_id from report_urls") == [(stamp(5), stamp(9), 3)]
    assert shelf.ask("select text_sha256 from report_urls") == [(sha256_of("丙"),)]


def test_parts_are_those_of_the_page_that_is_shown(shelf: Shelf) -> None:
    first = page("/a", text="甲\n乙", files=("x.pdf", "x.pdf", "y.pdf"))
    figure = Figure("f2021", "new_received.total", "new_received", "total", 4, "4", "件", Place("table"), "table")
    first.figures, first.checks = [figure, figure], [Check("J1", "new", True, "4", "4")] * 2
    assert not shelf.placing.rows.wrote_figures
    place(shelf, first)
    assert shelf.placing.rows.wrote_figures

    def counts() -> list[int]:
        tables = ("sections", "attachments", "statistics", "checks")
        return [shelf.ask(f"select count(*) from {table} where report_id = 1")[0][0] for table in tables]

    assert counts() == [2, 2, 1, 1]  # what is said twice stands once
    second = page("/a", text="丙", files=("z.pdf",))
    place(shelf, second)
    assert counts() == [1, 1, 0, 0]
    assert shelf.ask("select url, capture_id from attachments") == [(f"{SITE}/z.pdf", None)]
    shelf.placing.show(1, second, Seen(2, stamp(1), stamp(1), shelf.run_id), {f"{SITE}/z.pdf": 1})
    assert shelf.ask("select url, capture_id from attachments") == [(f"{SITE}/z.pdf", 1)]


def test_a_search_finds_what_is_shown_and_no_more(shelf: Shelf) -> None:
    def found(word: str) -> int:
        shelf.archive.flush()
        return search(shelf.archive.connection, word).total

    shelf.meet("/a", "alpha", title="first")
    assert [found(word) for word in ("alpha", "first", "beta")] == [1, 1, 0]
    shelf.meet("/a", "beta", 2, title="second")
    assert [found(word) for word in ("alpha", "first", "beta", "second")] == [0, 0, 1, 1]


def test_a_page_without_facts_is_placed_and_shown(shelf: Shelf) -> None:
    bare = page("/a", text="甲")
    bare.report = None
    assert place(shelf, bare).new
    bare.text = "乙"
    assert place(shelf, bare).changed
    shelf.placing.show(1, bare, Seen(1, stamp(1), stamp(1), shelf.run_id))
    assert shelf.ask("select title, organ, identity, text from reports") == [(None, None, None, "乙")]


def test_a_rebuild_hands_out_the_numbers_that_were(shelf: Shelf) -> None:
    given: list[tuple[str, str | None, int]] = []

    def name(url: str, who: str | None, capture_id: int) -> tuple[int, str] | None:
        given.append((url, who, capture_id))
        return (40, "0123456789abcdef") if len(given) == 1 else None

    shelf.placing = Placing(shelf.archive.connection, name)
    assert [place(shelf, page(f"/{year}", year=year)).report_id for year in (2018, 2019)] == [40, 41]
    keys = [key for (key,) in shelf.ask("select key from reports order by id")]
    assert keys[0] == "0123456789abcdef"
    assert re.fullmatch("[0-9a-f]{16}", keys[1])
    assert given == [(f"{SITE}/{year}", f"government/210104/{year}", at + 1) for at, year in enumerate((2018, 2019))]


def test_a_file_makes_a_version_that_no_page_is_compared_with(shelf: Shelf) -> None:
    shelf.meet("/a", "甲")
    whole = page("/a", text="甲\n附件")
    shelf.placing.file_changed(1, whole, Seen(1, stamp(2), stamp(2), shelf.run_id), f"{SITE}/x.pdf")
    query = "select version, url, squeezed_sha256, text_sha256, capture_id from report_versions where version > 1"
    assert shelf.ask(query) == [(2, f"{SITE}/x.pdf", None, sha256_of("甲\n附件"), 1)]
    assert shelf.meet("/a", "甲\n附件", 3).changed
    assert [version for version, _ in shelf.versions()] == [1, 2, 3]


def test_json_is_kept_compact_and_legible() -> None:
    assert dumps(["年报", {"a": 1}]) == '["年报",{"a":1}]'


# addresses that lead to nothing, or on


def test_a_report_is_gone_when_it_is_from_all_its_addresses(shelf: Shelf) -> None:
    shelf.meet("/a")
    shelf.meet("/b")
    shelf.meet("/c", year=2019)
    assert shelf.placing.addresses.gone(SITE + "/a", stamp(3)) == []
    assert shelf.addresses() == {(1, "/a"): 3, (1, "/b"): None, (2, "/c"): None}
    assert shelf.placing.addresses.gone(SITE + "/a", stamp(4)) == []  # since when stays
    assert shelf.placing.addresses.gone(SITE + "/b", stamp(4)) == [1]
    assert shelf.placing.addresses.gone(SITE + "/never", stamp(5)) == []
    assert shelf.addresses() == {(1, "/a"): 3, (1, "/b"): 4, (2, "/c"): None}
    assert shelf.ask("select gone_at from reports order by id") == [(stamp(4),), (None,)]


def moved(shelf: Shelf, *hops: str, run_id: int | None = None) -> bool:
    """A report at /a and at /b; /a redirects by these hops; whether it left /a for good."""
    for start, end in zip(("/a", *hops), hops, strict=False):
        shelf.redirect(start, end)
    shelf.placing.addresses.left(run_id)
    assert shelf.addresses()[1, "/b"] is None
    return shelf.addresses()[1, "/a"] == 5


@pytest.fixture
def two(shelf: Shelf) -> Shelf:
    """A report at two addresses, and one at another."""
    shelf.meet("/a")
    shelf.meet("/b", day=2)
    shelf.meet("/other", year=2019)
    return shelf


@pytest.mark.parametrize("hops", range(5))
def test_an_address_that_leads_to_another_of_the_report_is_left(two: Shelf, hops: int) -> None:
    assert moved(two, *(f"/hop{number}" for number in range(hops)), "/b")
    assert two.ask("select url, gone_at from reports where id = 1") == [(SITE + "/b", None)]


@pytest.mark.parametrize(
    "hops",
    [
        (*(f"/hop{number}" for number in range(5)), "/b"),  # one too many
        ("/a",),  # to itself
        ("/hop", "/a"),
        ("/other",),  # a report, but another
        ("/nowhere",),
        ("/hop", "/nowhere"),
    ],
)
def test_an_address_that_leads_elsewhere_is_not_left(two: Shelf, hops: tuple[str, ...]) -> None:
    assert not moved(two, *hops)
    assert two.row()[0] == "/a"


def test_a_redirect_without_a_target_leads_nowhere(two: Shelf) -> None:
    two.redirect("/a")
    two.redirect("/hop")
    two.placing.addresses.left()
    assert two.addresses()[1, "/a"] is None
    two.redirect("/a", "/hop", day=6)
    two.placing.addresses.left()
    assert two.addresses()[1, "/a"] is None


def test_of_several_targets_the_last_counts(two: Shelf) -> None:
    two.redirect("/a", "/other", "/b")
    two.placing.addresses.left()
    assert two.addresses() == {(1, "/a"): 5, (1, "/b"): None, (2, "/other"): None}


def test_an_address_is_not_left_for_one_that_is_gone(two: Shelf) -> None:
    two.lose("/b")
    two.redirect("/a", "/b")
    two.placing.addresses.left()
    assert two.addresses()[1, "/a"] is None


def test_only_the_redirects_that_a_run_met_are_looked_at_where_one_is_named(two: Shelf) -> None:
    earlier = two.run_id
    two.redirect("/a", "/b")
    later = two.run()
    two.placing.addresses.left(later)
    assert two.addresses()[1, "/a"] is None
    two.placing.addresses.left(earlier)
    assert two.addresses()[1, "/a"] == 5


def test_what_an_address_shows_now_counts(two: Shelf) -> None:
    two.redirect("/a", "/b")
    two.run()
    two.meet("/a", day=6)
    two.placing.addresses.left()
    assert two.addresses()[1, "/a"] is None


# what was redacted


def test_a_tombstone_leads_only_where_nothing_else_stands(shelf: Shelf) -> None:
    shelf.bury("/a")
    assert shelf.ask("select url, text, text_sha256 from reports") == [(SITE + "/a", None, None)]
    assert shelf.ask("select text_sha256 from report_urls") == [(sha256_of("正文"),)]
    shelf.meet("/bare", None, 2)
    assert shelf.row()[0] == "/bare"
    shelf.meet("/b", "正文", 3, title="another head")
    assert shelf.row() == ("/b", "正文")
    assert shelf.meet("/c", "别文", 3).report_id == 2
    assert shelf.versions() == [(1, "/a")]


def test_words_are_not_shown_less_for_a_tombstone(shelf: Shelf) -> None:
    """The row goes on with what was not redacted, though the leading address has only a tombstone now."""
    shelf.meet("/a", "一" * 100)
    shelf.bury("/a", "二", 2)
    assert shelf.row() == ("/a", "一" * 100)
    assert shelf.versions() == [(1, "/a"), (2, "/a")]
    assert shelf.problems("text_shrank") == []


def test_words_of_any_address_take_the_place_of_a_tombstone(shelf: Shelf) -> None:
    shelf.bury("/a", "甲")
    shelf.lose("/a")
    shelf.meet("/b", "甲", 5, title="a head")
    shelf.bury("/b", "乙", 6)
    assert shelf.row() == ("/b", "甲")
    shelf.meet("/a", "甲", 7, title="another head")
    assert shelf.row() == ("/a", "甲")


def test_a_tombstone_takes_the_place_of_one(shelf: Shelf) -> None:
    shelf.bury("/a", "甲")
    shelf.bury("/a", "乙", 2)
    shelf.bury("/b", "乙", 3)
    assert shelf.ask("select id, url, capture_id from reports") == [(1, SITE + "/a", 2)]


def test_who_spoke_last_at_the_leading_address_tells_what_comes_next(shelf: Shelf) -> None:
    """The same words, read as another organ's before they were redacted."""
    shelf.meet("/a", **DEPARTMENT)
    shelf.bury("/a", "正文", 2, **DEPARTMENT | {"organ": "大东区体育局"})
    veiled = hidden("department/210104/2018/大东区体育局")
    assert shelf.ask("select id, identity, organ from reports") == [(1, veiled, "大东区教育局")]


@pytest.mark.parametrize("path", ["/a", "/b"])
def test_a_tombstone_that_says_the_same_or_does_not_lead_leaves_who_speaks(shelf: Shelf, path: str) -> None:
    shelf.meet("/a", **DEPARTMENT)
    shelf.meet("/b", **DEPARTMENT)
    shelf.bury(path, "正文", 2, **DEPARTMENT | ({"organ": "大东区体育局"} if path == "/b" else {}), title="a head")
    assert shelf.ask("select id, identity from reports") == [(1, "department/210104/2018/大东区教育局")]


def test_a_hidden_name_is_told_from_others_of_its_kind(shelf: Shelf) -> None:
    shelf.meet("/sport", "体育", **DEPARTMENT | {"organ": "大东区体育局"})
    shelf.meet("/a", "教育", title="a head", **DEPARTMENT)
    assert shelf.bury("/b", "教育", 2, **DEPARTMENT).report_id == 2  # the name stood first
    assert shelf.bury("/c", "财政", 2, **DEPARTMENT | {"organ": "大东区财政局"}).report_id == 3
    assert (
        shelf.meet("/d", "财政", 3, title="a head", **DEPARTMENT | {"organ": "大东区财政局"}).report_id == 3
    )  # or the tombstone
    assert shelf.problems("identity_conflict") == []
    assert place(shelf, tombstone("/e", "别文", 4, **DEPARTMENT)) == Placed(4, True, False, conflict=SITE + "/a")


def test_a_redacted_sample_is_no_real_reports_copy(shelf: Shelf) -> None:
    sample = page("/b", text="正文", headers=[(HEADER, "1")])
    sample.capture.portal = "sample"
    shelf.archive.store(sample)
    assert shelf.bury("/a").report_id == 2


def test_when_a_page_was_last_seen_is_its_captures(shelf: Shelf) -> None:
    place(shelf, page("/a"))
    assert shelf.ask("select first_seen_at, last_seen_at from reports") == [(stamp(1), NEXT_YEAR)]
