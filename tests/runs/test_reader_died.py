"""A page that costs its readers costs a row: the run goes on to its end, and nobody reads the page again."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from crawler import __version__
from crawler.archive.archive import Archive
from crawler.archive.file.blobs import digest
from crawler.archive.file.captures import Material
from crawler.archive.write.deaths import Caution, Deaths, deaths_of, unread
from crawler.reading.derivation import Derivation
from crawler.reading.pool import Pool
from crawler.records.capture import Capture, Context
from crawler.records.page import Death, Page
from crawler.sample.serving import Reply
from pipelines import derive
from tests.servers.living import LivingPortal, living, report
from tests.support.archive_toy import capture
from tests.support.documents_made import docx
from tests.support.readers import CRASH, GROW, MARK, SPIN, VANISH, changed_readers, once, times

DEADLY = "/nb/a/20182.html"
FILE = "/nb/a/f.docx"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[LivingPortal]:
    (tmp_path / "portal").mkdir()
    with living(tmp_path / "portal") as served:
        yield served


def mark(portal: LivingPortal, path: str = DEADLY) -> str:
    """Let a report be one that changed readers do not survive; its address."""
    portal.pages[path] = str(portal.pages[path]).replace("</h1>", f"</h1><!-- {MARK} -->")
    return f"http://{portal.address}{path}"


def nianbao(portal: LivingPortal, command: str, *options: str, readers: Path | None = None, **variables: str) -> str:
    """A command over the portal's archive, with changed readers; its exit code and what it said, in one string."""
    (portal.folder / "p.toml").write_text(portal.profile_toml, "utf-8")
    profile = ["--profile", str(portal.folder / "p.toml")] if command == "crawl" else []
    line = [sys.executable, "-m", "crawler", command, "--archive", str(portal.archive), *profile, *options]
    path = os.pathsep.join(filter(None, (str(readers or ""), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        line, capture_output=True, text=True, check=False, env=os.environ | variables | {"PYTHONPATH": path}
    )
    assert "Traceback" not in done.stderr, done.stderr
    return f"{done.returncode} {done.stderr}"


def test_the_run_tells_it_keeps_it_and_goes_on_and_nobody_reads_it_again(portal: LivingPortal, tmp_path: Path) -> None:
    url, readers = mark(portal), changed_readers(tmp_path / "readers", CRASH)
    said = nianbao(portal, "crawl", readers=readers)
    assert said[:2] == "1 "
    assert f"wants a person: reader_died at {url}" in said
    assert portal.rows("select status from runs") == [("finished",)]
    assert portal.rows("select count(*) from reports") == [(14,)]
    told = portal.rows("select problems.run_id, problems.url, captures.kind from problems join captures on captures.id"
                       " = capture_id where problems.kind = 'reader_died'")  # fmt: skip
    assert told == [(1, url, "other")]
    assert "Segmentation fault" in portal.rows("select detail from problems")[0][0]
    with Archive.read(portal.archive) as archive:
        assert MARK.encode() in (archive.captures.body(url) or b"")
    assert sorted(path.name for path in portal.folder.iterdir()) == ["archive.db", "p.toml"]
    assert times(readers) == 2, "asked twice: one death blames nobody"

    assert nianbao(portal, "crawl", readers=readers)[:2] == "1 ", "told again, for nobody knows what is behind it"
    for command in (["rebuild"], ["verify", "--all"]):
        assert nianbao(portal, *command, readers=readers)[:2] == "0 "
    assert portal.rows("select distinct kind, url from problems") == [("reader_died", url)]
    assert times(readers) == 2, "this version reads it no more"

    with sqlite3.connect(portal.archive) as connection:
        connection.execute("update deaths set program = '0.0.9'")
    assert nianbao(portal, "rebuild")[:2] == "0 "
    assert portal.rows("select count(*) from reports") == [(15,)]
    assert portal.rows("select count(*) from problems") == [(0,)]


SHORT = f"<html><head><title>请稍候</title></head><body>{MARK} 请稍候</body></html>"


@pytest.mark.parametrize(("status", "headers"), [(503, {}), (200, {}), (200, {"Set-Cookie": "s=1; Path=/"})])
def test_a_page_that_is_read_before_the_spider_sees_it_is_known_as_well(
    portal: LivingPortal, tmp_path: Path, status: int, headers: dict[str, str]
) -> None:
    """What fails, asks to wait or sets a cookie is told by reading it, in the middlewares."""
    portal.pages[DEADLY] = Reply(SHORT.encode(), status, headers=headers)
    readers = changed_readers(tmp_path / "readers", CRASH)
    assert nianbao(portal, "crawl", readers=readers)[:2] == "1 "
    assert portal.rows("select url from problems where kind = 'reader_died'") == [(f"http://{portal.address}{DEADLY}",)]
    assert portal.rows("select count(*) from reports") == [(14,)]
    assert times(readers) == 2


@pytest.mark.parametrize(("where", "page", "reports"), [("describe", DEADLY, 14), ("survey", "/nb/index_1.html", 10)])
def test_any_stage_and_the_way_on_may_be_the_end_of_a_reader(
    portal: LivingPortal, tmp_path: Path, where: str, page: str, reports: int
) -> None:
    if page == DEADLY:
        mark(portal)
    else:
        entry = portal.entries[-6]
        portal.entries[-6] = (entry[0], entry[1] + MARK, entry[2])
    said = nianbao(portal, "crawl", readers=changed_readers(tmp_path / "readers", VANISH, where))
    assert said[:2] == "1 ", said
    assert portal.rows("select kind, url from problems") == [("reader_died", f"http://{portal.address}{page}")]
    assert portal.rows("select count(*) from reports") == [(reports,)]


def test_one_innocent_kill_blames_nobody(portal: LivingPortal, tmp_path: Path) -> None:
    mark(portal)
    readers = changed_readers(tmp_path / "readers", once(VANISH))
    said = nianbao(portal, "crawl", readers=readers)
    assert said[:2] == "0 ", said
    assert times(readers) == 2
    assert portal.rows("select count(*) from problems") == portal.rows("select count(*) from deaths") == [(0,)]
    assert portal.rows("select count(*) from reports") == [(15,)]


@pytest.mark.parametrize(
    ("act", "words"),
    [(SPIN, "reading it took more than"), (GROW, "reading it takes more than 2,048 MB of memory")],
)
def test_a_page_beyond_a_limit_is_told_within_it(portal: LivingPortal, tmp_path: Path, act: str, words: str) -> None:
    url = mark(portal)
    readers = changed_readers(tmp_path / "readers", act)
    variables = {"NIANBAO_PAGE_SECONDS": "1"} if act == SPIN else {}
    assert nianbao(portal, "crawl", readers=readers, **variables)[:2] == "1 "
    ((kind, at, detail),) = portal.rows("select kind, url, detail from problems")
    assert (kind, at) == ("reader_limit", url)
    assert detail.startswith(words)
    assert portal.rows("select count(*) from reports") == [(14,)]
    assert times(readers) == 1, "a limit is no accident: once is enough"


def test_a_file_that_costs_its_readers_costs_a_row_and_its_report_stays(portal: LivingPortal, tmp_path: Path) -> None:
    portal.pages[FILE] = Reply(docx() + MARK.encode(), 200, content_type="application/octet-stream")
    portal.pages[DEADLY] = report("大东区", 2018, '</p><p><a href="f.docx">附件</a>')
    readers = changed_readers(tmp_path / "readers", CRASH, "file")
    said = nianbao(portal, "crawl", readers=readers)
    assert said[:2] == "0 ", said
    assert portal.rows("select count(*) from reports") == [(15,)]
    problems = portal.rows("select kind, url, detail from problems")
    assert problems == [
        ("document_unread", f"http://{portal.address}{FILE}", "the reader died of it (Segmentation fault)")
    ]
    assert portal.rows("select kind, program from deaths") == [("document_unread", __version__)]
    for command in (["rebuild"], ["verify", "--all"], ["crawl"]):
        said = nianbao(portal, *command, readers=readers)
        assert said[:2] == "0 ", said
    assert portal.rows("select kind, url, detail from problems") == problems
    assert times(readers) == 2


@pytest.mark.parametrize("reading", [1, 2])
def test_readers_that_cannot_be_had_any_more_end_the_run_in_one_sentence_and_the_next_carries_on(
    portal: LivingPortal, tmp_path: Path, reading: int
) -> None:
    """From the first reading of a page on, while the run asks; from the second on, which its file wants at the end."""
    portal.pages[FILE] = Reply(docx(), 200, content_type="application/octet-stream")
    portal.pages[DEADLY] = report("大东区", 2018, '</p><p><a href="f.docx">附件</a>')
    mark(portal)
    act = f"\n        if os.fstat(COUNT).st_size == {reading}:\n            {CRASH}"
    readers = changed_readers(tmp_path / "readers", act)
    refusal = f"\n    if os.fstat(COUNT).st_size >= {reading}:\n        os.write(2, b'no room')\n        os._exit(7)\n"
    with (readers / "sitecustomize.py").open("a") as site:
        site.write(refusal)
    said = nianbao(portal, "crawl", readers=readers)
    assert said[:2] == "2 ", said
    assert (
        said.strip()
        .split("\n")[-1]
        .endswith(
            "a process that reads pages did not start (exit code 7): no room; the run was ended, the next carries on"
        )
    ), said
    assert portal.rows("select status from runs") == [("interrupted",)]
    said = nianbao(portal, "crawl")
    assert said[:2] == "0 ", said
    assert portal.rows("select count(*) from reports") == [(15,)]
    assert portal.rows("select count(*) from attachments where text is not null") == [(1,)]
    assert portal.rows("select * from problems") == []


def test_they_end_it_where_the_first_page_is_judged_before_the_spider_sees_it(
    portal: LivingPortal, tmp_path: Path
) -> None:
    """What fails is read in the middlewares: that nobody can read it does not make its portal unreachable."""
    portal.pages["/"] = Reply(b"<html><body>503</body></html>", 503)
    readers = changed_readers(tmp_path / "readers", CRASH)
    with (readers / "sitecustomize.py").open("a") as site:
        site.write("\n    os.write(2, b'no room')\n    os._exit(7)\n")
    said = nianbao(portal, "crawl", readers=readers)
    assert said[:2] == "2 ", said
    assert "did not start (exit code 7): no room; the run was ended, the next carries on" in said
    assert portal.rows("select status from runs") == [("interrupted",)]
    assert portal.rows("select * from problems") == []


def test_what_is_fatal_is_known_by_its_bytes_and_after_two_bodies_by_its_address() -> None:
    first, second, third = (capture("/a", body=body) for body in (b"1", b"2", b"3"))
    rows = [(one.url, digest(one.body), "Aborted", "reader_died") for one in (first, second)]
    known = Deaths(rows[:1])
    assert known.of(first) == Death("reader_died", "Aborted")
    assert known.of(capture("/elsewhere", body=b"1"))
    assert known.of(second) is None
    assert Deaths(rows).of(third)
    nothing = capture("/empty", body=b"")
    assert Deaths([("http://x/", digest(b""), "Aborted", "reader_died")]).of(nothing) is None, "it kills nobody"
    document = Deaths([(first.url, digest(b"1"), "Aborted", "document_unread")])
    assert (document.of(first), document.documents) == (None, {digest(b"1"): "Aborted"})


def test_what_is_learnt_is_known_at_once_and_kept_once(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.lock()
        archive.begin_run(["somewhere"])
        cautious = archive.cautious(derive)
        page = unread(capture("/a", body=b"1"), Context(), Death("reader_limit", "too slow"))
        page.fatal = {"ab": "Aborted"}
        for _ in range(2):
            archive.store(page)
        assert cautious(page.capture, Context()).death == page.death
        assert archive.deaths.documents == {"ab": "Aborted"}
        known = deaths_of(archive.connection)
        assert (known.of(page.capture), known.documents) == (page.death, {"ab": "Aborted"})
        assert archive.connection.execute("select count(*) from deaths").fetchone()[0] == 2


class Notes:
    """A derivation that reads nothing, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, str] | None]] = []

    def __call__(
        self,
        taken: Capture,
        context: Context,
        files: Mapping[str, bytes] | None = None,
        fatal: Mapping[str, str] | None = None,
        /,
    ) -> Page:
        self.asked.append((taken.url, fatal))
        return Page(taken, context)

    def stream(self, materials: Iterator[Material]) -> Iterator[Page]:
        """Two at a time."""
        waiting: list[Page] = []
        for material in materials:
            waiting.append(self(*material))
            if len(waiting) == 2:
                yield waiting.pop(0)
        yield from waiting


def test_what_is_fatal_is_not_asked_for_and_what_is_not_keeps_its_place() -> None:
    captures = [capture(f"/{number}", body=b"%d" % number) for number in range(6)]
    dead = [(one.url, digest(one.body), "Aborted", "reader_died") for one in captures if one.url[-1] in "0235"]
    notes = Notes()
    careful = Caution(notes, Deaths([*dead, ("http://x/", "ab", "Aborted", "document_unread")]))
    pages = list(careful.stream(Material(one, Context()) for one in captures))
    assert [page.capture.url for page in pages] == [one.url for one in captures]
    assert [page.death is not None for page in pages] == [True, False, True, True, False, True]
    assert notes.asked == [(captures[1].url, {"ab": "Aborted"}), (captures[4].url, {"ab": "Aborted"})]
    assert careful(captures[0], Context()).death is not None
    assert len(notes.asked) == 2


@pytest.mark.usefixtures("readers_afresh")
def test_a_rebuild_by_several_readers_finds_the_page_out_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = changed_readers(tmp_path / "readers", CRASH)
    monkeypatch.syspath_prepend(str(readers))
    with Archive.open(tmp_path / "a.db") as archive, Pool(2) as pool:
        archive.lock()
        run = archive.begin_run(["somewhere"])
        taken = [
            capture(f"/{number}.html", body=report("大东区", 2010 + number, MARK * (number == 3)).encode())
            for number in range(6)
        ]
        for one in taken:
            archive.store(derive(one, Context(True)))
        archive.finish_run(run, "finished")
        assert archive.rebuild(Derivation(pool)) == {"captures": 6, "left": 0, "reports": 5}
        assert deaths_of(archive.connection).of(taken[3])
        assert archive.connection.execute("select url from problems where kind = 'reader_died'").fetchall()[0][0] == (
            taken[3].url
        )
        assert archive.verify(Derivation(pool), every=True) == []
    assert times(readers) == 2


@pytest.mark.parametrize("limit", ["ulimit -v 3000000", "ulimit -t 600"])
def test_a_system_that_allows_less_than_a_reader_may_take_blames_no_page(portal: LivingPortal, limit: str) -> None:
    """Readers cannot raise the limits of whoever started the run."""
    (portal.folder / "p.toml").write_text(portal.profile_toml, "utf-8")
    crawl = f"{sys.executable} -m crawler crawl --archive {portal.archive} --profile {portal.folder / 'p.toml'}"
    done = subprocess.run(["sh", "-c", f"{limit} && exec {crawl}"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert portal.rows("select count(*) from reports") == [(15,)]
    assert portal.rows("select * from deaths") == []
