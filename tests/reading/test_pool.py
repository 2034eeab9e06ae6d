"""Readers in a pool: what becomes of a page of which they die, hang or grow, of the others, and of the pool's end."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from queue import SimpleQueue

import pytest

from crawler.reading import frames, pool, process
from crawler.reading.limits import LIMITS, Limits
from crawler.reading.pool import Pool, default_jobs
from crawler.reading.process import Loss, Reader, ReaderError
from crawler.reading.question import Answer, Question, answer
from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from pipelines.marked.document import UnreadableError
from tests.servers.living import report
from tests.support.documents_made import HEADING, docx
from tests.support.readers import CRASH, GROW, HANG, MARK, SPIN, VANISH, Pipes, changed_readers, once, times

Change = Callable[..., Path]


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Change:
    """Have the readers of this test carry out an act over marked pages."""

    def changed(act: str, where: str = "recognise") -> Path:
        folder = changed_readers(tmp_path / "readers", act, where)
        monkeypatch.syspath_prepend(str(folder))
        return folder

    return changed


def asked(name: str = "a", say: str = "", **more: object) -> Question:
    """A question for a report's page; `say` is in its text."""
    headers = [("Content-Type", "text/html; charset=utf-8")]
    body = report("大东区", 2018, say).encode()
    return Question(Capture(f"http://www.example.gov.cn/{name}.html", 200, headers, body, ""), Context(True), **more)  # type: ignore[arg-type]


class First(dict[str, Limits]):
    """Limits of which those called `first` hold for the first question alone."""

    def __getitem__(self, name: str) -> Limits:
        return self.pop("first", None) or super().__getitem__(name)


def told(page: Page) -> list[tuple[str, str]]:
    return [(problem.kind, problem.detail.split(";")[0]) for problem in page.problems]


def same(found: Answer, question: Question) -> bool:
    """Whether an answer is what reading in this very process gives."""
    here = answer(question).page
    names = ("kind", "title", "text", "report", "figures", "checks", "problems", "evidence", "sections", "attachments")
    return all(getattr(found.page, name) == getattr(here, name) for name in names)


def test_what_readers_say_is_what_is_said_here_in_the_order_of_the_questions() -> None:
    questions = [asked(str(number), f"全年收到申请{number}件。") for number in range(12)]
    with Pool(2) as opened:
        found = list(opened.stream(questions))
        assert [one.page.capture.url for one in found] == [one.capture.url for one in questions]
        assert all(map(same, found, questions))
        assert list(opened.stream([])) == []


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGKILL", "SIGTERM"])
def test_a_page_of_which_two_readers_died_is_one_that_was_not_read(change: Change, name: str) -> None:
    change(f"os.kill(os.getpid(), signal.{name})")
    with Pool(1) as opened:
        page = opened.read(asked("deadly", MARK)).page
        cause = signal.strsignal(getattr(signal, name))
        assert told(page) == [("reader_died", f"every reader died over this page ({cause})")]
        assert (page.kind, page.text) == ("other", None)
        assert page.death is not None
        assert page.death.kind == "reader_died"
        assert same(opened.read(asked()), asked())


def test_a_reader_that_ends_without_a_word_died(change: Change) -> None:
    change("os._exit(3)")
    with Pool(1) as opened:
        assert told(opened.read(asked("deadly", MARK)).page) == [
            ("reader_died", "every reader died over this page (exit code 3)")
        ]


def test_killed_once_it_is_asked_again_and_nobody_is_blamed(change: Change) -> None:
    folder = change(once(VANISH))
    question = asked("a", MARK)
    with Pool(1) as opened:
        assert same(opened.read(question), question)
    assert times(folder) == 2


def test_a_reader_that_was_killed_while_it_had_nothing_to_do_is_replaced() -> None:
    with Pool(1) as opened:
        first = opened.read(asked())
        running = [reader._process for reader in opened._all if reader._process is not None]
        for one in running:
            one.kill()
            one.wait()
        assert same(opened.read(asked()), asked())
        assert first.page.death is None
        assert len(running) == 1


