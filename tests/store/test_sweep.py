"""The sweep of a store: what is old goes, what counts or may come to count stays, whenever it is broken off."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.records.errors import StoreError
from crawler.store.deposit import next_generation
from crawler.store.names import archive_name, place_of, seal_name, table_name
from crawler.store.seals import Seal, current, read_seal, seal
from crawler.store.store import Store
from crawler.store.sweep import Refuse, refuse, sweep
from tests.support.program import run

LATER = datetime.now(UTC) + timedelta(days=8)


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A folder; and a store of obstore's in memory, which like a bucket has no file that could be read in its place."""
    if request.param == "folder":
        return Store.open(str(tmp_path))
    memory = pytest.importorskip("obstore.store").MemoryStore()
    return Store("memory", memory, None)


def put(store: Store, portal: str, generation: int, *, sealed: bool = True) -> None:
    """A generation of three objects, the seal among them, or without it."""
    objects = {
        name: store.put(name, f"{portal} {generation} {name}".encode())
        for name in (archive_name(portal, generation), table_name(portal, generation, "reports"))
    }
    if sealed:
        seal(store, Seal(portal, generation, "uuid", "0", "2026-01-01T00:00:00Z", objects))


def generations(store: Store) -> list[tuple[str, int]]:
    """All that there is any object of."""
    return sorted({place for entry in store.list() if (place := place_of(entry.name)) is not None})


def places(gone: Iterable[Refuse]) -> list[tuple[str, int, bool]]:
    return [(one.portal, one.generation, one.sealed) for one in gone]


def test_all_but_the_newest_go_and_leftovers_in_front_of_them(store: Store) -> None:
    for number in (1, 2, 4, 9, 10):
        put(store, "a", number)
    put(store, "a", 3, sealed=False)
    put(store, "a", 11, sealed=False)  # a check-in, or committed and not sealed yet
    put(store, "b", 1, sealed=False)
    put(store, "c", 1)
    store.put("current/README.md", b"a stranger's")
    gone = refuse(store, 2, 7, LATER)
    assert places(gone) == [("a", 1, True), ("a", 2, True), ("a", 3, False), ("a", 4, True)]
    for one in gone:
        sweep(store, one)
    assert generations(store) == [("a", 9), ("a", 10), ("a", 11), ("b", 1), ("c", 1)]
    assert {portal: one.generation for portal, one in current(store).items()} == {"a": 10, "c": 1}
    assert store.read("current/README.md") == b"a stranger's"
    assert refuse(store, 2, 7, LATER) == []
    assert next_generation(store, "a") == 12


def test_what_was_superseded_or_left_a_week_ago_stays(store: Store) -> None:
    for number in (1, 3):
        put(store, "a", number)
    put(store, "a", 2, sealed=False)
    assert refuse(store, 1, 7, LATER - timedelta(days=2)) == []
    assert places(refuse(store, 1, 7, LATER)) == [("a", 1, True), ("a", 2, False)]


def test_a_generation_superseded_of_late_stays_however_old_it_is(tmp_path: Path) -> None:
    """Somebody may have asked for the newest one minutes ago, and reads it still."""
    store = Store.open(str(tmp_path))
    for number in (1, 2, 3):
        put(store, "a", number)
    long_ago = (LATER - timedelta(days=400)).timestamp()
    for path in [*tmp_path.rglob("1.*"), *tmp_path.rglob("2.*")]:
        os.utime(path, (long_ago, long_ago))
    assert places(refuse(store, 1, 7, datetime.now(UTC))) == [("a", 1, True)]


def test_what_a_database_names_stays(store: Store) -> None:
    for number in (1, 2, 3):
        put(store, "a", number)
    assert places(refuse(store, 1, 7, LATER, {("a", 1)})) == [("a", 2, True)]


def test_nothing_less_than_a_generation_and_a_day(store: Store) -> None:
    for keep, days in ((0, 7), (1, 0)):
        with pytest.raises(ValueError, match="1 or more"):
            refuse(store, keep, days, LATER)


