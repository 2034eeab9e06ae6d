"""Report years and their deadlines (sources/law#deadlines)."""

from __future__ import annotations

import re
from datetime import date

from crawler.records.errors import NianbaoError
from crawler.records.report import OrganKind
from crawler.reference import divisions

FIRST_YEAR = 2008
"""国务院令第492号 came into force on 2008-05-01; the first reports, on 2008, were due in March 2009
(sources/law#the-two-regulations)."""

FIRST_YEAR_2019_TEXT = 2019
"""国务院令第711号 came into force on 2019-05-15; the reports on 2019 were the first under it."""


def latest_year(today: date | None = None) -> int:
    """The last year that a report can be about: the one before this."""
    return (today or date.today()).year - 1


def parse_years(text: str) -> range:
    """The years that `text` names, as 2014-2018 or 2018; all report years where it is empty.

    Raises NianbaoError on anything else.
    """
    if not text:
        return range(FIRST_YEAR, latest_year() + 1)
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text.strip())
    if match is None:
        raise NianbaoError(f"--years is {text!r}; expected a year or two joined by a hyphen, as in 2014-2018")
    first, last = int(match[1]), int(match[2] or match[1])
    if not FIRST_YEAR <= first <= last <= 2100:
        raise NianbaoError(f"--years is {text!r}; expected years from {FIRST_YEAR} on, the earlier first")
    return range(first, last + 1)


def due_on(report_year: int, organ_kind: OrganKind = "government") -> str:
    """The day by which an organ must have published its report on `report_year`, ISO.

    31 March of the next year under both texts of the regulation (art. 31 of 2007, art. 49 of 2019), 31 January for
    departments from report year 2019 on (art. 49 of 2019). The view `deadlines` says the same in SQL.
    """
    early = organ_kind == "department" and report_year >= FIRST_YEAR_2019_TEXT
    return f"{report_year + 1}-{'01-31' if early else '03-31'}"


def expected(portal: str, region: str, years: range) -> list[tuple[str, str, str, int, str]]:
    """What the law asks of a portal: rows (portal, region_code, region, report_year, due_on).

    The government of `region` (a GB/T 2260 code of any year) and those one level below it, as they stood at the end of
    each year: the report on a year is due three months later, from the governments that there are by then. One that
    was dissolved within the year owes none on it, one founded within it owes its first. Of a year that the list of
    divisions does not reach, what it ends with is expected.
    """
    rows = []
    for year in years:
        home = divisions.standing(region, year)
        below = divisions.children(home.code, year) if home else ()
        for unit in ([home] if home else []) + list(below):
            rows.append((portal, unit.code, unit.name, year, due_on(year)))
    return rows
