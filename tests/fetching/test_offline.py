"""`crawl --offline`: the same walk over captures, without a request; what is not there is told."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.fetching.captures import NotCapturedError
from crawler.fetching.source import Source
from crawler.records.capture import Capture, Context, Step
from crawler.records.errors import NianbaoError
from pipelines import derive
from tests.portals.test_probe import nianbao
from tests.servers import MAKES
from tests.servers.writing import report

REPORTS = "select url, report_year, organ, text_sha256 from reports order by url"
CAPTURES = "select url, fetched_at, status, sha256, headers from captures order by url, fetched_at"


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(archive)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def offline(source: Path, profile: Path, archive: Path, *more: str) -> tuple[int, dict[str, Any], str]:
    done = nianbao(
        "crawl", "--offline", str(source), "--profile", str(profile), "--archive", str(archive), "--json", *more
    )
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_the_same_walk_over_an_archive_and_over_a_warc(tmp_path: Path) -> None:
    """Pages turned by POST; the captures keep their times, and nobody is asked, by name neither."""
    profile, first = tmp_path / "p.toml", tmp_path / "first.db"
    with MAKES["aspnet_steps"]().serve() as portal:
        profile.write_text(portal.profile_toml, "utf-8")
        assert nianbao("crawl", "--profile", str(profile), "--archive", str(first)).returncode == 0
        asked = len(portal.requests)
        assert nianbao("export", "warc", str(tmp_path / "all.warc.gz"), "--archive", str(first)).returncode == 0
        connection = sqlite3.connect(first)
        past = "update captures set fetched_at = '2024-05-06T07:08:09Z', last_seen_at = '2024-05-06T07:08:09Z'"
        connection.executescript(past)
        connection.close()
        for source, at in ((first, "2024-05-06T07:08:09Z"), (tmp_path / "all.warc.gz", "")):
            second = tmp_path / f"of {source.name}"
            code, summary, said = offline(source, profile, second)
            assert (code, summary["requests"], summary["source"]) == (0, 0, source.name)
            assert f"nobody was asked: {source.name} answered; 0 ways led to what is not in it" in said
            assert rows(second, REPORTS) == rows(first, REPORTS)
            assert len(rows(second, REPORTS)) == len(portal.truth)
            assert any("__wb_method=POST" in row[0] for row in rows(second, CAPTURES))
            if at:
                assert rows(second, CAPTURES) == rows(first, CAPTURES)
            assert rows(second, "select yields, source from runs") == [("{}", source.name)]
            assert rows(second, "select count(*) from lists") == [(0,)]
        # The WARC is the newer one: what is archived has last been seen when that was made, and no capture is added.
        code, summary, _ = offline(tmp_path / "all.warc.gz", profile, first)
        assert (code, summary["pages"], summary["reports_new"], summary["reports_gone"]) == (0, {}, 0, 0)
        seen = rows(first, "select max(last_seen_at), max(fetched_at) from captures")[0]
        assert seen[0] > seen[1]
        assert len(portal.requests) == asked
        # The older one changes nothing any more.
        before = rows(first, "select url, last_seen_at, sha256 from captures order by id")
        offline(tmp_path / "of first.db", profile, first, "--recheck", "all")
        assert rows(first, "select url, last_seen_at, sha256 from captures order by id") == before
    assert nianbao("verify", "--archive", str(first)).returncode in (0, 1)
    assert "last good" not in nianbao("log", "--archive", str(tmp_path / "of first.db")).stdout


def test_what_is_not_in_the_source_is_told_by_its_address(tmp_path: Path) -> None:
    profile, first, second = tmp_path / "p.toml", tmp_path / "first.db", tmp_path / "second.db"
    with MAKES["vsb"]().serve() as portal:
        profile.write_text(portal.profile_toml, "utf-8")
        nianbao("crawl", "--profile", str(profile), "--archive", str(first), "--years", "2018-2023")
    code, summary, said = offline(first, profile, second)
    missing = rows(second, "select url, detail from problems where kind = 'not_captured' order by url")
    left = {report["url"] for report in portal.truth} - {row[0] for row in rows(first, REPORTS)}
    assert left
    assert left <= {url for url, _ in missing}
    assert {detail for _, detail in missing} == {"first.db has no answer of this address"}
    assert f"{len(missing)} ways led to what is not in it" in said
    assert (code, summary["problem_kinds"]["not_captured"]) == (0, len(missing))
    assert rows(second, REPORTS) == rows(first, REPORTS)
    # A home page that is not there is no walk at all.
    profile.write_text(portal.profile_toml.replace('home = "http://127.0.0.1', 'home = "http://127.0.0.2'), "utf-8")
    code, summary, said = offline(first, profile, tmp_path / "third.db")
    assert code == 1
    assert "trail_broken" in said
    assert "first.db has no answer of this address" in said


def test_what_a_browser_once_showed_is_shown_again(tmp_path: Path) -> None:
    """The served bytes and the browser's document both stand in the archive; no browser is started."""
    site, at = "http://www.somewhere.gov.cn", "2025-01-02T03:04:05Z"
    html = [("Content-Type", "text/html; charset=utf-8")]
    column = "<html><title>政府信息公开年报</title><script>load()</script></html>"
    made_up = report("/nb/t20200101_1.html", "海城市人民政府", "government", "210381", 2019)
    row = f"<li><a href='{made_up.path}'>{made_up.title}</a><span>2020-01-01</span></li>"
    shown = f"<html><title>政府信息公开年报</title><ul>{row}</ul></html>"
    text = f"<html><title>{made_up.title}</title><h1>{made_up.title}</h1><div>{made_up.html}</div></html>"
    home = "<html><title>海城市人民政府</title><a href='/nb/'>政府信息公开年报</a></html>"
    made = [*html, ("X-Rendered-By", "Chromium/1")]
    pages = [("/", home, html, False), ("/", home, made, True), ("/nb/", column, html, False)]
    pages += [("/nb/", shown, made, True), (made_up.path, text, html, False)]
    with Archive.open(tmp_path / "a.db") as archive:
        archive.begin_run(["x"])
        for path, body, headers, rendered in pages:
            trail = (Step("首页", site + "/"), Step("年报", site + path))
            capture = Capture(site + path, 200, headers, body.encode(), at, "x", trail, rendered)
            archive.store(derive(capture, Context(True, path == "/", "210381")))
    profile = tmp_path / "p.toml"
    profile.write_text(f'id = "x"\nname = "x"\nhome = "{site}/"\nregion = "210381"\nbrowser = true\n', "utf-8")
    code, summary, said = offline(tmp_path / "a.db", profile, tmp_path / "b.db")
    assert (code, summary["reports"]) == (0, 1), said
    assert rows(tmp_path / "b.db", CAPTURES) == rows(tmp_path / "a.db", CAPTURES)
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("pragma foreign_keys = off")
    connection.execute("delete from captures where url = ?", (f"{site}/nb/#rendered",))
    connection.commit()
    connection.close()
    code, summary, _ = offline(tmp_path / "a.db", profile, tmp_path / "c.db")
    assert (code, summary["problem_kinds"]["not_rendered"]) == (1, 1)


def test_a_refusal_stands_only_where_nothing_else_came(tmp_path: Path) -> None:
    site = "http://www.somewhere.gov.cn/"
    with Archive.open(tmp_path / "a.db") as archive:
        for at, status, body in (("2025-01-01", 200, b"<p>page</p>"), ("2025-01-02", 503, b"busy"), ("2025", 404, b"")):
            archive.begin_run(["x"])
            url = site + ("gone" if status == 404 else "")
            archive.store(derive(Capture(url, status, [], body, f"{at}T00:00:00Z", "x"), Context()))
    source = Source(tmp_path / "a.db")
    assert source.find(site).body == b"<p>page</p>"
    assert source.find("http://WWW.somewhere.gov.cn:80").status == 200
    assert source.find(site + "gone").status == 404
    with pytest.raises(NotCapturedError, match=r"a\.db has no answer"):
        source.find(site + "#rendered")
    source.close()


@pytest.mark.parametrize("content", [b"no archive", b"", b"PK\x03\x04", None])
def test_a_source_that_is_neither_is_one_sentence(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "what"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NianbaoError, match=r"expected a|unpack it"):
        Source(path)
    done = nianbao("crawl", "--offline", str(path), "--archive", str(tmp_path / "a.db"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "a.db").exists()
