"""A portal as large as a city's: thousands of pages of some 85 KB that share a template, made the same every time.

Shape of the pages after measured ones (sources/measurements#size-of-a-page): 85 KB raw, 13 KB as gzip, of which two thirds
are chrome that all pages share, and 4,000 characters of report that no other page has; half of them with tables. On
40 real pages of 40 to 150 KB the median is 800 elements and 1,050 attributes in 85 KB; here it is 830 and 960.
"""

# ruff: noqa: E501 (markup and word lists read better unbroken)
from __future__ import annotations

from dataclasses import dataclass
from random import Random

from crawler.reference import divisions
from crawler.sample.figures import standard
from crawler.sample.tables import Printer

YEARS = range(2008, 2025)
CITY = "210100"
COLUMN = "/zwgk/zfxxgkndgzbg/"
PER_PAGE = 11
CHROME_SIZE = 65_000
"""Bytes of chrome, which make a report page one of 85 KB on average."""

_NOUNS = [
    "政府信息",
    "政务公开",
    "行政许可",
    "财政预算",
    "重大项目",
    "公共资源",
    "社会公益",
    "规范性文件",
    "政策解读",
    "办事指南",
    "权责清单",
    "环境保护",
    "食品安全",
    "义务教育",
    "医疗卫生",
    "征地补偿",
    "房屋征收",
    "保障性住房",
    "安全生产",
    "应急管理",
    "交通运输",
    "水利工程",
    "农村公路",
    "城市更新",
    "营商环境",
    "便民服务",
    "网上办理",
    "政务大厅",
    "督查考核",
    "业务培训",
    "保密审查",
    "公开目录",
    "查阅场所",
    "新闻发布",
    "在线访谈",
    "热线电话",
    "社会监督",
    "舆情回应",
    "信用信息",
    "招标投标",
    "扶贫资金",
    "就业创业",
    "养老服务",
    "残疾人保障",
    "文化活动",
    "体育设施",
    "科技创新",
    "知识产权",
    "市场监管",
    "税费减免",
    "基层治理",
    "网格管理",
    "防汛抗旱",
    "森林防火",
    "造林绿化",
    "污水处理",
]
_VERBS = [
    "推进",
    "加强",
    "完善",
    "规范",
    "落实",
    "深化",
    "拓展",
    "优化",
    "健全",
    "细化",
    "公布",
    "更新",
    "梳理",
    "整合",
    "督促",
    "检查",
    "开展",
    "组织",
    "编制",
    "修订",
    "强化",
    "提升",
    "明确",
    "统筹",
]
_LINKS = [
    "及时",
    "全面",
    "依法",
    "持续",
    "重点",
    "逐步",
    "主动",
    "准确",
    "严格",
    "认真",
    "有序",
    "扎实",
    "稳妥",
    "积极",
    "定期",
    "集中",
    "分类",
    "统一",
]


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


