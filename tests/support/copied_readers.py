"""Readers of pages that are copies of a process standing ready, in this process and in the runs that tests make.

Most of what a reader costs that reads a dozen pages is its imports. A copy is confined, limited and asked as any; the
tests of readers themselves start them as the program does.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
from functools import cache
from typing import IO

from crawler.reading import process, service, worker  # noqa: F401 -- what is imported is not imported by each copy
from tests.support.copies import Ready, Report, order, stand_ready

_SILENT = frozenset(
    f"NIANBAO_{name}"
    for name in (
        "ARCHIVE", "BROWSER_SECONDS", "CONTACT", "GOLD", "JOBS", "MAX_WAIT", "RETRY_WAITS", "THOROUGH", "TIMEOUT",
    )
)  # fmt: skip
"""Variables that say nothing to a reader; where there are others, it is started as the program does."""
_begin = process.begin


class Copy:
    """A reader's process, with what its parent uses of `subprocess.Popen`."""

    def __init__(self, end: socket.socket, descriptor: int, folder: str, said: IO[bytes]) -> None:
        self._report = Report()
        with open(os.devnull, "r+b") as null:
            streams = [null.fileno(), null.fileno(), said.fileno()]
            order(
                end,
                [folder],
                [*streams, descriptor],
                self._report,
                environment=process.environment(),
                session=True,
            )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._report.pid

    def poll(self) -> int | None:
        """Its exit code; None: it has not ended."""
        return self._report.code() if self._report.has_ended() else None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises TimeoutExpired where it has not ended after so many seconds."""
        if timeout is not None and not self._report.has_ended(timeout):
            raise subprocess.TimeoutExpired("a reader", timeout)
        return self._report.code()


def copy_from(end: socket.socket) -> None:
    """Have the readers of this process made by the one that stands ready at the other end."""

    def begin(descriptor: int, folder: str, said: IO[bytes]) -> subprocess.Popen[bytes]:
        if any(name.startswith("NIANBAO_") and name not in _SILENT for name in os.environ):
            return _begin(descriptor, folder, said)
        return Copy(end, descriptor, folder, said)  # type: ignore[return-value]

    process.begin = begin


def start_afresh() -> None:
    """Have readers started as the program does."""
    process.begin = _begin


@cache
def ready() -> Ready:
    """The process that stands ready for all readers of these tests."""
    environment = {name: value for name, value in process.environment().items() if not name.startswith("NIANBAO_")}
    standing = Ready("tests.support.copied_readers", environment)
    atexit.register(standing.close)
    return standing


def _warm_up() -> None:
    """Read a list and a report, for what is read and imported at the first page."""
    from crawler.navigation.survey import survey_of
    from crawler.reading.question import Question, answer
    from crawler.records.capture import Capture, Context, Step
    from crawler.records.ways import Plan, Position
    from pipelines import derive
    from tests.servers.living import html, report

    home = "http://www.x.gov.cn/"
    trail = (Step("首页", home),)
    headers = [("Content-Type", "text/html; charset=utf-8")]

    def capture(page: str) -> Capture:
        return Capture(home, 200, headers, page.encode(), "2026-01-01T00:00:00Z", "x", trail)

    answer(Question(capture(report("大东区", 2020, "全年收到申请3件。")), Context()))
    column = derive(capture(html("<ul><li><a href='/a.html'>大东区2020年政府信息公开工作年度报告</a></ul>")), Context())
    position = Position(trail, in_column=True, column_url=home)
    survey_of(column, position, "step", Plan(home, "210100", None, range(2008, 2027), lambda url: True))


def _main(descriptor: int) -> None:
    _warm_up()
    folder, number = stand_ready(descriptor)
    sys.argv = ["crawler.reading.worker", number, folder]
    worker.main()


if __name__ == "__main__":
    _main(int(sys.argv[1]))
