"""A portal as large as a city's: thousands of pages of some 85 KB that share a template, made the same every time.

Shape of the pages after measured ones (sources/measurements#size-of-a-page): 85 KB raw, 13 KB as gzip, of which two thirds
are chrome that all pages share; the reports are those of `prose.py`. `dense` are the pages of the benches before: 134
short sentences of few words, so that figures compare over commits.
"""

# ruff: noqa: E501 (markup and word lists read better unbroken)
from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from crawler.reference import divisions
from crawler.sample.figures import standard
from crawler.sample.tables import Printer
from tests.bench import prose
from tests.bench.chrome import chrome
from tests.bench.vocabulary import ACTS, DEPARTMENTS, MANNERS, SUBJECTS

Shape = Literal["real", "dense"]
"""What a portal's reports look like."""

YEARS = range(2008, 2025)
CITY = "210100"
COLUMN = "/zwgk/zfxxgkndgzbg/"
PER_PAGE = 11
CHROME_SIZES: dict[Shape, int] = {"real": 65_000, "dense": 65_000}
"""Bytes of chrome, which make a report page one of 85 KB on average."""


@dataclass(frozen=True, slots=True)
class Site:
    """Bodies by path, each in two parts: what is its own, to be set between `head` and `tail`, which all share."""

    head: bytes
    tail: bytes
    own: dict[str, bytes]
    leaves: int

    def body(self, path: str) -> bytes:
        """The whole page."""
        return self.head + self.own[path] + self.tail


