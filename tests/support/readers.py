"""Readers that die, hang or grow over marked pages: changed as their process starts, by nothing in the program."""

from __future__ import annotations

import os
from pathlib import Path

MARK = "deadly"
"""What a page, or a document, says that is not to be survived."""
CRASH = "os.kill(os.getpid(), signal.SIGSEGV)"
VANISH = "os.kill(os.getpid(), signal.SIGKILL)"
HANG = "time.sleep(10**6)"
SPIN = "\n        while True:\n            pass"
GROW = "[bytearray(1 << 28) for _ in range(64)]"

_SITE = """
import sys

if "crawler.reading.worker" in sys.orig_argv:
    import os
    import signal
    import time
    from dataclasses import replace
    from pathlib import Path

    from crawler.reading import question
    from pipelines import stages
    from pipelines.documents import readers

    HERE = Path(__file__).parent
    # Opened before the process confines itself.
    COUNT = os.open(HERE / "count", os.O_RDWR | os.O_APPEND | os.O_CREAT)
    PIPES = [os.open(HERE / name, os.O_RDWR) for name in ("begun", "told") if (HERE / name).exists()]

    def act(body):
        os.write(COUNT, b"x")
        {act}

    def marked(run):
        def read(what, *more):
            body = what if isinstance(what, bytes) else what.capture.body
            if {mark} in body:
                act(body)
            return run(what, *more)
        return read

    stages.STAGES = tuple(
        replace(entry, run=marked(entry.run)) if entry.name == {where!r} else entry for entry in stages.STAGES
    )
    if {where!r} == "survey":
        question.survey_of = marked(question.survey_of)
    if {where!r} == "file":
        readers.read = marked(readers.read)
"""


def changed_readers(folder: Path, act: str, where: str = "recognise") -> Path:
    """Have readers carry out `act`, a statement, before they take a marked page through the stage `where`, ask for its
    "survey", or read a marked "file"; the folder, to be first on their path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(_SITE.format(act=act, where=where, mark=MARK.encode()), "utf-8")
    return folder


def once(act: str) -> str:
    """The act, the first time that it is come to."""
    return f"\n        if os.fstat(COUNT).st_size == 1:\n            {act}"


def times(folder: Path) -> int:
    """How often the act was come to."""
    return (folder / "count").stat().st_size


class Pipes:
    """Two pipes in the folder of changed readers, over which these say that they have begun, and are told to go on."""

    ACT = "os.write(PIPES[0], b'.'); os.read(PIPES[1], 1)"

    def __init__(self, folder: Path) -> None:
        self._ends = {}
        for name in ("begun", "told"):
            os.mkfifo(folder / name)
            self._ends[name] = os.open(folder / name, os.O_RDWR)

    def __enter__(self) -> Pipes:
        return self

    def __exit__(self, *error: object) -> None:
        for end in self._ends.values():
            os.close(end)

    def begun(self, count: int) -> None:
        """Wait until so many readers have begun."""
        for _ in range(count):
            os.read(self._ends["begun"], 1)

    def tell(self, count: int) -> None:
        """Let so many go on."""
        os.write(self._ends["told"], b"." * count)
