"""Rules on files as each version of the kernel has them: a later one's are never asked of an earlier."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import pytest

from crawler.reading import kernel, landlock
from crawler.reading.landlock import LIST, READ, Access
from tests.support.confining import confined

VERSIONS = range(1, 9)
PLACES = """
for path in (folder / "x", folder.parent / "outside"):
    try: print(open(path, "w") and "written")
    except OSError: print("denied")
try: print(open(folder.parent / "secret").read())
except OSError: print("denied")
"""


def test_each_version_knows_the_rights_of_its_time() -> None:
    known = [landlock.rights(abi) for abi in VERSIONS]
    assert [int(rights).bit_length() for rights in known] == [13, 14, 15, 15, 16, 16, 16, 16]
    assert [Access.REFER in known[0], Access.REFER in known[1]] == [False, True]
    assert [Access.TRUNCATE in known[1], Access.TRUNCATE in known[2]] == [False, True]


@pytest.mark.parametrize("abi", VERSIONS)
def test_a_version_is_asked_for_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abi: int) -> None:
    """A kernel refuses what has bits that it does not know; and a rule for a file that speaks of folders."""
    rulesets: list[list[int]] = []
    allowed: list[int] = []
    flags: list[int] = []

    def call(number: int, *arguments: int) -> int:
        if number == landlock.CREATE_RULESET:
            rulesets.append(list((ctypes.c_uint64 * 3).from_address(arguments[0])))
            return os.open(tmp_path, os.O_RDONLY)
        if number == landlock.ADD_RULE:
            allowed.append(ctypes.c_uint64.from_address(arguments[2]).value)
        else:
            flags.append(arguments[1])
        return 0

    monkeypatch.setattr(kernel, "call", call)
    (tmp_path / "file").touch()
    rules = {tmp_path: landlock.FOLDER, tmp_path / "file": READ, tmp_path / "none": READ, tmp_path / "file" / "x": LIST}
    landlock.restrict(rules, abi)
    assert rulesets == [[landlock.rights(abi), 3 if abi >= 4 else 0, 3 if abi >= 6 else 0]]
    assert allowed == [landlock.FOLDER & landlock.rights(abi), Access.READ_FILE]
    assert flags == [8 if abi >= 8 else 0]


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is Linux's")
@pytest.mark.parametrize("abi", VERSIONS)
def test_the_rules_of_each_version_hold_by_themselves(tmp_path: Path, abi: int) -> None:
    """On this machine's kernel, as far as it goes."""
    try:
        here = landlock.version()
    except OSError as error:
        pytest.skip(f"no Landlock here: {error}")
    if here < abi:
        pytest.skip(f"this kernel has version {here}")
    (tmp_path / "own").mkdir()
    (tmp_path / "secret").write_text("secret")
    older = f"from crawler.reading import landlock; landlock.version = lambda: {abi}"
    for layers in ("landlock", "landlock,seccomp"):
        confinement, said, _ = confined(tmp_path / "own", PLACES, before=older, layers=layers)
        assert (confinement["landlock"], confinement["writing"]) == (abi, "folder")
        assert said.split() == [b"written", b"denied", b"denied"]


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is Linux's")
def test_where_the_kernel_refuses_nothing_is_written_at_all(tmp_path: Path) -> None:
    """As in a container that forbids the calls: then the filter has no folder to spare."""
    (tmp_path / "own").mkdir()
    (tmp_path / "secret").write_text("secret")
    refused = """
from crawler.reading import landlock
def restrict(*_): raise PermissionError(1, "Operation not permitted")
landlock.restrict = restrict
"""
    confinement, said, _ = confined(tmp_path / "own", PLACES, before=refused)
    if not confinement["seccomp"]:
        pytest.skip(confinement["lacks"]["seccomp"])
    assert (confinement["landlock"], confinement["writing"]) == (None, "nowhere")
    assert confinement["lacks"]["landlock"]
    assert said.split() == [b"denied", b"denied", b"secret"]
