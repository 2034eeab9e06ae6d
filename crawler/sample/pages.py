"""What both hosts of the sample portal share: where its articles stand, and the pages made so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from crawler.sample.contents import MIGRATED_ON, YEARS, Entry, dadong_2018
from crawler.sample.layout import Link

COLUMN = "/zwgk/zfxxgkndgzbg/"
"""The city's column of annual reports."""
RULES = "/zwgk/zfxxgkzd/"
HTML = "text/html"
UTF8 = "text/html;charset=UTF-8"

# Slug and label of the three columns under each year.
GROUPS = {
    "city": ("syszfxxgkgzndbg", "沈阳市政府信息公开工作年度报告"),
    "departments": ("bmzfxxgkgzndbg", "市政府各部门政府信息公开工作年度报告"),
    "districts": ("gqxszfxxgkgzndbg", "各区县市政府信息公开工作年度报告"),
}


def folder(year: int, column: str) -> str:
    """The folder of one of the three columns under a year."""
    slug = GROUPS[column][0]
    if column == "departments" and year == YEARS[-1]:
        # Web masters copy folders: a slug may name another year than its reports (sources/pages#addresses).
        slug = "bmzfxxgkndbg2023"
    return f"{COLUMN}{year}n/{slug}/"


def address(entry: Entry, position: int) -> tuple[int, str]:
    """Host and path of an article. `position` in the list of all entries makes its number."""
    number = 600_000 + position * 37 + entry.year
    if entry.column == "hunnan":
        year, month, date = (int(part) for part in entry.day.split("-"))
        return 1, f"/art/{year}/{month}/{date}/art_1467_{number}.html"
    if entry.title == dadong_2018().title:
        number = 628_771
    # Everything up to report year 2020 was moved on one day, so that its address tells nothing of its date.
    day = (MIGRATED_ON if entry.year <= 2020 else entry.day).replace("-", "")
    place = RULES if entry.column == "rules" else folder(entry.year, entry.column)
    return 0, f"{place}{day[:6]}/t{day}_{number}.html"


@dataclass(slots=True)
class Pages:
    """The entries, their addresses, and the pages by host and path: body and headers."""

    entries: list[Entry]
    addresses: list[tuple[int, str]]
    made: dict[tuple[int, str], tuple[bytes, dict[str, str]]] = field(default_factory=dict)

    def put(self, host: int, path: str, body: bytes, day: str | None = None, kind: str = HTML) -> None:
        """Keep a page; `day` (ISO) becomes its Last-Modified."""
        headers = {"Content-Type": kind}
        if day is not None:
            at = datetime.fromisoformat(f"{day}T02:12:00").replace(tzinfo=UTC)
            headers["Last-Modified"] = format_datetime(at, usegmt=True)
        self.made[host, path] = (body, headers)

    def of(self, column: str, year: int | None = None) -> list[int]:
        """Positions of the entries of a column, of one report year or all."""
        return [n for n, entry in enumerate(self.entries) if entry.column == column and year in (None, entry.year)]

    def link(self, position: int) -> Link:
        """The link that a list shows for an entry."""
        entry = self.entries[position]
        return Link(entry.title, self.addresses[position][1], entry.day)


def newest_first(links: list[Link]) -> list[Link]:
    """In the order of every list: the latest publication on top."""
    return sorted(links, key=lambda link: (link.day, link.href), reverse=True)
