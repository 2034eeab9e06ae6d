"""Folders of readers: those of readers that are no more are removed, whoever made them, and no others."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from crawler.reading import folders
from crawler.reading.pool import Pool

OLD = (0.0, 0.0)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_there_for_as_long_as_its_reader_and_goes_with_the_next_pool(place: Path) -> None:
    folder, said = folders.make()
    with said, subprocess.Popen(["cat"], stdin=subprocess.PIPE, stderr=said) as reader:
        said.close()
        (place / folder / "left").write_text("words")
        os.utime(folder, OLD)
        Pool(1).close()
        assert Path(folder).exists(), "its reader has it open"
        reader.communicate()
    Pool(1).close()
    assert list(place.iterdir()) == []


def test_what_is_young_or_a_link_or_no_folder_of_a_reader_stays(place: Path) -> None:
    young, said = folders.make()
    said.close()
    away = place / "away"
    away.mkdir()
    (away / "stderr").touch()
    (place / f"{folders.PREFIX}link").symlink_to(away)
    (place / f"{folders.PREFIX}file").touch()
    (place / f"{folders.PREFIX}other").mkdir()
    (place / f"{folders.PREFIX}other" / "words").touch()
    for path in place.iterdir():
        if str(path) != young:
            os.utime(path, OLD, follow_symlinks=False)
    before = sorted(place.rglob("*"))
    folders.sweep()
    assert sorted(place.rglob("*")) == before


def test_a_folder_whose_maker_was_killed_before_it_had_a_reader_goes(place: Path) -> None:
    (place / f"{folders.PREFIX}empty").mkdir()
    folders.sweep()
    assert len(list(place.iterdir())) == 1, "its reader may be about to start"
    os.utime(place / f"{folders.PREFIX}empty", OLD)
    folders.sweep()
    assert list(place.iterdir()) == []


def test_the_readers_of_a_process_that_was_killed_leave_nothing(place: Path) -> None:
    program = (
        "import os, signal\n"
        "from crawler.reading.pool import Pool\n"
        "pool = Pool(1)\n"
        "pool._all[0]._start()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program], env=os.environ | {"TMPDIR": str(place)}, check=False)
    (folder,) = place.iterdir()
    os.utime(folder, OLD)
    with (folder / "stderr").open() as said:
        fcntl.flock(said, fcntl.LOCK_EX)  # until the system has ended the reader, too
    folders.sweep()
    assert list(place.iterdir()) == []


def test_nowhere_to_look_is_nothing_to_sweep(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place / "gone"))
    folders.sweep()
