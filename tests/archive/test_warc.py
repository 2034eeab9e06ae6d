"""WARC out and in: what other tools say of our files, round trips row by row, files of others, broken ones."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from pipelines import derive
from tests.pipelines.test_figures import SITE, capture

WAYBACK = os.environ.get("NIANBAO_WAYBACK") or shutil.which("wayback")
COMPARED = (
    "captures", "reports", "report_urls", "report_versions", "attachments", "statistics", "statistics_wide", "checks",
    "panel",
)  # fmt: skip


def nianbao(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def take(archive: Path, *arguments: str) -> dict[str, Any]:
    told = nianbao("import", *arguments, "--archive", str(archive), "--json")
    assert told.exit_code in (0, 1), told.output
    found: dict[str, Any] = json.loads(told.output.splitlines()[-1])
    return found | {"code": told.exit_code}


def tables(archive: Path, folder: Path) -> dict[str, str]:
    assert nianbao("export", "jsonl", str(folder), "--archive", str(archive)).exit_code == 0
    return {name: (folder / f"{name}.jsonl").read_text("utf-8") for name in COMPARED}


@pytest.fixture(scope="module")
def exported(sample: Path) -> Path:
    path = sample.with_name("sample.warc.gz")
    assert nianbao("export", "warc", str(path), "--archive", str(sample)).exit_code == 0
    return path


def test_warcio_finds_nothing_wrong(exported: Path) -> None:
    program = Path(sys.executable).with_name("warcio")
    done = subprocess.run([program, "check", "-v", exported], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "digest pass" in done.stdout


def test_records_are_what_the_standard_says(exported: Path, sample: Path) -> None:
    with exported.open("rb") as file:
        seen: dict[str, list[dict[str, str]]] = {}
        for record in ArchiveIterator(file):
            assert record.rec_headers.protocol == "WARC/1.1"
            seen.setdefault(record.rec_type, []).append(dict(record.rec_headers.headers))
    with sqlite3.connect(sample) as connection:
        (count,) = connection.execute("select count(*) from captures").fetchone()
    assert len(seen["warcinfo"]) == 1
    assert len(seen["response"]) + len(seen["revisit"]) == count == len(seen["metadata"])
    answers = {one["WARC-Record-ID"] for one in seen["response"] + seen["revisit"]}
    assert {one["WARC-Refers-To"] for one in seen["metadata"]} == answers
    originals = {(one["WARC-Target-URI"], one["WARC-Date"]): one["WARC-Payload-Digest"] for one in seen["response"]}
    for one in seen["revisit"]:
        # It refers to a response of this file, never to another revisit, and the bytes are the same.
        assert originals[one["WARC-Refers-To-Target-URI"], one["WARC-Refers-To-Date"]] == one["WARC-Payload-Digest"]


def test_the_same_archive_gives_the_same_file(sample: Path, exported: Path, tmp_path: Path) -> None:
    nianbao("export", "warc", str(tmp_path / "again.warc.gz"), "--archive", str(sample))
    assert (tmp_path / "again.warc.gz").read_bytes() == exported.read_bytes()


def test_a_round_trip_gives_the_same_rows(sample: Path, exported: Path, tmp_path: Path) -> None:
    told = take(tmp_path / "b.db", str(exported))
    assert (told["code"], told["reports_new"], told["broken"]) == (0, 224, 0)
    before, after = tables(sample, tmp_path / "one"), tables(tmp_path / "b.db", tmp_path / "two")
    for name in COMPARED:
        assert after[name] == before[name], name
    again = take(tmp_path / "b.db", str(exported))
    assert (again["new"], again["again"], again["reports_new"]) == (0, told["responses"], 0)
    with Archive.read(tmp_path / "b.db") as reading:
        assert reading.verify(derive, every=True) == []


def test_the_wacz_is_valid(sample: Path, tmp_path: Path) -> None:
    from wacz.main import main

    path = tmp_path / "a.wacz"
    assert nianbao("export", "wacz", str(path), "--archive", str(sample)).exit_code == 0
    assert main(["validate", "-f", str(path)]) == 0
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.wacz"]


@pytest.mark.skipif(shutil.which("wget") is None, reason="no wget on this machine")
def test_what_wget_kept_gives_the_same_reports(sample: Path, tmp_path: Path) -> None:
    with sqlite3.connect(sample) as connection:
        urls = [row[0] for row in connection.execute("select url from captures order by id")]
    (tmp_path / "urls").write_text("\n".join(urls))
    kept = [f"--warc-file={tmp_path / 'w'}", "-P", str(tmp_path / "d"), "-i", str(tmp_path / "urls")]
    subprocess.run(["wget", "-q", *kept], check=False)
    told = take(tmp_path / "b.db", str(tmp_path / "w.warc.gz"), "--profile", str(sample.with_name("sample.toml")))
    assert told["reports_new"] == 224
    query = (
        "select url, title, organ, organ_kind, region_code, report_year, published_on, form, text_sha256 from reports"
        " order by url"
    )
    figures = (
        "select url, statistics.form, code, value, statistics.evidence from statistics"
        " join reports on reports.id = report_id order by url, position"
    )
    with sqlite3.connect(sample) as one, sqlite3.connect(tmp_path / "b.db") as other:
        assert other.execute(query).fetchall() == one.execute(query).fetchall()
        assert other.execute(figures).fetchall() == one.execute(figures).fetchall()


@pytest.mark.skipif(WAYBACK is None, reason="no pywb here: NIANBAO_WAYBACK may name its program `wayback`")
def test_pywb_replays_from_the_home_page_to_a_report(exported: Path, tmp_path: Path, sample: Path) -> None:
    assert WAYBACK is not None
    manager = Path(WAYBACK).with_name("wb-manager")
    subprocess.run([manager, "init", "a"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run([manager, "add", "a", exported], cwd=tmp_path, check=True, capture_output=True)
    with sqlite3.connect(sample) as connection:
        home, at = connection.execute("select url, fetched_at from captures where kind = 'home'").fetchone()
        trail = json.loads(connection.execute("select trail from reports limit 1").fetchone()[0])
    port = _free_port()
    server = subprocess.Popen(
        [WAYBACK, "-p", str(port), "-b", "127.0.0.1"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        for line in server.stderr:
            if "Starting" in line or "Listening" in line or "127.0.0.1" in line:
                break
        threading.Thread(target=server.stderr.read, daemon=True).start()
        stamp = "".join(sign for sign in at if sign.isdigit())[:14]
        assert trail[0]["url"] == home
        for step, after in zip(trail, [*trail[1:], None], strict=True):
            body = _asked(f"http://127.0.0.1:{port}/a/{stamp}mp_/{step['url']}")
            if after is not None:
                hrefs = re.findall(r"""href=["']([^"']+)""", body)
                leads = {urljoin(step["url"], re.sub(r"^.*?mp_/", "", href)) for href in hrefs}
                assert after["url"] in leads, step
        assert "政府信息公开" in body
    finally:
        server.terminate()
        server.wait()


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _asked(address: str) -> str:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address) as answer:
                return str(answer.read().decode("utf-8", "replace"))
        except urllib.error.URLError as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
    raise AssertionError(f"{address} does not answer")


