"""How a portal's reports stand at the end of a run: by way, and each way read once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.archive.queries import reports
from crawler.records.capture import Step, as_told, steps_of

HOME, COLUMN = Step("首页", "https://a.gov.cn/"), Step("年报", "https://a.gov.cn/nb/")
WAYS: tuple[tuple[Step, ...], ...] = (
    (HOME, COLUMN),
    (HOME, COLUMN, Step("2019年", "https://a.gov.cn/nb/2019/")),
    (HOME,),
)


def placed(connection: sqlite3.Connection, number: int, trail: Iterable[Step], year: int, text: str | None) -> None:
    connection.execute(
        "insert into reports (id, portal, url, report_year, text, breadcrumb, trail, first_seen_at, last_seen_at,"
        " gone_at, capture_id, evidence) values (?, 'a', ?, ?, ?, '[]', ?, '', '', ?, 1, '{}')",
        (number, f"u{number}", year, text, json.dumps(as_told(trail)), "2026" if number % 7 == 0 else None),
    )


def test_each_way_is_read_once_and_each_report_stands_under_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.connection.execute("pragma foreign_keys = off")
        for number in range(1, 61):
            way = WAYS[number % 3] if number < 60 else ()
            trail = (*way, Step(f"报告{number}", f"https://a.gov.cn/{number}.html")) if way else ()
            placed(archive.connection, number, trail, 2010 + number % 9, "文" if number % 5 else None)
        rows = archive.connection.execute("select trail, report_year, text from reports where gone_at is null")
        before = [(steps_of(json.loads(trail)), year, text is not None) for trail, year, text in rows]
        read = []

        def counted(trail: Iterable[Mapping[str, str]]) -> tuple[Step, ...]:
            read.append(trail)
            return steps_of(trail)

        monkeypatch.setattr(reports, "steps_of", counted)
        after = sorted((way, *report) for way, group in archive.reports.standing("a") for report in group)
        assert after == sorted(
            (trail[:-1], trail[-1].url if trail else "", year, has_text) for trail, year, has_text in before
        )
        assert len(read) == len(WAYS) + 1
        assert list(archive.reports.standing("b")) == []
