"""Through the door: portals of every make, and the sample portal, crawled by the command line."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from crawler.sample import SamplePortal
from tests.servers import MAKES
from tests.support.program import run

FIELDS = ("title", "organ", "organ_kind", "region_code", "region", "report_year", "published_on", "signed_on")


def crawl(folder: Path, profile: str) -> tuple[int, dict[str, Any]]:
    """Run `nianbao crawl` on a profile; exit code and the summary it prints."""
    path = folder / "portal.toml"
    path.write_text(profile, "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    done = run("crawl", "--profile", str(path), "--archive", str(folder / "a.db"), "--json", env=environment)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query over the archive gives."""
    connection = sqlite3.connect(folder / "a.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def facts(truth: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows of `reports` that a truth list asks for."""
    return sorted((report["url"], *(report[name] for name in FIELDS)) for report in truth)


AGAIN = frozenset({"trs", "vsb", "hanweb", "hanweb_only_page", "asp", "jpaas", "epoint", "aspnet_steps"})
"""Makes that are asked a second time; the others turn their pages by plain addresses as some of these do."""


@pytest.mark.parametrize("make", MAKES)
def test_every_report_once_nothing_off_the_hosts_and_nothing_new_again(make: str, tmp_path: Path) -> None:
    with MAKES[make]().serve() as portal:
        code, summary = crawl(tmp_path, portal.profile_toml)
        assert code == 0, summary
        found = rows(tmp_path, f"select url, {', '.join(FIELDS)} from reports order by url")
        assert found == facts(portal.truth)
        assert summary["reports_new"] == len(portal.truth)
        assert [target for target, times in portal.counts().items() if times > 1] == []
        assert portal.decoy_requests == []
        off = rows(tmp_path, "select count(*) from problems where kind = 'host_not_allowed'")
        assert off[0][0] >= 1
        fetched = len(portal.requests)
        assert fetched <= len(portal.pages) + 20, "wandered into the traps"
        posts = sum(request.method == "POST" for request in portal.requests)
        posted = rows(tmp_path, "select count(*) from captures where url like '%__wb_method=POST&%'")
        assert posted == [(posts,)]
        if make not in AGAIN:
            return

        captures = rows(tmp_path, "select count(*) from captures")
        code, again = crawl(tmp_path, portal.profile_toml)
        assert (code, again["reports_new"], again["reports_changed"], again["reports_gone"]) == (0, 0, 0, 0)
        assert rows(tmp_path, "select count(*) from captures") == captures
        assert rows(tmp_path, "select count(*) from reports") == [(len(portal.truth),)]


def test_the_sample_portal_is_archived_whole(tmp_path: Path) -> None:
    with SamplePortal().serve() as portal:
        code, summary = crawl(tmp_path, portal.profile_toml)
        assert code == 0, summary
        found = rows(tmp_path, f"select url, {', '.join(FIELDS)} from reports order by url")
        assert found == facts(portal.truth)
        assert rows(tmp_path, "select count(*) from reports where text is null") == [(0,)]
        code, again = crawl(tmp_path, portal.profile_toml)
        assert (code, again["reports_new"], again["reports_changed"]) == (0, 0, 0)
        assert rows(tmp_path, "select count(*) from report_versions") == [(len(portal.truth),)]
