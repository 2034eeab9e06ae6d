"""`nianbao compact`: the file is smaller, nothing in it is another; killed at any moment, it is sound and goes on."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.archive.derive import compaction, repacking
from crawler.archive.derive.verify import verify
from crawler.archive.file.blobs import BlobReader
from crawler.archive.file.dictionaries import MOST_PAGES, Choice, choose
from crawler.records.capture import Capture, Context
from crawler.records.errors import ArchiveError
from tests.archive.test_blobs import site
from tests.archive.test_redact import later, rows
from tests.servers.living import report
from tests.support import archive_toy as toy
from tests.support.redaction_toy import SECRET, capture, dump, fill, holding, nianbao, redact, store
from tests.support.thorough import THOROUGH

pytestmark = pytest.mark.slow

PLACES = ("和平区", "沈河区", "皇姑区", "铁西区", "苏家屯区", "沈北新区", "于洪区", "辽中区", "康平县", "法库县")
PAGE, OLD = "http://www.shenyang.gov.cn/nb/a.html", "http://www.shenyang.gov.cn/nb/c.html"
AT = "2026-04-01T00:00:00Z"


def pages(count: int, first: int = 0) -> list[Capture]:
    """Reports of one host, every second one within another template, which the first two of the host are not of."""
    frame = random.Random(1).randbytes(6_000).hex()
    return [
        capture(
            f"/more/{number}.html",
            report(
                PLACES[number % len(PLACES)],
                2010 + number // len(PLACES),
                f"全年收到政府信息公开申请{number + 11}件。",
                frame if number % 2 else "",
            ),
            AT,
        )
        for number in range(first, first + count)
    ]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compact") / "archive.db"
    fill(path)
    later(path, *pages(24))
    return path


@pytest.fixture
def archive(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "archive.db"))


def compact(path: Path, code: int = 0) -> dict[str, Any]:
    """`nianbao compact --json`, which ends with `code`; what it says of itself, with `said`."""
    done = nianbao(path, "compact", "--json", code=code)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told | {"said": done.stderr}


def bodies(path: Path) -> dict[str, bytes | None]:
    with closing(sqlite3.connect(path)) as connection:
        reader = BlobReader(connection)
        return {row[0]: reader.get(row[0]) for row in connection.execute("select sha256 from blobs").fetchall()}


def packed(path: Path) -> list[tuple[Any, ...]]:
    """How each body is stored: against which pages, at which level, and the bytes."""
    return rows(
        path,
        "select sha256, coding, first_sha256, second_sha256, level, body from blobs"
        " left join dictionaries on dictionaries.id = dictionary_id order by sha256",
    )


def others(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but those that say how bodies are packed."""
    return {name: held for name, held in dump(path).items() if name not in ("blobs", "dictionaries", "seals")}


def test_the_file_is_smaller_and_nothing_in_it_is_another(archive: Path, tmp_path: Path) -> None:
    held, rest = bodies(archive), others(archive)
    nianbao(archive, "export", "warc", str(tmp_path / "before.warc.gz"))
    size = archive.stat().st_size
    told = compact(archive)
    assert told["before"] == size
    assert told["after"] == archive.stat().st_size < size
    assert told["bodies_after"] < 0.8 * told["bodies_before"]
    assert told["bodies_after"] == rows(archive, "select sum(length(body)) from blobs")[0][0]
    assert told["packed"] == len(held)
    assert (told["damaged"], told["written_anew"]) == ([], True)
    assert f"{size:,} bytes before, {told['after']:,} now" in told["said"]
    assert bodies(archive) == held
    assert others(archive) == rest
    assert rows(archive, "pragma freelist_count") == [(0,)]
    assert nianbao(archive, "verify", "--all").stderr == "sound\n"
    nianbao(archive, "export", "warc", str(tmp_path / "after.warc.gz"))
    assert (tmp_path / "after.warc.gz").read_bytes() == (tmp_path / "before.warc.gz").read_bytes()


def test_dictionaries_are_chosen_among_all_pages_of_a_host(archive: Path) -> None:
    before = rows(archive, "select first_sha256, second_sha256 from dictionaries")
    compact(archive)
    chosen = rows(archive, "select first_sha256, second_sha256 from dictionaries")
    assert chosen
    assert not set(chosen) & set(before)
    parts = {page for pair in chosen for page in pair}
    assert len(parts) <= MOST_PAGES
    plain = "select count(*) from blobs where coding = 'zstd' and dictionary_id is null and sha256 = ?"
    assert all(rows(archive, plain, page) == [(1,)] for page in parts)
    assert rows(archive, "select count(*) from blobs where level is null") == [(0,)]


def test_the_next_one_packs_only_what_came_since(archive: Path) -> None:
    compact(archive)
    assert compact(archive)["packed"] == 0
    before = rows(archive, "select * from dictionaries")
    later(archive, *pages(3, first=24))
    assert rows(archive, "select count(*), count(dictionary_id) from blobs where level is null") == [(3, 3)]
    assert rows(archive, "select * from dictionaries") == before
    told = compact(archive)
    assert (told["packed"], told["dictionaries_made"]) == (3, 0)
    assert nianbao(archive, "verify", "--sample", "0").stderr == "sound\n"


