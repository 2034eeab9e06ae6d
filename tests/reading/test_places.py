"""What a confined process may read holds no archive, and whatever Python imports late."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crawler.reading import places
from crawler.reading.landlock import FOLDER, LIST, READ, Access


def access(allowed: dict[Path, Access], path: Path) -> Access:
    """What all rules together allow at a place: each speaks of what is beneath it, too."""
    found = Access(0)
    for place, rights in allowed.items():
        if path.resolve().is_relative_to(place.resolve()):
            found |= rights
    return found


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout as git leaves it, with an archive where the program puts it."""
    for package in ("crawler", "pipelines", "data", "data/forms"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "crawler" / "data").symlink_to("../data")
    for archive in ("archive.db", "data/archive.db"):
        (tmp_path / archive).touch()
    monkeypatch.setattr(places, "_ROOT", tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), str(tmp_path.parent), *sys.path])
    return tmp_path


def test_packages_of_a_checkout_are_read_and_the_archives_beside_them_are_not(checkout: Path) -> None:
    allowed = places.places(checkout / "own")
    for module in ("crawler/__init__.py", "pipelines/x.py", "data/__init__.py", "data/forms/f2021.toml"):
        assert access(allowed, checkout / module) == READ
    assert access(allowed, checkout / "data") == LIST
    for archive in ("archive.db", "data/archive.db", "crawler/data/archive.db"):
        assert Access.READ_FILE not in access(allowed, checkout / archive)


def test_its_own_folder_alone_is_written_to(checkout: Path) -> None:
    allowed = places.places(checkout / "own")
    assert [place for place, rights in allowed.items() if Access.MAKE_REG in rights] == [checkout / "own"]
    assert access(allowed, checkout / "own" / "x") == FOLDER


def test_the_folder_a_program_is_started_in_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apart").mkdir()
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), str(tmp_path / "apart"), *sys.path])
    monkeypatch.chdir(tmp_path)
    allowed = places.places(tmp_path / "own")
    assert access(allowed, tmp_path / "archive.db") == Access(0)
    assert access(allowed, tmp_path / "apart" / "module.py") == READ


def test_a_folder_that_is_gone_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert places.places(tmp_path)


def test_libraries_are_read_wherever_they_lie(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment lies within the checkout, and its libraries beside those of another."""
    libraries = checkout / "lib" / "site-packages"
    monkeypatch.setattr(sys, "path", [str(libraries)])
    assert access(places.places(checkout / "own"), libraries / "lxml" / "etree.so") == READ
