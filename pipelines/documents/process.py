"""Reads documents in a process of their own, with limits: a bomb costs a problem, not the run.

One worker serves many documents, for its start costs half a second; after a failure it is replaced. Its memory and its
share of the processor are limited by the system; whoever waits for it stops after a time and kills it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from threading import Lock
from typing import IO, Any, ClassVar

from pipelines.marked.document import Document, Line, UnreadableError, tidy_line

_SECONDS = int(os.environ.get("NIANBAO_DOCUMENT_SECONDS", "60"))
"""Of the processor for one document; a page of a PDF takes 0.08 s."""


@dataclass(frozen=True, slots=True)
class Limits:
    """For one document: bytes of address space, seconds of the processor, seconds in all."""

    memory: int
    processor: int
    wall: float


LIMITS = {
    # 300 ordinary pages take 400 MB, libraries included.
    "read": Limits(1 << 31, _SECONDS, 2 * _SECONDS),
    # A page takes OCR some nine seconds, and its models some hundred megabytes.
    "see": Limits(1 << 33, 20 * _SECONDS, 20 * _SECONDS),
}
"""By task: `read` what has words, `see` what has none (OCR)."""
MAX_BODY = 64 * 1024 * 1024
"""Bytes of a document; longer ones are not read."""
MAX_ANSWER = 64 * 1024 * 1024
_SIZE = struct.Struct(">Q")


def read_apart(body: bytes) -> Document:
    """The document in `body`, as far as a reader can be found for it. Raises UnreadableError, whatever it holds."""
    return Document(**_asked("read", body))


def see_apart(body: bytes) -> list[Line]:
    """The lines that OCR makes out in a picture or on the wordless pages of a PDF. Raises UnreadableError."""
    return [Line(**line) for line in _asked("see", body)["lines"]]


def _asked(task: str, body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BODY:
        raise UnreadableError(f"it has {len(body):,} bytes, more than {MAX_BODY:,} are not read")
    with _lock:
        worker = _Worker.ready(task)
        try:
            answer = worker.ask(body)
        except BaseException:
            worker.end()
            raise
    if "unreadable" in answer:
        if answer["tired"]:
            worker.end()
        raise UnreadableError(answer["unreadable"])
    return answer


_lock = Lock()


class _Worker:
    """The process for a task, and the pipes to it."""

    _current: ClassVar[dict[str, _Worker]] = {}

    def __init__(self, task: str) -> None:
        self.task = task
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.documents.process", task],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self.owner = os.getpid()

    @classmethod
    def ready(cls, task: str = "read") -> _Worker:
        """The worker of this process, started where there is none."""
        known = cls._current.get(task)
        if known is None or known.owner != os.getpid() or known.process.poll() is not None:
            known = cls._current[task] = cls(task)
            atexit.register(known.end)
        return known

    def ask(self, body: bytes) -> dict[str, Any]:
        """What it says of a document. Raises UnreadableError where it does not come to an end."""
        assert self.process.stdin is not None
        limits = LIMITS[self.task]
        until = time.monotonic() + limits.wall
        try:
            self.process.stdin.write(_SIZE.pack(len(body)) + body)
            self.process.stdin.flush()
            length = _SIZE.unpack(self._receive(_SIZE.size, until))[0]
            answer: dict[str, Any] = json.loads(self._receive(length, until))
            return answer
        except (BrokenPipeError, EOFError) as error:
            raise UnreadableError(self._why_it_ended()) from error

    def _receive(self, length: int, until: float) -> bytes:
        assert self.process.stdout is not None
        number, parts = self.process.stdout.fileno(), bytearray()
        while len(parts) < length:
            ready, _, _ = select.select([number], [], [], max(until - time.monotonic(), 0))
            if not ready:
                raise UnreadableError(f"reading it took more than {LIMITS[self.task].wall} seconds")
            part = os.read(number, min(length - len(parts), 1 << 20))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def _why_it_ended(self) -> str:
        code = self.process.wait()
        if code == -signal.SIGXCPU:
            return f"reading it took more than {LIMITS[self.task].processor} seconds of the processor"
        return f"the reader ended with {signal.Signals(-code).name if code < 0 else f'exit code {code}'}"

    def end(self) -> None:
        """Kill it, whatever it does."""
        if self._current.get(self.task) is self:
            del self._current[self.task]
        if self.owner == os.getpid():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()


def _serve(task: str, given: IO[bytes], taken: IO[bytes]) -> None:
    """The worker's part: answer one document after another until the pipe is closed."""
    limits = LIMITS[task]
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while head := given.read(_SIZE.size):
        if len(head) < _SIZE.size:
            return
        body = given.read(_SIZE.unpack(head)[0])
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (spent + limits.processor, resource.RLIM_INFINITY))
        answer = json.dumps(_answer(task, body)).encode("ascii")
        if len(answer) > MAX_ANSWER:
            answer = json.dumps({"unreadable": "its words are too many", "tired": True}).encode()
        taken.write(_SIZE.pack(len(answer)) + answer)
        taken.flush()


def _answer(task: str, body: bytes) -> dict[str, Any]:
    try:
        if task == "see":
            from pipelines.documents.ocr import see

            return {"lines": [asdict(line) for line in see(body)]}
        from pipelines.documents.readers import read

        return asdict(read(body))
    except UnreadableError as error:
        return {"unreadable": str(error), "tired": False}
    except MemoryError:
        return {"unreadable": f"reading it takes more than {LIMITS[task].memory >> 20:,} MB of memory", "tired": True}
    except RecursionError:
        return {"unreadable": "it is nested too deeply", "tired": True}
    except Exception as error:
        return {"unreadable": f"it is broken ({type(error).__name__}: {tidy_line(str(error))})"[:300], "tired": True}


if __name__ == "__main__":
    _serve(sys.argv[1], sys.stdin.buffer, os.fdopen(os.dup(1), "wb"))