@pytest.mark.parametrize(
    ("act", "limits", "words"),
    [
        (HANG, Limits(2 << 30, 20, 0), "reading it took more than 0 seconds"),
        (SPIN, Limits(2 << 30, 1, 600), "reading it took more than 1 seconds of the processor"),
        (GROW, LIMITS["page"], "reading it takes more than 2,048 MB of memory"),
    ],
)
def test_a_limit_is_told_at_once_and_the_next_page_is_read(
    change: Change, monkeypatch: pytest.MonkeyPatch, act: str, limits: Limits, words: str
) -> None:
    folder = change(act)
    monkeypatch.setenv("NIANBAO_PAGE_SECONDS", str(limits.processor))
    with Pool(1) as opened:
        monkeypatch.setattr(pool, "LIMITS", First(LIMITS, first=limits))
        assert told(opened.read(asked("deadly", MARK)).page) == [("reader_limit", words)]
        assert same(opened.read(asked()), asked())
    assert times(folder) <= 1


@pytest.mark.parametrize(("act", "tries"), [(CRASH, 2), (VANISH, 4), (GROW, 1)])
def test_a_document_of_which_readers_died_is_left_out_and_its_page_is_read(
    change: Change, act: str, tries: int
) -> None:
    folder = change(act, "file")
    bodies = {"f.docx": docx() + MARK.encode(), "g.docx": docx(), "h.docx": docx() + MARK.encode() * 2}
    links = "</p>" + "".join(f'<p><a href="{name}">{name}</a></p>' for name in bodies) + "<p>"
    files = {f"http://www.example.gov.cn/{name}": body for name, body in bodies.items()}
    with Pool(1) as opened:
        page = opened.read(asked("a", links, files=files)).page
        assert (page.kind, page.death) == ("report", None)
        assert [(file.text or "").split("\n")[0] for file in page.attachments] == ["", HEADING, ""]
        unread = [problem.url[-6:] for problem in page.problems if problem.kind == "document_unread"]
        assert unread == ["f.docx", "h.docx"]
        assert times(folder) == 2 * tries
        again = opened.read(asked("a", links, files=files, fatal=page.fatal)).page
        assert again.problems == page.problems
        # A reader that says itself that a file takes too much was not lost over it.
        assert len(page.fatal) == (0 if act == GROW else 2)
        assert times(folder) == 2 * tries * (2 if act == GROW else 1), "what is known to be fatal is not read"


def test_a_response_that_is_such_a_document_is_kept_as_a_file(change: Change) -> None:
    change(CRASH, "file")
    question = Question(Capture("http://www.example.gov.cn/f", 200, [], docx() + MARK.encode(), ""), Context(True))
    with Pool(1) as opened:
        page = opened.read(question).page
    assert (page.kind, page.death) == ("attachment", None)
    assert told(page) == [("document_unread", "the reader died of it (Segmentation fault)")]


@pytest.fixture
def pipes(change: Change, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipes]:
    """Readers that wait for a word over marked pages; whoever waits for them loses patience at once."""
    folder = change(Pipes.ACT)
    monkeypatch.setattr(pool, "PATIENCE", 0.0)
    with Pipes(folder) as opened:
        yield opened


def test_others_go_on_while_a_page_is_read_for_long(pipes: Pipes) -> None:
    """With one reader: another is started beside it."""
    slow, others = asked("slow", MARK), [asked(str(number)) for number in range(5)]
    with Pool(1) as opened:
        waiting = opened.submit(slow)
        assert all(map(same, opened.stream(others), others))
        pipes.begun(1)
        assert not waiting.done()
        pipes.tell(1)
        assert same(waiting.result(), slow)


