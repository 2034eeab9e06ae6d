"""The words of the sample reports, put together from `data/sample/prose.toml`, and the markup of their paragraphs."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from importlib import resources
from random import Random
from typing import Any

from crawler.sample.figures import Figures, f2014, narrative, standard
from crawler.sample.tables import Printer, Style, Zero

DISCLAIMER = "（示例数据，内容纯属虚构。）"
"""Stands at the end of a made-up report's opening, so that its text alone says what it is."""

_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Subject:
    """Whose report on which year is to be written, and how its web master works.

    `who`: what the text calls the organ; `unit`: the district's or department's name; `scale`: requests in a year;
    `annex`: whether the years 2014 to 2018 carry the statistical annex; `makes_rules`: whether it may issue 规章.
    """

    organ: str
    who: str
    unit: str
    year: int
    scale: int
    style: Style = "plain"
    zero: Zero = "0"
    annex: bool = False
    makes_rules: bool = False


@dataclass(slots=True)
class Written:
    """A report: its HTML body without title, the figures as printed (None: a blank cell) and as they were made up."""

    html: str
    form: str
    printed: dict[str, int | float | None] = field(default_factory=dict)
    figures: Figures = field(default_factory=dict)


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads(resources.files("crawler.data.sample").joinpath("prose.toml").read_text("utf-8"))


def form_of(year: int, annex: bool) -> str:
    """Which form a report on `year` follows (sources/law#report-years)."""
    if year >= 2021:
        return "f2021"
    if year >= 2019:
        return "f2019"
    return "f2014" if annex else "narrative"


def paragraph(text: str, style: Style) -> str:
    """One paragraph as `style` pastes it; Word cuts the numbers out into spans of their own."""
    safe = escape(text, quote=False)
    if style == "plain":
        return f"<p>　　{safe}</p>\n"
    if style == "editor":
        return (
            f'<p style="text-indent: 2em;"><span style="font-family: 仿宋_GB2312; font-size: 21px;">{safe}</span></p>\n'
        )
    cut = _DIGITS.sub(lambda m: f'</span><span lang="EN-US">{m[0]}</span><span style="font-family: 仿宋">', safe)
    runs = f'<span style="font-family: 仿宋">{cut}</span><o:p></o:p>'
    return f'<p class="MsoNormal" style="text-indent: 32.0pt">{runs}</p>\n'


def heading(text: str, style: Style) -> str:
    """The heading of a chapter: none of these portals uses h1 to h6 for it."""
    if style == "plain":
        return f"<p>　　<strong>{text}</strong></p>\n"
    if style == "editor":
        return f'<p style="text-indent: 2em;"><span style="font-family: 黑体, SimHei;">{text}&nbsp;</span></p>\n'
    return (
        f'<p class="MsoNormal" style="text-indent: 32.0pt"><b><span style="font-family: 黑体">{text}</span></b></p>\n'
    )


def write(subject: Subject, rng: Random, last: Figures | None, signed: tuple[int, int, int], office: str) -> Written:
    """Write a report; `last`: the figures of the year before, `signed`: the day under it, `office`: who signs."""
    form = form_of(subject.year, subject.annex)
    writer = _Writer(subject, rng, form)
    if form in ("f2019", "f2021"):
        figures = standard(rng, form, subject.scale, last, subject.makes_rules)
        stated: Figures = {}
        printer = Printer(figures, subject.style, subject.zero)
        writer.standard(figures, printer, office)
    else:
        stated = narrative(rng, subject.scale)
        figures = f2014(rng, stated) if form == "f2014" else stated
        printer = Printer(figures, subject.style, subject.zero)
        writer.narrative(stated)
    writer.sign(signed, office)
    if form == "f2014":
        writer.annex(printer)
    printed = {code: None if code in printer.blank - stated.keys() else value for code, value in figures.items()}
    return Written("".join(writer.parts), form, printed, figures)


class _Writer:
    def __init__(self, subject: Subject, rng: Random, form: str) -> None:
        self.subject = subject
        self.rng = rng
        self.words = _words()["standard" if form in ("f2019", "f2021") else "narrative"]
        self.form = form
        self.parts: list[str] = []
        self.values: dict[str, Any] = {
            "organ": subject.organ,
            "who": subject.who,
            "unit": subject.unit,
            "year": subject.year,
            "a": rng.randint(3, 19),
            "b": rng.randint(2, 9),
            "c": rng.randint(40, 600),
        }

    def say(self, pool: str, count: int = 1, suffix: str = "") -> None:
        """A paragraph of `count` different sentences out of a pool."""
        chosen = self.rng.sample(self.words[pool], min(count, len(self.words[pool])))
        text = "".join(chosen).format(**self.values) + suffix
        self.parts.append(paragraph(text, self.subject.style))

    def head(self, number: int) -> None:
        """The heading of chapter `number`, counted from 0."""
        self.parts.append(heading(self.words["headings"][number], self.subject.style))

    def narrative(self, stated: Figures) -> None:
        """The seven chapters of the regulation of 2007, art. 32."""
        self.values |= {code.removeprefix("req_received_"): value for code, value in stated.items()}
        self.values |= {
            "disc": stated["disc_total"],
            "web": stated["disc_via_website"],
            "weibo": stated["disc_via_weibo"],
            "wechat": stated["disc_via_wechat"],
            "received": stated["req_received"],
            "answered": stated.get("req_answered", 0),
            "review": stated["review_total"],
            "suit": stated["suit_total"],
        }
        self.say("opening", suffix=DISCLAIMER)
        self.head(0)
        self.say("overview", 3)
        self.say("overview", 2)
        self.head(1)
        self.say("active")
        self.say("active_more", 3)
        self.head(2)
        self.say("requests" if stated["req_received"] else "no_requests")
        if stated["req_received"]:
            self.say("requests_more", 2)
        self.head(3)
        self.say("fees")
        self.head(4)
        self.say("disputes" if stated["review_total"] or stated["suit_total"] else "no_disputes")
        self.head(5)
        self.say("problems")
        self.say("plans")
        self.head(6)
        self.say("other")

    def standard(self, figures: Figures, printer: Printer, office: str) -> None:
        """The six sections of the forms of 2019 and 2021."""
        wechat = self.rng.randint(200, 4000)
        web = self.rng.randint(1500, 9000)
        self.values |= {
            "office": office,
            "disc": web + wechat,
            "web": web,
            "wechat": wechat,
            "received": figures["req_new_received__total"],
            "carried_in": figures["req_carried_in__total"],
            "answered": figures["req_total_processed__total"],
            "carried_out": figures["req_carried_out__total"],
        }
        self.say(f"opening{self.form[1:]}", suffix=DISCLAIMER)
        self.head(0)
        for pool in ("active", "requests", "management", "platform", "guarantee"):
            self.say(pool)
        self.head(1)
        self.parts.append(printer.article20(self.form))
        self.head(2)
        self.parts.append(printer.requests(self.form))
        self.head(3)
        self.parts.append(printer.reviews())
        self.head(4)
        self.say("problems")
        self.say("plans")
        self.head(5)
        self.say(f"other{self.form[1:]}")

    def sign(self, day: tuple[int, int, int], office: str) -> None:
        """Who signs and when, at the right."""
        year, month, date = day
        right = '<p style="text-align: right;">{}</p>\n'
        self.parts += [right.format(office), right.format(f"{year}年{month}月{date}日")]

    def annex(self, printer: Printer) -> None:
        """The statistical annex behind the signature."""
        title = f"附件：政府信息公开情况统计表（{self.subject.year}年度）"
        self.parts += [paragraph(title, self.subject.style), printer.annex2014()]
