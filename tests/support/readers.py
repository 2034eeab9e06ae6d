"""Readers that die, hang or grow over marked pages: changed as their process starts, by nothing in the program."""

from __future__ import annotations

from pathlib import Path

MARK = "deadly"
"""What a page, or a document, says that is not to be survived."""
CRASH = "os.kill(os.getpid(), signal.SIGSEGV)"
VANISH = "os.kill(os.getpid(), signal.SIGKILL)"
HANG = "signal.pause()"
SPIN = "\n        while True:\n            pass"
GROW = "[bytearray(1 << 28) for _ in range(64)]"

_SITE = """
import sys

if "crawler.reading.worker" in sys.orig_argv:
    import os
    import signal
    from dataclasses import replace
    from pathlib import Path

    from crawler.reading import question
    from pipelines import stages
    from pipelines.documents import readers

    HERE = Path(__file__).parent

    def act(body):
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
    """Have readers carry out `act`, a statement over `body` and the folder `HERE`, before they take a marked page
    through the stage `where`, ask for its "survey", or read a marked "file"; the folder, to be first on their path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(_SITE.format(act=act, where=where, mark=MARK.encode()), "utf-8")
    return folder


def once(act: str) -> str:
    """The act, the first time that it is come to."""
    return f"\n        if not (HERE / 'done').exists():\n            (HERE / 'done').touch()\n            {act}"