def test_so_many_are_started_beside_and_no_more(pipes: Pipes) -> None:
    with Pool(1) as opened:
        slow = [opened.submit(asked(str(number), MARK)) for number in range(1 + pool.SPARE)]
        pipes.begun(len(slow))
        last = opened.submit(asked("last"))
        assert not last.done()
        pipes.tell(len(slow))
        assert same(last.result(), asked("last"))
        assert all(future.result().page.death is None for future in slow)


def test_the_order_of_a_stream_is_that_of_its_questions_however_long_each_takes(
    pipes: Pipes, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = [asked("slow", MARK), *(asked(str(number)) for number in range(4))]
    futures: SimpleQueue[Future[Answer]] = SimpleQueue()
    with Pool(2) as opened:
        submit = opened.submit

        def noted(question: Question) -> Future[Answer]:
            future = submit(question)
            futures.put(future)
            return future

        monkeypatch.setattr(opened, "submit", noted)
        found: list[str] = []
        stream = threading.Thread(target=lambda: found.extend(one.page.capture.url for one in opened.stream(questions)))
        stream.start()
        first, *others = [futures.get() for _ in questions]
        for future in others:
            future.result()
        assert not first.done()
        assert found == []
        pipes.tell(1)
        stream.join()
    assert found == [question.capture.url for question in questions]


def test_a_pool_that_is_closed_answers_nobody_and_leaves_no_process(pipes: Pipes) -> None:
    opened = Pool(1)
    waiting = [opened.submit(asked(str(number), MARK)) for number in range(12)]
    pipes.begun(1)
    running = [reader._process for reader in opened._all if reader._process is not None]
    opened.close()
    assert running
    assert all(one.poll() is not None for one in running)
    for future in waiting:
        with pytest.raises((CancelledError, ReaderError)):
            future.result()
    assert [reader._process for reader in opened._all if reader._process is not None] == []


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import os; os.write(2, b'no room'); os._exit(7)", r"did not start \(exit code 7\): no room"),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGILL)",
            r"did not start \(Illegal instruction\): it said nothing",
        ),
    ],
)
def test_a_program_that_does_not_start_is_said_to_be(change: Change, program: str, words: str) -> None:
    only(change, f"    {program}")
    with Pool(1) as opened, pytest.raises(ReaderError, match=words):
        opened.read(asked())


def test_a_system_that_refuses_processes_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **more: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(process.subprocess, "Popen", refuse)
    with Pool(1) as opened, pytest.raises(ReaderError, match="no process that reads pages can be started"):
        opened.read(asked())


@pytest.mark.parametrize(
    ("letter", "parcel", "cause"),
    [(b"?", b"", "the reader said what no reader says"), (frames.READY, b"", "the reader said what no reader says")],
)
def test_a_reader_that_says_what_none_says_is_ended(letter: bytes, parcel: bytes, cause: str) -> None:
    reader = Reader()
    reader._end, theirs = socket.socketpair()
    with theirs:
        reader._until = time.monotonic() + 600
        frames.send(theirs, letter, parcel)
        assert reader.answer() == Loss(cause)
        assert reader._end is None


_SENT = "from crawler.reading import frames; import gc, socket; "
_SENT += "[{} for end in gc.get_objects() if type(end) is socket.socket]; time.sleep(10**6)"


@pytest.mark.parametrize(
    ("act", "cause"),
    [
        ("end.sendall(b'a' + bytes([255] * 12))", "the reader said what no reader says"),
        ("end.close()", "the reader closed its socket and went on"),
    ],
)
def test_a_reader_that_we_end_was_not_ended_from_outside(
    change: Change, monkeypatch: pytest.MonkeyPatch, act: str, cause: str
) -> None:
    """Nor is it waited for, nor the page asked as often as where a person had killed it."""
    monkeypatch.setattr(process, "_ENDING", 0.01)
    folder = change(_SENT.format(act))
    with Pool(1) as opened:
        assert told(opened.read(asked("deadly", MARK)).page) == [
            ("reader_died", f"every reader died over this page ({cause})")
        ]
    assert times(folder) == 2


