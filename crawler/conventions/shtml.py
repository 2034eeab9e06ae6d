"""The 32-hex family: articles named by 32 hexadecimal digits, lists list_2.shtml counted from 1."""

from __future__ import annotations

import re

from crawler.conventions.paging import Paging, Source
from crawler.conventions.sequence import QUOTE as _Q
from crawler.conventions.sequence import numbered
from crawler.conventions.system import PagingRule, System

_QUOTED = re.compile(
    rf"create\w{{0,12}}Page\w{{0,12}}\s*\(\s*{_Q}[^\"']{{0,80}}{_Q}\s*,\s*(\d{{1,5}})\s*,\s*(\d{{1,5}})\s*,\s*{_Q}([^\"'\\]{{1,80}}){_Q}\s*,\s*"
    rf"{_Q}(\w{{1,8}}){_Q}(?:\s*,\s*{_Q}?(\d{{1,7}}))?",
)


def quoted(source: Source) -> Paging | None:
    """The shtml family: createPageHTML('id', pages, current from 1, 'list', 'shtml', rows); page k is list_k.shtml."""
    if not (found := _QUOTED.search(source.html)):
        return None
    count, _, prefix, ext, rows = found.groups()
    total = int(rows) if rows else None
    return Paging("createPageHTML from 1", numbered(source, int(count), prefix, ext, 0), total, int(count))


SYSTEM = System(
    name="32-hex shtml",
    # suqian.gov.cn/zfb/gknb/201802/a21fdc42….shtml; createPageHTML with the box's id first; bodies of gov.cn, 运城;
    # ln.gov.cn/web/zwgkx/…/7ED90F8968BD491FB190A231069CA87B/index.shtml
    source="sources/systems#the-shtml-family",
    server="shtml",
    marks=(r"createPageHTML\(\s*['\"]|UCAP-CONTENT",),
    articles=(r"/[0-9a-f]{32}(?:\.s?html?|/index\.s?html?|/)?$",),
    ids=("UCAP-CONTENT", "ucapcontent"),
    elements=("ucapcontent",),
    paging=(PagingRule("createPageHTML from 1", "sources/named-pages#scedu-tzgg-list", quoted),),
)
