"""A small archive with rows in every table, made through the door that a run takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawler.archive.archive import Archive
from crawler.archive.derive.redaction import Demand
from crawler.archive.file.captures import pages_again
from crawler.records.capture import Context
from crawler.records.page import Page, SeenAgain
from crawler.records.problems import Problem
from crawler.records.report import Check, Figure, Place
from crawler.records.review import Review
from tests.support import archive_toy
from tests.support.archive_toy import SITE, capture

FILLING = "<p>政府信息公开工作年度报告，主动公开，依申请公开。</p>" * 40


def derive(taken: Any, context: Context = Context(region="210100"), files: Any = None, fatal: Any = None) -> Page:  # noqa: B008
    """The toy's derivation, with a figure and a check to each report."""
    page = archive_toy.derive(taken, context)
    if page.kind == "report":
        page.figures = [
            Figure("narrative", "req_received", "req_received", None, 3, None, "件", Place("收到申请3件"), "toy"),
            Figure("f2019", None, "local", None, 2.5, "2.5", None, Place(None, 1, 2, 3, "local", "数量"), "toy"),
        ]
        page.checks = [Check("A1", "req_received", True, "3", "3")]
    return page


def make(path: Path) -> bytes:
    """A small archive with rows in every table."""
    with Archive.open(path) as archive:
        for day in (1, 2, 3):
            at = f"2026-01-0{day}T00:00:00Z"
            run = archive.begin_run(["somewhere"])
            archive.expect([("somewhere", "210104", "大东区", year, f"{year + 1}-03-31") for year in range(2015, 2018)])
            for n in range(4):
                says: dict[str, Any] = {
                    "kind": "report",
                    "text": f"收到申请{n}件。\n{'增长' * n * day}",
                    "title": f"{2014 + n}年度报告",
                }
                says |= {"year": 2014 + n, "files": ["f.xls"] * (n == 1), "filling": FILLING * (n < 3)}
                page = derive(capture(f"/{n}.html", at, headers=[("ETag", f'"{n}-{day}"')], **says))
                page.links_skipped = {"host_not_allowed": n}
                page.ways = ("seal", bytes([n, day, 7]))
                stored = archive.store(page)
            archive.store(archive_toy.page("/2.html" if day > 1 else "/x.html", at, kind="missing", status=404))
            archive.store(archive_toy.page("/f.xls", at, kind="attachment", day=day))
            problems = (Problem("robots", SITE, "of a page"),)
            archive.seen_again(SeenAgain(stored.capture_id, SITE + "/3.html", at, "somewhere", problems))
            archive.problem(run, "somewhere", Problem("challenge", SITE + "/c", "of none"))
            archive.keep_list(run, "somewhere", SITE + "/list/", "plan", 2, 4 + day, None)
            archive.connection.execute(
                "insert or ignore into deaths values (?, ?, '0.1.0', ?, 'SIGSEGV', 'reader_died')",
                (SITE + "/k.html", "0" * 64, at),
            )
            archive.keep_ocr(1, "engine", [("page 1", "收到", 0.75), ("page 2", "申请", 1)])
            archive.arrive(capture(f"/unread-{day}.html", at, body=b"unread"), Context(region="210100"), leaf=True)
            archive.settle(run, derive)
            archive.finish_run(run, "finished", requests=9, bytes=70, yields={"somewhere": {"reports": 4}})
            key = str((archive.reports.get(1) or {})["key"])
            archive.keep_review(Review(key, "req_received" if day > 1 else None, "disputed", f"day {day}", "a reader"))
            if day == 2:
                gone = archive.store(derive(capture("/gone.html", at, kind="report", text="王某某", year=2010)))
                pages = pages_again(archive.connection, derive, [gone.capture_id])
                archive.redact(derive, {row["id"]: page for row, page in pages}, Demand("a demand", "a rule"))
                archive.wipe()
            archive.connection.execute(
                "insert or ignore into sources values (1, 'b1946ac9-2b1e-4f5a-9d5b-1f6f0f6f0f6f', 'other.db', '9', ?)",
                (at,),
            )
            archive.connection.execute("insert or ignore into merged_ids values (1, 'captures', ?, 1)", (day,))
            archive.connection.execute("insert or ignore into request_heads values (1, '[]', '127.0.0.1')")
            archive.connection.execute("insert or ignore into request_lines values (?, 1, 'GET /x HTTP/1.0')", (day,))
            archive.connection.execute("insert or ignore into requisites values (?, '[]')", (day,))
            archive.connection.execute(
                "insert or ignore into inquiries (source, portal, url, match, since, until, asked_at, finished)"
                " values ('wayback', 'somewhere', ?, 'host', '2008', '2012', ?, 1)",
                (SITE, at),
            )
            archive.connection.execute(
                "insert or ignore into mementos (source, portal, url, key, at)"
                " values ('wayback', 'somewhere', ?, ?, ?)",
                (SITE + "/0.html", "somewhere.gov.cn/0.html", at),
            )
            archive.connection.execute(
                "insert or ignore into submissions (source, portal, url, at, outcome)"
                " values ('wayback', 'somewhere', ?, ?, 'archived')",
                (SITE + "/0.html", at),
            )
            archive.connection.execute(
                "insert into reviews (key, verdict, who, at) values ('0123456789abcdef', 'checked', 'a reader', ?)",
                (at,),
            )
    return path.read_bytes()
