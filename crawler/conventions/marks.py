"""The makes of content management systems, each told by marks in its pages and addresses; above each where it was seen.

For a person who looks at a portal; the walk itself never asks for a make, only for the conventions that it meets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a make: in the source of a page (`source`), or in the shape of an address (`address`)."""

    make: str
    source: re.Pattern[bytes] | None = None
    address: re.Pattern[str] | None = None


def _source(make: str, pattern: bytes) -> Mark:
    return Mark(make, source=re.compile(pattern, re.I))


def _address(make: str, pattern: str) -> Mark:
    return Mark(make, address=re.compile(pattern, re.I))


MARKS: tuple[Mark, ...] = (
    # 拓尔思: shenyang.gov.cn/…/202112/t20211201_1701386.html; bodies of bjmy.gov.cn; the crumbs of its templates.
    _address("TRS WCM", r"/\d{6}/t\d{8}_\d+\.s?html?$"),
    _source("TRS WCM", rb"TRS_Editor|trs_editor_view|CurrChnlCls|createPageHTML\(\s*\d"),
    # suqian.gov.cn/zfb/gknb/201802/a21fdc42….shtml; createPageHTML with the box's id first; bodies of gov.cn, 运城.
    _address("32-hex shtml", r"/\d{6}/[0-9a-f]{32}\.s?html$"),
    _source("32-hex shtml", rb"createPageHTML\(\s*['\"]|UCAP-CONTENT"),
    # ln.gov.cn/web/zwgkx/…/7ED90F8968BD491FB190A231069CA87B/index.shtml
    _address("32-hex index.shtml", r"/[0-9A-F]{32}/index\.s?html$"),
    # 大汉: www.gswuwei.gov.cn/art/2024/1/10/art_29411_1207098.html, /col/col282/index.html, its dataproxy.jsp.
    _address("Hanweb JCMS", r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html$|/col/col\d+/"),
    _source("Hanweb JCMS", rb"dataproxy\.jsp|<datastore>|jpage/"),
    # 大汉: lishui.gov.cn/module/xxgk/xxgkAnnualReport.jsp?fbtime=2017&area=…
    _source("Hanweb xxgk", rb"/module/xxgk/|xxgkAnnualReport"),
    _address("Hanweb xxgk", r"/module/xxgk/"),
    # 大汉: its unitbuild.js; www.jyg.gov.cn/…/art/2022/art_185127c4318a4fd1bb991113aa3ac771.html
    _source("Hanweb JPaaS", rb"unitbuild\.js|jpaas-publish-server"),
    _address("Hanweb JPaaS", r"/art/\d{4}/art_[0-9a-f]{32}\.html$"),
    # 龙讯: /public/column/6601841?type=4&action=rel (安徽), /OpennessContent/show/2277958.html (宁国)
    _address("Lonsun", r"/public/column/\d+\?|/OpennessContent/"),
    _source("Lonsun", rb"/public/column/\d+\?|OpennessContent"),
    # 博达: bodies and counters of xjbl.gov.cn/info/1037/6799.htm; downloads below /system/_content/ are unverified.
    _source("VSB", rb"vsb_content|_showDynClicks|/system/_content/|id=[\"']?line_u\d"),
    _address("VSB", r"/info/\d+/\d+\.htm$"),
    # 广东: /gkmlpt/index#721, /gkmlpt/content/0/963/post_963149.html, …/content/post_12612456.html
    _source("gkmlpt", rb"/gkmlpt/|_CONFIG\.(?:TREE|DETAIL)"),
    _address("gkmlpt", r"/gkmlpt/|/content/post_\d+\.html$"),
    # 新点: the service getgovinfolist, the script with the site's number, class names as .ewb-location.
    _source("Epoint", rb"lightfrontaction|webBuilderCommon\.js|ewb-"),
    # hrss.yn.gov.cn/InfoPublic.aspx?cid=1019&pid=971&page=1; the hidden state of WebForms.
    _source("ASP.NET", rb"__VIEWSTATE|__doPostBack"),
    _address("ASP(.NET)", r"\.aspx?(?:\?|$)"),
    # 慧兰, districts of 北京: /eportal/ui?pageId=1841022
    _source("eportal", rb"/eportal/ui\?pageId="),
)
"""Every mark; a page may show those of several makes, since one system's pages link to another's."""


def makes_of(url: str, body: bytes) -> Iterator[tuple[str, str]]:
    """The makes that a page shows marks of, each once, with the words of its first mark."""
    told = set()
    for mark in MARKS:
        if mark.make in told:
            continue
        found = mark.address.search(url) if mark.address else mark.source.search(body) if mark.source else None
        if found is not None:
            told.add(mark.make)
            words = found[0] if isinstance(found[0], str) else found[0].decode("ascii", "replace")
            yield mark.make, words
