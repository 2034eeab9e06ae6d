"""One run at a time: a lock on a file beside the archive, let go by the system when its process dies."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

from crawler.errors import ArchiveError, ArchiveLockedError


class RunLock:
    """`flock` on `<archive>.lock`. A dead process holds nothing, whatever its file still says."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.path = archive.with_name(archive.name + ".lock")
        self._file: int | None = None

    def acquire(self) -> None:
        """Hold the lock from now on; nothing where it is held already. Raises ArchiveLockedError, ArchiveError."""
        while self._file is None:
            try:
                file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            except OSError as error:
                raise ArchiveError(f"{self.path} cannot be written: {error.strerror}") from error
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                told = os.pread(file, 4096, 0)
                os.close(file)
                raise ArchiveLockedError(f"another run holds {self.archive}: {_holder(told)}") from None
            except OSError as error:
                os.close(file)
                raise ArchiveError(f"{self.path} cannot be locked: {error.strerror}") from error
            if not self._still_there(file):
                # The last holder took the file away between our opening and our locking it.
                os.close(file)
                continue
            self._file = file
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        }
        with contextlib.suppress(OSError):  # a full disk: the lock holds all the same, it only does not say whose it is
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(holder).encode(), 0)

    def release(self) -> None:
        """Let go, and take the file away while it is still ours."""
        if self._file is not None:
            self.path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None

    def _still_there(self, file: int) -> bool:
        try:
            return os.path.samestat(os.fstat(file), os.stat(self.path))
        except FileNotFoundError:
            return False


def _holder(told: bytes) -> str:
    try:
        holder = json.loads(told)
        return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        return f"it does not say who ({told[:40]!r})" if told else "it has only just begun"
