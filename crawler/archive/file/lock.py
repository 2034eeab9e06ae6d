"""One run at a time: a lock on a file beside the archive, let go by the system when its process dies.

The file says who holds it, until when it means to, and how far it has come: what a run that is refused is told, and
what the next one finds of a run that died.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.records.errors import ArchiveError, ArchiveLockedError
from crawler.words.counts import counted

_SIZE = 1024
"""The file's only record, filled up with spaces: one write replaces it whole."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an archive, or held it when it died. Times are UTC with a trailing Z.

    `deadline`: when the run was to end; None: when it is done. `requests`, `pages`: how far it has come, as of
    `progress_at`, when it last took in anything.
    """

    pid: int
    host: str
    since: str
    deadline: str | None = None
    requests: int = 0
    pages: int = 0
    progress_at: str | None = None

    @property
    def alive(self) -> bool:
        """Whether its process is there; of another machine's nobody knows, and it is taken for alive."""
        if self.host != socket.gethostname():
            return True
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except OSError:
            pass  # there, but somebody else's
        return True

    def overdue(self, now: str) -> bool:
        """Whether it should have ended, and has taken in nothing since."""
        return self.deadline is not None and now > self.deadline >= (self.progress_at or self.since)

    def words(self, now: str) -> str:
        """Since when, until when, how far; and whether it is past its end without progress."""
        said = f"process {self.pid} on {self.host} since {self.since}"
        if self.deadline is not None:
            said += f", to end by {self.deadline}"
        if self.progress_at is not None:
            size = f"{counted(self.requests, 'request')} and {counted(self.pages, 'page')}"
            said += f"; {size} so far, the last at {self.progress_at}"
        if self.overdue(now):
            said += "; it is past its end and has made no progress since: unless it ends by itself, end that process"
        return said


class RunLock:
    """`flock` on `<archive>.lock`. A dead process holds nothing, whatever its file still says.

    `dead`: the holder before, where it did not let go but died.
    """

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.path = _path(archive)
        self.dead: Holder | None = None
        self._file: int | None = None
        self._holder = Holder(os.getpid(), socket.gethostname(), utc())

    def acquire(self) -> None:
        """Hold the lock from now on; nothing where it is held already. Raises ArchiveLockedError, ArchiveError."""
        if self._file is not None:
            return
        while self._file is None:
            try:
                file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as error:
                raise ArchiveError(f"{self.path} cannot be written: {error.strerror}") from error
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                told = os.pread(file, _SIZE, 0)
                os.close(file)
                raise ArchiveLockedError(f"another run holds {self.archive}: {_words(told)}") from None
            except OSError as error:
                os.close(file)
                raise ArchiveError(f"{self.path} cannot be locked: {error.strerror}") from error
            if not self._still_there(file):
                # The last holder took the file away between our opening and our locking it.
                os.close(file)
                continue
            self._file = file
        self.dead = _holder(os.pread(self._file, _SIZE, 0))
        with contextlib.suppress(OSError):  # a full disk: the lock holds all the same, it only does not say whose it is
            os.ftruncate(self._file, 0)
        self._holder = replace(self._holder, since=utc())
        self._write()

    def say(self, **known: Any) -> None:
        """Let the file say this of the holder (fields of Holder) from now on. A full disk is no reason to stop."""
        self._holder = replace(self._holder, **known)
        if self._file is not None:
            self._write()

    def release(self) -> None:
        """Let go, and take the file away while it is still ours."""
        if self._file is not None:
            self.path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def _write(self) -> None:
        assert self._file is not None
        with suppress(OSError):
            os.pwrite(self._file, json.dumps(asdict(self._holder)).encode().ljust(_SIZE), 0)

    def _still_there(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), os.stat(self.path))
        except FileNotFoundError:
            return False


def holder_of(archive: Path) -> Holder | None:
    """Who holds an archive; None where nobody does, or the holder's process is no longer there."""
    try:
        told = _path(archive).read_bytes()
    except OSError:
        return None
    holder = _holder(told)
    return holder if holder is not None and holder.alive else None


def utc(after: timedelta = timedelta(0)) -> str:
    """The time now, or so long after, in UTC to the second with a trailing Z."""
    return (datetime.now(UTC) + after).isoformat(timespec="seconds").replace("+00:00", "Z")


def _path(archive: Path) -> Path:
    return archive.with_name(archive.name + ".lock")


def _words(told: bytes) -> str:
    holder = _holder(told)
    if holder is not None:
        return holder.words(utc())
    return f"it does not say who ({told[:40]!r})" if told else "it has only just begun"


def _holder(told: bytes) -> Holder | None:
    """What a lock's file says; None where it says nothing that is understood."""
    try:
        said = json.loads(told)
        return Holder(**{field.name: said[field.name] for field in fields(Holder) if field.name in said})
    except (ValueError, TypeError):
        return None