def build(pages: int = 5_000) -> Site:
    """A site of `pages` pages (a hundred at least): years, districts in each, and lists of the districts' departments."""
    districts = divisions.children(CITY, 2018)
    years = YEARS[-min(len(YEARS), max(1, pages // 290)) :]
    groups = [(year, region) for year in years for region in districts]
    lists = next(n for n in range(1, pages) if pages - 3 - len(years) - n * len(groups) <= n * PER_PAGE * len(groups))
    leaves = max(len(groups), pages - 3 - len(years) - lists * len(groups))
    above, below = (_chrome(Random(place), CHROME_SIZE // 2) for place in ("above", "below"))
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
            own[path] = _report(title, name, year, number)
            rows.append((title, path, f"{year + 1}-02-{date:02}"))
        # Newest first, as portals list.
        own |= _lists(folder, region.name, sorted(rows, key=lambda row: row[2], reverse=True))
    return Site(_HEAD + above, below + b"</body></html>", own, leaves)


_HEAD = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    "<title>沈阳市人民政府</title></head><body>"
).encode()

_UNITS = [
    "教育局",
    "民政局",
    "财政局",
    "司法局",
    "水利局",
    "审计局",
    "统计局",
    "卫生健康局",
    "应急管理局",
    "住房和城乡建设局",
    "交通运输局",
    "农业农村局",
    "文化旅游局",
    "商务局",
    "自然资源局",
    "生态环境分局",
    "市场监督管理局",
    "人力资源和社会保障局",
    "发展和改革局",
    "工业和信息化局",
    "城市管理局",
    "信访局",
    "医疗保障局",
    "林业局",
]


def _unit_name(number: int) -> str:
    return _UNITS[number] if number < len(_UNITS) else f"第{number}街道办事处"


def sentence(rng: Random) -> str:
    parts = [f"{rng.choice(_LINKS)}{rng.choice(_VERBS)}{rng.choice(_NOUNS)}" for _ in range(rng.randint(2, 4))]
    if rng.random() < 0.4:
        parts.append(f"公开{rng.choice(_NOUNS)}信息{rng.randint(3, 4000)}条")
    return "，".join(parts) + "。"


def paragraph(rng: Random, sentences: int) -> str:
    return '<p style="text-indent: 2em;">' + "".join(sentence(rng) for _ in range(sentences)) + "</p>\n"


def _chrome(rng: Random, size: int) -> bytes:
    """Menus, scripts and styles up to `size` bytes, as much of them random as real chrome has."""
    parts: list[str] = []
    length = 0
    while length < size:
        links = "".join(
            f'<li class="menu-item"><a href="/bsfw/{rng.choice("abcdefgh")}{rng.randint(1, 99)}/{rng.randrange(1 << 24):x}.html" target="_blank">'
            f"{rng.choice(_VERBS)}{rng.choice(_NOUNS)}</a></li>\n"
            for _ in range(12)
        )
        number = rng.randint(100, 999)
        part = f'<div class="w1200 clearfix" id="box{number}"><ul class="nav-list">\n{links}</ul></div>\n'
        part += _script(rng, number) + _style(rng, number)
        parts.append(part)
        length += len(part.encode())
    return "".join(parts).encode()


def _script(rng: Random, number: int) -> str:
    handlers = "".join(
        f'  $("#box{number} .tab li:eq({turn})").hover(function () {{\n    $(this).addClass("on").siblings().removeClass("on");\n'
        f'    $("#box{number} .con").eq($(this).index()).animate({{ left: {rng.randint(9, 990)}, top: 0 }}, 400);\n  }});\n'
        for turn in range(6)
    )
    return f'<script type="text/javascript">\n$(function () {{\n{handlers}}});\nvar key{number} = "{rng.randrange(1 << 40):x}";\n</script>\n'


def _style(rng: Random, number: int) -> str:
    rules = "".join(
        f"  #box{number} .c{turn} {{ width: {rng.randint(9, 990)}px; height: 32px; color: #{rng.randrange(1 << 12):03x}; overflow: hidden; }}\n"
        for turn in range(8)
    )
    return f'<style type="text/css">\n{rules}</style>\n'


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


def _report(title: str, organ: str, year: int, number: int) -> bytes:
    rng = Random(title)
    day = f"{year + 1}年02月{1 + number % 28:02}日"
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
    return (
        f'<div class="position">当前位置：<a href="/">首页</a> &gt; 政务公开 &gt; 政府信息公开年报 &gt; {year}年</div>'
        f'<div class="xl_title">{title}</div><div class="xl_info"><span>{day}</span><span>来源:{organ[3:]}</span></div>'
        f'<div class="TRS_Editor">{"".join(parts)}</div><div class="share">分享到：</div>'
    ).encode()


def _tables(rng: Random, year: int) -> list[str]:
    form = "f2021" if year >= 2021 else "f2019"
    printer = Printer(standard(rng, form, rng.randint(3, 200), None, False), "plain", "0")
    return [printer.article20(form), printer.requests(form), printer.reviews()]
