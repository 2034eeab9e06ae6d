"""A made-up archive of any size, written as rows: for counting what a statement costs as the archive grows."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from crawler.archive.file.connection import open_for_writing
from crawler.archive.write.codes import Numbers

YEARS = 10
RUNS = 20
_MEASURES = (
    ("narrative", "req_received"), ("narrative", "disc_total"), ("f2021", "req_carried_in"),
    ("f2021", "req_carried_out"), ("f2021", "req_denied_state_secret"), ("f2021", "art20_1_rules_in_force"),
    ("f2021", "art20_1_rules_issued_this_year"), ("f2021", "art20_1_rules_repealed_this_year"),
    ("f2021", "art20_1_normative_docs_in_force"), ("f2021", "art20_1_normative_docs_issued_this_year"),
    ("f2021", "art20_1_normative_docs_repealed_this_year"), ("f2021", "req_new_received"),
    ("f2021", "req_total_processed"),
)  # fmt: skip
_BY_APPLICANT = (
    "req_carried_in",
    "req_carried_out",
    "req_new_received",
    "req_total_processed",
    "req_denied_state_secret",
)


def grown(path: Path, reports: int) -> sqlite3.Connection:
    """An archive of so many reports, of ten years each: every table grows with them, hosts and portals too."""
    connection = open_for_writing(path)
    for (name,) in connection.execute("select name from sqlite_temp_master where type = 'trigger'").fetchall():
        connection.execute(f"drop trigger {name}")  # seals are of no matter here, and half of the time
    connection.execute("begin")
    many = connection.executemany
    at = "2026-01-01T00:00:00Z"
    portals = [f"p{n}" for n in range(reports // 100)]
    many(
        "insert into runs (started_at, finished_at, status, portals, yields) values (?, ?, 'finished', ?, ?)",
        [(at, at, json.dumps(portals), json.dumps({one: {"reports": 1} for one in portals})) for _ in range(RUNS)],
    )
    many(
        "insert into blobs (sha256, length, coding, body) values (?, 3, 'raw', x'313233')",
        [(f"b{n}",) for n in range(2 * reports + 1)],
    )
    captures: list[tuple[Any, ...]] = []
    problems: list[tuple[Any, ...]] = []
    statistics: list[tuple[Any, ...]] = []
    for n in range(reports):
        organ, portal, run = n // YEARS, portals[n // 100], 1 + n % RUNS
        trail = json.dumps([{"label": "首页", "url": f"https://h{organ}.cn/"}, {"label": "年报", "url": "x"}])
        url = f"https://h{organ}.cn/{n}.html"
        head = (run, portal)
        captures.append((3 * n + 1, *head, url, 200, f"b{n}", trail, run, "report", "text/html"))
        # A file that was another one before; dead links and redirects of one and the same empty body.
        captures.append((3 * n + 2, *head, url + ".xls", 200, f"b{reports + n}", trail, RUNS, "attachment", "x"))
        kind, status = ("missing", 404) if n % 2 else ("redirect", 301)
        captures.append(
            (3 * n + 3, *head, f"https://h{organ}.cn/old/{n}", status, f"b{2 * reports}", trail, RUNS, kind, None)
        )
        problems += [
            (RUNS, portal, f"https://h{organ}.cn/", "host_resting", at, None),
            (run, portal, url, "encoding", at, 3 * n + 1),
        ]
        for place, (form, item) in enumerate(_MEASURES):
            for which, applicant in enumerate(("total", "natural_person") if item in _BY_APPLICANT else (None,)):
                code = item + (f"__{applicant}" if applicant else "")
                statistics.append((n + 1, 2 * place + which, form, code, item, applicant, n % 7 + place))
    many(
        "insert into captures (id, run_id, portal, url, fetched_at, status, headers, length, sha256, trail,"
        " links_skipped, context, last_seen_at, last_run_id, kind, media_type, breadcrumb, evidence)"
        f" values (?, ?, ?, ?, '{at}', ?, '[[\"Location\",\"/x\"]]', 3, ?, ?, '{{}}', '{{}}', '{at}', ?, ?, ?,"
        " '[]', '[]')",
        captures,
    )
    many(
        "insert into problems (run_id, portal, url, kind, detail, at, capture_id) values (?, ?, ?, ?, 'x', ?, ?)",
        problems,
    )
    places = [(n + 1, n // YEARS, 2010 + n % YEARS) for n in range(reports)]
    many(
        "insert into reports (id, portal, url, title, organ, organ_kind, region_code, region, report_year,"
        " published_on, breadcrumb, trail, form, text, first_seen_at, last_seen_at, capture_id, identity, evidence)"
        " values (?, ?, ?, ?, ?, 'government', ?, 'r', ?, ?, '[]', '[]', 'f2021', '收到申请',"
        f" '{at}', '{at}', ?, ?, '{{}}')",
        [
            (
                n,
                portals[(n - 1) // 100],
                f"https://h{organ}.cn/{n - 1}.html",
                f"{organ}的{year}年度报告",
                f"o{organ}",
                f"{organ:06}",
                year,
                f"{year + 1}-04-0{organ % 9 + 1}",
                3 * n - 2,
                f"government/{organ:06}/{year}",
            )
            for n, organ, year in places
        ],
    )
    many(
        f"insert into report_urls values (?, ?, '{at}', '{at}', null, ?, 'x')",
        [(n, f"https://h{organ}.cn/{n - 1}.html", 3 * n - 2) for n, organ, _ in places],
    )
    many(
        f"insert into report_urls values (?, ?, '{at}', '{at}', null, ?, 'x')",
        [(n, f"https://h{organ}.cn/old/{n - 1}", 3 * n - 2) for n, organ, _ in places],
    )
    many(
        f"insert into report_versions values (?, 1, ?, 'x', '{at}', ?, 'x', 'x')",
        [(n, 3 * n - 2, f"https://h{organ}.cn/{n - 1}.html") for n, organ, _ in places],
    )
    many(
        "insert into attachments (report_id, url, label, capture_id, text) values (?, ?, 'x', ?, 'x')",
        [(n, f"https://h{organ}.cn/{n - 1}.html.xls", 3 * n - 1) for n, organ, _ in places],
    )
    connection.execute("insert or ignore into methods (id, name) values (1, 'x')")
    numbers = Numbers(connection)
    numbers.ready()
    many(
        "insert into figures (report_id, position, form, measure, value, method, words) values (?, ?, ?, ?, ?, 1, 'x')",
        [
            (n, place, numbers.forms[form], numbers.measure(code, form)[0], value)
            for n, place, form, code, _, _, value in statistics
        ],
    )
    criterion = numbers.criterion("A7", "req_received")
    many("insert into findings values (?, ?, 0, 1, 2)", [(n, criterion) for n, *_ in places])
    many(
        f"insert into events (run_id, at, kind, report_id, url, detail) values (?, '{at}', 'new', ?, ?, 'x')",
        [(1 + n % RUNS, n, f"https://h{organ}.cn/{n - 1}.html") for n, organ, _ in places],
    )
    many(
        "insert into expected values (?, ?, 'r', ?, ?)",
        [(portals[(n - 1) // 100], f"{organ:06}", year, f"{year + 1}-03-31") for n, organ, year in places],
    )
    many(
        f"insert into absences values (?, '{at}', 1, 2)", [(f"https://h{organ}.cn/old/{n}",) for n, organ, _ in places]
    )
    many(
        f"insert into lists values (?, ?, 'x', '{at}', 1, 1, 1, null)",
        [(portals[(n - 1) // 100], f"https://h{organ}.cn/{n}/") for n, organ, _ in places],
    )
    many("insert into ways values (?, 'x', x'78')", [(3 * n,) for n, *_ in places])
    connection.execute(
        "insert into reports_fts (rowid, title, text)"
        " select id, nianbao_tokens(title), nianbao_tokens(text) from reports"
    )
    connection.execute("commit")
    return connection
