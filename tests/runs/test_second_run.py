"""The second run and those after it, through the command: cheap where nothing is new, and nothing new is missed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.sample.serving import Reply
from pipelines import derive
from tests.servers.living import LivingPortal, living, report
from tests.support.program import run

TOP = "/nb/a/20200.html"
OLD = "/nb/a/20184.html"
FIRST_PAGES = ["/", "/nb/"]
ALL_LISTS = [*FIRST_PAGES, "/nb/index_1.html", "/nb/index_2.html"]


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[LivingPortal]:
    with living(tmp_path) as served:
        yield served


def reports(asked: list[str]) -> list[str]:
    return [target for target in asked if "/a/" in target]


def test_nothing_new_costs_a_request_a_list_and_no_row(portal: LivingPortal) -> None:
    first = portal.crawl()
    assert (first["reports_new"], first["not_modified"]) == (15, 0)
    assert sorted(first["asked"]) == sorted([*ALL_LISTS, *(entry[0] for entry in portal.entries)])
    before = portal.counts_by_table()
    again = portal.crawl()
    assert again["asked"] == FIRST_PAGES
    assert again["not_modified"] == 2
    assert portal.counts_by_table() == before | {
        "runs": before["runs"] + 1,
        "sqlite_sequence": before["sqlite_sequence"],
    }
    everything = portal.crawl("--recheck", "all")
    assert sorted(everything["asked"]) == sorted(first["asked"])
    assert everything["not_modified"] == len(first["asked"])
    assert everything["bytes"] < first["bytes"] / 10
    assert portal.counts_by_table() == before | {"runs": before["runs"] + 2}
    assert portal.rows("select count(*) from captures where last_run_id = 3") == [(19,)]
    assert portal.rows(
        "select count(*) from reports where last_seen_at >= (select started_at from runs where id = 3)"
    ) == [(15,)]


def test_the_same_bytes_without_validators_are_nothing_new(tmp_path: Path) -> None:
    with living(tmp_path, validators=False) as portal:
        portal.crawl()
        before = portal.counts_by_table()
        again = portal.crawl("--recheck", "all")
        assert (len(again["asked"]), again["not_modified"]) == (19, 0)
        assert portal.counts_by_table() == before | {"runs": before["runs"] + 1}


def test_what_the_server_said_of_a_page_is_echoed(portal: LivingPortal) -> None:
    heard: list[dict[str, str]] = []

    def answer(asked: object) -> Reply:
        heard.append(asked.headers)  # type: ignore[attr-defined]
        body = report("和平区", 2020).encode()
        return Reply(body, headers={"Last-Modified": "Mon, 1 Mar 2021 8:00:00 GMT", "ETag": 'W/"x-1"'}, etag=False)

    portal.pages[TOP] = answer
    portal.crawl()
    portal.crawl("--recheck", "all")
    assert "if-none-match" not in heard[0]
    assert heard[1]["if-none-match"] == 'W/"x-1"'
    assert heard[1]["if-modified-since"] == "Mon, 1 Mar 2021 8:00:00 GMT"


def test_a_counter_or_a_clock_is_a_capture_and_no_change(portal: LivingPortal) -> None:
    portal.crawl()
    portal.pages[TOP] = report("和平区", 2020, aside="您是第 1024 位访客 2026年11月23日 10:01:02")
    again = portal.crawl("--recheck", "all")
    assert (again["reports_changed"], again["pages"]) == (0, {"report": 1})
    assert portal.rows("select count(*) from report_versions") == [(15,)]
    assert portal.rows("select count(*) from events where run_id = 2") == [(0,)]


def test_a_new_report_on_top_is_found_and_the_rest_is_left_alone(portal: LivingPortal) -> None:
    portal.crawl()
    portal.publish("/nb/a/20210.html", "和平区", 2021, at=0)
    again = portal.crawl()
    assert reports(again["asked"]) == ["/nb/a/20210.html"]
    assert sorted(again["asked"]) == sorted([*ALL_LISTS, "/nb/index_3.html", "/nb/a/20210.html"])
    assert again["reports_new"] == 1
    assert portal.rows("select kind, detail from events where run_id = 2") == [("new", "沈阳市和平区人民政府 2021")]


def test_a_late_insertion_far_down_is_found_by_the_weekly_sweep(portal: LivingPortal) -> None:
    portal.crawl()
    portal.publish("/nb/a/2018x.html", "浑南区", 2018, at=12)
    assert portal.crawl()["asked"] == FIRST_PAGES
    portal.age(8)
    again = portal.crawl()
    assert again["reports_new"] == 1
    assert sorted(again["asked"]) == sorted([*ALL_LISTS, "/nb/index_3.html", "/nb/a/2018x.html"])
    assert portal.crawl()["asked"] == FIRST_PAGES


def test_a_list_that_states_another_total_is_walked_to_its_end(portal: LivingPortal) -> None:
    portal.extra = "<div>共15条 3页</div>"
    portal.crawl()
    portal.publish("/nb/a/2018x.html", "浑南区", 2018, at=12)
    portal.extra = "<div>共16条 4页</div>"
    assert portal.crawl()["reports_new"] == 1


def test_a_list_in_no_plain_order_is_always_walked_to_its_end(portal: LivingPortal) -> None:
    portal.entries.reverse()
    portal.crawl()
    assert sorted(portal.crawl()["asked"]) == sorted(ALL_LISTS)


def test_another_span_of_years_walks_the_lists_anew(portal: LivingPortal) -> None:
    assert portal.crawl("--years", "2020")["reports_new"] == 5
    assert portal.crawl()["reports_new"] == 10


def test_a_report_is_asked_again_when_its_recheck_is_due_listed_or_not(portal: LivingPortal) -> None:
    portal.crawl()
    portal.age(60)
    assert reports(portal.crawl()["asked"]) == []
    portal.age(31)
    portal.entries.pop(0)
    portal.pages[TOP] = report("和平区", 2020, "更正：收到申请8件。")
    again = portal.crawl()
    assert sorted(reports(again["asked"])) == sorted(set(portal.pages))
    assert again["reports_changed"] == 1
    assert portal.rows("select kind, url like ? from events where run_id = 3", "%" + TOP) == [("changed", 1)]
    # What has just changed is asked again a day later, what has not is not.
    portal.age(1)
    assert reports(portal.crawl()["asked"]) == [TOP]


def test_an_age_asks_for_what_has_not_answered_for_so_long(portal: LivingPortal) -> None:
    portal.crawl()
    portal.age(3)
    assert reports(portal.crawl("--recheck", "4d")["asked"]) == []
    assert len(reports(portal.crawl("--recheck", "72h")["asked"])) == 15


@pytest.mark.parametrize("age", ["soon", "3", "-1d", "3m", "all d"])
def test_an_age_that_is_none_is_one_sentence(portal: LivingPortal, age: str) -> None:
    done = run("crawl", "--recheck", age, "--archive", str(portal.archive))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "12h, 30d, 2w, or all" in done.stderr
    assert not portal.archive.exists()


def test_a_moved_report_keeps_its_identity_and_both_addresses(portal: LivingPortal) -> None:
    portal.crawl()
    ((report_id, title),) = portal.rows("select id, title from reports where url like ?", "%" + TOP)
    portal.pages["/nb/b/new.html"] = portal.pages.pop(TOP)
    portal.entries[0] = ("/nb/b/new.html", portal.entries[0][1], portal.entries[0][2])
    again = portal.crawl()
    assert (again["reports_new"], again["reports_changed"]) == (0, 0)
    assert portal.rows("select kind, report_id from events where run_id = 2") == [("moved", report_id)]
    for _ in range(2):
        portal.age(91)
        portal.crawl()
    assert portal.rows(
        "select id, title, url like '%/nb/b/new.html', gone_at from reports where id = ?", report_id
    ) == [(report_id, title, 1, None)]
    addresses = "select url like '%/nb/b/new.html', gone_at is null from report_urls where report_id = ? order by 1"
    assert portal.rows(addresses, report_id) == [(0, 0), (1, 1)]
    assert portal.rows("select count(*) from reports") == [(15,)]
    assert_rebuilt_the_same(portal)


def assert_rebuilt_the_same(portal: LivingPortal) -> None:
    """What runs left bit by bit is what all captures give at once."""
    tables = ("reports", "report_urls", "report_versions", "sections", "attachments", "events", "captures")
    before = {table: portal.rows(f"select * from {table} order by 1, 2") for table in tables}
    with Archive.open(portal.archive) as archive:
        archive.rebuild(derive)
    for table in tables:
        assert portal.rows(f"select * from {table} order by 1, 2") == before[table], table


def test_an_address_that_redirects_to_the_new_one_was_left(portal: LivingPortal) -> None:
    portal.crawl()
    ((report_id,),) = portal.rows("select id from reports where url like ?", "%" + TOP)
    portal.pages["/nb/b/new.html"] = portal.pages[TOP]
    portal.pages[TOP] = Reply(b"", 301, headers={"Location": "/nb/b/new.html"})
    portal.crawl("--recheck", "all")
    assert portal.rows("select url like '%/nb/b/new.html', gone_at from reports where id = ?", report_id) == [(1, None)]
    assert portal.rows("select count(*) from report_urls where report_id = ? and gone_at is not null", report_id) == [
        (1,)
    ]
    assert_rebuilt_the_same(portal)


SOFT = "<html><head><title>提示</title></head><body><p>对不起，您访问的页面不存在或已被删除！</p></body></html>"


@pytest.mark.parametrize(
    "nothing",
    [None, Reply(b"gone", 410), Reply(SOFT.encode())],
    ids=["404", "410", "soft 404"],
)
def test_a_report_taken_down_is_gone_on_the_second_run_and_may_return(
    portal: LivingPortal, nothing: Reply | None
) -> None:
    portal.crawl()
    ((report_id, text),) = portal.rows("select id, text from reports where url like ?", "%" + TOP)
    page, entry = portal.pages.pop(TOP), portal.entries.pop(0)
    if nothing is not None:
        portal.pages[TOP] = nothing
    portal.age(91)
    assert portal.crawl()["reports_gone"] == 0
    assert portal.rows("select gone_at from reports where id = ?", report_id) == [(None,)]
    # In doubt, it is asked on the very next run.
    assert reports(again := portal.crawl()["asked"]) == [TOP], again
    ((gone_at, kept),) = portal.rows("select gone_at, text from reports where id = ?", report_id)
    assert gone_at is not None
    assert kept == text
    assert reports(portal.crawl()["asked"]) == []
    portal.pages[TOP] = page
    portal.entries.insert(0, entry)
    portal.age(2)
    portal.crawl()
    assert portal.rows("select gone_at from reports where id = ?", report_id) == [(None,)]
    kinds = "select kind from events where report_id = ? order by id"
    assert portal.rows(kinds, report_id) == [("new",), ("gone",), ("returned",)]


def test_trouble_is_not_gone(portal: LivingPortal) -> None:
    portal.crawl()
    portal.pages[TOP] = Reply(b"<html><body>Bad Gateway</body></html>", 404 + 98)
    for _ in range(3):
        portal.crawl("--recheck", "all", code=1)
    assert portal.rows("select count(*) from reports where gone_at is not null") == [(0,)]


def test_dead_links_are_asked_again_ever_more_rarely_or_where_asked(portal: LivingPortal) -> None:
    page = portal.pages.pop(TOP)
    assert portal.crawl()["problem_kinds"] == {"dead_link": 1}
    portal.pages[TOP] = page
    assert portal.crawl()["reports_new"] == 0
    assert portal.crawl("--retry-problems")["reports_new"] == 1
    assert sorted(portal.crawl("--retry-problems")["asked"]) == sorted([*ALL_LISTS, TOP])


def test_what_a_304_speaks_of_but_cannot_be_read_is_asked_in_full(portal: LivingPortal) -> None:
    portal.crawl()
    with sqlite3.connect(portal.archive) as connection:
        connection.execute(
            "update blobs set body = zeroblob(9) where sha256 in (select sha256 from captures where kind = 'list')"
        )
        connection.execute("delete from ways")
    connection.close()
    portal.publish("/nb/a/20210.html", "和平区", 2021, at=0)
    assert portal.crawl(code=None)["reports_new"] == 1


def test_every_list_is_walked_again_where_an_entry_could_not_be_had(portal: LivingPortal) -> None:
    page = portal.pages[OLD]
    portal.pages[OLD] = Reply(b"<html><body>Internal Server Error</body></html>", 500)
    portal.crawl(code=1)
    portal.pages[OLD] = page
    assert portal.crawl()["reports_new"] == 1
    assert portal.crawl()["asked"] == FIRST_PAGES


def test_a_late_entry_that_could_not_be_had_is_asked_on_the_next_run(portal: LivingPortal) -> None:
    portal.crawl()
    portal.publish("/nb/a/20210.html", "和平区", 2021, at=0)
    portal.publish("/nb/a/late.html", "浑南区", 2018, at=13)
    page = portal.pages["/nb/a/late.html"]
    portal.pages["/nb/a/late.html"] = Reply(b"<html><body>Internal Server Error</body></html>", 500)
    assert portal.crawl(code=1)["reports_new"] == 1
    portal.pages["/nb/a/late.html"] = page
    assert portal.crawl()["reports_new"] == 1


def test_after_a_run_the_archive_is_one_file(portal: LivingPortal) -> None:
    """Whoever copies it then has all of it."""
    portal.crawl()
    portal.crawl()
    assert sorted(path.name for path in portal.folder.iterdir()) == ["archive.db", "living.toml"]


@pytest.mark.parametrize("target", [Reply(b"", 503), None])
def test_what_a_redirect_leads_to_is_asked_until_it_is_there(portal: LivingPortal, target: Reply | None) -> None:
    """The redirect itself is archived before its target is asked: a failure there, or a kill, must not end it."""
    there = "/nb/b/there.html"
    portal.publish("/nb/a/moved.html", "浑南区", 2016)
    whole = portal.pages["/nb/a/moved.html"]
    portal.pages["/nb/a/moved.html"] = Reply(b"", 302, headers={"Location": there})

    def killing(_: object) -> Reply:
        portal._process.kill()  # type: ignore[union-attr]
        return Reply(b"", 503)

    portal.pages[there] = killing if target is None else target
    portal.run()
    assert portal.rows("select count(*) from reports where url like '%there.html'") == [(0,)]
    portal.pages[there] = whole
    assert there in portal.crawl()["asked"]
    assert portal.rows("select count(*) from reports where url like '%there.html'") == [(1,)]
    assert not {there, "/nb/a/moved.html"} & set(portal.crawl()["asked"])
