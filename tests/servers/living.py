"""A portal that changes between runs: one column, one list of reports over several pages, newest first."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGKILL
from threading import Timer
from typing import Any

from crawler.sample.serving import Reply
from tests.servers.base import Answer, TestPortal
from tests.support.program import Program

PLACES = ("和平区", "沈河区", "大东区", "皇姑区", "铁西区", "浑南区")
YEARS = (2020, 2019, 2018)
PER_PAGE = 5
_CHAPTERS = "".join(
    f"<p>{head}</p><p>{'本年度主动公开政府信息，收到依申请公开申请，行政复议，行政诉讼，统计期限。' * 6}</p>"
    for head in (
        "一、概述",
        "二、主动公开政府信息情况",
        "三、依申请公开情况",
        "四、行政复议、行政诉讼",
        "五、存在的主要问题",
    )
)


def html(*parts: str) -> str:
    return f'<html><head><meta charset="utf-8"></head><body>{"".join(parts)}</body></html>'


def report(place: str, year: int, say: str = "", aside: str = "") -> str:
    """A report's page; `say` is in its text, `aside` in the chrome around it."""
    return html(
        f"<div class=top>{aside}</div><h1>沈阳市{place}{year}年政府信息公开工作年度报告</h1>"
        f"<p>发布时间：{year + 1}-03-01 来源：{place}</p><div class=TRS_Editor>"
        f"<p>本报告统计期限为{year}年1月1日至12月31日，{place}。{say}</p>{_CHAPTERS}</div>"
    )


class LivingPortal(TestPortal):
    """`entries`: what the list shows, top first, as (address, label, date). `pages` may be changed while it is served.

    `validators`: whether pages have an ETag. `archive` belongs to the portal's tests.
    """

    def __init__(self, folder: Path, validators: bool = True) -> None:
        super().__init__({}, name="living")
        self.archive = folder / "archive.db"
        self.folder = folder
        self.validators = validators
        self.extra = ""
        self.entries: list[tuple[str, str, str]] = []
        self.kill: tuple[int, float | None] | None = None
        """Kill the crawl with its n-th request: before it is answered (None), or so many seconds after."""
        self.victims: frozenset[str] = frozenset({"crawl"})
        """Who is killed: the crawl, its readers, or both."""
        self._process: Program | None = None
        self._answered = 0
        for year in YEARS:
            for place in PLACES[:PER_PAGE]:
                self.publish(f"/nb/a/{year}{PLACES.index(place)}.html", place, year)

    def publish(self, path: str, place: str, year: int, say: str = "", at: int | None = None) -> None:
        """Put a report at `path` and into the list, at the bottom or at place `at` from the top."""
        self.pages[path] = report(place, year, say)
        entry = (path, f"沈阳市{place}{year}年政府信息公开工作年度报告", f"{year + 1}-03-{20 - PLACES.index(place):02}")
        self.entries.insert(len(self.entries) if at is None else at, entry)

    def _reply(self, asked: Any) -> Reply:
        self._answered += 1
        if self.kill is not None and self._answered == self.kill[0] and self._process is not None:
            if self.kill[1] is None:
                self._strike()
            else:
                Timer(self.kill[1], self._strike).start()
        menu = '<div class=menu><a href="/">首页</a><a href="/nb/">政府信息公开年报</a></div>'
        made: dict[str, Answer] = {"/": html(menu), **self._list(menu)}
        kept, self.pages = self.pages, made | self.pages
        try:
            reply = super()._reply(asked)
        finally:
            self.pages = kept
        return reply if self.validators else Reply(reply.body, reply.status, reply.content_type, etag=False)

    def _strike(self) -> None:
        assert self._process is not None
        if "readers" in self.victims:
            for reader in children(self._process.pid):
                with suppress(ProcessLookupError):
                    os.kill(reader, SIGKILL)
        if "crawl" in self.victims:
            self._process.kill()

    def _list(self, menu: str) -> dict[str, Answer]:
        count = -(-len(self.entries) // PER_PAGE)
        made: dict[str, Answer] = {}
        for page in range(max(count, 1)):
            rows = "".join(
                f'<li><a href="{path}">{label}</a><span>{day}</span></li>'
                for path, label, day in self.entries[page * PER_PAGE : (page + 1) * PER_PAGE]
            )
            turn = f'<script>createPageHTML({count}, {page}, "index", "html");</script>'
            name = f"index_{page}.html" if page else ""
            made[f"/nb/{name}"] = html(menu, f"<ul>{rows}</ul>{self.extra}<div class=page>{turn}</div>")
        return made

    def crawl(self, *options: str, expect: str = "", code: int | None = 0) -> dict[str, Any]:
        """`nianbao crawl` over the portal; the summary, with `asked`: the addresses in order, and `said`."""
        before = len(self.requests)
        returned, out, said = self.run(*options, expect=expect)
        assert "Traceback" not in said, said
        assert code is None or returned == code, said
        result: dict[str, Any] = json.loads(out.splitlines()[-1])
        result["said"] = said
        result["asked"] = [one.target for one in self.requests[before:] if one.target != "/robots.txt"]
        return result

    def run(self, *options: str, expect: str = "") -> tuple[int, str, str]:
        """`nianbao crawl --json`: exit code (below 0: killed by that signal), standard output, standard error."""
        profile = self.folder / "living.toml"
        profile.write_text(self.profile_toml + expect, "utf-8")
        line = ["crawl", "--profile", str(profile), "--archive", str(self.archive), "--json", *options]
        self._answered = 0
        self._process = Program(*line)
        out, said = self._process.communicate()
        return self._process.wait(), out.decode(), said.decode()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query over the archive."""
        connection = sqlite3.connect(self.archive)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def counts_by_table(self) -> dict[str, int]:
        """How many rows each table has, but for the seals, of which every row elsewhere has one."""
        names = [row[0] for row in self.rows("select name from sqlite_master where type = 'table' and name <> 'seals'")]
        return {name: self.rows(f"select count(*) from [{name}]")[0][0] for name in names}

    def age(self, days: int) -> None:
        """Let everything in the archive be so many days older."""
        connection = sqlite3.connect(self.archive)
        moments = {
            "captures": ("fetched_at", "last_seen_at"),
            "reports": ("first_seen_at", "last_seen_at", "gone_at"),
            "report_urls": ("first_seen_at", "last_seen_at", "gone_at"),
            "report_versions": ("observed_at",),
            "absences": ("since",),
            "lists": ("swept_at",),
        }
        with connection:
            for table, columns in moments.items():
                sets = ", ".join(f"{name} = strftime('%Y-%m-%dT%H:%M:%SZ', {name}, '-{days} days')" for name in columns)
                connection.execute(f"update {table} set {sets}")
        connection.close()


def children(parent: int) -> Iterator[int]:
    """The processes that a process has started and that are still there."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name of the program stands in brackets, and may have any character in it.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                yield int(stat.parent.name)


@contextmanager
def living(folder: Path, validators: bool = True) -> Iterator[LivingPortal]:
    """A living portal, served until the block ends."""
    with LivingPortal(folder, validators).serve() as portal:
        yield portal
