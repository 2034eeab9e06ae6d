"""What a command costs to start, by what it imports; and a reader of its output that goes away."""

from __future__ import annotations

import json
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.archive import schema
from crawler.commands.cli import COMMANDS, cli, main
from crawler.records.errors import EXIT_ATTENTION, EXIT_USAGE, NianbaoError
from tests import ROOT
from tests.servers.living import living

HEAVY = {"scrapy", "twisted", "pandas", "numpy", "pyarrow", "datasette", "sqlite_utils", "lxml", "rich", "warcio"}
MORE_THAN_READING = {
    "crawler.archive.archive",
    "crawler.archive.derive",
    "pipelines",
    "urllib.request",
    "email.message",
}
"""What only those need who write, derive or ask the network."""
NOT_FOR_A_CRAWL = {"pandas", "numpy", "pyarrow", "datasette", "sqlite_utils", "warcio", "rich", "bs4"}
NOT_OF_SCRAPY = {"aiohttp", "tldextract", "requests", "urllib3", "ftplib", "filelock"}
"""What only those of Scrapy's parts import that no run of ours uses."""
MOST_MODULES = 270
"""Some 170 of them for `log`, Python's own among them; with sqlite-utils alone there were over 1,000."""
PROBE = """
import json, sys
from crawler.commands.cli import main
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with living(tmp_path_factory.mktemp("start")) as portal:
        portal.crawl()
        return portal.archive


READING = ("log", "log --json", "search 公开", "show 1", "show 1 --text", "coverage", "coverage --json", "cat URL")


def imported(words: list[str]) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """A command as it ended, and the modules that it had imported by then."""
    environment = os.environ | {"NIANBAO_RETRY_WAITS": "0"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words], capture_output=True, text=True, check=False, env=environment
    )
    return done, set(json.loads(done.stderr.splitlines()[-1]))


def test_an_archive_that_is_made_needs_neither_pandas_nor_datasette(tmp_path: Path) -> None:
    done, modules = imported(["rebuild", "--archive", str(made(tmp_path))])
    assert done.returncode == 0, done.stderr
    assert "sqlite_utils" in modules, "it brings the archive up to date"
    assert modules & {"pandas", "numpy", "datasette"} == set()


@pytest.mark.parametrize("error", [MemoryError(), SystemError("returned NULL without setting an exception")])
def test_too_little_memory_is_one_sentence(
    error: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where within the limit it runs out, and by which of the two it is known then, is chance."""

    def exhausted(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli, "main", exhausted)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (100_000_000, 100_000_000))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == EXIT_USAGE
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("nianbao: ")
    assert "ulimit -v" in said


def test_a_fault_of_the_interpreter_without_a_limit_is_no_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise SystemError("a fault")

    monkeypatch.setattr(cli, "main", broken)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    with pytest.raises(SystemError):
        main()


def test_too_few_threads_are_one_sentence_and_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start, left = threading.Thread.start, [3]

    def refuse(self: threading.Thread) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise RuntimeError("can't start new thread")
        start(self)

    with living(tmp_path) as portal:
        profile = tmp_path / "p.toml"
        profile.write_text(portal.profile_toml, "utf-8")
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", refuse)
            words = ["crawl", "--profile", str(profile), "--archive", str(tmp_path / "a.db")]
            error = CliRunner().invoke(cli, words).exception
        assert "lets this run have 3 threads more" in str(error)
        assert isinstance(error, NianbaoError)
        assert portal.requests == []


def made(folder: Path) -> Path:
    """An archive of a form before the last."""
    path = folder / "older.db"
    connection = sqlite3.connect(path)
    schema.migrate(connection, stop_before=schema.NAMES[-1])
    connection.close()
    return path


@pytest.mark.parametrize("command", ["--version", "portals", *READING])
def test_a_command_imports_what_it_needs(archive: Path, command: str) -> None:
    words = command.replace("URL", url_of(archive)).split()
    done, modules = imported(words + (["--archive", str(archive)] if command in READING else []))
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()
    assert modules & MORE_THAN_READING == set()
    assert len(modules) < MOST_MODULES


def test_a_run_imports_what_it_needs(tmp_path: Path) -> None:
    from crawler.archive.archive import Archive

    archive, profile = tmp_path / "archive.db", tmp_path / "nowhere.toml"
    Archive.open(archive).close()  # a file that is there already: only a new one is made by migrations
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        home = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        keys = "delay = 0\nallow_private_addresses = true\n"
        profile.write_text(f'id = "nowhere"\nname = "无处"\nhome = "{home}"\nregion = "210100"\n{keys}', "utf-8")
        done, modules = imported(["crawl", "--profile", str(profile), "--archive", str(archive)])
    assert done.returncode == EXIT_ATTENTION, done.stderr
    assert "unreachable" in done.stderr
    assert {name.partition(".")[0] for name in modules} & (NOT_FOR_A_CRAWL | NOT_OF_SCRAPY) == set()
    assert modules & {"scrapy.extensions.telnet", "scrapy.extensions.remote_control"} == set()


def test_every_command_is_there_under_its_own_name() -> None:
    assert {name: command.name for name, command in COMMANDS.items()} == {name: name for name in COMMANDS}
    modules = {path.stem for path in (ROOT / "crawler" / "commands").glob("*.py")}
    homes = {place.partition(":")[0] for place in COMMANDS._places.values()}
    assert homes == modules - {"__init__", "cli", "common", "contact", "importer", "reference", "terminal"}


@pytest.mark.parametrize(
    "command",
    ["--version", "--help", "log", "search 公开", "search 公开 --json", "show 1 --text", "coverage", "cat URL"],
)
def test_a_pipe_that_closes_early_is_no_failure(archive: Path, command: str) -> None:
    words = command.replace("URL", url_of(archive)).split()
    if words[0] in COMMANDS:
        words += ["--archive", str(archive)]
    assert into_a_closed_pipe(words) == (0, b"")


def test_an_exit_code_is_kept_whoever_reads(archive: Path) -> None:
    assert into_a_closed_pipe(["verify", "--json", "--archive", str(archive)])[0] == 0
    code, said = into_a_closed_pipe(["log", "--archive", str(archive.with_name("none.db"))])
    assert (code, said.startswith(b"nianbao: ")) == (2, True)
    report = b"<html><h1>\xe5\xb9\xb4\xe6\x8a\xa5</h1></html>"
    warc = archive.with_name("broken.warc")
    warc.write_bytes(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\n" + report)
    code, _ = into_a_closed_pipe(["import", str(warc), "--json", "--archive", str(archive.with_name("b.db"))])
    assert code != 0


def into_a_closed_pipe(words: list[str]) -> tuple[int, bytes]:
    """Exit code and standard error of a command whose standard output nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen([sys.executable, "-m", "crawler", *words], stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        _, said = process.communicate(timeout=60)
    return process.returncode, said


def url_of(archive: Path) -> str:
    from crawler.archive.archive import Archive

    with Archive.read(archive) as reading:
        return str(next(reading.captures.rows())["url"])