def test_a_host_that_has_grown_is_planned_anew(archive: Path) -> None:
    compact(archive)
    count = len(bodies(archive))
    with Archive.open(archive) as opened:
        run = opened.begin_run(["shenyang"])
        for number, body in enumerate(site(2 * count)):
            store(opened, capture(f"/other/{number}.html", b"<html><body>" + body, AT))
        opened.finish_run(run, "finished")
    held = bodies(archive)
    told = compact(archive)
    assert told["dictionaries_made"] >= 1
    assert told["packed"] >= len(held) - MOST_PAGES
    assert bodies(archive) == held
    assert compact(archive)["packed"] == 0


def test_another_run_is_not_disturbed(archive: Path) -> None:
    before = archive.read_bytes()
    with Archive.open(archive) as holder:
        holder.lock()
        done = nianbao(archive, "compact", code=3)
    assert "another run holds" in str(done.exception)
    assert archive.read_bytes() == before


Room = namedtuple("Room", "total used free")


def test_without_room_nothing_is_touched(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = archive.read_bytes()
    size = archive.stat().st_size
    enough = 2 * size + compaction.BATCHES
    monkeypatch.setenv("SQLITE_TMPDIR", str(archive.parent))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Room(0, 0, enough - 1))
    done = nianbao(archive, "compact", code=2)
    assert f"takes up to {enough:,}" in str(done.exception)
    assert archive.read_bytes() == before
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Room(0, 0, enough))
    compact(archive)


def test_a_disk_that_fills_for_all_that_is_a_sentence_and_the_next_goes_on(archive: Path) -> None:
    held = bodies(archive)
    child = os.fork()
    if child == 0:
        ended = 8
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            with Archive.open(archive) as opened:
                opened.lock()
                resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))
                opened.compact()
        except ArchiveError as error:
            ended = 9 if "goes on from there" in str(error) else 7
        finally:
            os._exit(ended)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert bodies(archive) == held
    compact(archive)
    assert nianbao(archive, "verify", "--sample", "0").stderr == "sound\n"


