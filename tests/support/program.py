"""`python -m crawler` in a process of its own that need not import everything again (tests.support.copies).

`tests/commands` starts the program from nothing.
"""

from __future__ import annotations

import atexit
import importlib
import os
import runpy
import socket
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL
from threading import Thread, Timer
from typing import Any

from crawler.reference.deadlines import expected
from tests.support import blank_archives, copied_readers
from tests.support.copies import Ready, Report, order, stand_ready

MOST = 4
"""Environments for which a process stands ready at a time."""
_VARYING = ("PYTEST_CURRENT_TEST",)
"""Variables of the tests' own."""

_ready: OrderedDict[tuple[tuple[str, str], ...], Ready] = OrderedDict()


@atexit.register
def _close() -> None:
    while _ready:
        _ready.popitem()[1].close()


def _ready_in(environment: Mapping[str, str]) -> Ready:
    kept = {name: value for name, value in environment.items() if name not in _VARYING}
    key = tuple(sorted(kept.items()))
    if key not in _ready:
        _ready[key] = Ready("tests.support.program", kept, [copied_readers.ready().end.fileno()])
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
        self._report = Report()

    def communicate(self, timeout: float = 600) -> tuple[bytes, bytes]:
        """All that it says, until its end; killed when that takes longer than `timeout` seconds."""
        out, out_end = os.pipe()
        said, said_end = os.pipe()
        none = os.open(os.devnull, os.O_RDONLY)
        order(self._ready.end, self.arguments, (none, out_end, said_end), self._report, folder=self._folder)
        for descriptor in (none, out_end, said_end):
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
        return self._report.pid

    def kill(self) -> None:
        """SIGKILL, if it is there still; waits for its beginning."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, SIGKILL)

    def wait(self) -> int:
        """Its exit code; below 0: the signal that killed it."""
        return self._report.code()


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


def _main(descriptor: int, readers_end: int) -> None:
    for name in dict.fromkeys(imported()):
        importlib.import_module(name)
    expected("", "210100", range(2008, 2027))  # reads the lists of divisions
    blank_archives.copy_blank()
    copied_readers.copy_from(socket.socket(fileno=readers_end))
    sys.argv = ["crawler", *stand_ready(descriptor)]
    runpy.run_module("crawler", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _main(*map(int, sys.argv[1:]))
