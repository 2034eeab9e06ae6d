"""Memento over our own captures (RFC 7089): TimeMaps, a TimeGate, and what a raw capture says of itself."""

from __future__ import annotations

import http.client
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.derive.redaction import Demand
from crawler.archive.file.captures import pages_again
from crawler.mementos.rows import of_links
from crawler.records.capture import RENDERED
from tests.support.archive_toy import SITE, derive, page
from tests.support.serving import served

PAGE = f"{SITE}/a.html"
MANY = "http://many.example/x?lang=fr&lang=de"
MARCH, APRIL, MAY = (f"2026-0{month}-01T00:00:00Z" for month in (3, 4, 5))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three captures of a page, one of them under another spelling; what is not offered; 10,001 of one address."""
    path = tmp_path_factory.mktemp("timemaps") / "archive.db"
    with Archive.open(path) as opened:
        opened.begin_run(["somewhere"])
        for at, url in ((MARCH, "/a.html"), (APRIL, "/a.html"), (MAY, "/a.html/")):
            opened.store(page(url, at, text=at))
        for at, more in (("2026-06-01T00:00:00Z", {"kind": "challenge"}), ("2026-07-01T00:00:00Z", {"status": 404})):
            opened.store(page("/a.html", at, **more))
        opened.store(page("/a.html" + RENDERED, "2026-08-01T00:00:00Z", text="shown"))
        gone = opened.store(page("/a.html", "2026-04-15T00:00:00Z", text="a name", year=2010))
        pages = pages_again(opened.connection, derive, [gone.capture_id])
        opened.redact(derive, {row["id"]: made for row, made in pages}, Demand("a demand", "a rule"))
        opened.flush()
    with closing(sqlite3.connect(path)) as connection:
        rows = ((f"2026-09-01T00:00:{n % 60:02}.{n:05}Z", MANY) for n in range(10_001))
        names = [row[1] for row in connection.execute("pragma table_info(captures)") if row[1] not in ("id", "url")]
        values = ", ".join("?" if name == "fetched_at" else name for name in names)
        connection.executemany(
            f"insert into captures ({', '.join(names)}, url) select {values}, ? from captures where id = 1", rows
        )
        connection.commit()
    return path


@pytest.fixture(scope="module")
def site(archive: Path) -> Iterator[str]:
    with served(archive, "--base-url", "/x/") as address:
        yield f"{address}/x/"


def ask(site: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body; no redirect is followed, and the path is sent as it stands."""
    host, _, base = site.split("//")[1].partition("/")
    with closing(http.client.HTTPConnection(host)) as connection:
        connection.request(method, f"/{base}{path}", headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()


@pytest.mark.parametrize("url", [PAGE, PAGE.replace("https://www.", "http://"), PAGE.replace("//", "/", 1)])
def test_a_timemap_has_what_may_be_shown_under_every_spelling(url: str, site: str) -> None:
    status, headers, body = ask(site, f"timemap/link/{url}")
    assert (status, headers["content-type"]) == (200, "application/link-format")
    rows, further = of_links(body, PAGE)
    assert [row and row["timestamp"] for row in rows] == ["20260301000000", "20260401000000", "20260501000000"]
    assert further == []
    said = url if "//" in url else PAGE
    for words in (
        f'<{said}>; rel="original",\n',
        f'<{site}timegate/{said}>; rel="timegate",\n',
        f'<{site}timemap/link/{said}>; rel="self"; type="application/link-format"; from="Sun, 01 Mar',
        f'<{site}capture/1/raw>; rel="first memento"; datetime="Sun, 01 Mar 2026 00:00:00 GMT"',
        f'<{site}capture/3/raw>; rel="last memento"; datetime="Fri, 01 May 2026 00:00:00 GMT"\n',
    ):
        assert words in body
    said_again = json.loads(ask(site, f"timemap/json/{url}")[2])
    assert [entry["datetime"] for entry in said_again["mementos"]["list"]] == [MARCH, APRIL, MAY]
    assert said_again["mementos"]["last"] == {"datetime": MAY, "uri": f"{site}capture/3/raw"}
    assert "pages" not in said_again


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("date", "number"),
    [
        ("Thu, 31 May 2007 20:35:00 GMT", 1),
        ("Sun, 15 Mar 2026 00:00:00 GMT", 1),
        ("Thu, 16 Apr 2026 00:00:01 GMT", 3),
        ("Sat, 01 Jan 2050 00:00:00 GMT", 3),
        ("", 3),
    ],
)
def test_a_timegate_leads_to_the_nearest(date: str, number: int, method: str, site: str) -> None:
    status, headers, _ = ask(site, f"timegate/{PAGE}", method, **({"Accept_Datetime": date} if date else {}))
    assert (status, headers["location"]) == (302, f"{site}capture/{number}/raw")
    assert "accept-datetime" in headers["vary"].lower().split(", ")
    assert "memento-datetime" not in headers
    assert f'<{PAGE}>; rel="original"' in headers["link"]
    assert f'<{site}timemap/link/{PAGE}>; rel="timemap"; type="application/link-format"' in headers["link"]