def years_of(pages: int, shape: Shape) -> list[int]:
    """The report years of a site of so many pages: of all forms where the reports are like real ones, else the latest."""
    count = min(len(YEARS), max(1, pages // 290))
    if shape == "dense":
        return [*YEARS[-count:]]
    count = max(2, count)
    return [YEARS[round(place * (len(YEARS) - 1) / (count - 1))] for place in range(count)]


def build(pages: int = 5_000, shape: Shape = "real") -> Site:
    """A site of `pages` pages (a hundred at least): years, districts in each, and lists of the districts' departments."""
    districts = divisions.children(CITY, 2018)
    years = years_of(pages, shape)
    groups = [(year, region) for year in years for region in districts]
    lists = next(n for n in range(1, pages) if pages - 3 - len(years) - n * len(groups) <= n * PER_PAGE * len(groups))
    leaves = max(len(groups), pages - 3 - len(years) - lists * len(groups))
    above, below = (chrome(Random(place), CHROME_SIZES[shape] // 2) for place in ("above", "below"))
    own: dict[str, bytes] = {}
    own["/"] = _column("示例市人民政府", "", [("政务公开", "/zwgk/")])
    own["/zwgk/"] = _column("政务公开", "政务公开", [("政府信息公开年报", COLUMN)])
    own[COLUMN] = _column("政府信息公开年报", "年报", [(f"{year}年", f"{COLUMN}{year}n/") for year in years])
    for year in years:
        folder = f"{COLUMN}{year}n/"
        own[folder] = _column(f"{year}年", f"{year}年", [(r.name, f"{folder}{r.code}/") for r in districts])
    for position, (year, region) in enumerate(groups):
        folder = f"{COLUMN}{year}n/{region.code}/"
        units = leaves // len(groups) + (position < leaves % len(groups))
        rows = []
        for number in range(units):
            name = f"沈阳市{region.name}{_unit_name(number)}"
            date = 1 + number % 28
            path = f"{folder}{year + 1}02/t{year + 1}02{date:02}_{year}{region.code[-2:]}{number:03}.html"
            title = f"{name}{year}年政府信息公开工作年度报告"
            own[path] = _report(title, name, (year, 2, date), shape, number)
            rows.append((title, path, f"{year + 1}-02-{date:02}"))
        # Newest first, as portals list.
        own |= _lists(folder, region.name, sorted(rows, key=lambda row: row[2], reverse=True))
    return Site(_HEAD + above, below + b"</body></html>", own, leaves)


_HEAD = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    "<title>沈阳市人民政府</title></head><body>"
).encode()


def _unit_name(number: int) -> str:
    return DEPARTMENTS[number] if number < len(DEPARTMENTS) else f"第{number}街道办事处"


def sentence(rng: Random) -> str:
    parts = [f"{rng.choice(MANNERS)}{rng.choice(ACTS)}{rng.choice(SUBJECTS)}" for _ in range(rng.randint(2, 4))]
    if rng.random() < 0.4:
        parts.append(f"公开{rng.choice(SUBJECTS)}信息{rng.randint(3, 4000)}条")
    return "，".join(parts) + "。"


def paragraph(rng: Random, sentences: int) -> str:
    return '<p style="text-indent: 2em;">' + "".join(sentence(rng) for _ in range(sentences)) + "</p>\n"


def _column(title: str, crumb: str, links: list[tuple[str, str]]) -> bytes:
    items = "".join(f'<li><a href="{href}">{label}</a></li>\n' for label, href in links)
    position = f'<div class="position">当前位置：<a href="/">首页</a> &gt; {crumb}</div>' if crumb else ""
    return f'{position}<h2>{title}</h2><ul class="go">{items}</ul>'.encode()


def _lists(folder: str, label: str, rows: list[tuple[str, str, str]]) -> dict[str, bytes]:
    count = -(-len(rows) // PER_PAGE)
    made = {}
    for page in range(count):
        items = "".join(
            f'<li><a href="{href}" title="{title}">{title}</a><span>{day}</span></li>\n'
            for title, href, day in rows[page * PER_PAGE : (page + 1) * PER_PAGE]
        )
        paging = f'<script>createPageHTML({count}, {page}, "index", "html");</script>'
        position = f'<div class="position">当前位置：<a href="/">首页</a> &gt; 政务公开 &gt; 政府信息公开年报 &gt; {label}</div>'
        body = f'{position}<ul class="go">{items}</ul><div class="page">{paging}</div>'
        made[folder + (f"index_{page}.html" if page else "")] = body.encode()
    return made


def _report(title: str, organ: str, signed: tuple[int, int, int], shape: Shape, number: int) -> bytes:
    """A report's page; `signed`: report year, and month and day of the year after."""
    year, month, date = signed
    day = f"{year + 1}年{month:02}月{date:02}日"
    text = (
        prose.body(organ, year, (year + 1, month, date)) if shape == "real" else _dense(title, organ, year, day, number)
    )
    return (
        f'<div class="position">当前位置：<a href="/">首页</a> &gt; 政务公开 &gt; 政府信息公开年报 &gt; {year}年</div>'
        f'<div class="xl_title">{title}</div><div class="xl_info"><span>{day}</span><span>来源:{organ[3:]}</span></div>'
        f'<div class="TRS_Editor">{text}</div><div class="share">分享到：</div>'
    ).encode()


def _dense(title: str, organ: str, year: int, day: str, number: int) -> str:
    rng = Random(title)
    opening = f"根据《中华人民共和国政府信息公开条例》规定，现公布{organ}{year}年度政府信息公开工作情况。统计期限自{year}年1月1日起至{year}年12月31日止。"
    parts = [f"<p>{opening}</p>\n"]
    tables = _tables(rng, year) if number % 2 else []
    heads = (
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    )
    for position, heading in enumerate(heads):
        parts.append(f'<p><span style="font-family: 黑体">{heading}</span></p>\n')
        parts += [paragraph(rng, 4) for _ in range(6 if position < 5 else 1)]
        if tables and position in (1, 2, 3):
            parts.append(tables[position - 1])
    parts.append(f'<p style="text-align: right">{organ}</p><p style="text-align: right">{day}</p>\n')
    return "".join(parts)


def _tables(rng: Random, year: int) -> list[str]:
    form = "f2021" if year >= 2021 else "f2019"
    printer = Printer(standard(rng, form, rng.randint(3, 200), None, False), "plain", "0")
    return [printer.article20(form), printer.requests(form), printer.reviews()]
