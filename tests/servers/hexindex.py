"""The family whose articles are directories of 32 hexadecimal digits with an index.shtml (sources/systems#articles-named-indexshtml)."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from hashlib import md5

from tests.servers.base import Answer, TestPortal
from tests.servers.frame import Frame, batches, papers, reports_of

CITY, PLACE = "210500", "本溪市"
PER_PAGE = 8
ROOT = "/web/zwgkx"
FRAME = Frame(
    "本溪市人民政府",
    {"首页": "/index.shtml", "政务公开": f"{ROOT}/index.shtml", "政府信息公开年报": f"{ROOT}/zfxxgknb/index.shtml"},
)
YEARS = range(2014, 2020)
UNITS = [("本溪市人民政府", "government")] + [
    (f"本溪市{name}局", "department") for name in ("教育", "民政", "财政", "水务", "审计")
]


def hexindex() -> TestPortal:
    """本溪市 as a made-up portal of this family: years as directories, lists with 下一页, two pages each."""
    pages: dict[str, Answer] = FRAME.traps()
    crumbs = ["政务公开", "政府信息公开年报"]
    reports = []
    for year in YEARS:
        folder = f"{ROOT}/zfxxgknb/{year}n/"
        found = papers(CITY, PLACE, [year], UNITS, lambda day, serial, folder=folder: _path(folder, day, serial))  # type: ignore[misc]
        reports += reports_of(found)
        pages |= FRAME.articles(found, [*crumbs, f"{year}年"], 'id="info_content" class="TRS_Editor"', meta=False)
        shown = batches(found, PER_PAGE)
        for number, part in enumerate(shown, 1):
            rows = "".join(
                f'<tr><td><a href="{paper.path}" target="_blank">·{paper.title}</a></td><td>{paper.day}</td></tr>'
                for paper in part
            )
            before = f'<a href="{_name(number - 1)}">上一页</a>' if number > 1 else "上一页"
            after = f'<a href="{_name(number + 1)}">下一页</a>' if number < len(shown) else "下一页"
            pager = f'<div class="page">共{len(found)}条 {number}/{len(shown)}页 {before} {after}</div>'
            body = f'<table class="dlist">{rows}</table>{pager}'
            pages[folder + _name(number)] = FRAME.page(f"{year}年", body, [*crumbs, f"{year}年"])
    years = "".join(f'<li><a href="./{year}n/index.shtml">{year}年</a></li>' for year in reversed(YEARS))
    pages[f"{ROOT}/zfxxgknb/index.shtml"] = FRAME.page(crumbs[-1], f"<ul>{years}</ul>", crumbs)
    links = '<li><a href="zfxxgkzn/index.shtml">公开指南</a></li><li><a href="zfxxgknb/index.shtml">政府信息公开年报</a></li>'
    pages[f"{ROOT}/index.shtml"] = FRAME.page("政务公开", f"<ul>{links}</ul>", crumbs[:1])
    pages["/index.shtml"] = FRAME.page(PLACE, f'<a href="{ROOT}/index.shtml">政务公开</a>')
    return TestPortal(pages, reports, name="hexindex", region=CITY, home_path="/index.shtml")


def _name(number: int) -> str:
    return "index.shtml" if number == 1 else f"index_{number}.shtml"


def _path(folder: str, day: str, serial: int) -> str:
    return f"{folder}{md5(f'{folder}{day}{serial}'.encode()).hexdigest().upper()}/index.shtml"
