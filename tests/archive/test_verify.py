"""`nianbao verify`: whatever is damaged or does not follow from the captures is told, with the captures it concerns."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.records.capture import Capture, Context
from crawler.records.errors import ArchiveError
from crawler.records.page import Page
from crawler.sample.serving import Reply
from pipelines import derive
from tests.servers.living import living
from tests.support.archive_toy import SITE, page
from tests.support.program import run


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound archive of a real crawl."""
    folder = tmp_path_factory.mktemp("verify")
    with living(folder) as portal:
        portal.publish("/nb/a/file.html", "浑南区", 2017, '<a href="/f/table.xls">附件：统计表.xls</a>')
        portal.crawl()
    return folder / "archive.db"


@pytest.fixture
def archive(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "archive.db"))


def verify(archive: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["verify", "--archive", str(archive), *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stderr


def change(archive: Path, statement: str) -> None:
    connection = sqlite3.connect(archive)
    with connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()


@pytest.mark.parametrize("options", [(), ("--all",), ("--sample", "0")])
def test_a_sound_archive_is_sound(archive: Path, options: tuple[str, ...]) -> None:
    assert verify(archive, *options) == (0, "sound\n")


def test_any_byte_of_any_body_that_is_flipped_is_told_with_its_captures(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as opened:
        opened.begin_run(["somewhere"])
        opened.store(page("/a.html", text="收到申请3件"))
        opened.store(page("/b.html", kind="other", body=b"x"))
        opened.store(page("/copy.html", text="收到申请3件"))
        bodies = opened.connection.execute("select sha256, body from blobs").fetchall()
        assert len(bodies) == 2
        for sha256, body in bodies:
            named = [SITE + "/b.html"] if body == b"x" else [SITE + "/a.html", SITE + "/copy.html"]
            for at in range(len(body)):
                for bit in (0, 7):
                    flipped = body[:at] + bytes([body[at] ^ 1 << bit]) + body[at + 1 :]
                    opened.connection.execute("update blobs set body = ? where sha256 = ?", (flipped, sha256))
                    (told,) = opened.verify()
                    assert sha256 in told
                    assert all(url in told for url in named), told
            opened.connection.execute("update blobs set body = ? where sha256 = ?", (body, sha256))
        assert opened.verify() == []


def test_a_damaged_page_of_a_dictionary_names_all_that_need_it(archive: Path) -> None:
    with Archive.read(archive) as opened:
        row = opened.connection.execute("select first_sha256 from dictionaries").fetchone()
        needing = "select count(*) from captures join blobs using (sha256) where dictionary_id = 1"
        (count,) = opened.connection.execute(needing).fetchone()
    assert count > 5
    change(archive, f"update blobs set body = zeroblob(length(body)) where sha256 = '{row[0]}'")
    code, said = verify(archive, "--sample", "0")
    assert code == 1
    line, _ = said.splitlines()
    assert row[0] in line
    assert f"and {count + 1 - 5} more" in line


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("delete from captures where kind = 'home'", "refers to a row of captures that is not there"),
        (
            "delete from blobs where sha256 = (select sha256 from captures where kind = 'home')",
            "blobs that is not there",
        ),
        ("delete from report_versions where report_id = 3", "report 3 has no version"),
        ("update captures set length = 5 where id = 4", "capture 4 says length 5"),
        ("update reports set text = '' where id = 2", "report 2 has an empty text"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(archive: Path, statement: str, told: str) -> None:
    change(archive, statement)
    code, said = verify(archive, "--sample", "0")
    assert code == 1
    assert told in said


DERIVED = [
    ("update captures set kind = 'article' where id = 4", "kind is not what its bytes give"),
    ("update captures set title = 'x' where id = 4", "title is not what its bytes give"),
    ("update reports set report_year = 1999 where id = 2", "report_year is not what"),
    ("update reports set text = text || '。' where id = 2", "text is not what"),
    ("update chapters set heading = 'x' where report_id = 2 and position = 1", "sections is not what"),
    ("delete from attachments", "attachments is not what"),
    ("update report_versions set text_sha256 = 'x' where report_id = 5", "text_sha256 is not what"),
]


@pytest.mark.parametrize(("statement", "told"), DERIVED)
def test_a_derived_value_that_does_not_follow_is_told(archive: Path, statement: str, told: str) -> None:
    change(archive, statement)
    code, said = verify(archive)
    assert code == 1
    assert told in said
    assert "`nianbao rebuild --all` derives it anew" in said
    table = statement.split()[1 if statement.startswith("update") else 2]
    code, said = verify(archive, "--all")
    assert code == 1
    assert f"{table}: " in said


def test_rows_that_follow_from_nothing_are_told_by_a_whole_derivation(archive: Path) -> None:
    change(archive, "insert into criteria (rule, subject) values ('A1', 'x')")
    change(archive, "insert into findings select 1, id, 1, 1, 1 from criteria where subject = 'x'")
    assert verify(archive)[0] == 0
    code, said = verify(archive, "--all")
    assert (code, said.splitlines()[0].split(",")[0]) == (1, "checks: 1 row not what the captures give")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.97])
def test_a_file_that_is_cut_or_overwritten_is_a_sentence(archive: Path, share: float) -> None:
    size = archive.stat().st_size
    with archive.open("r+b") as file:
        file.seek(int(size * share) // 4096 * 4096)
        file.write(b"\xff" * 4096)
    done = run("verify", "--archive", str(archive))
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    with archive.open("r+b") as file:
        file.truncate(size // 2)
    done = run("verify", "--archive", str(archive))
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_a_run_that_writes_meanwhile_is_not_in_the_way(archive: Path) -> None:
    with Archive.open(archive) as writing, Archive.read(archive) as reading:
        writing.begin_run(["somewhere"])
        writing.store(page("/a.html", text="一"))
        assert reading.verify() == []
        writing.store(page("/b.html", text="二"))
    assert verify(archive, "--sample", "0")[0] == 0


@pytest.mark.parametrize("column", ["context", "headers", "trail"])
def test_what_is_no_json_any_more_is_told_with_its_capture(archive: Path, column: str) -> None:
    change(archive, f"update captures set {column} = '{{' where id = 4")
    change(archive, "update captures set title = 'x' where id = 5")
    for options in ((), ("--all",)):
        code, said = verify(archive, *options)
        assert code == 1
        assert "capture 4 are damaged" in said
        assert "title is not what its bytes give" in said


def test_a_page_stored_meanwhile_is_no_failure(archive: Path) -> None:
    with Archive.open(archive) as writing, Archive.read(archive) as reading:
        writing.begin_run(["somewhere"])

        def derive_slowly(capture: Capture, context: Context, *_: object) -> Page:
            writing.store(page(f"/{len(capture.url)}.html", text="一"))
            writing.flush()
            return derive(capture, context)

        assert reading.verify(derive_slowly, every=True) == []


@pytest.mark.parametrize("command", ["verify", "log"])
def test_a_file_that_a_killed_run_began_is_no_older_archive(tmp_path: Path, command: str) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma journal_mode = wal")
    done = CliRunner().invoke(cli, [command, "--archive", str(path)])
    assert isinstance(done.exception, ArchiveError)
    assert "has nothing in it yet; `nianbao crawl`" in str(done.exception)
    with Archive.open(path):
        pass
    assert verify(path) == (0, "sound\n")


def test_an_error_page_that_comes_again_is_not_the_report_seen_again(tmp_path: Path) -> None:
    with living(tmp_path) as portal:
        portal.crawl()
        portal.pages["/nb/a/20200.html"] = Reply(b"<html><body>Forbidden</body></html>", 403)
        for _ in range(2):
            portal.crawl("--recheck", "all", code=None)
        assert verify(portal.archive, "--all") == (0, "sound\n")
        # By runs: all three may begin within one second.
        shown = "select captures.last_run_id from reports join captures on captures.id = capture_id"
        assert [run for (run,) in portal.rows(f"{shown} order by 1 limit 2")] == [1, 3]


def test_files_that_were_not_fetched_or_belong_to_no_report_are_told_unless_a_run_has(archive: Path) -> None:
    change(archive, "update attachments set url = url || 'x', capture_id = null")
    change(archive, "update captures set kind = 'attachment', status = 200 where url like '%/f/table.xls'")
    code, said = verify(archive, "--sample", "0")
    assert code == 1
    assert "/nb/a/file.html: 1 file noted and not asked for, the first " in said
    assert "/f/table.xls: fetched for " in said
    change(
        archive,
        "insert into problems (run_id, portal, kind, url, detail, at)"
        " select 1, portal, 'file_not_fetched', url, '', '' from reports",
    )
    assert "file.html: 1 file" not in verify(archive, "--sample", "0")[1]


def test_what_a_run_that_was_cut_short_left_is_the_next_ones(archive: Path) -> None:
    change(archive, "update attachments set url = url || 'x', capture_id = null")
    change(archive, "update runs set status = 'interrupted'")
    assert "were not asked for" not in verify(archive, "--sample", "0")[1]
