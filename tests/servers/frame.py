"""What the portals of different makes have in common: a column's papers, pages with breadcrumb and edge, articles."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from tests.servers import traps
from tests.servers.base import Answer, Report
from tests.servers.writing import lookalike, report


@dataclass(frozen=True, slots=True)
class Paper:
    """An entry of a column: a report, or what merely stands there (`report` None, and no `html` off the host)."""

    day: str
    title: str
    path: str
    html: str
    report: Report | None = None


def papers(
    code: str, place: str, years: Iterable[int], units: Sequence[tuple[str, str]], path: Callable[[str, int], str]
) -> list[Paper]:
    """A column's papers, newest first: a report of each unit (organ, kind) and year, five lookalikes, one off the host.

    `path`: the address of the paper of a day (2020-01-31) with a serial number.
    """
    found: list[Paper] = []
    years = list(years)
    for year in years:
        for organ, kind in units:
            made = report("", organ, kind, code, year)
            made = replace(made, path=path(made.published_on, len(found)))
            found.append(Paper(made.published_on, made.title, made.path, made.html, made))
    for number in range(5):
        false = lookalike(number, place, years[number % len(years)])
        found.append(Paper(false.day, false.title, path(false.day, len(found)), false.html))
    away = f"{place}示范园区{years[0]}年政府信息公开工作年度报告"
    found.append(Paper(f"{years[0] + 1}-01-02", away, "http://{{decoy}}/nb/1.html", ""))
    return sorted(found, key=lambda paper: (paper.day, paper.title), reverse=True)


def reports_of(found: Iterable[Paper]) -> list[Report]:
    """The reports among papers."""
    return [paper.report for paper in found if paper.report is not None]


@dataclass(frozen=True, slots=True)
class Frame:
    """How the pages of a portal look around what they say. `steps`: the addresses of the labels of its breadcrumb."""

    site: str
    steps: dict[str, str]
    head: str = ""
    lead: str = "当前位置："
    apart: str = " &gt; "
    endless: tuple[str, str, str] = ("/rili.html", "/my.html", "/tag.html")

    def page(self, title: str, main: str, crumbs: Sequence[str] = (), head: str = "") -> str:
        """A page of the portal; `crumbs`: the labels below the home page, none for no breadcrumb."""
        steps = (
            f'<a href="{self.steps[label]}">{label}</a>' if label in self.steps else label
            for label in ("首页", *crumbs)
        )
        position = f'<div class="dqwz">{self.lead}{self.apart.join(steps)}</div>' if crumbs else ""
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title><meta name="SiteName" content="{self.site}">{self.head}{head}</head>'
            f'<body><div class="nav"><a href="{self.steps["首页"]}">首页</a> <a href="http://{{{{decoy}}}}/zwfw/">政务服务</a></div>'
            f"{position}{main}{traps.menu(*self.endless)}"
            f'<div class="foot">主办：{self.site}办公室 <a href="http://{{{{decoy}}}}/">上级政府</a></div></body></html>'
        )

    def traps(self) -> dict[str, Answer]:
        """The endless pages that every page's edge leads to."""
        calendar, session, tag = self.endless
        return traps.calendar(calendar) | traps.sessions(session) | traps.tags(tag)

    def articles(
        self, found: Iterable[Paper], crumbs: Sequence[str], body: str, meta: bool = True
    ) -> dict[str, Answer]:
        """The papers by address; `body`: the attributes of the element around the text."""
        return {
            paper.path: self.page(
                paper.title,
                f'<h1 class="title">{paper.title}</h1><div class="info">发布时间：{paper.day}　来源：{self.site}办公室　浏览次数：<span id="hits"></span></div>'
                f"<div {body}>{paper.html}</div>",
                crumbs,
                f'<meta name="ArticleTitle" content="{paper.title}"><meta name="PubDate" content="{paper.day} 09:12">'
                if meta
                else "",
            )
            for paper in found
            if paper.html
        }


def batches(found: Sequence[Paper], size: int) -> list[Sequence[Paper]]:
    """The papers page by page."""
    return [found[start : start + size] for start in range(0, len(found), size)]
