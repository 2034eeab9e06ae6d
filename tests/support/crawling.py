"""A crawl of portals on loopback through the command line, and what the archive then says."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import ROOT
from tests.fetching.test_faults import environment
from tests.navigation.test_trails import html, menu, report, rows
from tests.servers.faults import Act, reply
from tests.support.program import run


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a run left: exit code, stderr, the summary, problems as (portal, kind, url, detail), captures of reports."""

    code: int
    said: str
    summary: dict[str, Any]
    problems: list[tuple[str, str, str, str]]
    reports: list[str]

    def kinds(self, portal: str = "p0") -> list[str]:
        """The kinds of a portal's problems, sorted."""
        return sorted(kind for owner, kind, _, _ in self.problems if owner == portal)


def portal(links: int, **more: Act) -> dict[str, Act]:
    """Home page, column, and `links` reports at /a/0, /a/1, …; `more`: by the number of a report, as n3=act."""
    listed = [(f"/a/{number}", f"沈阳市大东区{number}镇2018年政府信息公开工作年度报告") for number in range(links)]
    return {
        "/": reply(200, html(menu(("/nb/", "政府信息公开年报"))).encode()),
        "/nb/": reply(200, html(rows(*listed)).encode()),
        **{path: more.get(f"n{number}", page(number)) for number, (path, _) in enumerate(listed)},
    }


def page(number: int) -> Act:
    """A report that no other portal page equals."""
    return reply(200, report(f"大东区{number}镇", 2018).encode())


def crawl(
    folder: Path,
    homes: Sequence[str],
    keys: str = "delay = 0\nallow_private_addresses = true\n",
    command: Sequence[str] = (),
    further: Sequence[str] = (),
    **variables: str,
) -> Crawled:
    """`nianbao crawl` of portals p0, p1, … at these homes; `keys`: the rest of their profiles; `further`: options;
    `command`: a program to start from nothing instead of nianbao."""
    arguments = []
    for number, home in enumerate(homes):
        profile = folder / f"p{number}.toml"
        profile.write_text(f'id = "p{number}"\nname = "示例"\nhome = "{home}"\nregion = "210100"\n{keys}', "utf-8")
        arguments += ["--profile", str(profile)]
    line = ["crawl", "--archive", str(folder / "a.db"), "--json", *further, *arguments]
    env = environment(**{"NIANBAO_RETRY_WAITS": "0,0"} | variables)
    if command:
        done = subprocess.run(
            [*command, *line], capture_output=True, text=True, cwd=ROOT, env=env, check=False, timeout=600
        )
    else:
        done = run(*line, env=env, cwd=ROOT)
    assert "Traceback" not in done.stderr
    archive = sqlite3.connect(folder / "a.db")
    try:
        problems = archive.execute("select portal, kind, url, detail from problems order by id").fetchall()
        reports = [url for (url,) in archive.execute("select url from captures where kind = 'report'")]
    finally:
        archive.close()
    summary = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    return Crawled(done.returncode, done.stderr, summary, problems, reports)