@pytest.mark.parametrize("killed_after", [0, 1, 2])
def test_broken_off_anywhere_no_seal_is_without_its_objects_and_the_next_sweep_ends_it(
    store: Store, killed_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        put(store, "a", number)
    (gone,) = refuse(store, 1, 7, LATER)
    removing, count = Store.delete, 0

    def killed(self: Store, names: Iterable[str]) -> None:
        nonlocal count
        for name in names:
            if count == killed_after:
                raise KeyboardInterrupt
            removing(self, [name])
            count += 1

    with monkeypatch.context() as patch:
        patch.setattr(Store, "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            sweep(store, gone)
    names = {entry.name for entry in store.list()}
    if seal_name("a", 1) in names:
        assert set(read_seal(store, "a", 1).objects) <= names
    assert current(store)["a"].generation == 2
    (rest,) = refuse(store, 1, 7, LATER)
    assert rest.sealed == (killed_after == 0)
    sweep(store, rest)
    assert generations(store) == [("a", 2)]


def test_two_sweeps_at_once_and_a_check_in_beside_them(store: Store) -> None:
    """Each looked before the other removed, and a generation was put and sealed in between."""
    for number in (1, 2, 3):
        put(store, "a", number)
    first, second = refuse(store, 1, 7, LATER), refuse(store, 1, 7, LATER)
    put(store, "a", 4)
    for one in first + second:
        sweep(store, one)
    assert generations(store) == [("a", 3), ("a", 4)]


def test_who_reads_a_generation_that_went_is_told(store: Store, tmp_path: Path) -> None:
    for number in (1, 2):
        put(store, "a", number)
    name, content = read_seal(store, "a", 1).archive
    for one in refuse(store, 1, 7, LATER):
        sweep(store, one)
    with pytest.raises(StoreError, match=rf"has no {name}$"):
        store.get(name, tmp_path / "out.db", content)


def test_the_command_says_what_it_removes_and_a_trial_removes_nothing(tmp_path: Path) -> None:
    store = Store.open(str(tmp_path))
    for number in (1, 2, 4):
        put(store, "a", number)
    put(store, "a", 3, sealed=False)
    ago = (datetime.now(UTC) - timedelta(days=9)).timestamp()
    for path in tmp_path.rglob("*.*"):
        os.utime(path, (ago, ago))
    for name in ("archives/a/4.db#1", "tables/b/7/reports.parquet#12", "archives/notes#1"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (ago, ago))
    (tmp_path / "archives/a/5.db#1").write_bytes(b"going on")
    (tmp_path / "archives" / "c").mkdir()
    before, files = store.list(), sorted(tmp_path.rglob("*"))
    trial = run("store", "sweep", str(tmp_path), "--keep", "2", "--dry-run")
    assert (trial.returncode, store.list()) == (0, before), trial.stderr
    assert sorted(tmp_path.rglob("*")) == files
    assert "would be removed" in trial.stderr
    done = run("store", "sweep", str(tmp_path), "--keep", "2", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [(one["generation"], one["sealed"]) for one in told["generations"]] == [(1, True), (3, False)]
    assert "a 3: " in done.stderr
    assert told["staged"] == ["archives/a/4.db#1", "tables/b/7/reports.parquet#12"]
    assert "archives/a/4.db#1: put by halves\n" in done.stderr
    assert sorted(path.name for path in (tmp_path / "archives").rglob("*#*")) == ["5.db#1", "notes#1"]
    assert all(any(path.iterdir()) for path in tmp_path.rglob("*") if path.is_dir())
    assert ", never sealed\n" in done.stderr
    assert generations(store) == [("a", 2), ("a", 4)]
    again = run("store", "sweep", str(tmp_path), "--keep", "2")
    assert again.stderr == "0 generations, 0 bytes removed\n"
    assert run("store", "sweep", str(tmp_path), "--keep", "0").returncode == 2
