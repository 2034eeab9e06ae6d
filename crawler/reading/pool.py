"""A pool of readers: so many pages are read at a time, what is lost over one is told, and others go on."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from queue import LifoQueue
from typing import Any, Protocol, TypeVar

from crawler.archive.file.blobs import digest
from crawler.archive.write.deaths import unread
from crawler.reading.folders import sweep
from crawler.reading.frames import PAGE, PICTURE
from crawler.reading.limits import LIMITS, MOST_BYTES, PATIENCE, SPARE
from crawler.reading.parcel import DamagedError, pack_question, unpack_answer, unpack_lines
from crawler.reading.process import Loss, Reader, ReaderError
from crawler.reading.question import Answer, Question, answer
from crawler.records.capture import Capture, Context
from crawler.records.page import Death
from pipelines.marked.document import Line, UnreadableError

Said = TypeVar("Said")
Result = TypeVar("Result")
_TRIES, _TRIES_OUTSIDE = 2, 4
"""Times that a page is asked for whose reader died; of one that was ended from outside more often, for a person's
`kill -9`, or a machine without memory, blames no page."""
_MOST_DOCUMENTS = 60
"""Documents of one page of which a reader may die in turn; a page has no more files (navigation.parts.MAX_FILES)."""
_BESIDE = 16 << 20
"""Bytes of a question that are left for all but page and files."""
_BEGINNING = 4096
"""Bytes that say what a file is."""
_NAMES = 2
"""Threads that look up the names of hosts, at least."""
_AHEAD = 4
"""Questions that wait for each reader when many are asked in a row: enough that none is idle."""

_HARMLESS = Question(
    Capture(
        "http://localhost/",
        200,
        [("Content-Type", "text/html; charset=utf-8")],
        "<html><head><title>年度报告</title></head><body><h1>年度报告</h1><p>一、概述</p></body></html>".encode(),
        "2000-01-01T00:00:00Z",
    ),
    Context(),
)
"""A page that is no reader's end."""


class Desk(Protocol):
    """Where questions are answered."""

    def submit(self, question: Question) -> Future[Answer]:
        """The answer, when there is one; never an error that is the page's."""


def default_jobs() -> int:
    """Readers where nobody says how many: one for each core that we may use but one, which crawls and writes."""
    return max(len(os.sched_getaffinity(0)) - 1, 1) if hasattr(os, "sched_getaffinity") else 1


def check_threads(jobs: int) -> None:
    """Raise ReaderError where the system does not let this process have as many threads as a run with so many readers
    takes besides: without them a host is out of reach whose name nobody looks up."""
    wanted, going = jobs + SPARE + _NAMES, threading.Event()
    started: list[threading.Thread] = []
    try:
        for _ in range(wanted):
            thread = threading.Thread(target=going.wait)
            thread.start()
            started.append(thread)
    except RuntimeError as error:
        raise ReaderError(
            f"the system lets this run have {len(started)} threads more, and it takes {wanted}: too many processes run,"
            " or a limit on them (`ulimit -u`) or on memory (`ulimit -v`) is too low"
        ) from error
    finally:
        going.set()
        for thread in started:
            thread.join()


@dataclass(slots=True)
class LocalDesk:
    """Answers in this very process: for what nobody else wrote, in tests."""

    def submit(self, question: Question) -> Future[Answer]:
        """The answer."""
        future: Future[Answer] = Future()
        future.set_result(answer(question))
        return future


