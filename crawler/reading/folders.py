"""The folders of readers: each has one to write in, and one whose reader was killed with its parent is removed by the
next pool of its user."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from typing import BinaryIO

PREFIX = "nianbao-reader-"
"""How the names of folders begin."""
_SAID = "stderr"
"""Name of the file that has what a reader says on standard error. It is locked for as long as the reader has it open,
for a number of a process says little: where containers share a folder for what is temporary, each counts anew."""
_YOUNG = 60.0
"""Seconds within which a folder may be one that is just being made, and has no reader yet."""


def make() -> tuple[str, BinaryIO]:
    """A new folder, and the file for standard error in it, to be closed when the reader has it. Raises OSError."""
    folder = tempfile.mkdtemp(prefix=PREFIX)
    said = open(os.path.join(folder, _SAID), "wb")  # noqa: SIM115 -- the caller closes it
    with suppress(OSError):  # a file system without locks: nothing is removed there
        fcntl.flock(said, fcntl.LOCK_EX)
    return folder, said


def last_line(folder: str) -> str:
    """What a program said of its end."""
    with suppress(OSError), open(os.path.join(folder, _SAID), encoding="utf-8", errors="replace") as said:
        return next((line for line in reversed(said.read().split("\n")) if line.strip()), "it said nothing")
    return "it said nothing"


def sweep() -> None:
    """Remove the folders of this user whose readers are no more. Raises nothing: what cannot be removed stays."""
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX):
                with suppress(OSError):
                    _remove(entry)


def _remove(entry: os.DirEntry[str]) -> None:
    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or time.time() - status.st_mtime < _YOUNG:
        return
    with suppress(OSError):
        os.rmdir(entry.path)  # whoever made it was killed before there was a reader
    said = os.open(os.path.join(entry.path, _SAID), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(said, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(entry.path, ignore_errors=True)
    finally:
        os.close(said)
