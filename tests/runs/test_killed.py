"""`kill -9` at many moments of a real crawl: nothing committed is lost, nothing is half there, and the next run ends
with the same archive as an undisturbed one, row by row, ids and times aside."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.sample.serving import Reply
from tests.servers.living import LivingPortal, living
from tests.support import documents_made
from tests.support.thorough import THOROUGH

REQUESTS = 27
"""Those of an undisturbed run, robots.txt included; a test sees to it that the number is right."""
STEP = 2 if THOROUGH else 3
MOMENTS = [
    *((number, None) for number in range(1, REQUESTS + 1, STEP)),
    *((number, 0.0) for number in range(2, REQUESTS + 1, STEP)),
    *((number, delay) for number in (5, 14, REQUESTS) for delay in ((0.002, 0.006, 0.02) if THOROUGH else (0.006,))),
]
"""With a request before it is answered, right after, and a little later, the end of the run included."""
DELAYS = (0.003, 0.012)
OTHERS = [
    (victims, number, delay)
    for victims, first in (("readers", 4), ("crawl and readers", 5))
    for place, number in enumerate(range(first, REQUESTS + 1, 4))
    for delay in (DELAYS if THOROUGH else DELAYS[place % 2 :][:1])
]
"""Moments at which the readers are killed, with the crawl and without: mostly right after a page was handed to one."""

DUMPS = {
    "captures": "select url, portal, status, content_type, length, sha256, trail, links_skipped, context, kind,"
    " media_type, charset, title, breadcrumb, lookalike, evidence from captures",
    "blobs": "select sha256, length, hex(nianbao_body(sha256)) from blobs",
    "reports": "select portal, url, title, organ, organ_kind, region_code, region, report_year, published_on,"
    " signed_on, source, breadcrumb, trail, form, text, text_sha256, gone_at, identity, evidence from reports",
    "report_urls": "select reports.url, report_urls.url, report_urls.gone_at, report_urls.text_sha256 from report_urls"
    " join reports on reports.id = report_id",
    "report_versions": "select reports.url, version, report_versions.text_sha256, report_versions.url,"
    " attachments_sha256 from report_versions join reports on reports.id = report_id",
    "sections": "select url, position, level, heading, sections.text from sections"
    " join reports on reports.id = report_id",
    "attachments": "select reports.url, attachments.url, label, attachments.media_type, attachments.text, captures.url"
    " from attachments join reports on reports.id = report_id"
    " left join captures on captures.id = attachments.capture_id",
    "statistics": "select reports.url, code, value, statistics.evidence from statistics"
    " join reports on reports.id = report_id",
    "problems": "select portal, url, kind, detail from problems",
    "lists": "select portal, url, plan, pages, items, stated from lists",
    "ways": "select url, seal, hex(ways) from ways join captures on captures.id = capture_id",
    "expected": "select * from expected",
    "events": "select kind, url, detail from events",
    "coverage": "select portal, region_code, report_year, status, days_late from coverage",
    "yields": "select distinct yields from runs where status = 'finished'",
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingPortal]:
    """With a dead link, a redirect, a lookalike and a report with a file, beside fifteen plain reports."""
    with living(tmp_path_factory.mktemp("killed")) as served:
        served.publish("/nb/a/dead.html", "浑南区", 2017)
        served.pages["/nb/a/dead.html"] = Reply(b"<html><title>404</title></html>", 404)
        served.publish("/nb/a/moved.html", "浑南区", 2016)
        served.pages["/nb/b/there.html"] = served.pages["/nb/a/moved.html"]
        served.pages["/nb/a/moved.html"] = Reply(b"", 302, headers={"Location": "/nb/b/there.html"})
        served.publish("/nb/a/file.html", "浑南区", 2015, '<a href="/f/table.xls">附件：统计表.xls</a>')
        served.pages["/f/table.xls"] = Reply(documents_made.xlsx())
        served.entries.append(
            ("/nb/a/notice.html", "关于做好2019年政府信息公开工作年度报告编制工作的通知", "2019-12-01")
        )
        served.pages["/nb/a/notice.html"] = (
            "<html><h1>关于做好2019年年报编制工作的通知</h1><p>请于1月31日前报送。</p></html>"
        )
        yield served


@pytest.fixture(scope="module")
def undisturbed(portal: LivingPortal) -> dict[str, list[tuple[Any, ...]]]:
    portal.kill = None
    portal.archive = portal.folder / "undisturbed.db"
    portal.crawl()
    assert len(portal.requests) == REQUESTS
    return dump(portal)


def dump(portal: LivingPortal) -> dict[str, list[tuple[Any, ...]]]:
    with Archive.read(portal.archive) as archive:
        assert archive.verify() == []
        return {name: sorted(map(tuple, archive.connection.execute(query))) for name, query in DUMPS.items()}


def killed(portal: LivingPortal, moment: tuple[int, float | None]) -> set[tuple[Any, ...]]:
    """Let a run be killed; what it had committed."""
    portal.kill = moment
    code, _, said = portal.run()
    portal.kill = None
    assert code in (-SIGKILL, 0), said
    if not portal.archive.exists():
        return set()
    with Archive.read(portal.archive) as archive:
        assert archive.verify() == []
        return set(map(tuple, archive.connection.execute("select id, url, sha256, fetched_at from captures")))


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment[0]}-{moment[1]}")
def test_the_next_run_ends_as_an_undisturbed_one(
    portal: LivingPortal, undisturbed: dict[str, Any], tmp_path: Path, moment: tuple[int, float | None]
) -> None:
    portal.archive = tmp_path / "archive.db"
    committed = killed(portal, moment)
    portal.crawl()
    kept = set(portal.rows("select id, url, sha256, fetched_at from captures"))
    assert committed <= kept
    after = dump(portal)
    for table, rows in undisturbed.items():
        assert after[table] == rows, table
    assert portal.rows("select count(*) from runs where status = 'running'") == [(0,)]


@pytest.mark.parametrize(("victims", "number", "delay"), OTHERS, ids=str)
def test_a_killed_reader_costs_nothing(
    portal: LivingPortal,
    undisturbed: dict[str, Any],
    tmp_path: Path,
    victims: str,
    number: int,
    delay: float,
) -> None:
    portal.archive, portal.victims = tmp_path / "archive.db", frozenset(victims.split(" and "))
    try:
        killed(portal, (number, delay))
        if "crawl" in portal.victims:
            portal.crawl()
    finally:
        portal.victims = frozenset({"crawl"})
    after = dump(portal)
    for table, rows in undisturbed.items():
        assert after[table] == rows, table
    assert portal.rows("select count(*) from arrivals") == [(0,)]


def test_killed_again_and_again_it_gets_there(
    portal: LivingPortal, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    portal.archive = tmp_path / "archive.db"
    for number in (2, 5, 7, 9, 12, 16):
        killed(portal, (number, 0.004))
    portal.crawl()
    after = dump(portal)
    for table, rows in undisturbed.items():
        assert after[table] == rows, table
    assert len(MOMENTS) + len(OTHERS) >= (60 if THOROUGH else 30)


SLICE = """
from spiders.annual_reports import AnnualReportsSpider
whole, came = AnnualReportsSpider.read, []

