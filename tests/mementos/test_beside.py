"""What web archives have beside what the portal itself showed: gaps are filled, and nothing newer is undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.navigation.test_trails import html, menu, report
from tests.navigation.test_trails import rows as listing
from tests.portals.test_probe import nianbao
from tests.servers.base import TestPortal
from tests.servers.mementos import Held, WebArchive
from tests.support.generations import backfill, rows

pytestmark = pytest.mark.crawl

LINKS = [(f"/a/{year}.html", f"沈阳市大东区{year}年政府信息公开工作年度报告") for year in (2010, 2011)]
NEWER = report("大东区", 2011).replace("一、概述", "一、概述（更正）")
COVERAGE = "select report_year, status, via from coverage order by 1"
SHOWN = "select key, url, report_year, gone_at, text_sha256, last_seen_at from reports where report_year = 2011"


def test_a_dead_link_is_filled_and_what_stands_today_stays(tmp_path: Path) -> None:
    archive, profile = tmp_path / "archive.db", tmp_path / "portal.toml"
    home = html(menu(("/nb/", "政府信息公开年报")))
    pages = {"/": home, "/nb/": html(listing(*LINKS)), "/a/2011.html": NEWER}
    with TestPortal(pages, name="dadong", region="210104").serve() as portal:
        profile.write_text(portal.profile_toml, "utf-8")
        nianbao("crawl", "--profile", str(profile), "--archive", str(archive), "--years", "2010-2011")
        asked, root = len(portal.requests), portal.home.rstrip("/")
        before = rows(archive, SHOWN)
        assert rows(archive, "select report_year from reports") == [(2011,)]
        bodies = {
            "/": home,
            "/nb/": html(listing(*LINKS)),
            **{path: report("大东区", int(path[3:7])) for path, _ in LINKS},
        }
        held = [Held(root + path, "20130615080000", body.encode()) for path, body in bodies.items()]
        with WebArchive("wayback", held).serve() as web:
            done = backfill(tmp_path, web.toml, "--years", "2010-2011")
        assert done.returncode == 0, done.stderr
        assert len(portal.requests) == asked
        body = nianbao("cat", f"{root}/a/2011.html", "--archive", str(archive)).stdout
        assert "更正" in body
        assert rows(archive, SHOWN) == before
        assert rows(archive, COVERAGE) == [(2010, "archived", "wayback"), (2011, "archived", None)]
        _is_rebuilt(archive)
        # What comes back is the portal's again, though the bytes are those that the web archive had.
        portal.pages["/a/2010.html"] = report("大东区", 2010)
        again = ("--years", "2010-2011", "--recheck", "all")
        nianbao("crawl", "--profile", str(profile), "--archive", str(archive), *again)
        assert rows(archive, COVERAGE) == [(2010, "archived", None), (2011, "archived", None)]
        assert rows(archive, "select gone_at from reports where report_year = 2010") == [(None,)]
        _is_rebuilt(archive)
    assert rows(archive, "select count(*) from captures where source is null and url like '%2010%'") == [(2,)]
    assert [kind for (kind,) in rows(archive, "select kind from events order by id")] == ["new", "new", "returned"]


def _is_rebuilt(archive: Path) -> None:
    """Whether a rebuild gives the same reports."""
    query = "select key, url, report_year, gone_at, text_sha256, capture_id from reports order by key"
    before = rows(archive, query), rows(archive, COVERAGE)
    assert nianbao("rebuild", "--all", "--archive", str(archive)).returncode == 0
    assert (rows(archive, query), rows(archive, COVERAGE)) == before


def test_a_report_below_a_known_list_is_taken_without_a_walk(tmp_path: Path) -> None:
    """The home page was never captured; the list is known from the portal itself."""
    archive, profile = tmp_path / "archive.db", tmp_path / "portal.toml"
    links = [(f"/nb/{year}.html", label) for (_, label), year in zip(LINKS, (2010, 2011), strict=True)]
    pages = {"/": html(menu(("/nb/", "政府信息公开年报"))), "/nb/": html(listing(links[1])), "/nb/2011.html": NEWER}
    with TestPortal(pages, name="dadong", region="210104").serve() as portal:
        profile.write_text(portal.profile_toml, "utf-8")
        nianbao("crawl", "--profile", str(profile), "--archive", str(archive), "--years", "2010-2011")
        root = portal.home.rstrip("/")
    held = [
        Held(f"{root}/nb/2010.html", "20130615080000", report("大东区", 2010).encode()),
        Held(f"{root}/news/1.html", "20130615080000", html("<p>新闻</p>").encode()),
    ]
    with WebArchive("pywb", held).serve() as web:
        done = backfill(tmp_path, web.toml, "--years", "2010-2011")
        assert done.returncode == 0, done.stderr
        assert [one.partition("id_")[2] for one in web.of("/replay/")] == [f"/{root}/nb/2010.html"]
    assert rows(archive, COVERAGE) == [(2010, "archived", "pywb"), (2011, "archived", None)]