# Files made here, in the manner of other crawlers


def warc(path: Path, *records: tuple[str, bytes, str] | bytes, gz: bool = True) -> Path:
    """A WARC of responses (address, body, time); bytes are written between them as they are."""
    with path.open("wb") as file:
        out = WARCWriter(file, gzip=gz)
        for one in records:
            if isinstance(one, bytes):
                file.write(one)
                continue
            url, body, at = one
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            out.write_record(
                out.create_warc_record(
                    url, "response", payload=BytesIO(body), http_headers=headers, warc_headers_dict={"WARC-Date": at}
                )
            )
    return path


def page(year: int, says: str = "") -> bytes:
    return capture(year, {0: 40, 23: 35, 24: 5}, says).body


URL = SITE + "/zwgk/2021.html"


def test_captures_keep_their_own_times_and_bytes(tmp_path: Path) -> None:
    file = warc(tmp_path / "a.warc.gz", (URL, page(2021), "2022-05-01T08:09:10Z"))
    assert take(tmp_path / "a.db", str(file))["reports_new"] == 1
    with Archive.read(tmp_path / "a.db") as reading:
        row = reading.connection.execute("select fetched_at, portal from captures").fetchone()
        assert tuple(row) == ("2022-05-01T08:09:10Z", "shenyang")
        assert reading.captures.body(URL) == page(2021)
        assert reading.connection.execute("select first_seen_at from reports").fetchone()[0] == "2022-05-01T08:09:10Z"


