"""Signals: what is in hand is finished, and the archive is sound whatever comes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.sample.serving import Asked, Reply, serving
from tests.fetching.test_faults import ROOT, environment
from tests.navigation.test_trails import html, menu, report, rows
from tests.servers.living import living
from tests.support.readers import MARK, Pipes, changed_readers


@pytest.mark.parametrize(
    ("number", "times"), [(signal.SIGINT, 1), (signal.SIGTERM, 1), (signal.SIGHUP, 1), (signal.SIGTERM, 2)]
)
def test_signal(tmp_path: Path, number: signal.Signals, times: int) -> None:
    links = [(f"/a/2018{n}.html", f"沈阳市大东区{n}镇2018年政府信息公开工作年度报告") for n in range(40)]
    pages = {"/": html(menu(("/nb/", "政府信息公开年报"))), "/nb/": html(rows(*links))}
    pages |= {link: report("大东区", 2018) for link, _ in links}
    reached, go_on = threading.Event(), threading.Event()
    asked: list[str] = []

    def respond(request: Asked) -> Reply:
        asked.append(request.target)
        if len(asked) == 10:
            reached.set()
            go_on.wait(100)
        page = pages.get(request.target)
        return Reply(page.encode()) if page else Reply(b"", 404)

    with serving(respond) as port:
        profile = tmp_path / "p.toml"
        profile.write_text(
            f'id = "p"\nname = "示例"\nhome = "http://127.0.0.1:{port}/"\nregion = "210100"\n'
            "delay = 0\nallow_private_addresses = true\n"
        )
        archive = tmp_path / "a.db"
        command = [sys.executable, "-m", "crawler", "crawl", "--profile", str(profile), "--archive", str(archive)]
        process = subprocess.Popen(
            command,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(),
        )
        assert reached.wait(100)
        process.send_signal(number)
        if times == 1:
            # The one that is under way is finished; nothing else is asked.
            go_on.set()
        else:
            # Scrapy takes the second for a wish to end at once as soon as it has seen the first.
            while process.poll() is None:
                process.send_signal(number)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.2)
            go_on.set()
        _, said = process.communicate(timeout=100)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert len(asked) <= 11
    with sqlite3.connect(archive) as reading:
        ((status,),) = reading.execute("select status from runs").fetchall()
        assert reading.execute("pragma integrity_check").fetchone() == ("ok",)
    assert status == "interrupted" or times == 2
    if times == 1:
        assert not (tmp_path / "a.db.lock").exists()


def test_a_second_signal_waits_for_no_page_that_is_being_read(tmp_path: Path) -> None:
    with living(tmp_path) as portal:
        portal.pages["/nb/a/20180.html"] = f"{portal.pages['/nb/a/20180.html']}<!-- {MARK} -->"
        (tmp_path / "p.toml").write_text(portal.profile_toml, "utf-8")
        readers = changed_readers(tmp_path / "readers", Pipes.ACT)
        (tmp_path / "folders").mkdir()
        variables = {
            "PYTHONPATH": f"{readers}{os.pathsep}{ROOT}",
            "NIANBAO_PAGE_SECONDS": "100000",
            "TMPDIR": str(tmp_path / "folders"),
        }
        with Pipes(readers) as pipes:
            command = ["crawl", "--profile", str(tmp_path / "p.toml"), "--archive", str(portal.archive)]
            process = subprocess.Popen(
                [sys.executable, "-m", "crawler", *command],
                stderr=subprocess.PIPE,
                text=True,
                env=environment() | variables,
            )
            try:
                pipes.begun(1)
                for _ in range(300):
                    process.send_signal(signal.SIGINT)
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(0.2)
                    if process.poll() is not None:
                        break
                assert process.poll() == 130, "it waits for the reader"
                assert process.stderr is not None
                assert "Traceback" not in process.stderr.read()
            finally:
                process.kill()
                process.communicate()
        assert list((tmp_path / "folders").iterdir()) == []


def test_sigterm_before_the_crawl_has_begun(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys\n"
        "class Now:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'scrapy': os.kill(os.getpid(), signal.SIGTERM)\n"
        "sys.meta_path.insert(0, Now())\n"
        "from crawler.commands.cli import main\n"
        f"sys.argv = ['nianbao', 'crawl', '--archive', {str(tmp_path / 'a.db')!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (130, False)
