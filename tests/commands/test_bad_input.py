"""Bad input through the command line: one clear sentence and the right exit code, never a traceback."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.sample.serving import Asked, Reply, serving
from tests.support.archive_toy import page
from tests.support.program import run

Answers = Mapping[str, bytes | Reply]


def nianbao(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments)


def sentence(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line a person reads; fails on a traceback or another exit code."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def profile(folder: Path, home: str, extra: str = "") -> str:
    path = folder / "p.toml"
    text = f'id = "p"\nname = "某市"\nhome = "{home}"\nregion = "210100"\ndelay = 0\nallow_private_addresses = true\n'
    path.write_text(text + extra, encoding="utf-8")
    return str(path)


@pytest.fixture
def archive(tmp_path: Path) -> str:
    return str(tmp_path / "a.db")


def test_no_such_portal(archive: str) -> None:
    said = sentence(nianbao("crawl", "atlantis", "--archive", archive), 2)
    assert "atlantis" in said
    assert len(said.splitlines()) == 1
    assert not Path(archive).exists()


@pytest.mark.parametrize(
    ("extra", "home", "named"),
    [
        ('colour = "red"', "http://127.0.0.1:9/", "colour"),
        ("", "not an address", "home"),
        ('trail = "x"', "http://127.0.0.1:9/", "trail"),
    ],
)
def test_bad_profile(tmp_path: Path, archive: str, extra: str, home: str, named: str) -> None:
    said = sentence(nianbao("crawl", "--profile", profile(tmp_path, home, extra), "--archive", archive), 2)
    assert named in said
    assert "p.toml" in said
    assert len(said.splitlines()) == 1
    assert not Path(archive).exists()


def test_bad_region(tmp_path: Path, archive: str) -> None:
    path = profile(tmp_path, "http://127.0.0.1:9/")
    Path(path).write_text(Path(path).read_text("utf-8").replace("210100", "999999"), encoding="utf-8")
    assert "999999" in sentence(nianbao("crawl", "--profile", path, "--archive", archive), 2)


def test_bad_years(archive: str) -> None:
    assert "1999" in sentence(nianbao("crawl", "shenyang", "--years", "1999-2001", "--archive", archive), 2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def problems(archive: str) -> list[tuple[str, str]]:
    with sqlite3.connect(archive) as connection:
        return connection.execute("select kind, detail from problems").fetchall()


def test_home_out_of_reach(tmp_path: Path, archive: str) -> None:
    home = f"http://127.0.0.1:{free_port()}/"
    said = sentence(nianbao("crawl", "--profile", profile(tmp_path, home), "--archive", archive), 1)
    assert "refuses the connection" in said
    assert [kind for kind, _ in problems(archive)] == ["unreachable"]


def test_home_with_broken_tls(tmp_path: Path, archive: str) -> None:
    with serving(lambda asked: Reply(b"plain")) as port:
        home = f"https://127.0.0.1:{port}/"
        said = sentence(nianbao("crawl", "--profile", profile(tmp_path, home), "--archive", archive), 1)
    assert "TLS" in said
    assert [kind for kind, _ in problems(archive)] == ["unreachable"]


def test_home_of_unknown_name(tmp_path: Path, archive: str) -> None:
    home = "http://no-such-host.invalid/"
    said = sentence(nianbao("crawl", "--profile", profile(tmp_path, home), "--archive", archive), 1)
    assert "not known" in said


def test_private_address_needs_leave(tmp_path: Path, archive: str) -> None:
    with serving(lambda asked: Reply(b"secret")) as port:
        path = Path(profile(tmp_path, f"http://127.0.0.1:{port}/"))
        path.write_text(path.read_text("utf-8").replace("allow_private_addresses = true\n", ""), encoding="utf-8")
        nianbao("crawl", "--profile", str(path), "--archive", archive)
    assert "host_not_allowed" in {kind for kind, _ in problems(archive)}
    with sqlite3.connect(archive) as connection:
        assert connection.execute("select count(*) from captures").fetchone()[0] == 0


@pytest.mark.parametrize(
    "answer",
    [
        Reply(b"<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>", 521),
        Reply(
            b'<html><head><meta content="x" r="m"><script r="m">$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=1;'
            b'$_ts.cd="q";</script></head><body></body></html>',
            412,
        ),
        Reply(
            b'<html><head><meta content="x" r="m"><script r="m">$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=1;'
            b'$_ts.cd="q";</script></head><body></body></html>'
        ),
    ],
)
def test_home_that_is_a_challenge(tmp_path: Path, archive: str, answer: Reply) -> None:
    asked: list[str] = []

    def respond(request: Asked) -> Reply:
        asked.append(request.target)
        return answer if request.target != "/robots.txt" else Reply(b"", 404)

    with serving(respond) as port:
        done = nianbao("crawl", "--profile", profile(tmp_path, f"http://127.0.0.1:{port}/"), "--archive", archive)
    assert "challenge" in sentence(done, 1)
    assert asked.count("/") == 1
    with sqlite3.connect(archive) as connection:
        assert connection.execute("select kind from captures").fetchall() == [("challenge",)]


def test_archive_that_is_no_archive(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("not a database, but long enough to have a header " * 10)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("create table notes (a)")
    newer = tmp_path / "newer.db"
    Archive.open(newer).close()
    with sqlite3.connect(newer) as connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('nianbao', 'm9999_later', '2099')"
        )
    before = {path: path.read_bytes() for path in (text, other)}
    for path in (text, other, newer, tmp_path, tmp_path / "no" / "such" / "folder" / "a.db"):
        said = sentence(nianbao("crawl", "shenyang", "--archive", str(path)), 2)
        assert str(path) in said or str(path.parent) in said
    assert {path: path.read_bytes() for path in (text, other)} == before


REPORT = "某区2018年政府信息公开工作年度报告"
BODY = "".join(
    f"<p>{head}</p><p>{'本年度主动公开政府信息，收到依申请公开申请，行政复议，行政诉讼，统计期限。' * 8}</p>"
    for head in (
        "一、概述",
        "二、主动公开政府信息情况",
        "三、依申请公开情况",
        "四、行政复议、行政诉讼",
        "五、存在的主要问题",
    )
)
PAGE = (
    f"<html><head><meta charset=utf-8><title>{REPORT}</title></head><body><h1>{REPORT}</h1>"
    f"<p>发布时间：2019-03-01</p><div class=TRS_Editor>{BODY}</div></body></html>"
)

WILD: dict[str, bytes] = {
    "empty": b"",
    "cut in a tag": PAGE.encode()[: PAGE.encode().rindex(b"<div") + 300] + b"<p cla",
    "cut in a character": PAGE.encode() + "政".encode()[:2],
    "nested tables": b"<html><body>" + b"<table><tr><td>" * 350_000,
    "NUL bytes": PAGE.replace("一、", "一、\0\0").encode(),
    "only NUL": b"\0" * 5000,
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF",
    "no charset known": bytes(range(128, 256)) * 40,
}


@pytest.mark.parametrize("name", WILD)
def test_extract_of_a_wild_page(tmp_path: Path, name: str) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(WILD[name])
    done = nianbao("extract", str(file), "--url", "http://www.example.gov.cn/a/t20190301_1.html", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["kind"] != "report" or name in ("cut in a tag", "cut in a character", "NUL bytes")
    assert result["text"] != ""
    if name == "PDF":
        assert (result["kind"], result["media_type"]) == ("attachment", "application/pdf")
    if name in ("cut in a character", "NUL bytes"):
        assert result["kind"] == "report"
        assert result["report_year"] == 2018
        assert "\0" not in result["text"]


def test_extract_of_no_file() -> None:
    assert "does not exist" in sentence(nianbao("extract", "/no/such/file", "--url", "http://a.gov.cn/"), 2)


def links(count: int, address: Callable[[int], str], label: Callable[[int], str]) -> bytes:
    rows = "".join(f'<li><a href="{address(n)}">{label(n)}</a><span>2019-03-01</span></li>' for n in range(count))
    return f"<html><meta charset=utf-8><body><ul>{rows}</ul></body></html>".encode()


def test_a_portal_of_wild_pages_costs_no_report(tmp_path: Path, archive: str) -> None:
    """Wild pages in a list beside good ones: the good ones are archived, every response is a capture."""
    wild = dict(zip((f"/nb/2018/w{n}.html" for n in range(len(WILD))), WILD.values(), strict=True))
    good = {f"/nb/2018/g{n}.html": PAGE.replace("某区", f"沈阳市{place}").encode() for n, place in enumerate(PLACES)}
    listed = [*wild, *good]
    pages: dict[str, bytes] = {
        "/": '<html><meta charset=utf-8><a href="/nb/">政府信息公开年报</a></html>'.encode(),
        "/nb/": '<html><meta charset=utf-8><a href="/nb/2018/">2018年</a></html>'.encode(),
        "/nb/2018/": links(len(listed), lambda n: listed[n], lambda n: f"第{n}区2018年政府信息公开工作年度报告"),
        **wild,
        **good,
    }
    done = crawl(tmp_path, archive, pages)
    assert "Traceback" not in done.stderr
    with sqlite3.connect(archive) as connection:
        regions = {row[0] for row in connection.execute("select region from reports")}
        assert set(PLACES) <= regions
        assert connection.execute("select count(distinct url) from captures").fetchone()[0] == len(pages)
        bodies = dict(connection.execute("select url, length from captures").fetchall())
    for address, body in wild.items():
        assert next(length for url, length in bodies.items() if url.endswith(address)) == len(body)


PLACES = ("大东区", "和平区", "沈河区")


def crawl(folder: Path, archive: str, pages: Mapping[str, bytes]) -> subprocess.CompletedProcess[str]:
    def respond(asked: Asked) -> Reply:
        body = pages.get(asked.target)
        return Reply(b"nothing here", 404) if body is None else Reply(body)

    with serving(respond) as port:
        return nianbao(
            "crawl", "--profile", profile(folder, f"http://127.0.0.1:{port}/"), "--archive", archive, "--json"
        )


def test_a_list_of_ten_thousand_links(tmp_path: Path, archive: str) -> None:
    """Most lead nowhere near a report; the run ends, keeps the three that are, and asks nothing twice."""
    good = {f"/nb/g{n}.html": PAGE.replace("某区", f"沈阳市{place}").encode() for n, place in enumerate(PLACES)}
    rows = links(10_000, lambda n: f"/news/{n}.html", lambda n: f"新闻第{n}条：区领导调研")
    listed = links(3, lambda n: list(good)[n], lambda n: f"沈阳市{PLACES[n]}2018年政府信息公开工作年度报告")
    pages = {
        "/": '<html><meta charset=utf-8><a href="/nb/">政府信息公开年报</a></html>'.encode(),
        "/nb/": listed.replace(b"</body></html>", b"") + rows,
        **good,
    }
    done = crawl(tmp_path, archive, pages)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["reports_new"] == 3
    assert summary["requests"] < 20


def test_a_trail_that_breaks_says_where_and_what_stood_there(tmp_path: Path, archive: str) -> None:
    pages = {"/": '<html><meta charset=utf-8><a href="/a/">旅游</a><a href="/b/">招商引资</a></html>'.encode()}
    said = sentence(crawl(tmp_path, archive, pages), 1)
    assert "trail_broken" in said
    assert "旅游" in said
    assert "招商引资" in said


@pytest.mark.parametrize(
    "words",
    [
        ("cat", "a\udcff"),
        ("show", "a\udcff"),
        ("diff", "a\udcff"),
        ("redact", "a\udcff", "--reason", "x", "--yes"),
        ("redact", "1", "--reason", "a\udcff", "--yes"),
    ],
)
def test_bytes_that_are_no_text(archive: str, words: tuple[str, ...]) -> None:
    with Archive.open(archive) as opened:
        opened.begin_run(["somewhere"])
        opened.store(page("/1.html", text="一"))
        opened.finish_run(1, "finished")
    said = sentence(nianbao(*words, "--archive", archive), 2)
    assert "expected characters in UTF-8" in said
    with Archive.read(archive) as reading:
        assert reading.verify() == []
        assert reading.connection.execute("select count(*) from redactions").fetchone()[0] == 0