def test_a_word_that_names_no_means_leaves_none_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of the pen would switch the sandbox off, and nobody would be told."""
    monkeypatch.setenv("NIANBAO_SANDBOX", "Landlock,seccomp")
    with Pool(1) as opened, pytest.raises(ReaderError, match="NIANBAO_SANDBOX is 'Landlock,seccomp'; expected some"):
        opened.read(asked())
    monkeypatch.setenv("NIANBAO_SANDBOX", "landlock, seccomp")
    with Pool(1) as opened:
        assert same(opened.read(asked()), asked())


def test_a_program_that_says_what_is_no_frame_is_no_reader(change: Change) -> None:
    only(change, "    import os, time; os.write(int(sys.orig_argv[-2]), bytes([255] * 99)); time.sleep(10**6)")
    with Pool(1) as opened, pytest.raises(ReaderError, match="did not start as one"):
        opened.read(asked())


def test_a_system_without_threads_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object) -> None:
        raise RuntimeError("can't start new thread")

    with Pool(1) as opened:
        monkeypatch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(ReaderError, match="no thread that waits for a reader can be started: can't start new"):
            opened.submit(asked())
    with pytest.raises(ReaderError, match="the readers were ended"):
        opened.submit(asked())


@pytest.mark.parametrize("act", [CRASH, "raise MemoryError"])
def test_where_readers_are_lost_over_any_page_none_is_blamed(change: Change, act: str) -> None:
    """A library that the machine cannot run, a system that has no memory for readers: the fault is not the page's."""
    folder = change(act)
    site = folder / "sitecustomize.py"
    site.write_text(site.read_text("utf-8").replace(f"if {MARK.encode()!r} in body", "if True"), "utf-8")
    with Pool(1) as opened, pytest.raises(ReaderError, match="processes that read pages are lost over any page"):
        opened.read(asked())


def test_a_reader_has_no_end_of_documents_to_begin_nor_a_scan_to_leave_unread_where_a_page_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "_MOST_TURNS", 8)
    for letters in ([frames.BEGUN, frames.ENDED] * 5, [frames.ENDED] * 9, [frames.UNREADABLE]):
        reader = Reader()
        reader._end, theirs = socket.socketpair()
        with theirs:
            reader._until = time.monotonic() + 600
            for letter in letters:
                frames.send(theirs, letter)
            theirs.shutdown(socket.SHUT_WR)
            assert reader.answer() == Loss("the reader said what no reader says")


def test_a_reader_blames_no_document_but_those_of_its_page(change: Change) -> None:
    other = "0" * 64
    act = "from crawler.reading import frames; import gc, socket; "
    act += f"[frames.send(end, frames.BEGUN, b'{other}') for end in gc.get_objects() if type(end) is socket.socket]; "
    folder = change(act + "os._exit(3)")
    with Pool(1) as opened:
        page = opened.read(asked("deadly", MARK)).page
    assert (page.death is not None, dict(page.fatal)) == (True, {})
    assert times(folder) == 2


def test_files_that_are_too_much_together_cost_the_largest_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = docx(), docx() + bytes(1 << 20)
    links = '</p><p><a href="f.docx">f</a></p><p><a href="g.docx">g</a></p><p>'
    files = {"http://www.example.gov.cn/f.docx": large, "http://www.example.gov.cn/g.docx": small}
    question = asked("a", links, files=files)
    monkeypatch.setattr(pool, "MOST_BYTES", len(question.capture.body) + len(large) + (16 << 20))
    with Pool(1) as opened:
        page = opened.read(question).page
    assert (page.kind, page.death, dict(page.fatal)) == ("report", None, {})
    assert [(file.text or "").split("\n")[0] for file in page.attachments] == ["", HEADING]
    unread = [(problem.url[-6:], problem.detail) for problem in page.problems if problem.kind == "document_unread"]
    assert unread == [("f.docx", "the files of this page have more than 17 MB together")]