async def read(self, response):
    came.append(response)
    if len(came) == {requests}:
        self.stop("the run was given so many requests")
    async for item in whole(self, response):
        yield item

AnnualReportsSpider.read = read
from crawler.commands.cli import main
main()
"""
"""The program, whose time is over with a certain response instead of by the clock."""


@pytest.mark.parametrize("requests", [8, 13] if THOROUGH else [13])
def test_in_slices_it_ends_with_the_rows_of_one_run(
    portal: LivingPortal, undisturbed: dict[str, Any], tmp_path: Path, requests: int
) -> None:
    portal.archive = tmp_path / "archive.db"
    command = [sys.executable, "-c", SLICE.format(requests=requests), "crawl", "--archive", str(portal.archive)]
    codes: list[int] = []
    while not codes or (codes[-1] == 1 and len(codes) < REQUESTS):
        profile = portal.folder / "living.toml"
        profile.write_text(portal.profile_toml, "utf-8")
        done = subprocess.run([*command, "--profile", str(profile)], capture_output=True, text=True, check=False)
        codes.append(done.returncode)
        assert "Traceback" not in done.stderr
    assert codes == [1] * (len(codes) - 1) + [0]
    assert len(codes) > 1
    after = dump(portal)
    told = [row for row in after["problems"] if row[2] == "budget_spent"]
    assert len(told) == len(codes) - 1
    assert all(" left (" in row[3] and "the next run goes on" in row[3] for row in told)
    after["problems"] = [row for row in after["problems"] if row not in told]
    after["yields"].remove(("{}",))  # a part of a walk says nothing of what the portal yields
    for table, rows in undisturbed.items():
        assert after[table] == rows, table