def served(path: Path, body: bytes, *headers: tuple[str, str], at: str = "2022-01-01T00:00:00Z") -> Path:
    """A WARC of one response with these HTTP headers, the body as it is."""
    with path.open("wb") as file:
        out = WARCWriter(file, gzip=True)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        out.write_record(
            out.create_warc_record(
                URL, "response", payload=BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": at}
            )
        )
    return path


def coding(*names: str) -> tuple[str, str]:
    return "Content-Encoding", ", ".join(names)


CHUNKED = ("Transfer-Encoding", "chunked")
PAGE = capture(2021, {0: 40, 23: 35, 24: 5}, "").body
CHUNKS = b"5;x=y\r\n" + PAGE[:5] + b"\r\n%X\r\n" % (len(PAGE) - 5) + PAGE[5:] + b"\r\n0\r\n\r\n"
RAW_DEFLATE = zlib.compressobj(wbits=-15)
CODED: dict[str, tuple[bytes, tuple[tuple[str, str], ...]]] = {
    "gzip": (gzip.compress(PAGE), (coding("gzip"),)),
    "brotli": (brotli.compress(PAGE), (coding("br"),)),
    "zstd": (zstandard.compress(PAGE), (coding("zstd"),)),
    "deflate": (zlib.compress(PAGE), (coding("deflate"),)),
    "deflate without its head": (RAW_DEFLATE.compress(PAGE) + RAW_DEFLATE.flush(), (coding("deflate"),)),
    "two codings": (brotli.compress(gzip.compress(PAGE)), (coding("gzip", "br"),)),
    "two headers": (brotli.compress(gzip.compress(PAGE)), (coding("gzip"), coding("br"))),
    "chunks": (CHUNKS, (CHUNKED,)),
    "chunks of gzip": (
        b"%x\r\n" % len(gzip.compress(PAGE)) + gzip.compress(PAGE) + b"\r\n0\r\n\r\n",
        (CHUNKED, coding("gzip")),
    ),
    "said to be gzip": (PAGE, (coding("gzip"),)),
    "said to be brotli": (PAGE, (coding("br"),)),
    "said to be chunks": (PAGE, (CHUNKED,)),
    "an unknown coding": (PAGE, (coding("utf-8"),)),
}  # fmt: skip


@pytest.mark.parametrize("case", CODED)
def test_bodies_are_kept_without_their_codings(tmp_path: Path, case: str) -> None:
    body, headers = CODED[case]
    assert take(tmp_path / "a.db", str(served(tmp_path / "a.warc.gz", body, *headers)))["reports_new"] == 1
    with Archive.read(tmp_path / "a.db") as reading:
        assert reading.captures.body(URL) == PAGE


