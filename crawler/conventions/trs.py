"""拓尔思 TRS WCM: articles t20211201_1701386.html, bodies TRS_Editor, lists paged by a script that counts from 0."""

from __future__ import annotations

import re

from crawler.conventions.paging import Paging, Source
from crawler.conventions.sequence import QUOTE as _Q
from crawler.conventions.sequence import numbered
from crawler.conventions.system import PagingRule, System
from crawler.words.addresses import path_of

_TRS = re.compile(
    rf"create\w{{0,12}}Page\w{{0,12}}\s*\(\s*(\d{{1,5}})\s*,\s*(\d{{1,5}})\s*,\s*{_Q}([^\"'\\]{{1,80}}){_Q}\s*,\s*{_Q}(\w{{1,8}}){_Q}",
)
_COUNT_PAGE = re.compile(r"\bvar\s+countPage\s*=\s*[\"']?(\d{1,5})", re.I)
_COUNT_ROWS = re.compile(r"\bvar\s+(?:countnum|recordCount|totalCount)\s*=\s*[\"']?(\d{1,7})", re.I)
_WRITTEN_NAME = re.compile(r"href=\\?[\"']?([\w-]{1,40})\\?[\"']?\s*\+\s*\\?[\"']_")
_NAMED = re.compile(r"\bvar\s+(?:file|page|list)?_?(?:name|prefix)\w{0,8}\s*=\s*[\"']([\w-]{1,40})[\"']", re.I)
_WRITTEN_EXT = re.compile(r"\+\s*\\?[\"']\.\\?[\"']?\s*\+?\s*\\?[\"']?(s?html?|jsp|jhtml|aspx?|php)\b")
_PAGER_CALL = re.compile(r"\bPager\s*\(\s*\{([^}]{1,600})\}")
_SIZE = re.compile(r"\bsize\s*:\s*[\"']?(\d{1,5})")
_PREFIX = re.compile(r"\bprefix\s*:\s*[\"']([^\"']{1,80})[\"']")
_SUFFIX = re.compile(r"\b(?:suffix|ext)\s*:\s*[\"']\.?(\w{1,8})[\"']")


def trs(source: Source) -> Paging | None:
    """TRS: createPageHTML(pages, current from 0, "index", "html"); page k is index_{k-1}.html."""
    if not (found := _TRS.search(source.html)):
        return None
    count, _, prefix, ext = found.groups()
    return Paging("createPageHTML from 0", numbered(source, int(count), prefix, ext, 1), None, int(count))


def count_page(source: Source) -> Paging | None:
    """Older TRS: var countPage = N and document.write; page k is index_{k-1}.html, or what a variable names
    for index."""
    found = _COUNT_PAGE.search(source.html) if "countPage" in source.html else None
    if found is None:
        return None
    count = int(found.group(1))
    around = source.html[found.start() : found.start() + 6000]
    name, ext, rows = (
        _WRITTEN_NAME.search(around) or _NAMED.search(around),
        _WRITTEN_EXT.search(around),
        _COUNT_ROWS.search(source.html),
    )
    own_ext = path_of(source.url).rpartition("/")[2].rpartition(".")[2]
    suffix = ext.group(1) if ext else own_ext or "html"
    total = int(rows.group(1)) if rows and int(rows.group(1)) >= count else None
    return Paging("countPage", numbered(source, count, name.group(1) if name else "index", suffix, 1), total, count)


def pager(source: Source) -> Paging | None:
    """TRS too: Pager({size: pages, current: from 0, prefix: 'index', suffix: 'html'}), as on ccgp.gov.cn:
    index_{k-1}."""
    found = _PAGER_CALL.search(source.html) if "Pager" in source.html else None
    size = _SIZE.search(found.group(1)) if found else None
    prefix = _PREFIX.search(found.group(1)) if found else None
    if found is None or size is None or prefix is None:
        return None
    suffix = _SUFFIX.search(found.group(1))
    count = int(size.group(1))
    return Paging(
        "Pager", numbered(source, count, prefix.group(1), suffix.group(1) if suffix else "html", 1), None, count
    )


SYSTEM = System(
    name="TRS WCM",
    # shenyang.gov.cn/…/202112/t20211201_1701386.html; bodies of bjmy.gov.cn; the crumbs of its templates
    source="sources/systems#trs",
    server="trs",
    marks=(r"TRS_Editor|trs_editor_view|CurrChnlCls|createPageHTML\(\s*\d",),
    articles=(r"/t\d{8}_\d+",),
    classes=("TRS_Editor", "trs_editor_view", "TRS_UEDITOR", "Custom_UnionStyle"),
    paging=(
        PagingRule("createPageHTML from 0", "sources/named-pages#dz-rsks-list", trs),
        PagingRule("countPage", "sources/named-pages#hd-list", count_page),
        PagingRule("Pager", "sources/systems#trs", pager),
    ),
)
