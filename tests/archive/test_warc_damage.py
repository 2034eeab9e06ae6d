"""Damaged WARC files: whatever was done to the bytes, no traceback, and every record that it left alone is taken."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from crawler.archive.exchange.heads import Damage
from crawler.archive.exchange.intake import WarcCapture, read
from crawler.fetching.codings import undone
from crawler.records.errors import NianbaoError
from tests.pipelines.test_figures import SITE
from tests.support.warc_files import HTTP, imported, record, sha1

pytestmark = pytest.mark.slow

SEEDS = 200
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": lambda kept: gzip.compress(kept, mtime=0),
    "gzip, stored": lambda kept: gzip.compress(kept, 0, mtime=0),
    "zstd": zstandard.compress,
    "zstd, with checksums": lambda kept: zstandard.ZstdCompressor(write_checksum=True).compress(kept),
}


def sound(chance: random.Random, number: int) -> tuple[bytes, tuple[str, bytes]]:
    """A record with its digests, and the address and body that stand in it."""
    url = f"{SITE}/{number}.html"
    body = "".join(chance.choices("政府信息公开年度报告 \n\r<>p0123456789", k=chance.randrange(200, 1500))).encode()
    http = chance.choice([HTTP, b""])
    kind, says = ("response", "application/http") if http else ("resource", "text/html")
    digests = chance.choice(
        [
            [f"WARC-Block-Digest: {sha1(http + body)}"],
            [f"WARC-Payload-Digest: {sha1(body)}"],
            [f"WARC-Block-Digest: {sha1(http + body)}", f"WARC-Payload-Digest: {sha1(body)}"],
        ]
    )
    end = chance.choice([b"\r\n", b"\n"])
    return record(url, body, *digests, kind=kind, http=http, says=says, end=end), (url, body)


def harmed(chance: random.Random, data: bytes) -> tuple[bytes, list[tuple[int, int]]]:
    """The bytes after one kind of damage, and the places of the old ones that it touched (empty: between two bytes)."""
    size = len(data)
    begin = chance.randrange(size)
    end = min(size, begin + chance.choice([1, 2, 10, 100, 1000, 5000]))
    other = chance.randrange(size)
    middle = data[begin:end]
    match chance.choice(["flips", "cut", "tail", "zeros", "junk", "twice", "splice", "appended"]):
        case "flips":
            places = chance.choices(range(size), k=chance.choice([1, 1, 2, 15]))
            changed = bytearray(data)
            for place in places:
                changed[place] ^= 1 << chance.randrange(8)
            return bytes(changed), [(place, place + 1) for place in places]
        case "cut":
            return data[:begin] + data[end:], [(begin, end)]
        case "tail":
            return data[:begin], [(begin, size)]
        case "zeros":
            return data[:begin] + bytes(end - begin) + data[end:], [(begin, end)]
        case "junk":
            return data[:begin] + chance.randbytes(end - begin) + data[begin:], [(begin, begin)]
        case "twice":
            return data[:other] + middle + data[other:], [(other, other)]
        case "splice":
            return data[:other] + middle + data[other + len(middle) :], [(other, other + len(middle))]
        case _:
            return data + chance.randbytes(end - begin), []


def edited(chance: random.Random, kept: bytes) -> bytes:
    """A record with one line of its head changed."""
    lines = kept.split(b"\n")
    at = chance.randrange(8)
    name = lines[at].partition(b":")[0]
    values = [b"", b"\xff\xfe", b"sha1:", b"9" * 5000, b"-1", b"\xb2", b"sha1:" + b"!" * 32, b"0", b"10000000000"]
    match chance.choice(["value", "gone", "twice", "junk"]):
        case "value":
            lines[at] = name + b": " + chance.choice(values)
        case "gone":
            del lines[at]
        case "twice":
            lines.insert(at, lines[at])
        case _:
            lines.insert(at, chance.randbytes(30))
    return b"\n".join(lines)


def trial(seed: int) -> tuple[bytes, set[tuple[str, bytes]], bool]:
    """A damaged file, the address and body of each record that was left alone, and whether any was not."""
    chance = random.Random(seed)
    pack = chance.choice(list(PACKINGS.values()))
    records, contents = zip(*(sound(chance, number) for number in range(chance.randrange(2, 7))), strict=True)
    if chance.random() < 0.25:
        harmed_one = chance.randrange(len(records))
        parts = [pack(edited(chance, kept) if at == harmed_one else kept) for at, kept in enumerate(records)]
        return b"".join(parts), {one for at, one in enumerate(contents) if at != harmed_one}, True
    parts = [pack(kept) for kept in records]
    bounds = [sum(map(len, parts[:count])) for count in range(len(parts) + 1)]
    data, places = harmed(chance, b"".join(parts))
    left = {
        content
        for content, begin, end in zip(contents, bounds, bounds[1:], strict=False)
        if not any(
            first < end and begin < max(last, first + 1) and not first == last == begin for first, last in places
        )
    }
    return data, left, len(left) < len(contents)


def test_whatever_is_damaged_all_that_was_left_alone_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for seed in range(SEEDS):
        data, left, is_harmed = trial(seed)
        path.write_bytes(data)
        try:
            entries = list(read(path, undone))
        except NianbaoError:
            assert not left, seed
            continue
        taken = {(entry.url, entry.body) for entry in entries if isinstance(entry, WarcCapture)}
        assert left <= taken, (seed, [url for url, _ in left - taken])
        if is_harmed and len(taken) == len(left):
            assert any(not isinstance(entry, WarcCapture) for entry in entries), (seed, "nothing was told")
        assert all(entry.why for entry in entries if isinstance(entry, Damage))


def test_the_command_takes_damaged_files_together(tmp_path: Path) -> None:
    """What is left of forty files, in one archive: as many captures as records that no damage touched, at least."""
    trials = [(data, left) for data, left, _ in map(trial, range(1000, 1040)) if left]
    told = imported(tmp_path / "a.db", *(data for data, _ in trials))
    assert told["code"] == 1
    assert told["responses"] >= sum(len(left) for _, left in trials)
    assert told["problems"] >= told["broken"] > 0


@pytest.mark.parametrize("pack", PACKINGS)
def test_a_warc_in_a_record_is_a_body_and_a_record_in_a_wrong_length_is_a_record(tmp_path: Path, pack: str) -> None:
    one, two = (record(f"{SITE}/{name}.html", name.encode()) for name in ("one", "two"))
    nested = record(f"{SITE}/kept.warc", one + two, f"WARC-Payload-Digest: {sha1(b'other')}")
    told = imported(tmp_path / "a.db", PACKINGS[pack](nested) + PACKINGS[pack](two))
    assert (told["responses"], told["broken"]) == (1, 1)
    length = len(HTTP) + 3
    too_long = one.replace(b"Length: %d" % length, b"Length: %d" % (length + 4 + len(two)))
    told = imported(tmp_path / "b.db", PACKINGS[pack](too_long + two) + PACKINGS[pack](one))
    assert (told["responses"], told["broken"]) == (2, 1)
