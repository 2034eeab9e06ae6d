"""How WARC files are packed, by whatever name: gzip and zstd in every division, ARC, and what is none of them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from crawler.archive.exchange import members as warc_members
from tests.support.warc_files import (
    HTTP,
    address,
    dictionary,
    gzipped,
    imported,
    nianbao,
    page,
    record,
    report,
    skippable,
)

YEARS = (2019, 2020, 2021, 2022)
RECORDS = [report(year) for year in YEARS]
WHOLE = b"".join(RECORDS)
DICTIONARY = dictionary()


def frames(*contents: bytes, with_dictionary: bool = False, **options: bool) -> bytes:
    told = zstandard.ZstdCompressionDict(DICTIONARY) if with_dictionary else None
    packing = zstandard.ZstdCompressor(dict_data=told, **options)
    return b"".join(packing.compress(content) for content in contents)


def slices(whole: bytes, size: int) -> list[bytes]:
    return [whole[at : at + size] for at in range(0, len(whole), size)]


def years(archive: Path) -> list[int]:
    with sqlite3.connect(archive) as connection:
        return [year for (year,) in connection.execute("select report_year from reports order by 1")]


def problems(archive: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(archive) as connection:
        return connection.execute("select kind, detail from problems where kind like 'warc%' order by id").fetchall()


ARC_FIELDS = b"1 0 Archive\nURL IP-address Archive-date Content-type Archive-length\n"
ARC = b"".join(
    [
        b"filedesc://a.arc 0.0.0.0 20230201000000 text/plain %d\n" % len(ARC_FIELDS) + ARC_FIELDS + b"\n",
        b"dns:www.shenyang.gov.cn 10.0.0.1 20230201000000 text/dns 5\nhello\n",
        *(
            b"%s 10.0.0.1 20230201000000 text/html %d\n" % (address(year).encode(), len(HTTP + page(year)))
            + HTTP + page(year) + b"\n"
            for year in YEARS
        ),
    ]
)  # fmt: skip
FORMS: dict[str, bytes] = {
    "plain": WHOLE,
    "plain, ends of lines only \\n": b"".join(report(year, end=b"\n") for year in YEARS),
    "plain, nothing between records": b"".join(one.removesuffix(b"\r\n\r\n") for one in RECORDS),
    "gzip, a member a record": gzipped(*RECORDS),
    "gzip, two records a member": gzipped(RECORDS[0] + RECORDS[1], RECORDS[2] + RECORDS[3]),
    "gzip, one member": gzipped(WHOLE),
    "gzip, members that end within records (bgzip)": gzipped(*slices(WHOLE, 700), b""),
    "zstd, a frame a record": frames(*RECORDS),
    "zstd, frames without length or checksum": frames(*RECORDS, write_content_size=False, write_checksum=False),
    "zstd, two records a frame": frames(RECORDS[0] + RECORDS[1], RECORDS[2] + RECORDS[3]),
    "zstd, one frame": frames(WHOLE),
    "zstd, frames that end within records (pzstd)": frames(*slices(WHOLE, 700)),
    "zstd, with a dictionary": skippable(DICTIONARY) + frames(*RECORDS, with_dictionary=True),
    "zstd, with a packed dictionary": (
        skippable(zstandard.compress(DICTIONARY)) + frames(*RECORDS, with_dictionary=True)
    ),
    "zstd, a dictionary that half of the frames need": (
        skippable(DICTIONARY) + frames(*RECORDS[:2]) + frames(*RECORDS[2:], with_dictionary=True)
    ),
    "zstd, a skippable frame that is no dictionary": (
        skippable(b"seek table", 0x184D2A5E) + frames(*RECORDS) + skippable(b"seek table", 0x184D2A50)
    ),
    "zstd behind gzip": gzipped(*RECORDS[:2]) + frames(*RECORDS[2:]),
    "gzip, zeros at its end": gzipped(*RECORDS) + bytes(512),
    "ARC": ARC,
    "ARC in gzip": gzipped(*(b"http" + part for part in ARC.split(b"\nhttp")[1:])),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_however_it_is_packed_and_named_each_record_is_taken(tmp_path: Path, form: str) -> None:
    told = imported(tmp_path / "a.db", FORMS[form], name="a.bin")
    assert (told["code"], told["broken"], told["reports_new"]) == (0, 0, 4), problems(tmp_path / "a.db")


@pytest.mark.parametrize("form", [name for name in FORMS if name.startswith(("gzip, a", "zstd, a", "plain"))])
def test_a_cut_costs_the_last_record_and_is_told(tmp_path: Path, form: str) -> None:
    told = imported(tmp_path / "a.db", FORMS[form][:-90])
    assert (told["code"], years(tmp_path / "a.db")) == (1, [2019, 2020, 2021])
    assert [kind for kind, _ in problems(tmp_path / "a.db")] == ["warc_broken"]


@pytest.mark.parametrize("form", ["gzip, a member a record", "zstd, a frame a record", "zstd, with a dictionary"])
def test_bytes_that_are_no_record_are_told(tmp_path: Path, form: str) -> None:
    told = imported(tmp_path / "a.db", FORMS[form] + b"and so on", FORMS[form][:-1] + b"!" + gzipped(report(2018)))
    assert (told["code"], years(tmp_path / "a.db")[:2]) == (1, [2018, 2019])
    assert "9 bytes that are no record" in problems(tmp_path / "a.db")[0][1]


@pytest.mark.parametrize("harm", [b"", b"\x00" * 40, DICTIONARY[:300]], ids=["empty", "zeros", "cut"])
def test_without_its_dictionary_a_file_is_told_and_costs_no_other(tmp_path: Path, harm: bytes) -> None:
    needing = frames(*RECORDS[:2], with_dictionary=True)
    told = imported(tmp_path / "a.db", skippable(harm) + needing + frames(*RECORDS[2:]), gzipped(report(2018)))
    assert (told["code"], years(tmp_path / "a.db")) == (1, [2018, 2021, 2022])
    assert problems(tmp_path / "a.db")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bz2.compress(WHOLE), "packed by bzip2"),
        (lzma.compress(WHOLE), "packed by xz"),
        (b"PK\x03\x04" + bytes(99), "a ZIP"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(99), "a 7z"),
        (zstandard.compress(b"<html>"), "expected a file that begins with WARC/1.0"),
        (skippable(DICTIONARY), "expected a file that begins with WARC/1.0"),
        (b"\x28\xb5\x2f\xfd", "expected a file that begins with WARC/1.0"),
        (b"A page about WARC/1.0 and WARC/1.1\r\n", "expected a file that begins with WARC/1.0"),
        (b"", "expected a file that begins with WARC/1.0"),
    ],
)
def test_what_is_no_warc_is_refused_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "a.warc.gz").write_bytes(content)
    done = nianbao("import", str(tmp_path / "a.warc.gz"), "--archive", str(tmp_path / "a.db"))
    assert "is not a WARC" in str(done.exception)
    assert words in str(done.exception)
    assert not (tmp_path / "a.db").exists()


def test_a_file_whose_first_record_is_damaged_is_still_a_warc(tmp_path: Path) -> None:
    damaged = b"X" * 100_000  # longer than what is looked at first
    told = imported(
        tmp_path / "a.db", damaged + RECORDS[0], damaged + gzipped(RECORDS[1]), damaged + frames(RECORDS[2])
    )
    assert (told["code"], told["broken"], years(tmp_path / "a.db")) == (1, 3, [2019, 2020, 2021])


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_what_unpacks_without_end_is_told_and_costs_neither_memory_nor_others(
    tmp_path: Path, pack: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc_members, "SMALL", 1 << 22)
    bomb = record(address(2018), bytes(1 << 26), http=HTTP)
    told = imported(tmp_path / "a.db", pack(bomb) + pack(RECORDS[0]))  # type: ignore[operator]
    assert (told["code"], told["broken"], years(tmp_path / "a.db")) == (1, 1, [2019])
    assert "unpacks to more than" in problems(tmp_path / "a.db")[0][1]


MEASURED = """
import resource, sys
from pathlib import Path
from crawler.archive.exchange.intake import read
from crawler.fetching.codings import undone
Path(sys.argv[1]).write_bytes(b"")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(sum(1 for _ in read(Path(sys.argv[2]), undone)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_bomb_takes_a_bounded_part_of_memory(tmp_path: Path) -> None:
    """A frame of zstd of 3 kB that says 100 MB a kilobyte: it is unpacked in parts, on disk."""
    (tmp_path / "a").write_bytes(zstandard.compress(record(address(2018), bytes(1 << 28))) + frames(RECORDS[0]))
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, tmp_path / "b", tmp_path / "a"], capture_output=True, text=True, check=True
    )
    count, kilobytes = map(int, done.stdout.split())
    assert count == 2
    assert kilobytes < (1 << 17), "more than 128 MB"


@pytest.mark.parametrize("length", ["10000000000", "9" * 15, "9" * 5000, "-1", "1e3", "0x10", "٣", "²", "", "12 12"])
def test_a_length_that_is_none_or_beyond_the_file_costs_one_record(tmp_path: Path, length: str) -> None:
    broken = record(address(2018), page(2018), f"Content-Length: {length}", without=["Content-Length"])
    told = imported(tmp_path / "a.db", gzipped(broken, *RECORDS[:2]), broken + RECORDS[2] + RECORDS[3])
    assert (told["code"], told["broken"]) == (1, 2)
    assert years(tmp_path / "a.db") == [2019, 2020, 2021, 2022]