def test_a_reader_that_holds_the_log_is_told(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.archive.file.connection.BUSY_MS", 10)
    with closing(sqlite3.connect(archive, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from captures").fetchone()
        told = compact(archive, code=1)
        assert not told["written_anew"]
        assert "another program is reading the archive" in told["said"]
    assert compact(archive)["after"] < told["before"]


def test_a_damaged_body_is_left_and_told_and_so_is_what_it_is_needed_for(archive: Path) -> None:
    (first,) = rows(archive, "select first_sha256 from dictionaries order by id")[0]
    with sqlite3.connect(archive) as connection:
        connection.execute("update blobs set body = substr(body, 1, 30) where sha256 = ?", (first,))
    connection.close()
    whole = "select count(*) from blobs where level is not null"
    failures = nianbao(archive, "verify", "--sample", "0", code=1).stderr
    told = compact(archive, code=1)
    assert first in told["damaged"]
    assert f"{first} is damaged" in told["said"]
    other = 1  # the second page of its dictionary
    assert rows(archive, whole)[0][0] == len(rows(archive, "select 1 from blobs")) - len(told["damaged"]) - other
    assert nianbao(archive, "verify", "--sample", "0", code=1).stderr == failures


def test_what_is_redacted_before_it_is_nowhere_after_it(archive: Path) -> None:
    redact(archive, PAGE, OLD)
    compact(archive)
    assert holding(archive, SECRET) == []
    assert nianbao(archive, "verify", "--all").stderr == "sound\n"


def test_what_is_redacted_after_it_is_nowhere_though_it_was_a_dictionary(archive: Path) -> None:
    compact(archive)
    pages = {page for pair in rows(archive, "select first_sha256, second_sha256 from dictionaries") for page in pair}
    held = bodies(archive)
    redact(archive, *sorted(pages), PAGE, OLD)
    assert holding(archive, SECRET) == []
    gone = {sha256 for (sha256,) in rows(archive, "select sha256 from redactions")}
    assert pages <= gone
    assert bodies(archive) == {sha256: None if sha256 in gone else body for sha256, body in held.items()}
    assert nianbao(archive, "verify", "--all").stderr == "sound\n"
    compact(archive)
    assert holding(archive, SECRET) == []
    assert rows(archive, "select count(*) from blobs where level is null and length(body) > 0") == [(0,)]
    assert nianbao(archive, "verify", "--sample", "0").stderr == "sound\n"


def test_a_redaction_that_was_not_wiped_yet_is_wiped(archive: Path) -> None:
    with Archive.open(archive) as opened:
        opened.connection.execute(
            "insert into redactions (sha256, length, reason, at) values (?, 1, 'r', ?)", ("0" * 64, AT)
        )
    compact(archive)
    assert rows(archive, "select count(*) from redactions where wiped_at is null") == [(0,)]


def ended(path: Path, number: int, hook: Callable[[sqlite3.Connection, Callable[[], None]], None]) -> int:
    """Compact in a child that ends as by `kill -9` at the `number`-th call of what `hook` has the connection call; its
    exit code, 0 where it came to its end."""
    child = os.fork()
    if child == 0:
        code = 8
        try:
            opened = Archive.open(path)
            opened.lock()
            left = number

            def count() -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            hook(opened.connection, count)
            opened.compact()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def at_statements(connection: sqlite3.Connection, count: Callable[[], None]) -> None:
    connection.set_trace_callback(lambda _: count())


def within_statements(connection: sqlite3.Connection, count: Callable[[], None]) -> None:
    connection.set_progress_handler(count, 100)


@pytest.mark.parametrize("hook", [at_statements, within_statements])
def test_killed_at_any_moment_it_is_sound_and_the_next_goes_on(
    hook: Any, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repacking, "BATCH_BODIES", 3)
    held, rest = bodies(archive), others(archive)
    goal = Path(shutil.copy(archive, tmp_path / "goal.db"))
    moments = 0
    with Archive.open(goal) as opened:

        def count() -> None:
            nonlocal moments
            moments += 1

        opened.lock()
        hook(opened.connection, count)
        opened.compact()
        opened.connection.set_progress_handler(None, 0)
    left = set()
    for number in [*range(1, moments, moments // (14 if THOROUGH else 7)), *range(moments - 4, moments)]:
        copy = Path(shutil.copy(archive, tmp_path / f"{number}.db"))
        assert ended(copy, number, hook) == -signal.SIGKILL
        assert bodies(copy) == held
        left.add(rows(copy, "select count(*) from blobs where level is null")[0][0])
        assert nianbao(copy, "verify", "--sample", "0").stderr == "sound\n"
        compact(copy)
        assert packed(copy) == packed(goal)
        assert others(copy) == rest
        assert nianbao(copy, "verify", "--sample", "0").stderr == "sound\n"
        copy.unlink()
    assert len(left) > 2
    assert {0, len(held)} <= left


def test_a_second_kill_in_another_place_changes_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repacking, "BATCH_BODIES", 3)
    goal = Path(shutil.copy(archive, tmp_path / "goal.db"))
    compact(goal)
    kills = 0
    while ended(archive, 90, at_statements) == -signal.SIGKILL:
        kills += 1
    assert kills > 1
    assert packed(archive) == packed(goal)


_HOSTS = ("https://a.gov.cn", "http://b.gov.cn:8080", "http://[::1")
_PAGES = st.lists(
    st.tuples(
        st.sampled_from([*site(4), *site(3, seed=2), random.Random(3).randbytes(3_000), b"", b"<p>404</p>"]),
        st.sampled_from(_HOSTS),
        st.sampled_from(["text/html", "application/pdf"]),
        st.booleans(),
    ),
    max_size=14,
)


@given(_PAGES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_there_is_comes_back_exactly(tmp_path: Path, drawn: list[tuple[bytes, str, str, bool]]) -> None:
    """One body at several hosts among them, bytes that nothing packs, and compactions between the pages."""
    path = tmp_path / "any.db"
    for file in tmp_path.glob("any.db*"):
        file.unlink()
    with Archive.open(path) as archive:
        archive.begin_run(["somewhere"])
        kept = set()
        for number, (body, host, kind, pause) in enumerate(drawn):
            page = toy.derive(Capture(f"{host}/{number}", 200, [("Content-Type", kind)], body, AT, "s"), Context())
            page.media_type = kind
            archive.store(page)
            kept.add(body)
            if pause:
                archive.compact()
        archive.compact()
        reader = BlobReader(archive.connection)
        held = {reader.get(row[0]) for row in archive.connection.execute("select sha256 from blobs").fetchall()}
        assert held == kept
        assert list(verify(archive.connection)) == []
        assert archive.compact().repacking.packed == 0


def test_the_page_most_like_the_others_is_chosen() -> None:
    shared, odd = site(8), site(3, seed=2)
    sample = {f"{number}": page for number, page in enumerate([odd[0], *shared, *odd[1:]])}
    choice = choose(sample, 400)
    assert choice == choose(dict(sample), 400)
    assert choice.pages[0] in {str(number) for number in range(1, 9)}
    assert choice.pages[1] in {"0", "9", "10"}
    assert set(choice.pairs[-1]) & {str(number) for number in range(1, 9)}


def test_pages_that_teach_nothing_are_none() -> None:
    dice = random.Random(1)
    noise = {f"{number}": dice.randbytes(5_000) for number in range(6)}
    assert choose(noise, 6) == Choice()
    assert choose({}, 0) == Choice()
    assert choose({"0": site(1)[0]}, 1) == Choice()
    different = {f"{number}": site(1, seed=number)[0] for number in range(6)}
    assert choose(different, 6) == Choice()
