"""What came is kept before it is read, dismissed when it was, and read by whoever comes next where a run died."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.derive.redaction import Demand
from crawler.records.capture import RENDERED, Capture, Context, Step
from crawler.records.errors import ArchiveError
from pipelines import derive
from tests.servers.living import LivingPortal, living, report

URL = "http://www.x.gov.cn/nb/a.html"
CONTEXT = Context(True, region="210100", column_year=2018)


def capture(say: str = "", url: str = URL, rendered: bool = False) -> Capture:
    headers = [("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"')]
    trail = (Step("首页", "http://www.x.gov.cn/"), Step("年报", url))
    body = report("大东区", 2018, say).encode()
    return Capture(url, 200, headers, body, "2026-01-01T00:00:00Z", "x", trail, rendered)


def arrivals(archive: Archive) -> list[str]:
    return [row[0] for row in archive.connection.execute("select url from arrivals order by url")]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "a.db") as opened:
        opened.lock()
        opened.begin_run(["x"])
        yield opened


def test_what_came_is_kept_as_it_came_and_dismissed_when_it_was_read(archive: Archive) -> None:
    one, shown = capture(), capture(rendered=True)
    for each in (one, shown):
        archive.arrive(each, CONTEXT, leaf=True)
    assert arrivals(archive) == [URL, URL + RENDERED]
    archive.store(derive(one, CONTEXT))
    assert arrivals(archive) == [URL + RENDERED]
    archive.take_in(archive.cautious(derive))
    assert arrivals(archive) == []
    rows = archive.connection.execute("select url, context, headers, trail, portal, fetched_at, status from captures")
    first, second = map(tuple, rows)
    assert (first[0], second[0]) == (URL, URL + RENDERED)
    assert first[1:] == second[1:], "whether it was read at once or later"


def test_half_a_surrogate_pair_in_a_label_keeps_nothing_from_being_kept(archive: Archive) -> None:
    torn = capture()
    torn.trail = (Step("年报\ud83d", URL),)
    archive.arrive(torn, CONTEXT, leaf=True)
    assert arrivals(archive) == [URL]
    archive.store(derive(torn, CONTEXT))
    assert arrivals(archive) == []
    assert archive.reports.count() == 1


def test_what_a_dead_run_had_fetched_is_that_runs(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive.open(path) as dead:
        dead.lock()
        dead.begin_run(["x"])
        dead.arrive(capture(), CONTEXT, leaf=False)
    with Archive.open(path) as alive:
        alive.lock()
        run = alive.begin_run(["x"])
        alive.take_in(alive.cautious(derive))
        alive.finish_run(run, "finished")
        assert arrivals(alive) == []
        assert alive.connection.execute("select run_id, kind from captures").fetchall()[0][:] == (1, "report")
        assert alive.reports.count() == 1
        assert alive.verify(derive, every=True) == []


def test_other_bytes_of_an_address_stay_until_they_are_read(archive: Archive) -> None:
    archive.arrive(capture("一"), CONTEXT, leaf=True)
    archive.arrive(capture("二"), CONTEXT, leaf=True)
    archive.store(derive(capture("二"), CONTEXT))
    assert arrivals(archive) == [URL]
    archive.take_in(archive.cautious(derive))
    assert archive.connection.execute("select count(*) from captures").fetchone()[0] == 2


def test_a_rebuild_takes_in_what_is_there(archive: Archive) -> None:
    archive.arrive(capture(), CONTEXT, leaf=True)
    assert archive.rebuild(derive) == {"captures": 1, "left": 0, "reports": 1}
    assert arrivals(archive) == []


def test_nothing_is_kept_unread_where_a_redaction_is_in_force(archive: Archive) -> None:
    stored = archive.store(derive(capture("某人的名字"), CONTEXT))
    archive.redact(derive, archive.demands.plan(derive, [stored.capture_id], copies=False).pages, Demand("r"))
    archive.arrive(capture("某人的名字"), CONTEXT, leaf=True)
    archive.arrive(capture(url="http://www.x.gov.cn/b.html"), CONTEXT, leaf=True)
    assert arrivals(archive) == []


def test_nothing_comes_before_a_run(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as opened, pytest.raises(ArchiveError, match="before the run began"):
        opened.arrive(capture(), CONTEXT, leaf=True)


@pytest.mark.parametrize("harm", ["update blobs set body = x'00'", "update arrivals set trail = '[{]'"])
def test_a_damaged_body_is_told_and_holds_up_nothing(archive: Archive, harm: str) -> None:
    archive.arrive(capture(), CONTEXT, leaf=True)
    archive.flush()
    archive.connection.execute(harm)
    archive.arrive(capture("别的", "http://www.x.gov.cn/b.html"), CONTEXT, leaf=True)
    archive.take_in(archive.cautious(derive))
    assert arrivals(archive) == []
    rows = archive.connection.execute("select run_id, kind, url from problems").fetchall()
    assert [tuple(row) for row in rows] == [(1, "arrival_damaged", capture().url)]
    assert [row[0] for row in archive.connection.execute("select url from captures")] == ["http://www.x.gov.cn/b.html"]


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[LivingPortal]:
    with living(tmp_path) as served:
        yield served


def test_a_run_that_ends_has_read_all_that_came(portal: LivingPortal) -> None:
    portal.crawl()
    assert portal.rows("select count(*) from arrivals") == [(0,)]
    path, body = "/nb/a/gone.html", report("浑南区", 2017)
    with Archive.open(portal.archive) as dead:
        dead.lock()
        dead.begin_run(["living"])
        url = f"http://{portal.address}{path}"
        came = Capture(url, 200, [("Content-Type", "text/html")], body.encode(), "2026-01-01T00:00:00Z", "living")
        dead.arrive(came, Context(True), leaf=True)
    portal.crawl()
    assert portal.rows("select count(*) from arrivals") == [(0,)]
    assert portal.rows("select run_id, kind from captures where url = ?", url) == [(2, "report")]