class Pool:
    """`jobs` readers, each started when it is first needed. Closed by `close`, or as a context."""

    def __init__(self, jobs: int | None = None) -> None:
        sweep()
        self.jobs = jobs or default_jobs()
        self._turns = threading.Semaphore(self.jobs)
        self._spare = threading.Semaphore(SPARE)
        self._threads = ThreadPoolExecutor(self.jobs + SPARE, "reader")
        self._is_closed = False
        self._free: LifoQueue[Reader] = LifoQueue()
        self._all = [Reader() for _ in range(self.jobs + SPARE)]
        for reader in reversed(self._all):
            self._free.put(reader)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def submit(self, question: Question) -> Future[Answer]:
        """The answer, when there is one. A page over which a reader was lost is one that was not read, with its problem
        (Page.death). Raises ReaderError where no reader can be had, or readers are lost over any page."""
        return self._begin(self._answer, question)

    def read(self, question: Question) -> Answer:
        """The answer, waited for."""
        return self.submit(question).result()

    def stream(self, questions: Iterable[Question]) -> Iterator[Answer]:
        """The answers in the order of the questions, some of which are asked ahead."""
        waiting: deque[Future[Answer]] = deque()
        for question in questions:
            waiting.append(self.submit(question))
            if len(waiting) > _AHEAD * self.jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def see(self, body: bytes) -> list[Line]:
        """The lines that OCR makes out in a picture or on the wordless pages of a PDF. Raises UnreadableError."""
        said: list[Line] | Loss = self._begin(self._asked, PICTURE, body, unpack_lines).result()
        if isinstance(said, Loss):
            raise UnreadableError(said.cause)
        return said

    def close(self) -> None:
        """End all readers; what is asked meanwhile is not answered (CancelledError, ReaderError)."""
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for reader in self._all:
            reader.close()

    def _begin(self, work: Callable[..., Result], *arguments: Any) -> Future[Result]:
        """Have a thread do what waits for a reader. Raises ReaderError where there is none to be had."""
        try:
            return self._threads.submit(work, *arguments)
        except RuntimeError as error:
            self._check()
            raise ReaderError(f"no thread that waits for a reader can be started: {error}") from error

    def _answer(self, question: Question) -> Answer:
        if (length := len(question.capture.body)) > (most := MOST_BYTES - _BESIDE):
            words = f"it has {length:,} bytes, more than {most:,} are not read"
            return Answer(unread(question.capture, question.context, Death("reader_limit", words)))
        fatal, deaths = dict(question.fatal), 0
        light, heavy = _carried(question)
        while True:
            parcel = pack_question(replace(light, fatal=fatal | heavy))
            said = self._asked(PAGE, parcel, lambda packed: unpack_answer(packed, question))
            if not isinstance(said, Loss):
                said.page.fatal = fatal
                return said
            deaths += 1
            if not said.limit and deaths < (_TRIES_OUTSIDE if said.outside else _TRIES):
                continue
            if said.document in _documents(question) and len(fatal) < _MOST_DOCUMENTS:
                fatal[said.document] = said.cause if said.limit else f"the reader died of it ({said.cause})"
                deaths = 0
                continue
            self._acquit()
            death = Death("reader_limit" if said.limit else "reader_died", _sentence(said))
            return Answer(unread(question.capture, question.context, death))

    def _acquit(self) -> None:
        """Have a harmless page read before another is said to be fatal: the fault may be the readers', as of a library
        that the machine cannot run, or the system's that ends them. Raises ReaderError where it is lost as well."""
        said = self._asked(PAGE, pack_question(_HARMLESS), lambda packed: unpack_answer(packed, _HARMLESS))
        if isinstance(said, Loss):
            raise ReaderError(f"processes that read pages are lost over any page ({said.cause})")

    def _asked(self, letter: bytes, parcel: bytes, unpack: Callable[[bytes], Said]) -> Said | Loss:
        """What a reader says of a question, unpacked. One that is at it for long has another start in its place; one
        that says what cannot be unpacked is ended, for it may not be its own master any more."""
        self._turns.acquire()
        is_waiting = False
        reader = self._free.get()
        try:
            self._check()
            said: bytes | Loss | None = reader.ask(letter, parcel, LIMITS["page" if letter == PAGE else "picture"])
            self._check()
            if said is None:
                said = reader.answer(PATIENCE)
            if said is None:
                is_waiting = self._spare.acquire(blocking=False)
                if is_waiting:
                    self._turns.release()
                said = reader.answer()
                assert said is not None
            self._check()
            if isinstance(said, Loss):
                return said
            try:
                return unpack(said)
            except DamagedError as error:
                reader.close()
                return Loss(f"what was made of it is damaged: {error}")
        finally:
            if self._is_closed:
                reader.close()
            self._free.put(reader)
            (self._spare if is_waiting else self._turns).release()

    def _check(self) -> None:
        """Nothing is said of a page whose reader ended with the pool, and none is started after that."""
        if self._is_closed:
            raise ReaderError("the readers were ended")


def _carried(question: Question) -> tuple[Question, dict[str, str]]:
    """A question that is no longer than one may be: of the files that are too much together, the largest, only their
    beginning goes along; and these, by SHA-256, with the words that say why they are not read."""
    files, heavy = dict(question.files or {}), {}
    room = MOST_BYTES - len(question.capture.body) - _BESIDE
    for url in sorted(files, key=lambda url: len(files[url])):
        room -= len(files[url])
        if room < 0:
            files[url] = files[url][:_BEGINNING]
            heavy[digest(files[url])] = f"the files of this page have more than {MOST_BYTES >> 20} MB together"
    return (replace(question, files=files) if heavy else question), heavy


def _documents(question: Question) -> set[str]:
    """What a reader can have been at, by SHA-256: it may say another's, to have that left out as well."""
    return {digest(body) for body in (question.capture.body, *(question.files or {}).values())}


def _sentence(loss: Loss) -> str:
    return loss.cause if loss.limit else f"every reader died over this page ({loss.cause})"
