"""Replays that lead to other captures, redirects that were captured, and a backfill that is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from crawler.mementos.archives import parse
from crawler.mementos.client import Client
from crawler.mementos.replay import RefusedError, fetch
from crawler.records.mementos import Memento
from crawler.words.mementos import key, time_of
from tests.mementos.test_faults import HOST, PROFILE, outcome, page, portal, problems, reports
from tests.navigation.test_trails import report
from tests.servers.mementos import Held, WebArchive
from tests.support.generations import rows

LIST, REPORT = "20130615080000", "20130301000000"


@pytest.mark.crawl
def test_a_replay_that_leads_to_another_capture_is_that_one(tmp_path: Path) -> None:
    """Its time and its place are kept; what was asked for is not asked for again."""
    held = [*portal(), page("/a/2011.html", REPORT, report("大东区", 2011))]
    faults = {"leads": {"/a/2011.html": REPORT}}
    code, summary, web, _ = outcome(tmp_path, held, faults)
    assert (code, reports(tmp_path), summary["distant"]) == (0, [2010, 2011, 2012], 1)
    archive = tmp_path / "archive.db"
    captured = rows(archive, "select fetched_at from captures where url like '%2011%'")
    assert captured == [("2013-03-01T00:00:00Z",)]
    ((kind, url, detail),) = problems(tmp_path)
    assert (kind, url) == ("memento_distant", f"{HOST}/a/2011.html")
    assert "asked for the capture of 2013-06-15T08:00:00Z, led to that of 2013-03-01T00:00:00Z, 106 days off" in detail
    said = rows(archive, "select at, outcome from mementos where url like '%2011%' order by at")
    assert said == [("2013-03-01T00:00:00Z", "kept"), ("2013-06-15T08:00:00Z", "refused")]
    again = outcome(tmp_path, held, faults)
    assert (again[0], again[2].asked) == (0, [])
    assert len([target for target in web.of("/replay/") if "2011" in target]) <= 3


@pytest.mark.crawl
@pytest.mark.parametrize("bare", [False, True])
def test_a_redirect_that_was_captured_is_one(bare: bool, tmp_path: Path) -> None:
    moved = Held(
        f"{HOST}/a/2011.html", LIST, b"", 301, (("Content-Type", "text/html"), ("Location", f"{HOST}/b/11.html"))
    )
    held = [one for one in portal() if not one.url.endswith("2011.html")]
    held += [moved, page("/b/11.html", LIST, report("大东区", 2011))]
    code, _, web, _ = outcome(tmp_path, held, {"bare": bare})
    assert (code, reports(tmp_path)) == (0, [2010, 2011, 2012])
    archive = tmp_path / "archive.db"
    assert rows(archive, "select url from reports where report_year = 2011") == [(f"{HOST}/b/11.html",)]
    kinds = rows(archive, "select url, status, kind from captures where url like '%2011%'")
    assert kinds == [(f"{HOST}/a/2011.html", 301, "redirect")]
    assert len(web.of("/replay/")) == len(held)


def taken(web: WebArchive, path: str, status: int | None = 200) -> Memento:
    return Memento("wayback", "p", HOST + path, key(HOST + path), str(time_of(LIST)), status)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("20130615080001", "answered 404 and no capture"),
        ("20130615080000id_/http://www.elsewhere.example/", "led to another address, http://www.elsewhere.example/"),
        ("nowhere", "in place of a capture"),
        ("20130615080001id_/http://dadong.gov.cn/a/2011.html", "led on more than 3 times"),
    ],
)
def test_a_replay_that_leads_nowhere_is_refused(place: str, words: str) -> None:
    with WebArchive("wayback", portal(), {"leads": {"/a/2011": place}}).serve() as web:
        client = Client(parse(tomllib.loads(web.toml), "made up"), "")
        with pytest.raises(RefusedError, match=words):
            fetch(client, taken(web, "/a/2011.html"))
        assert len(web.asked) <= 4


@pytest.mark.crawl
def test_a_backfill_that_is_killed_asks_nothing_again(tmp_path: Path) -> None:
    """Killed as it asks for the second page of the index, then at its third body, then at its fourth."""
    (tmp_path / "portal.toml").write_text(PROFILE, "utf-8")
    archive = tmp_path / "archive.db"
    with WebArchive("wayback", portal()).serve() as web:
        (tmp_path / "source.toml").write_text(web.toml, "utf-8")
        line = [
            sys.executable, "-m", "crawler", "backfill", "--profile", str(tmp_path / "portal.toml"), "--source",
            str(tmp_path / "source.toml"), "--archive", str(archive), "--jobs", "1", "--json", "--years", "2010-2013",
        ]  # fmt: skip
        for path, number in (("/cdx", 3), ("/replay/", 3), ("/replay/", 2), ("", 0)):
            before = len(web.asked)
            held = {url for (url,) in rows(archive, "select url from captures")} if archive.exists() else set()
            process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

            def kill(
                target: str,
                path: str = path,
                number: int = number,
                before: int = before,
                victim: subprocess.Popen[str] = process,
            ) -> None:
                asked = [one for one in [*web.asked[before:], target] if one.startswith(path)]
                if len(asked) == number:
                    victim.kill()

            web.on_asked = kill
            said, _ = process.communicate()
            assert process.returncode == (-9 if number else 0)
            asked = web.asked[before:]
            assert not {target.partition("id_/")[2] for target in asked} & held
    assert json.loads(said.splitlines()[-1])["exit_code"] == 0
    assert reports(tmp_path) == [2010, 2011, 2012]
    # What led on was kept before it did; only what was on its way at a kill is asked for once more.
    again = [target for number, target in enumerate(web.asked) if target in web.asked[:number]]
    assert not {target for target in again if target.endswith(("gov.cn/", "/nb/"))}
    assert len([target for target in again if target.startswith("/cdx")]) == 1
    assert len(again) <= 5
