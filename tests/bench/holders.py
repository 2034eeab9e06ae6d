"""Archives of made-up portals, each written by the archive's own writer: what `tests.bench.corpus` stores and merges.

A page is JSON that says what it is (tests.support.archive_toy), so that nothing but the archive is at work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from crawler.archive.archive import Archive
from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.records.report import Check, Figure, Form, Place
from crawler.reference import divisions
from crawler.reference.measures import form_of
from tests.bench.searching import language
from tests.support import archive_toy

YEARS = range(2008, 2026)
FIGURES = 30
"""Cells of a report's table; beside them the text states one number."""
COPIED = 10
"""Of so many reports of a portal the next portal has one, too, met later at an address of its own."""
_COUNTIES = 25
_LENGTH = 3_000, 4_000
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def derive(
    taken: Capture,
    context: Context = Context(),  # noqa: B008 -- frozen, safe to share
    files: Any = None,
    fatal: Any = None,
) -> Page:
    """The toy's derivation, with a table of FIGURES cells and a sentence's number, every tenth time another."""
    page = archive_toy.derive(taken, context)
    if page.report is None or page.report.report_year is None:
        return page
    year, seed = page.report.report_year, sum(map(ord, page.report.organ or ""))
    form: Form = "f2019" if year < 2021 else "f2021"
    page.report = replace(page.report, form=form)
    for row, code in enumerate(_codes(form)):
        value = (seed * 31 + row * 7 + year) % 50
        place = Place(None, 1, 2, row + 1, code, "总计")
        page.figures.append(Figure(form, code, code[: -len("__total")], "total", value, None, "件", place, "bench"))
    told = 20 + (seed + year) % 50
    page.figures.append(
        Figure("narrative", "req_received", "req_received", None, told, None, "件", Place("收到申请"), "bench")
    )
    if told % 10 == 0:
        page.checks = [Check("A7", "req_received", False, str(told + 1), str(told))]
    return page


@lru_cache
def _codes(form: Form) -> list[str]:
    return [code for code in form_of(form).measures if code.startswith("req_") and code.endswith("__total")][:FIGURES]


class Land:
    """Portals of so many `reports` each, the same every time; `counties`: code and name of all there are."""

    def __init__(self, reports: int, counties: list[tuple[str, str]]) -> None:
        self._reports, self._counties = reports, counties
        self._random = Random(2008)
        self._say: Callable[[], str] = language(self._random)

    def text(self, portal: int, number: int) -> str:
        """What a report says."""
        self._random.seed(portal * 1_000_000 + number)
        length, words = self._random.randint(*_LENGTH), f"第{portal}号第{number}件"
        while len(words) < length:
            words += "\n" + "".join(self._say() for _ in range(4))
        return words

    def fill(self, path: Path, portal: int) -> None:
        """Write the archive of a portal: its own reports, then those that it took over from the portal before it."""
        taken_over = range(0, self._reports, COPIED) if portal else range(0)
        sights = [(portal, number, number) for number in range(self._reports)]
        sights += [(portal - 1, number, 1_000_000 + number) for number in taken_over]
        name = f"p{portal}"
        with Archive.open(path) as archive:
            archive.connection.execute("pragma synchronous = off")
            archive.admit({name: False})
            with mock.patch("crawler.archive.write.runs.now", return_value=_time(0)):
                run = archive.begin_run([name])
                for origin, number, at in sights:
                    path_, says = f"/p{portal}/{origin}/{number}.html", self._says(origin, number)
                    taken = archive_toy.capture(path_, _time(at), **says)
                    archive.store(derive(replace(taken, portal=name), Context(region="210100")))
                archive.settle(run, derive)
                archive.finish_run(run, "finished")

    def _says(self, portal: int, number: int) -> dict[str, Any]:
        organ, year = divmod(number, len(YEARS))
        office, place = divmod(organ, _COUNTIES)
        code, county = self._counties[(portal * _COUNTIES + place) % len(self._counties)]
        name = f"{county}{f'第{office}局' if office else '人民政府'}"
        return {
            "kind": "report",
            "title": f"{name}{YEARS[year]}年政府信息公开工作年度报告",
            "text": self.text(portal, number),
            "organ": name,
            "organ_kind": "department" if office else "government",
            "region_code": code,
            "year": YEARS[year],
            "published_on": f"{YEARS[year] + 1}-04-0{1 + number % 9}",
        }


def counties() -> list[tuple[str, str]]:
    """Code and name of every county of today."""
    regions = divisions.table(None).regions.values()
    return sorted((region.code, region.name) for region in regions if region.level == "county")


def _time(seconds: int) -> str:
    return (_BEGINNING + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
