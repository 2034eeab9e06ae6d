"""Files of web archives, the pace at which they are asked, and the spellings of indexes."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from crawler.mementos.archives import SourceError, bundled, load, of_collection, parse, select
from crawler.mementos.client import ArchiveRestingError, Client, Clock
from crawler.mementos.rows import Sieve, of_links
from crawler.records.mementos import Inquiry
from crawler.words.mementos import key, stamp_of, time_of
from tests.portals.test_probe import nianbao
from tests.servers.mementos import WebArchive

GOOD = (
    'name = "one"\ndialect = "pywb"\nindex = "https://one.example/cdx"\n'
    'replay = "https://one.example/{timestamp}id_/{url}"\nterms = "none"\nverified = false\n'
)


def test_those_that_ship_are_unverified_and_listed() -> None:
    shipped = bundled()
    assert {"wayback", "commoncrawl"} <= set(shipped)
    assert all(one.verified is False and one.delay >= 2.5 and one.terms for one in shipped.values())
    done = nianbao("backfill", "--sources", "--json")
    assert [one["name"] for one in json.loads(done.stdout)["sources"]] == list(shipped)
    assert "nobody has tried it yet" in nianbao("backfill", "--sources").stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('"pywb"', '"cdx"'), "key 'dialect' is 'cdx'; expected one of wayback, pywb, commoncrawl, timemap"),
        (('name = "one"\n', ""), "key 'name' is missing"),
        (("https://one.example/cdx", "ftp://one.example"), "key 'index'"),
        (("{timestamp}id_/", ""), "key 'replay'"),
        (("verified = false", "verified = true"), "key 'verified' is True; expected a date"),
        (('"none"', '""'), "key 'terms'"),
        (('"none"', '"none"\ndelay = -1'), "key 'delay' is -1; expected seconds"),
        (('"none"', '"none"\ncolour = 1'), "unknown key 'colour'"),
    ],
)
def test_a_bad_file_is_told_by_name_and_key(change: tuple[str, str], words: str, tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text(GOOD, "utf-8")
    assert load(path).delay == 3.0
    path.write_text(GOOD.replace(*change), "utf-8")
    done = nianbao("backfill", "shenyang", "--source", str(path), "--archive", str(tmp_path / "a.db"))
    assert done.returncode == 2
    assert f"{path}: " in done.stderr
    assert words in done.stderr
    assert not (tmp_path / "a.db").exists()


def test_sources_are_named_by_name_file_or_address(tmp_path: Path) -> None:
    assert [one.name for one in select(["wayback", "https://web.example.edu/lost/"])] == [
        "wayback",
        "web-example-edu-lost",
    ]
    assert of_collection("https://web.example.edu/lost").index == "https://web.example.edu/lost/cdx"
    for wanted, words in (
        ([], "no web archive has been tried yet"),
        (["nobody"], "no web archive 'nobody'; known are"),
        ([str(tmp_path / "no.toml")], "no such file"),
        (["https://a.example:0/"], "expected the address of a pywb collection"),
        (["https://a.example/", "https://a.example"], "two web archives have the name"),
    ):
        with pytest.raises(SourceError, match=words.replace("(", r"\(")):
            select(wanted)


def test_the_pace_of_an_archive_is_kept_and_retry_after_is_obeyed() -> None:
    waits: list[float] = []
    clock = [100.0]

    def wait(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds

    with WebArchive("wayback", [], {"busy": 1}).serve() as web:
        archive = parse(tomllib.loads(web.toml.replace("delay = 0", "delay = 3")), "made up")
        client = Client(archive, "a@b.example", Clock(lambda: clock[0], wait))
        url = f"http://{web.address}/cdx?url=http://a.example/&matchType=exact"
        assert client.get(url).status == 200
        assert client.get(url).status == 200
        assert (waits, client.requests) == ([3.0, 3.0], 3)
        web.faults["busy"] = 3
        with pytest.raises(ArchiveRestingError, match="it answered 503"):
            client.get(url)
        asked = len(web.asked)
        with pytest.raises(ArchiveRestingError):
            client.get(url)
        assert len(web.asked) == asked
        client.close()


def test_an_archive_out_of_reach_is_told() -> None:
    with WebArchive("wayback", []).serve() as web:
        archive = parse(tomllib.loads(web.toml), "made up")
    client = Client(archive, "", Clock(lambda: 0.0, lambda seconds: None))
    with pytest.raises(ArchiveRestingError, match="out of reach"):
        client.get(archive.index)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.a.gov.cn/x",
        "https://a.gov.cn/x/",
        "http://a.gov.cn:80/x",
        "http://WWW.A.gov.cn/x#y",
        "https://www2.a.gov.cn:443/x",
    ],
)
def test_one_key_for_all_spellings(url: str) -> None:
    assert key(url) == "a.gov.cn/x"


def test_keys_of_other_pages_differ() -> None:
    others = ("http://a.gov.cn/X", "http://a.gov.cn/x?y=1", "http://b.a.gov.cn/x", "http://a.gov.cn:8080/x")
    assert len({key(url) for url in others} | {"a.gov.cn/x"}) == 5


def test_times_of_indexes() -> None:
    assert time_of("20130615080910") == "2013-06-15T08:09:10Z"
    assert time_of("2013") == "2013-01-01T00:00:00Z"
    assert stamp_of("2013-06-15T08:09:10Z") == "20130615080910"
    assert [time_of(bad) for bad in ("", "201", "20131301", "2013061508091", "x013")] == [None] * 5


def test_one_good_answer_and_one_other_a_month() -> None:
    inquiry = Inquiry("one", "p", "http://a.gov.cn/", "host", "2010", "2013")
    stamps = [("20130601", "404"), ("20130602", "200"), ("20130603", "200"), ("20130604", "301"), ("20130701", "200")]
    sieve = Sieve(inquiry)
    given = [{"url": "http://a.gov.cn/", "timestamp": stamp, "status": status} for stamp, status in stamps]
    taken = list(sieve.take(given))
    assert [(one.at[:10], one.status) for one in taken] == [
        ("2013-06-01", 404),
        ("2013-06-02", 200),
        ("2013-07-01", 200),
    ]
    assert (sieve.left_out, sieve.unread) == (2, 0)


def test_a_timemap() -> None:
    text = (
        '<http://a.gov.cn/>; rel="original",\n<http://x.example/tm/2>; rel="timemap"; type="application/link-format",'
        '\n<http://x.example/1/http://a.gov.cn/>; rel="first memento"; datetime="Mon, 15 Jun 2009 08:00:00 GMT",\n'
        '<http://x.example/2/http://a.gov.cn/>; rel="memento"; datetime="never"'
    )
    rows, further = of_links(text, "http://a.gov.cn/")
    assert rows == [{"url": "http://a.gov.cn/", "timestamp": "20090615080000"}, None]
    assert further == ["http://x.example/tm/2"]
