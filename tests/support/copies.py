"""Processes that need not import everything again: one that has stands ready and makes a copy of itself for each.

Most of what a short run costs is its imports. A copy (fork) has standard streams, folder and arguments of its own, is
killed and ends as any process, and goes in by the program's own door.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from select import select
from threading import Lock
from typing import Any

from tests import ROOT

_LINE = 1 << 20
_STREAMS = 3


class Ready:
    """A process that stands ready: `python -m MODULE` with the number of a socket, and of others that it inherits.
    Closed when it is let go of or the tests end."""

    def __init__(self, module: str, environment: Mapping[str, str], inherited: Sequence[int] = ()) -> None:
        self.end, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            numbers = [other.fileno(), *inherited]
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *map(str, numbers)],
                pass_fds=numbers,
                stdin=subprocess.DEVNULL,
                env=environment,
                cwd=ROOT,
            )

    def close(self) -> None:
        """Let the process end; copies go on."""
        self.end.shutdown(socket.SHUT_WR)  # other processes may have this end as well
        self.end.close()
        self._process.wait()


class Report:
    """What is told of a copy: its number, then its exit code. `end` is handed over with the order to make it."""

    def __init__(self) -> None:
        report, self.end = os.pipe()
        self._report = open(report)  # noqa: SIM115 -- closed when its end is told
        self._reading = Lock()
        self._words: list[int] = []

    @property
    def pid(self) -> int:
        """Its number as a process; waits for its beginning."""
        return self._tell(0)

    def has_ended(self, seconds: float = 0) -> bool:
        """Whether it has, waiting for so long."""
        self._tell(0)
        return len(self._words) > 1 or bool(select([self._report], [], [], seconds)[0])

    def code(self) -> int:
        """Its exit code, waited for; below 0: the signal that killed it."""
        return self._tell(1)

    def _tell(self, place: int) -> int:
        with self._reading:
            while len(self._words) <= place:
                self._words.append(int(self._report.readline()))
            if len(self._words) > 1:
                self._report.close()
        return self._words[place]


def order(
    end: socket.socket,
    arguments: Sequence[str],
    descriptors: Sequence[int],
    report: Report,
    *,
    folder: str | None = None,
    environment: Mapping[str, str] | None = None,
    session: bool = False,
) -> None:
    """Have a copy made of the process at the other `end`.

    `descriptors`: standard input, output and error, and what else it is to have, whose numbers it finds after its
    `arguments`. `environment`: in place of the one of the process that stands ready; `session`: it gets one of its own.
    """
    words = {"arguments": list(arguments), "folder": folder, "environment": environment, "session": session}
    socket.send_fds(end, [json.dumps(words).encode()], [report.end, *descriptors])
    os.close(report.end)


def stand_ready(descriptor: int) -> list[str]:
    """Make copies of this process, whose imports are done; what is returned is, in each copy, its arguments."""
    assert "twisted.internet.reactor" not in sys.modules, "a reactor does not live through a fork"
    gc.collect()
    gc.freeze()
    end = socket.socket(fileno=descriptor)
    while True:
        words, descriptors, _, _ = socket.recv_fds(end, _LINE, 8)
        if not words:
            os._exit(0)
        # The one in between waits for the copy and tells its end; this process goes on.
        if os.fork() == 0:
            end.close()
            return _begin(json.loads(words), descriptors)
        for number in descriptors:
            os.close(number)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _begin(words: dict[str, Any], descriptors: list[int]) -> list[str]:
    report, *others = descriptors
    begun, beginning = os.pipe()
    if copy := os.fork():
        os.close(beginning)
        os.read(begun, 1)  # whoever knows its number may send a signal to its session: it has one, or has died
        for descriptor in others:
            os.close(descriptor)
        with suppress(BrokenPipeError):  # whoever ordered it may be gone
            os.write(report, f"{copy}\n".encode())
            os.write(report, f"{os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])}\n".encode())
        os._exit(0)
    if words["session"]:
        os.setsid()
    os.close(begun)
    os.close(beginning)
    os.close(report)
    for number, descriptor in enumerate(others[:_STREAMS]):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if words["folder"] is not None:
        os.chdir(words["folder"])
    if words["environment"] is not None:
        os.environ.clear()
        os.environ.update(words["environment"])
    return [*words["arguments"], *map(str, others[_STREAMS:])]