def test_what_is_longer_than_any_question_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only `extract` is handed such: what a run or an import brings is refused before."""
    question = asked()
    length = len(question.capture.body)
    monkeypatch.setattr(pool, "MOST_BYTES", (16 << 20) + length - 1)
    with Pool(1) as opened:
        words = f"it has {length:,} bytes, more than {length - 1:,} are not read"
        assert told(opened.read(question).page) == [("reader_limit", words)]
        monkeypatch.setattr(pool, "MOST_BYTES", (16 << 20) + length)
        assert same(opened.read(question), question)


def test_a_reader_that_makes_something_up_is_replaced(change: Change) -> None:
    """From its second answer on, that is: the first comes as it was made."""
    change("sys.modules['crawler.reading.service'].pack_answer = lambda *page, traced: b'nothing'")
    question = asked("deadly", MARK)
    with Pool(1) as opened:
        assert same(opened.read(question), question)
        (first,) = [reader._process for reader in opened._all if reader._process is not None]
        assert same(opened.read(question), question)
        assert first.poll() is not None


TWICE = "send(*frame), send(*frame)"
LATE = "kept.append(frame), send(*kept[0])"


@pytest.mark.parametrize("says", [TWICE, LATE])
def test_an_answer_is_never_taken_for_that_to_another_question(change: Change, says: str) -> None:
    """One that comes twice, and one that comes again where another page's was to come."""
    act = "from crawler.reading import frames; send, kept = frames.send, []; "
    change(f"{act}frames.send = lambda *frame: ({says})")
    questions = [asked("first", MARK), *(asked(str(number), f"全年收到申请{number}件。") for number in range(3))]
    with Pool(1) as opened:
        found = [opened.read(questions[0])]
        (first,) = [reader._process for reader in opened._all if reader._process is not None]
        found += map(opened.read, questions[1:])
        assert all(map(same, found, questions))
        assert first.poll() is not None


@pytest.mark.parametrize("letter", [frames.ANSWER, frames.WEARY, frames.BEGUN, frames.ENDED, frames.TOO_LARGE])
def test_what_answers_another_question_ends_a_reader(letter: bytes) -> None:
    reader = Reader()
    reader._end, theirs = socket.socketpair()
    with theirs:
        reader._until = time.monotonic() + 600
        frames.send(theirs, letter, b"", None, frames.ticket())
        assert reader.answer() == Loss("the reader answered another question")
        assert reader._end is None


def test_a_page_of_which_only_damaged_answers_come_is_not_read(change: Change) -> None:
    program = (
        "    from crawler.reading import parcel\n    pack = parcel.pack_answer\n"
        f"    parcel.pack_answer = lambda one, traced: b'nothing' if {MARK!r} in (one.page.text or '') else pack(one)"
    )
    only(change, program)
    with Pool(1) as opened:
        ((kind, detail),) = told(opened.read(asked("a", MARK)).page)
    assert kind == "reader_died"
    assert "what was made of it is damaged" in detail


def only(change: Change, program: str) -> None:
    """Have readers run a few lines as they start, and nothing else."""
    lines = f"import sys\nif 'crawler.reading.worker' in sys.orig_argv:\n{program}"
    (change(HANG) / "sitecustomize.py").write_text(lines, "utf-8")


@pytest.mark.parametrize("body", [b"", b"no picture", b"%PDF-1.4 broken", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_a_scan_that_cannot_be_read_is_said_to_be(body: bytes) -> None:
    with Pool(1) as opened:
        with pytest.raises(UnreadableError):
            opened.see(body)
        assert same(opened.read(asked()), asked())


def test_one_core_is_left_to_whoever_crawls(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, jobs in ((1, 1), (2, 1), (8, 7)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid, cores=cores: set(range(cores)), raising=False)
        assert default_jobs() == jobs
