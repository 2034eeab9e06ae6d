"""`nianbao backfill` over a made-up portal in three generations on three hosts, by an index in each dialect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.portals.test_probe import nianbao
from tests.servers.mementos import Held, WebArchive
from tests.support.generations import GENERATIONS, LOST, backfill, rows

pytestmark = [pytest.mark.crawl, pytest.mark.slow]

CAPTURES = "select url, fetched_at, source, status, sha256, headers, kind from captures order by url, fetched_at"
REPORTS = (
    "select key, url, organ, report_year, region_code, gone_at, text_sha256, first_seen_at from reports order by key"
)


@pytest.mark.parametrize("dialect", ["wayback", "pywb", "commoncrawl", "timemap"])
def test_every_report_of_lost_generations_once(
    dialect: str, lost: tuple[list[Held], list[dict[str, Any]]], tmp_path: Path
) -> None:
    held, truth = lost
    archive = tmp_path / "archive.db"
    (tmp_path / "portal.toml").write_text(LOST, "utf-8")
    with WebArchive(dialect, list(held)).serve() as web:
        done = backfill(tmp_path, web.toml, "--years", "2008-2024")
        assert done.returncode == 0, done.stderr
        summary = json.loads(done.stdout.splitlines()[-1])
        assert (summary["walks"], summary["reports_new"], summary["refused"]) == (3, len(truth), 0)
        assert web.agents == {next(iter(web.agents))}
        assert "nianbao/" in next(iter(web.agents))
        assert "+a@b.example" in next(iter(web.agents))
        # Each capture was asked for once, as it was served.
        bodies = web.of("/data/" if dialect == "commoncrawl" else "/replay/")
        assert len(bodies) == summary["kept"]
        assert all("id_/" in one or dialect == "commoncrawl" for one in bodies)
        asked = len(web.asked)
        again = backfill(tmp_path, web.toml, "--years", "2008-2024")
        assert (again.returncode, len(web.asked)) == (0, asked)
    fields = ("url", "organ", "report_year", "region_code", "published_on")
    wanted = sorted(tuple(made[name] for name in fields) for made in truth)
    assert sorted(rows(archive, f"select {', '.join(fields)} from reports")) == wanted
    assert rows(archive, "select distinct source from captures") == [(dialect,)]
    times = {host: f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T08:00:00Z" for _, host, stamp in GENERATIONS}
    assert all(at == times[url.split("/")[2]] for url, at, *_ in rows(archive, CAPTURES))
    told = rows(archive, "select status, via, archives from coverage where report_year = 2012")
    assert [row[:2] for row in told] == [("archived", dialect)]
    assert json.loads(told[0][2])[0]["source"] == dialect
    assert rows(archive, "select distinct via, status from coverage where report_year = 2024") == [(None, "missing")]
    assert "from web archives" in nianbao("coverage", "--archive", str(archive)).stdout
    key = rows(archive, "select key from reports where report_year = 2012")[0][0]
    assert f"as archived by {dialect} at 2009-06-15T08:00:00Z" in nianbao("show", key, "--archive", str(archive)).stdout


def test_what_was_archived_elsewhere_is_rebuilt_and_exported_with_its_origin(
    lost: tuple[list[Held], list[dict[str, Any]]], tmp_path: Path
) -> None:
    archive, second, warc = tmp_path / "archive.db", tmp_path / "second.db", tmp_path / "all.warc.gz"
    profile = tmp_path / "portal.toml"
    profile.write_text(LOST, "utf-8")
    with WebArchive("pywb", [one for one in lost[0] if "yushe-old" in one.url]).serve() as web:
        assert backfill(tmp_path, web.toml).returncode == 0
    before = rows(archive, CAPTURES), rows(archive, REPORTS)
    assert len(before[1]) == 23
    assert nianbao("verify", "--archive", str(archive)).returncode == 0
    assert nianbao("rebuild", "--all", "--archive", str(archive)).returncode == 0
    assert (rows(archive, CAPTURES), rows(archive, REPORTS)) == before
    assert nianbao("export", "warc", str(warc), "--archive", str(archive)).returncode == 0
    taken = nianbao("import", str(warc), "--profile", str(profile), "--archive", str(second))
    assert taken.returncode == 0, taken.stderr
    assert (rows(second, CAPTURES), rows(second, REPORTS)) == before