def test_a_raw_capture_says_when_and_what_stands_beside_it(site: str) -> None:
    status, headers, _ = ask(site, "capture/2/raw")
    assert (status, headers["memento-datetime"]) == (200, "Wed, 01 Apr 2026 00:00:00 GMT")
    links = dict(re.findall(r'<([^>]+)>; rel="([^"]+)"', headers["link"]))
    assert (
        links
        == {
            PAGE: "original",
            f"{site}timegate/{PAGE}": "timegate",
            f"{site}timemap/link/{PAGE}": "timemap",
            f"{site}capture/1/raw": "first prev memento",
            f"{site}capture/3/raw": "next last memento",
        }
        or links[f"{site}capture/3/raw"] == "last next memento"
    )


@pytest.mark.parametrize("path", ["capture/2/raw?look=1", "capture/4/raw", "capture/5/raw", "capture/6/raw"])
def test_what_is_not_as_it_was_served_or_no_page_says_nothing(path: str, site: str) -> None:
    status, headers, _ = ask(site, path)
    assert status == 200
    assert not {"memento-datetime", "link"} & headers.keys()


def test_a_redacted_capture_is_not_offered(site: str) -> None:
    status, headers, _ = ask(site, "capture/7/raw")
    assert (status, "memento-datetime" in headers) == (451, False)
    assert "capture/7/" not in ask(site, f"timemap/link/{PAGE}")[2]


def test_ten_thousand_captures_a_page_and_the_rest_on_the_next(site: str) -> None:
    first, second = ask(site, f"timemap/link/{MANY}")[2], ask(site, f"timemap/link/2/{MANY}")[2]
    rows, further = of_links(first, MANY)
    assert (len(rows), further) == (10_000, [f"{site}timemap/link/2/{MANY}"])
    rows, further = of_links(second, MANY)
    assert (len(rows), further) == (1, [f"{site}timemap/link/{MANY}"])
    assert ('rel="first memento"' in first, 'rel="last memento"' in first) == (True, False)
    assert ('rel="first memento"' in second, 'rel="last memento"' in second) == (False, True)
    said = json.loads(ask(site, f"timemap/json/2/{MANY}")[2])
    assert said["pages"] == {"prev": f"{site}timemap/json/1/{MANY}"}
    status, _, body = ask(site, f"timemap/link/3/{MANY}")
    assert (status, body) == (404, "There is no such page; the last one is 2.\n")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("timemap/link/ftp://a.example/", 400, "ftp://a.example/ is no address to look for; expected one that starts"),
        ("timemap/json/http://[::1/", 400, "is no address"),
        ("timemap/json/http://a.example:99999999/", 400, "is no address"),
        ("timegate/www.a.example", 400, "is no address"),
        (f"timegate/http://a.example/{'x' * 5000}", 400, "is no address"),
        ("timegate/http://no.example/?a=1&lang=xx", 404, "no capture of http://no.example/?a=1&lang=xx here"),
        ("timemap/link/http://no.example/?_timelimit=x", 404, "no capture of http://no.example/?_timelimit=x here"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_sentence(path: str, status: int, words: str, site: str) -> None:
    answered, headers, body = ask(site, path)
    assert (answered, headers["content-type"].partition(";")[0], body.count("\n")) == (status, "text/plain", 1)
    assert words in body


@pytest.mark.parametrize("date", ["yesterday", "2026-01-01", "Thu, 99 May 2007 20:35:00 GMT", "Thu, 31 May 2007"])
def test_a_date_that_is_none_is_said(date: str, site: str) -> None:
    status, headers, body = ask(site, f"timegate/{PAGE}", Accept_Datetime=date)
    assert (status, body) == (
        400,
        f"Accept-Datetime is {date}; expected a time as in Thu, 31 May 2007 20:35:00 GMT.\n",
    )
    assert "accept-datetime" in headers["vary"].lower()
