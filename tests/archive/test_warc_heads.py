"""What the heads of WARC records say: types, addresses, times, digests, answers; each is taken, told or counted."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
from base64 import b16encode, b32encode, b64encode, urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.archive.exchange.addresses import address as address_of
from crawler.archive.exchange.digests import digest_of, expected, holds, key
from crawler.archive.exchange.times import time_of
from tests.pipelines.test_figures import SITE
from tests.support.warc_files import HTTP, address, gzipped, imported, nianbao, page, record, report, sha1

PAGE, URL = page(2021), address(2021)


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(archive) as connection:
        return connection.execute(query).fetchall()


def captures(archive: Path) -> list[tuple[Any, ...]]:
    return rows(archive, "select url, status, fetched_at from captures order by id")


def details(archive: Path) -> str:
    return "\n".join(row[0] for row in rows(archive, "select detail from problems where kind like 'warc%'"))


# Types


def test_a_resource_is_a_capture_that_says_so(tmp_path: Path) -> None:
    kept = record(URL, PAGE, f"WARC-Payload-Digest: {sha1(PAGE)}", kind="resource", http=b"", says="text/html")
    told = imported(tmp_path / "a.db", gzipped(kept))
    assert (told["code"], told["reports_new"], told["passed_over"]) == (0, 1, {})
    ((status, headers),) = rows(tmp_path / "a.db", "select status, headers from captures")
    assert (status, headers) == (200, '[["Content-Type","text/html"],["X-Archive-Record","resource"]]')


def test_resources_of_any_kind_pass_the_stages_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    plain = "2021年政府信息公开工作年度报告\n".encode() * 3
    wrong = sha1(b"other")
    told = imported(
        tmp_path / "a.db",
        gzipped(
            record(SITE + "/a.txt", plain, kind="resource", http=b"", says="text/plain; charset=utf-8"),
            record(SITE + "/a.pdf", b"%PDF-1.4 no more", kind="resource", http=b"", says="application/pdf"),
            record(SITE + "/a", PAGE, kind="resource", http=b"", without=["Content-Type"]),
            record(SITE + "/b", PAGE, kind="resource"),  # a whole answer
            record(SITE + "/c", PAGE, f"WARC-Payload-Digest: {wrong}", kind="resource", http=b"", says="text/html"),
        ),
    )
    assert (told["code"], told["responses"], told["broken"]) == (1, 4, 1)
    assert "digest of the body" in details(tmp_path / "a.db")


OTHERS = {
    "warcinfo": record("", b"software: x\r\n", kind="warcinfo", http=b"", says="application/warc-fields"),
    "request": record(
        URL, b"", kind="request", http=b"GET / HTTP/1.1\r\n\r\n", says="application/http;msgtype=request"
    ),
    "metadata": record(URL, b"via: x\r\n", kind="metadata", http=b"", says="application/warc-fields"),
    "conversion": record(URL, b"words", kind="conversion", http=b"", says="text/plain"),
    "continuation": record(URL, b"rest", kind="continuation", http=b""),
    "screenshot": record(URL, b"\x89PNG", kind="screenshot", http=b"", says="image/png"),
    "response of dns:": record("dns:a.cn", b"a.cn. 1 IN A 1.2.3.4", http=b"", says="text/dns"),
    "response of whois:": record("whois://a/b", b"who", http=b"", says="text/plain"),
    "response of ftp:": record("FTP://a.cn/b", b"file", http=b"", says="application/octet-stream"),
    "resource of urn:": record("urn:pageinfo:" + URL, b"{}", kind="resource", http=b"", says="application/json"),
    "resource of file:": record("file:///etc/a.html", PAGE, kind="resource", http=b"", says="text/html"),
}


def test_what_is_no_capture_is_counted_by_its_type(tmp_path: Path) -> None:
    told = imported(tmp_path / "a.db", gzipped(*OTHERS.values(), OTHERS["request"], report(2021)))
    assert (told["code"], told["responses"], told["broken"]) == (0, 1, 0)
    assert told["passed_over"] == dict.fromkeys(sorted(OTHERS), 1) | {"request": 2}
    said = nianbao("import", str(tmp_path / "0-a.warc.gz"), "--archive", str(tmp_path / "b.db")).stderr
    assert "passed over: 1 continuation, 1 conversion" in said
    assert "2 request" in said


@pytest.mark.parametrize("kind", ["conversion", "continuation"])
def test_a_part_of_an_answer_that_never_came_is_told_once_a_file(tmp_path: Path, kind: str) -> None:
    parts = [
        record(address(year), b"words", kind=kind, http=b"", says="text/plain") for year in (2018, 2019, 2019, 2021)
    ]
    told = imported(tmp_path / "a.db", gzipped(*parts, OTHERS["request"]), gzipped(report(2021)))
    assert (told["code"], told["broken"], told["passed_over"]) == (1, 2, {kind: 4, "request": 1})
    ((url, detail),) = rows(tmp_path / "a.db", "select url, detail from problems where kind = 'warc_broken'")
    assert url == address(2018)
    assert f"a {kind}" in detail
    assert "; 1 more addresses" in detail
    again = imported(tmp_path / "a.db", gzipped(parts[-1]))  # of which the archive has the answer
    assert (again["code"], again["passed_over"]) == (0, {kind: 1})


def test_a_part_of_what_is_told_already_is_not_told_again(tmp_path: Path) -> None:
    segment = record(URL, PAGE, "WARC-Segment-Number: 1")
    told = imported(tmp_path / "a.db", gzipped(segment, OTHERS["continuation"]))
    assert (told["code"], told["broken"], told["passed_over"]) == (1, 1, {"continuation": 1})


BROKEN = {
    "no type": (record(URL, PAGE, without=["WARC-Type"]), "no WARC-Type"),
    "a type that none knows": (record(URL, PAGE, kind="respons"), "'respons', no standard knows"),
    "no address": (record(URL, PAGE, without=["WARC-Target-URI"]), "address cannot be used"),
    "an answer of another scheme": (record("htp://a.cn/", PAGE), "address cannot be used"),
    "a host that two programs read differently": (record("http://a.cn\\@b.cn/", PAGE), "read differently"),
    "no port": (record("http://a.cn:99999/", PAGE), "address cannot be used"),
    "a part": (record(URL, PAGE, "WARC-Segment-Number: 1"), "not the whole body"),
    "cut off by the crawler": (record(URL, PAGE, "WARC-Truncated: time"), "not the whole body"),
    "no time": (record(URL, PAGE, without=["WARC-Date"]), "no time"),
    "two addresses": (record(URL, PAGE, f"WARC-Target-URI: {URL}2"), "two values of warc-target-uri"),
    "control characters": (record(URL, PAGE, "X: a\0b"), "control characters"),
    "no answer": (record(URL, PAGE, http=b""), "no HTTP"),
    "no first line": (record(URL, PAGE, http=b"Content-Type: text/html\r\n\r\n"), "no HTTP"),
    "only an interim answer": (record(URL, b"", http=b"HTTP/1.1 103 Early Hints\r\n\r\n"), "no HTTP status"),
    "no status": (record(URL, PAGE, http=b"HTTP/1.1 OK\r\n\r\n"), "no HTTP status"),
    "an empty block": (record(URL, b"", http=b""), "no HTTP"),
    "a broken body": (
        record(URL, gzip.compress(PAGE)[:-99], http=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"),
        "body cannot be read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_used_is_a_problem_and_costs_no_other(tmp_path: Path, case: str) -> None:
    broken, words = BROKEN[case]
    around = report(2019), report(2020)
    told = imported(tmp_path / "a.db", gzipped(around[0], broken, around[1]))
    assert (told["code"], told["broken"], told["reports_new"]) == (1, 1, 2)
    assert words in details(tmp_path / "a.db")


# Answers


@pytest.mark.parametrize(
    "http",
    [
        b"HTTP/2 200\r\nContent-Type: text/html\r\n\r\n",
        b"HTTP/1.1  200  OK\r\nContent-Type: text/html\r\n\r\n",
        b"http/1.0 200 OK\nContent-Type: text/html\n\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + HTTP,
        b"HTTP/1.1 200 \xff\xfe\r\nX-\xd6\xd0: \xce\xc4\r\nnone\r\nFold: a\r\n  b\r\nContent-Type: text/html\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
def test_answers_as_servers_write_them(tmp_path: Path, http: bytes) -> None:
    told = imported(tmp_path / "a.db", gzipped(record(URL, PAGE, http=http)))
    assert (told["code"], told["reports_new"]) == (0, 1), details(tmp_path / "a.db")
    with Archive.read(tmp_path / "a.db") as reading:
        assert reading.captures.body(URL) == PAGE


def test_a_digest_may_be_that_of_the_body_without_its_codings(tmp_path: Path) -> None:
    packed = gzip.compress(PAGE)
    chunks = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    http = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    for number, meant in enumerate((chunks, packed, PAGE)):
        kept = record(URL, chunks, f"WARC-Payload-Digest: {sha1(meant)}", http=http)
        assert imported(tmp_path / f"{number}.db", gzipped(kept))["code"] == 0
    assert imported(tmp_path / "a.db", gzipped(kept.replace(sha1(PAGE).encode(), sha1(b"").encode())))["broken"] == 1


# Digests


def spelled(body: bytes) -> dict[str, str]:
    found = {}
    for label in ("md5", "sha1", "sha-256", "SHA512", "sha3_256", "blake2b"):
        raw = hashlib.new(label.lower().replace("-", "") if "-" in label else label.lower(), body).digest()
        for name, encode in (("16", b16encode), ("32", b32encode), ("64", b64encode), ("64url", urlsafe_b64encode)):
            found[f"{label} {name}"] = f"{label}:{encode(raw).decode()}"
            found[f"{label} {name} bare"] = f"{label}: {encode(raw).decode().rstrip('=')} "
    found["lower"] = sha1(body).lower()
    found["unlabelled"] = sha1(body)[5:]
    return found


@given(st.binary(max_size=20))
def test_a_digest_holds_in_every_spelling_and_for_no_other_bytes(body: bytes) -> None:
    for said in spelled(body).values():
        assert holds(said, body), said
        assert not holds(said, body + b"!"), said


@given(st.text(max_size=60) | st.sampled_from(["sha1:", "md5:", "sha256:"]).flatmap(lambda a: st.text().map(a.__add__)))
def test_no_digest_raises(text: str) -> None:
    means = expected(text)
    assert means is None or isinstance(means, dict)
    assert isinstance(key(text), str)
    assert not holds(text, b"") or means


DAMAGED = ["sha1:!!!!", "sha1:" + "A" * 31, "sha1:" + "1" * 32, "sha256:AAAA", "md5:é", ":", "x", "sha1:="]


@pytest.mark.parametrize("said", DAMAGED)
@pytest.mark.parametrize("field", ["WARC-Block-Digest", "WARC-Payload-Digest"])
def test_a_digest_that_is_none_costs_its_record_unless_another_holds(tmp_path: Path, said: str, field: str) -> None:
    other = {"WARC-Block-Digest": f"WARC-Payload-Digest: {sha1(PAGE)}"}.get(
        field, f"WARC-Block-Digest: {sha1(HTTP + PAGE)}"
    )
    alone = imported(tmp_path / "a.db", gzipped(record(URL, PAGE, f"{field}: {said}"), report(2019), report(2020)))
    assert (alone["code"], alone["broken"], alone["reports_new"]) == (1, 1, 2)
    backed = imported(tmp_path / "b.db", gzipped(record(URL, PAGE, f"{field}: {said}", other)))
    assert (backed["code"], backed["broken"], backed["doubtful"], backed["reports_new"]) == (1, 0, 1, 1)
    assert field in rows(tmp_path / "b.db", "select detail from problems where kind = 'warc_doubtful'")[0][0]


def test_an_algorithm_that_is_unknown_is_told_and_an_empty_field_says_nothing(tmp_path: Path) -> None:
    told = imported(tmp_path / "a.db", gzipped(record(URL, PAGE, "WARC-Block-Digest: xxh3:abcd")))
    assert (told["code"], told["doubtful"], told["reports_new"]) == (1, 1, 1)
    told = imported(tmp_path / "b.db", gzipped(record(URL, PAGE, "WARC-Block-Digest:", "WARC-Payload-Digest: ")))
    assert (told["code"], told["doubtful"], told["reports_new"]) == (0, 0, 1)


# Addresses and times


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("HTTP://WWW.Shenyang.GOV.cn/Zwgk/A.html", "http://www.shenyang.gov.cn/Zwgk/A.html"),
        ("<http://www.shenyang.gov.cn/a>", "http://www.shenyang.gov.cn/a"),
        ("http://www.shenyang.gov.cn:80/a?", "http://www.shenyang.gov.cn/a"),
        ("HTTPS://www.shenyang.gov.cn:8443/a", "https://www.shenyang.gov.cn:8443/a"),
        ("http://www.shenyang.gov.cn/a b.html#rendered", "http://www.shenyang.gov.cn/a%20b.html"),
        ("http://user:secret@www.shenyang.gov.cn/年报", "http://www.shenyang.gov.cn/%E5%B9%B4%E6%8A%A5"),
        ("http://例子.cn/", "http://xn--fsqu00a.cn/"),
    ],
)
def test_addresses_are_spelled_as_a_crawl_spells_them(tmp_path: Path, written: str, meant: str) -> None:
    assert imported(tmp_path / "a.db", gzipped(record(written, PAGE)))["code"] == 0
    ((url, portal),) = rows(tmp_path / "a.db", "select url, portal from captures")
    assert (url, portal) == (meant, "shenyang" if "shenyang" in meant and ":8443" not in meant else None)


@given(st.text(max_size=40) | st.text(max_size=30).map("http://a.cn/".__add__))
def test_an_address_is_one_or_a_value_error(text: str) -> None:
    try:
        url = address_of(text)
    except ValueError:
        return
    assert address_of(url) == url
    assert url.isascii()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2023-02-01T00:00:00Z", "2023-02-01T00:00:00Z"),
        ("2023-02-01T08:00:00.123456789Z", "2023-02-01T08:00:00.123456Z"),
        ("2023-02-01T08:00:00+08:00", "2023-02-01T00:00:00Z"),
        ("2023-02-01t00:00z", "2023-02-01T00:00:00Z"),
        ("2023-02-01", "2023-02-01T00:00:00Z"),
        ("2023", None), ("2023-02", None), ("", None), ("2023-02-30T00:00:00Z", None), ("yesterday", None),
        ("1023-02-01T00:00:00Z", None), ("9023-02-01T00:00:00Z", None),
    ],
)  # fmt: skip
def test_times_are_of_a_day_since_the_web_began(said: str, meant: str | None) -> None:
    assert time_of(said) == meant


# Revisits


def revisit(url: str, *more: str, http: bytes = HTTP, at: str = "2023-03-01T00:00:00Z") -> bytes:
    return record(url, b"", *more, kind="revisit", http=http, at=at)


def test_a_revisit_may_come_before_what_it_refers_to(tmp_path: Path) -> None:
    digest = f"WARC-Payload-Digest: sha256:{hashlib.sha256(PAGE).hexdigest()}"
    copy = revisit(SITE + "/copy.html", digest)
    for number, contents in enumerate(
        [(gzipped(copy, record(URL, PAGE, digest)),), (gzipped(copy), gzipped(record(URL, PAGE, digest)))]
    ):
        told = imported(tmp_path / f"{number}.db", *contents)
        assert (told["code"], told["new"], told["broken"]) == (0, 2, 0)
    with Archive.read(tmp_path / "1.db") as reading:
        assert reading.captures.body(SITE + "/copy.html") == PAGE


def test_a_revisit_without_a_digest_is_that_of_the_time_it_names_and_of_no_other(tmp_path: Path) -> None:
    refers = f"WARC-Refers-To-Target-URI: {URL}"
    imported(tmp_path / "a.db", gzipped(record(URL, PAGE), record(URL, page(2020), at="2023-02-02T00:00:00Z")))
    exact = revisit(SITE + "/a", refers, "WARC-Refers-To-Date: 2023-02-01T08:00:00+08:00")
    vague = [revisit(SITE + "/b", refers), revisit(SITE + "/c", refers, "WARC-Refers-To-Date: 2023-02-03T00:00:00Z")]
    told = imported(tmp_path / "a.db", gzipped(exact, *vague))
    assert (told["code"], told["new"], told["broken"]) == (1, 1, 2)
    with Archive.read(tmp_path / "a.db") as reading:
        assert reading.captures.body(SITE + "/a") == PAGE


def test_a_revisit_of_status_304_says_that_the_earlier_bytes_still_stand_there(tmp_path: Path) -> None:
    unchanged = revisit(URL, f"WARC-Payload-Digest: {sha1(PAGE)}", http=b"HTTP/1.1 304 Not Modified\r\n\r\n")
    told = imported(tmp_path / "a.db", gzipped(record(URL, PAGE), unchanged))
    assert (told["code"], told["new"], told["again"]) == (0, 1, 1)
    assert rows(tmp_path / "a.db", "select status, last_seen_at from captures") == [(200, "2023-03-01T00:00:00Z")]


def test_records_in_any_order_of_time_leave_the_newest_text(tmp_path: Path) -> None:
    bodies = [record(URL, page(2021) + b"<!-- %d -->" % day, at=f"2023-02-0{day}T00:00:00Z") for day in (3, 1, 2)]
    told = imported(tmp_path / "a.db", gzipped(*bodies, bodies[0]))
    assert (told["code"], told["new"], told["older"], told["again"]) == (0, 1, 2, 1)
    assert digest_of(b"") == key(sha1(b""))
    assert len(captures(tmp_path / "a.db")) == 3
