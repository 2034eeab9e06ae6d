"""The parent's side of one reader: a process, the socket to it, and what it died of."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from crawler.reading import folders, frames
from crawler.reading.frames import ANSWER, BEGUN, ENDED, PICTURE, READY, TOO_LARGE, UNREADABLE, WEARY
from crawler.reading.limits import LIMITS, Limits
from crawler.records.errors import NianbaoError
from pipelines.marked.document import UnreadableError

_STARTING = 60.0
"""Seconds that a new process may take to be ready, on a machine with much else to do."""
_MOST_TURNS = 500
"""Times that a reader may begin a document of one page or be done with it, for the time is another after each; a page
has no more than 60 files (navigation.parts.MAX_FILES)."""
_STARTS = 10
"""Processes that may be killed from outside before one is ready."""
_ENDING = 5.0
"""Seconds that a process may take to end that has closed its socket."""
_OUTSIDE = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP, -signal.SIGINT})
"""Ends that somebody else makes: a person, a system that wants its memory back. They blame no page."""


class ReaderError(NianbaoError):
    """No reader can be had: the system refuses processes, or the program in it does not start."""


def ended_by(error: ReaderError) -> ReaderError:
    """The error of a run that it was the end of."""
    return ReaderError(f"{error}; the run was ended, the next carries on")


@dataclass(frozen=True, slots=True)
class Loss:
    """A reader that was lost over what it read. `cause`: in words; `limit`: whether a limit was the end of it, else it
    died; `outside`: it was ended from outside. `document`: the SHA-256 of the one among the page's files that it was
    at."""

    cause: str
    limit: bool = False
    outside: bool = False
    document: str | None = None


def begin(descriptor: int, folder: str, said: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a process that reads for the other end of a socket, in a session of its own, with a folder to write in;
    what it says of itself goes to `said`. Raises OSError."""
    return subprocess.Popen(
        [sys.executable, "-m", "crawler.reading.worker", str(descriptor), folder],
        pass_fds=[descriptor],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
        start_new_session=True,
        env=environment(),
    )


def environment() -> dict[str, str]:
    """What a reader is told of its surroundings: no secrets that a stranger's page could find there."""
    names = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if name in names or name.startswith("NIANBAO_")}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


class Reader:
    """One reader; its process is started with the first question, and anew where it was lost."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._end: socket.socket | None = None
        self._folder: str | None = None
        self._limits = LIMITS["page"]
        self._until = 0.0
        self._letter = b""
        self._ticket = frames.NONE
        self._document: str | None = None
        self._turns = 0

    def ask(self, letter: bytes, parcel: bytes, limits: Limits) -> Loss | None:
        """Ask, starting a process if need be, as where one has spoken unasked; a loss where it does not take the
        question. Raises ReaderError."""
        if self._process is None or self._process.poll() is not None or self._has_spoken():
            self.close()
            for _ in range(_STARTS):
                if self._start():
                    break
            else:
                raise ReaderError("processes that read pages are killed as they start")
        if (end := self._end) is None:
            return self._loss()  # another thread has closed it
        self._limits, self._letter, self._document, self._turns = limits, letter, None, 0
        self._ticket = frames.ticket()
        self._until = time.monotonic() + limits.wall
        try:
            frames.send(end, letter, parcel, self._until, self._ticket)
        except (TimeoutError, frames.EndError):
            return self._loss()
        return None

    def answer(self, patience: float | None = None) -> bytes | Loss | None:
        """What it answers; None where it has not after `patience` seconds, and may be waited for again. Raises
        UnreadableError for a scan that it cannot read."""
        end = self._end
        patient = None if patience is None else time.monotonic() + patience
        while True:
            try:
                if end is None:
                    return self._loss()  # another thread has closed it
                if patient is not None and not frames.has_begun(end, min(self._until, patient)):
                    return None
                letter, ticket, parcel = frames.receive(end, self._until)
            except TimeoutError:
                document = self._document
                self.close()
                words = f"reading it took more than {self._limits.wall:g} seconds"
                return Loss(words, limit=True, document=document)
            except frames.EndError:
                return self._loss()
            except frames.NoFrameError:
                letter, ticket, parcel = b"", self._ticket, b""
            if ticket != self._ticket:
                self.close()
                return Loss("the reader answered another question")
            if letter in (BEGUN, ENDED) and self._turns < _MOST_TURNS:
                self._turn(parcel.decode("ascii", "replace") if letter == BEGUN else None)
                continue
            if letter != ANSWER and (letter, self._letter) != (UNREADABLE, PICTURE):
                self.close()
            if letter in (ANSWER, WEARY):
                return parcel
            if (letter, self._letter) == (UNREADABLE, PICTURE):
                raise UnreadableError(parcel.decode("utf-8", "replace"))
            if letter == TOO_LARGE:
                return Loss(self._limits.memory_words(), limit=True)
            return Loss("the reader said what no reader says")

    def close(self) -> int | None:
        """End the process, whatever it does; what it had ended with, None: there was none. From any thread."""
        code, process, end, folder = None, self._process, self._end, self._folder
        self._process = self._end = self._folder = None
        if process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
        if end is not None:
            end.close()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        return code

    def _has_spoken(self) -> bool:
        """Whether a reader that was asked nothing says something, or has closed its socket."""
        return self._end is None or frames.has_begun(self._end, 0)

    def _turn(self, document: str | None) -> None:
        """A document is begun, or done with: what it may take is another matter."""
        self._document = document
        self._turns += 1
        self._limits = LIMITS["page" if document is None else "document"]
        self._until = time.monotonic() + self._limits.wall

    def _start(self) -> bool:
        """Start a process; whether it is ready, and was not ended from outside before."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                folder, said = folders.make()
                self._folder = folder
                with said:
                    self._process = begin(theirs.fileno(), folder, said)
            except OSError as error:
                ours.close()
                raise ReaderError(f"no process that reads pages can be started: {error}") from error
        self._end = ours
        letter = b""
        try:
            with suppress(frames.NoFrameError):
                letter, *_ = frames.receive(ours, time.monotonic() + _STARTING)
        except (TimeoutError, frames.EndError) as error:
            has_ended = isinstance(error, frames.EndError) and self._has_ended()
            last = folders.last_line(folder)
            code = self.close()
            if code in _OUTSIDE and has_ended:
                return False
            words = f"a process that reads pages did not start ({_words(code)}): {last}"
            raise ReaderError(words) from error
        if letter != READY:
            self.close()
            raise ReaderError("a process that reads pages did not start as one")
        return True

    def _has_ended(self) -> bool:
        """Whether a process that has closed its socket ends by itself, as a crash does that is still being told."""
        if (process := self._process) is not None:  # another thread may close it meanwhile
            try:
                process.wait(_ENDING)
            except subprocess.TimeoutExpired:
                return False
        return True

    def _loss(self) -> Loss:
        """What became of a process that no longer answers."""
        document, limits = self._document, self._limits
        if not self._has_ended():
            self.close()
            return Loss("the reader closed its socket and went on", document=document)
        code = self.close()
        if code == -signal.SIGXCPU:
            words = f"reading it took more than {limits.processor} seconds of the processor"
            return Loss(words, limit=True, document=document)
        return Loss(_words(code), outside=code in _OUTSIDE, document=document)


def _words(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None or code >= 0:
        return f"exit code {code}"
    return signal.strsignal(-code) or f"signal {-code}"
