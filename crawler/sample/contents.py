"""What the sample portal publishes: every report and every page that only looks like one, before its layout."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib import resources
from random import Random
from typing import Any

from crawler.reference import divisions
from crawler.sample.figures import Figures
from crawler.sample.prose import Subject, Written, paragraph, write
from crawler.sample.tables import Style, Zero

CITY = "210100"
"""沈阳市, GB/T 2260."""
HUNNAN = "210112"
"""浑南区 (东陵区 until the table of 2016): its reports from HUNNAN_SINCE on stand on its own host."""
HUNNAN_SINCE = 2021
DADONG = "210104"
"""大东区: its report on 2018 is the one real text of the portal."""
YEARS = range(2014, 2025)
MIGRATED_ON = "2021-11-02"
"""The day on which the city moved its older pages: it stands in their addresses and labels, not on the pages."""
GBK_REPORT = ("210124", 2015)
"""法库县 2015: a page in GBK that says gb2312, with characters that gb2312 lacks."""

_STYLES: tuple[Style, ...] = ("plain", "editor", "word")
_ZEROS: tuple[Zero, ...] = ("0", "&nbsp;", "0", "-", "0")
_TITLES = (
    "{unit}{year}年政府信息公开工作年度报告",
    "{unit}人民政府{year}年政府信息公开工作年度报告",
    "{unit}{year}年度政府信息公开工作报告",
    "{year}年{unit}政府信息公开年度报告",
)


@dataclass(slots=True)
class Entry:
    """One article: `column` is districts, city, departments, rules or hunnan; `html` its body; `day` what it shows.

    `truth` holds what a careful reader finds on a report (title, organ, figures …); None: not a report.
    """

    column: str
    year: int
    title: str
    day: str
    source: str | None
    html: str
    truth: dict[str, Any] | None = None
    second_line: bool = True
    charset: str = "utf-8"
    soft_404: bool = False


@lru_cache(maxsize=1)
def site() -> dict[str, Any]:
    """The file `data/sample/site.toml`."""
    return tomllib.loads(resources.files("crawler.data.sample").joinpath("site.toml").read_text("utf-8"))


def entries() -> list[Entry]:
    """Everything in the columns of reports; the same on every call."""
    return [*_districts(), *_city(), *_departments(), *_lookalikes(), *_removed()]


def _day(rng: Random, year: int, latest_month: int) -> str:
    return f"{year}-{rng.randint(1, latest_month):02}-{rng.randint(8, 28):02}"


def _signed(rng: Random, day: str) -> tuple[int, int, int]:
    year, month, date = (int(part) for part in day.split("-"))
    return year, month, max(1, date - rng.randint(0, 7))


def _truth(title: str, organ: str, kind: str, code: str, year: int, written: Written) -> dict[str, Any]:
    region = divisions.region(code, year)
    assert region is not None
    return {
        "title": title,
        "organ": organ,
        "organ_kind": kind,
        "region_code": code,
        "region": region.name,
        "report_year": year,
        "form": written.form,
        "figures": written.printed,
    }


def _districts() -> Iterator[Entry]:
    for code in sorted({region.code for year in YEARS for region in divisions.children(CITY, year)}):
        last: Figures | None = None
        number = int(code[-2:])
        for year in YEARS:
            region = divisions.region(code, year)
            if region is None:
                continue
            rng = Random(f"{code}-{year}")
            # A district of the city bears its name; a county or county-level city stands for itself.
            unit = ("沈阳市" if region.name.endswith("区") else "") + region.name
            subject = Subject(
                organ=f"{unit}人民政府",
                who={"区": "我区", "县": "我县", "市": "我市"}[region.name[-1]],
                unit=region.name,
                year=year,
                scale=20 + (number * 37 + year * 11) % 130,
                style=_STYLES[(number + (year > 2018)) % 3],
                zero=_ZEROS[number % 5],
                annex=number % 2 == 1,
            )
            if (code, year) == (DADONG, 2018):
                yield dadong_2018()
                continue
            day = _day(rng, year + 1, 3)
            office = f"{unit}人民政府办公室"
            signed = _signed(rng, day)
            written = write(subject, rng, last, signed, office)
            last = written.figures
            title = _TITLES[(number + year) % 4].format(unit=unit, year=year)
            gbk = (code, year) == GBK_REPORT
            if gbk:
                written.html += paragraph("（编制人：李喆、王堃、陶镕）", subject.style)
            yield Entry(
                column="hunnan" if code == HUNNAN and year >= HUNNAN_SINCE else "districts",
                year=year,
                title=title,
                day=day,
                source=region.name,
                html=written.html,
                truth=_truth(title, subject.organ, "government", code, year, written) | {"signed_on": _iso(signed)},
                second_line=year <= 2018,
                charset="gb2312" if gbk else "utf-8",
            )


def _iso(day: tuple[int, int, int]) -> str:
    return "{:04}-{:02}-{:02}".format(*day)


def dadong_2018() -> Entry:
    """The real report of 大东区 on 2018, word for word; `data/sample/dadong-2018.txt` is the page as text."""
    page = resources.files("crawler.data.sample").joinpath("dadong-2018.txt").read_text("utf-8")
    _, title, _, _, _, *text = page.split("\n")
    html = "".join(f"<p>{escape(line, quote=False) or '&nbsp;'}</p>\n" for line in text[1:])
    figures = {"disc_total": 9165, "disc_normative_docs": 68, "req_received": 75, "req_received_in_person": 6}
    figures |= {"req_received_online": 7, "req_received_letter": 62, "req_closed": 75, "req_answered": 75}
    figures |= {"req_ans_already_public": 17, "req_ans_granted": 5, "req_ans_partial": 31, "req_ans_denied": 10}
    figures |= {"req_ans_not_this_agency": 6, "req_ans_not_exist": 1, "req_ans_amend": 5}
    figures |= {"review_total": 4, "complaint_total": 1}
    written = Written(html, "narrative", dict(figures), {})
    truth = _truth(title, "沈阳市大东区人民政府", "government", DADONG, 2018, written)
    return Entry("districts", 2018, title, "2019-03-27", "大东区", html, truth | {"signed_on": "2018-03-06"})


def _city() -> Iterator[Entry]:
    last: Figures | None = None
    for year in YEARS:
        rng = Random(f"{CITY}-{year}")
        subject = Subject("沈阳市人民政府", "全市", "沈阳市", year, 180, "editor", annex=year > 2015, makes_rules=True)
        day = f"{year + 1}-03-{rng.randint(8, 31):02}"
        office = "沈阳市人民政府办公厅" if year <= 2018 else "沈阳市人民政府办公室"
        signed = _signed(rng, day)
        written = write(subject, rng, last, signed, office)
        last = written.figures
        title = f"沈阳市{year}年度政府信息公开工作报告"
        if year > 2018:
            title = f"沈阳市人民政府{year}年政府信息公开工作年度报告"
        truth = _truth(title, subject.organ, "government", CITY, year, written) | {"signed_on": _iso(signed)}
        # The real page of 2015 leaves its source empty as well.
        source = None if year == 2015 else "市政府" + office[-3:]
        yield Entry("city", year, title, day, source, written.html, truth, second_line=year <= 2018 and year != 2015)


def _departments() -> Iterator[Entry]:
    for position, department in enumerate(site()["department"]):
        last: Figures | None = None
        name: str = department["name"]
        for year in range(department.get("since", YEARS[0]), department.get("until", YEARS[-1]) + 1):
            rng = Random(f"{name}-{year}")
            who = "我办" if department.get("office") else "我委" if name.endswith("委员会") else "我局"
            unit = name.removeprefix("沈阳市")
            style = _STYLES[position % 3]
            subject = Subject(name, who, unit, year, 4 + position * 3, style, _ZEROS[position % 5])
            day = f"{year + 1}-01-{rng.randint(10, 30):02}"
            signed = _signed(rng, day)
            written = write(subject, rng, last, signed, name)
            last = written.figures
            title = f"{name}{year}年政府信息公开工作年度报告"
            kind = "government_office" if department.get("office") else "department"
            truth = _truth(title, name, kind, CITY, year, written) | {"signed_on": _iso(signed)}
            yield Entry("departments", year, title, day, "市" + unit, written.html, truth, second_line=False)


def _lookalikes() -> Iterator[Entry]:
    for position, lookalike in enumerate(site()["lookalike"]):
        for year in lookalike["years"]:
            rng = Random(f"lookalike-{position}-{year}")
            words = {"year": year, "next": year + 1}
            html = "".join(paragraph(text.format(**words), "plain") for text in lookalike["text"])
            title = lookalike["title"].format(**words)
            day = _day(rng, year + 1, 3)
            yield Entry(lookalike["column"], year, title, day, lookalike["source"], html, second_line=False)


def _removed() -> Iterator[Entry]:
    """Links that lead to a polite 404: the zone was dissolved and its pages with it."""
    for year in (2016, 2019):
        title = f"沈阳市棋盘山国际风景旅游开发区{year}年政府信息公开工作年度报告"
        yield Entry("districts", year, title, f"{year + 1}-03-20", "棋盘山开发区", "", soft_404=True)