@pytest.mark.parametrize("case", ["gzip", "brotli", "zstd", "deflate", "two codings", "chunks", "chunks of gzip"])
def test_a_coded_body_that_is_cut_or_damaged_is_a_problem_and_no_page(tmp_path: Path, case: str) -> None:
    body, headers = CODED[case]
    told = take(tmp_path / "a.db", str(served(tmp_path / "a.warc.gz", body[: len(body) * 2 // 3], *headers)))
    assert (told["code"], told["responses"], told["broken"]) == (1, 0, 1)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "yesterday"])
def test_a_time_that_is_none_is_a_problem(tmp_path: Path, at: str) -> None:
    told = take(tmp_path / "a.db", str(served(tmp_path / "a.warc.gz", PAGE, at=at)))
    assert (told["code"], told["broken"]) == (1, 1)


def own(path: Path, **said: object) -> Path:
    """A WARC as our export writes it, but for what is said in the metadata record."""
    whole = {"portal": "shenyang", "trail": [], "context": {}, "headers": [], "links_skipped": {}, "last_seen_at": None}
    body = json.dumps(whole | said).encode()
    with path.open("wb") as file:
        out = WARCWriter(file, gzip=True)
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = out.create_warc_record(URL, "response", payload=BytesIO(PAGE), http_headers=http)
        out.write_record(record)
        refers = {"WARC-Refers-To": record.rec_headers.get_header("WARC-Record-ID")}
        out.write_record(
            out.create_warc_record(
                None, "metadata", BytesIO(body), len(body), "application/json", warc_headers_dict=refers
            )
        )
    return path


MALFORMED: list[dict[str, object]] = [
    {"context": {"more": 1}}, {"context": None}, {"context": {"region": []}}, {"trail": ["a"]}, {"headers": [1]},
    {"trail": [{"label": 1, "url": 2}]}, {"portal": 7}, {"portal": "\ud800"}, {"links_skipped": ["x"]},
    {"last_seen_at": "zzzz"}, {"last_seen_at": 5},
]  # fmt: skip


@pytest.mark.parametrize("said", MALFORMED, ids=str)
def test_metadata_that_is_not_ours_after_all_says_nothing(tmp_path: Path, said: dict[str, object]) -> None:
    told = take(tmp_path / "a.db", str(own(tmp_path / "a.warc.gz", **said)))
    assert (told["code"], told["reports_new"], told["broken"]) == (0, 1, 0)


def test_an_older_capture_is_kept_and_does_not_undo_the_newer_text(tmp_path: Path) -> None:
    new = warc(tmp_path / "new.warc.gz", (URL, page(2021, "新的正文在此。"), "2024-01-01T00:00:00Z"))
    old = warc(tmp_path / "old.warc.gz", (URL, page(2021, "旧的正文在此。"), "2022-01-01T00:00:00Z"))
    take(tmp_path / "a.db", str(new))
    assert take(tmp_path / "a.db", str(old))["older"] == 1
    with Archive.read(tmp_path / "a.db") as reading:
        assert "新的正文在此" in reading.connection.execute("select text from reports").fetchone()[0]
        assert reading.connection.execute("select count(*) from captures").fetchone()[0] == 2
        assert reading.verify(derive, every=True) == []


def test_a_revisit_of_bytes_in_the_archive_is_taken_and_an_unknown_one_is_a_problem(tmp_path: Path) -> None:
    first = warc(tmp_path / "a.warc.gz", (URL, page(2021), "2022-01-01T00:00:00Z"))
    take(tmp_path / "a.db", str(first))
    with first.open("rb") as file:
        digest = next(ArchiveIterator(file)).rec_headers.get_header("WARC-Payload-Digest")
    path = tmp_path / "b.warc.gz"
    with path.open("wb") as file:
        out = WARCWriter(file, gzip=True)
        for target, its in ((SITE + "/copy.html", digest), (SITE + "/lost.html", "sha1:" + "A" * 32)):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            out.write_record(out.create_revisit_record(target, its, URL, "2022-01-01T00:00:00Z", http_headers=headers))
    told = take(tmp_path / "a.db", str(path))
    assert (told["code"], told["new"], told["broken"]) == (1, 1, 1)
    with Archive.read(tmp_path / "a.db") as reading:
        assert reading.captures.body(SITE + "/copy.html") == page(2021)
        kinds = reading.connection.execute("select kind, url from problems where kind = 'warc_broken'").fetchall()
        assert [tuple(row) for row in kinds] == [("warc_broken", SITE + "/lost.html")]


@pytest.mark.parametrize("gz", [True, False])
def test_a_file_cut_in_the_middle_gives_what_is_whole(tmp_path: Path, gz: bool) -> None:
    whole = warc(
        tmp_path / "whole",
        (URL, page(2021), "2022-01-01T00:00:00Z"),
        (SITE + "/zwgk/2022.html", page(2022), "2023-01-01T00:00:00Z"),
        gz=gz,
    ).read_bytes()
    half = len(warc(tmp_path / "one", (URL, page(2021), "2022-01-01T00:00:00Z"), gz=gz).read_bytes())
    for at in (half + 30, (half + len(whole)) // 2, len(whole) - 9):
        path = tmp_path / f"cut{at}.warc.gz"
        path.write_bytes(whole[:at])
        told = take(tmp_path / f"{at}.db", str(path))
        with sqlite3.connect(tmp_path / f"{at}.db") as connection:
            held = connection.execute("select report_year from reports order by 1").fetchall()
            problems = [row[0] for row in connection.execute("select kind from problems")]
        assert held[0] == (2021,)
        if len(held) == 1:
            assert (told["code"], told["broken"]) == (1, 1)
            assert "warc_broken" in problems


def test_a_damaged_record_is_a_problem_and_the_others_are_taken(tmp_path: Path) -> None:
    path = warc(
        tmp_path / "a.warc",
        (URL, page(2021), "2022-01-01T00:00:00Z"),
        (SITE + "/zwgk/2022.html", page(2022), "2023-01-01T00:00:00Z"),
        gz=False,
    )
    body = path.read_bytes()
    at = body.index("2021年政府信息公开".encode())
    path.write_bytes(body[:at] + b"3" + body[at + 1 :])
    told = take(tmp_path / "a.db", str(path))
    assert (told["code"], told["broken"], told["reports_new"]) == (1, 1, 1)


def four(folder: Path, gz: bool) -> tuple[bytes, list[int]]:
    """A WARC of four reports, and where each record begins and the file ends."""
    parts = [
        warc(folder / "t", (f"{SITE}/zwgk/{year}.html", page(year), f"{year + 1}-01-01T00:00:00Z"), gz=gz).read_bytes()
        for year in YEARS
    ]
    return b"".join(parts), [sum(map(len, parts[:count])) for count in range(5)]


YEARS = (2019, 2020, 2021, 2022)
HARMS: dict[str, Callable[[bytes], bytes]] = {
    "another first line": lambda record: b"XXXX" + record[4:],
    "no length": lambda record: re.sub(rb"Content-Length: \d+", b"Content-Length: abc", record, count=1),
    "too long": lambda record: re.sub(rb"Content-Length: (\d)", rb"Content-Length: 1\1", record, count=1),
    "too short": lambda record: re.sub(rb"Content-Length: \d", b"Content-Length: ", record, count=1),
    "cut": lambda record: record[: len(record) // 2] + b"\r\n\r\n",
    "zeros": lambda record: bytes(len(record)),
}


def held(path: Path) -> list[int]:
    with sqlite3.connect(path) as connection:
        return [year for (year,) in connection.execute("select report_year from reports order by 1")]


@pytest.mark.parametrize("gz", [True, False])
@pytest.mark.parametrize("harm", HARMS)
def test_one_broken_record_costs_no_other(tmp_path: Path, harm: str, gz: bool) -> None:
    """Damaged before it was packed (gz) or in the file."""
    whole, at = four(tmp_path, gz)
    record = whole[at[1] : at[2]]
    harmed = gzip.compress(HARMS[harm](gzip.decompress(record))) if gz else HARMS[harm](record)
    path = tmp_path / "a.warc"
    path.write_bytes(whole[: at[1]] + harmed + whole[at[2] :])
    told = take(tmp_path / "a.db", str(path))
    assert (told["code"], told["broken"]) == (1, 1)
    assert held(tmp_path / "a.db") == [2019, 2021, 2022]
    with sqlite3.connect(tmp_path / "a.db") as connection:
        (detail,) = connection.execute("select detail from problems where kind = 'warc_broken'").fetchone()
    assert detail.isprintable()
    assert f"record at byte {at[1]}" in detail


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=st.integers(0, 3), where=st.floats(0, 1), harm=st.binary(min_size=1, max_size=40), cut=st.booleans())
def test_damage_in_a_packed_record_costs_no_other(
    tmp_path: Path, record: int, where: float, harm: bytes, cut: bool
) -> None:
    whole, at = four(tmp_path, gz=True)
    begin, end = at[record], at[record + 1]
    place = begin + int(where * (end - begin - 41))
    path, archive = tmp_path / "a.warc.gz", tmp_path / "a.db"
    path.write_bytes(whole[:place] + (b"" if cut else harm) + whole[place + len(harm) :])
    archive.unlink(missing_ok=True)
    take(archive, str(path))
    others = [year for number, year in enumerate(YEARS) if number != record]
    assert [year for year in held(archive) if year in others] == others


def test_a_file_of_one_gzip_member_is_read_to_its_end(tmp_path: Path) -> None:
    whole, at = four(tmp_path, gz=False)
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(whole))
    assert take(tmp_path / "a.db", str(tmp_path / "a.warc.gz"))["code"] == 0
    assert held(tmp_path / "a.db") == list(YEARS)
    packed = gzip.compress(whole, 0)
    (tmp_path / "b.warc.gz").write_bytes(packed[: at[3] + 100])
    told = take(tmp_path / "b.db", str(tmp_path / "b.warc.gz"))
    assert (told["code"], told["broken"], held(tmp_path / "b.db")) == (1, 1, [2019, 2020, 2021])


def test_every_file_is_looked_at_before_anything_is_taken(tmp_path: Path) -> None:
    good = warc(tmp_path / "a.warc.gz", (URL, PAGE, "2022-01-01T00:00:00Z"))
    (tmp_path / "b.warc.gz").write_bytes(b"hello")
    for bad, says in (
        (tmp_path / "b.warc.gz", "is not a WARC"),
        (tmp_path, "is a folder"),
        (tmp_path / "c", "does not"),
    ):
        told = nianbao("import", str(good), str(bad), "--archive", str(tmp_path / "a.db"))
        assert says in str(told.exception)
        assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is not a WARC"),
        (b"PK\x03\x04zip", "is not a WARC"),
        (gzip.compress(b"hello", mtime=0), "is not a WARC"),
        (b"\x1f\x8bxx", "is not a WARC"),
    ],
)
def test_what_is_no_warc_is_one_sentence(tmp_path: Path, body: bytes, words: str) -> None:
    (tmp_path / "a.warc.gz").write_bytes(body)
    told = nianbao("import", str(tmp_path / "a.warc.gz"), "--archive", str(tmp_path / "a.db"))
    assert words in str(told.exception)


def test_a_warc_of_something_else_gives_no_report(tmp_path: Path) -> None:
    file = warc(
        tmp_path / "a.warc.gz", ("https://example.org/", b"<html><h1>Hello</h1></html>", "2022-01-01T00:00:00Z")
    )
    told = take(tmp_path / "a.db", str(file))
    assert (told["code"], told["new"], told["reports_new"]) == (0, 1, 0)


@pytest.mark.parametrize(("what", "name"), [("warc", "a.warc.gz"), ("wacz", "a.wacz")])
def test_destinations(sample: Path, tmp_path: Path, what: str, name: str) -> None:
    (tmp_path / name).write_text("mine")
    told = nianbao("export", what, str(tmp_path / name), "--archive", str(sample))
    assert "exists already" in str(told.exception)
    assert (tmp_path / name).read_text() == "mine"
    assert nianbao("export", what, str(tmp_path / "a.txt"), "--archive", str(sample)).exit_code == 2


def test_an_empty_archive_is_an_empty_file(tmp_path: Path) -> None:
    Archive.open(tmp_path / "a.db").close()
    assert nianbao("export", "warc", str(tmp_path / "a.warc.gz"), "--archive", str(tmp_path / "a.db")).exit_code == 0
