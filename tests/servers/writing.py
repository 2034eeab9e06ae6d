"""Report texts and lookalikes for the test portals, shared by the makes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from crawler.reference import divisions
from crawler.sample.prose import Subject, write
from crawler.sample.tables import Style
from tests.servers.base import Report


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A page in a column of reports that is none."""

    title: str
    day: str
    html: str


def report(
    path: str, organ: str, kind: str, code: str, year: int, *, title: str | None = None, style: Style = "plain"
) -> Report:
    """A made-up report of `organ` on `year` at `path`; `code` is the region it belongs to."""
    region = divisions.latest(code, year)
    assert region is not None
    rng = Random(f"{organ}-{year}")
    month = rng.randint(1, 3)
    day = rng.randint(9, 28)
    who = {"township": "我镇", "department": "我局"}.get(kind, "我" + region.name[-1])
    subject = Subject(organ, who, region.name, year, rng.randint(3, 90), style, annex=rng.random() < 0.4)
    signer = organ + "办公室" if kind == "government" else organ
    written = write(subject, rng, None, (year + 1, month, day - 3), signer)
    return Report(
        path=path,
        title=title
        or f"{organ if kind == 'township' else organ.removesuffix('人民政府')}{year}年政府信息公开工作年度报告",
        organ=organ,
        organ_kind=kind,
        region_code=code,
        region=region.name,
        report_year=year,
        published_on=f"{year + 1}-{month:02}-{day:02}",
        html=written.html,
        signed_on=f"{year + 1}-{month:02}-{day - 3:02}",
    )


_LOOKALIKES = (
    (
        "{place}{year}年法治政府建设年度报告",
        "{year}年，全面推进依法行政，加强规范性文件备案审查，深化行政执法体制改革。",
    ),
    (
        "关于做好{year}年政府信息公开工作年度报告编制工作的通知",
        "各单位：请于{next}年1月20日前报送年度报告，并在网站发布。",
    ),
    ("{place}政府信息公开工作年度报告制度", "第一条 为规范政府信息公开工作年度报告的编制、公布，制定本制度。"),
    ("{year}年度{place}部门决算公开", "第一部分 部门概况。第二部分 {year}年度决算情况说明。"),
    ("图解：{place}{year}年政府信息公开工作年度报告", "请点击查看图解。"),
    ("{place}{year}年政府网站工作年度报表", "填报单位、网站名称、信息发布总数、专栏专题等情况见下表。"),
)


def lookalike(number: int, place: str, year: int) -> Lookalike:
    """The `number`-th kind of lookalike, of a place and year."""
    title, text = _LOOKALIKES[number % len(_LOOKALIKES)]
    words = {"place": place, "year": year, "next": year + 1}
    html = f"<p>　　{text.format(**words)}</p>\n<p>　　本页为测试数据。</p>"
    return Lookalike(title.format(**words), f"{year + 1}-02-{5 + number % 20:02}", html)
