"""`python -m crawler` in a process of its own that need not import everything again.

Most of what a short crawl costs is its imports. A process that has imported them, in the environment asked for, stands
ready and makes a copy of itself (fork) for each run: the copy has standard streams, folder and arguments of its own, is
killed and ends as any process, and goes in by the program's own door. `tests/commands` starts the program from nothing.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import runpy
import socket
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL
from threading import Lock, Thread, Timer
from typing import Any

from tests import ROOT

MOST = 4
"""Environments for which a process stands ready at a time."""
_VARYING = ("PYTEST_CURRENT_TEST",)
"""Variables of the tests' own."""
_LINE = 1 << 20


class Ready:
    """A process that stands ready; closed when it is let go of or the tests end."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._end, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.program", str(other.fileno())],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                env=environment,
                cwd=ROOT,
            )

    def start(self, arguments: Sequence[str], folder: str, streams: Sequence[int], report: int) -> None:
        """Have a run made: `streams` are its standard streams, `report` is where its number and its end are told."""
        words = json.dumps({"arguments": list(arguments), "folder": folder}).encode()
        socket.send_fds(self._end, [words], [*streams, report])

    def close(self) -> None:
        """Let the process end; runs go on."""
        self._end.close()
        self._process.wait()


_ready: OrderedDict[tuple[tuple[str, str], ...], Ready] = OrderedDict()


@atexit.register
def _close() -> None:
    while _ready:
        _ready.popitem()[1].close()


def _ready_in(environment: Mapping[str, str]) -> Ready:
    kept = {name: value for name, value in environment.items() if name not in _VARYING}
    key = tuple(sorted(kept.items()))
    if key not in _ready:
        _ready[key] = Ready(kept)
        while len(_ready) > MOST:
            _ready.popitem(last=False)[1].close()
    _ready.move_to_end(key)
    return _ready[key]


class Program:
    """A run of the program, with what tests use of `subprocess.Popen`; it begins when it is first asked to say what."""

    def __init__(self, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        self.arguments = arguments
        self._ready = _ready_in(os.environ if env is None else env)
        self._folder = str(cwd or Path.cwd())
        report, self._reported = os.pipe()
        self._report = open(report)  # noqa: SIM115 -- closed when its end is told
        self._reading = Lock()
        self._told: list[int] = []

    def communicate(self, timeout: float = 600) -> tuple[bytes, bytes]:
        """All that it says, until its end; killed when that takes longer than `timeout` seconds."""
        out, out_end = os.pipe()
        said, said_end = os.pipe()
        none = os.open(os.devnull, os.O_RDONLY)
        self._ready.start(self.arguments, self._folder, (none, out_end, said_end), self._reported)
        for descriptor in (none, out_end, said_end, self._reported):
            os.close(descriptor)
        watch = Timer(timeout, self.kill)
        watch.start()
        with open(out, "rb") as stdout, open(said, "rb") as stderr:
            found: list[bytes] = []
            reading = Thread(target=lambda: found.append(stderr.read()))
            reading.start()
            answer = stdout.read()
            reading.join()
        self.wait()
        watch.cancel()
        return answer, found[0]

    @property
    def pid(self) -> int:
        """Its number as a process; waits for its beginning."""
        return self._tell(0)

    def kill(self) -> None:
        """SIGKILL, if it is there still; waits for its beginning."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, SIGKILL)

    def wait(self) -> int:
        """Its exit code; below 0: the signal that killed it."""
        return self._tell(1)

    def _tell(self, place: int) -> int:
        """The process's number (0), its exit code (1): told one after the other."""
        with self._reading:
            while len(self._told) <= place:
                self._told.append(int(self._report.readline()))
            if len(self._told) > 1:
                self._report.close()
        return self._told[place]


def run(
    *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None, timeout: float = 600
) -> subprocess.CompletedProcess[str]:
    """`python -m crawler` with arguments, to its end, as subprocess.run has it with its words as text."""
    program = Program(*arguments, env=env, cwd=cwd)
    out, said = program.communicate(timeout)
    return subprocess.CompletedProcess(arguments, program.wait(), out.decode(), said.decode())


def imported() -> Iterator[str]:
    """The modules that a run imports: those of the commands, and all that Scrapy's settings and ours name."""
    from scrapy.settings import default_settings

    from crawler.commands.cli import COMMANDS
    from crawler.fetching import settings

    for name in COMMANDS:
        if (callback := COMMANDS[name].callback) is not None:
            yield callback.__module__
    yield from (
        "crawler.runs.run",
        "spiders.annual_reports",
        "scrapy.crawler",
        "scrapy.core.downloader.handlers.http11",
    )
    for values in (vars(default_settings), vars(settings)):
        yield from (
            word.rpartition(".")[0] for word in _words([value for name, value in values.items() if name.isupper()])
        )


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(("scrapy.", "crawler.", "pipelines.")):
        yield value
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from _words(pair)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _words(part)


def _stand_ready(end: socket.socket) -> dict[str, Any]:
    """Make copies of this process; what is returned is, in each copy, what it is to run."""
    while True:
        words, descriptors, _, _ = socket.recv_fds(end, _LINE, 4)
        if not words:
            os._exit(0)
        # The one in between waits for the run and tells its end; this process goes on.
        if os.fork() == 0:
            end.close()
            return _begin(json.loads(words), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _begin(asked: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
    *streams, report = descriptors
    if run := os.fork():
        os.write(report, f"{run}\n".encode())
        for descriptor in streams:
            os.close(descriptor)
        os.write(report, f"{os.waitstatus_to_exitcode(os.waitpid(run, 0)[1])}\n".encode())
        os._exit(0)
    os.close(report)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(asked["folder"])
    return asked


def _main(descriptor: int) -> None:
    for name in dict.fromkeys(imported()):
        importlib.import_module(name)
    assert "twisted.internet.reactor" not in sys.modules, "a reactor does not live through a fork"
    gc.collect()
    gc.freeze()
    asked = _stand_ready(socket.socket(fileno=descriptor))
    sys.argv = ["crawler", *asked["arguments"]]
    runpy.run_module("crawler", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
