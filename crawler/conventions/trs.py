"""Paging written by a script that counts: TRS, the shtml family, Hanweb (domain sheet 4).

A rule never counts on beyond what the page states, and the addresses it makes lie in the list's own directory.
"""

from __future__ import annotations

import re

from crawler.conventions.hanweb import datastore
from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.words.addresses import directory, join, path_of

_Q = r"\\?[\"']"
_TRS = re.compile(
    rf"create\w{{0,12}}Page\w{{0,12}}\s*\(\s*(\d{{1,5}})\s*,\s*(\d{{1,5}})\s*,\s*{_Q}([^\"'\\]{{1,80}}){_Q}\s*,\s*{_Q}(\w{{1,8}}){_Q}",
)
_QUOTED = re.compile(
    rf"create\w{{0,12}}Page\w{{0,12}}\s*\(\s*{_Q}[^\"']{{0,80}}{_Q}\s*,\s*(\d{{1,5}})\s*,\s*(\d{{1,5}})\s*,\s*{_Q}([^\"'\\]{{1,80}}){_Q}\s*,\s*"
    rf"{_Q}(\w{{1,8}}){_Q}(?:\s*,\s*{_Q}?(\d{{1,7}}))?",
)
_COUNT_PAGE = re.compile(r"\bvar\s+countPage\s*=\s*[\"']?(\d{1,5})", re.I)
_COUNT_ROWS = re.compile(r"\bvar\s+(?:countnum|recordCount|totalCount)\s*=\s*[\"']?(\d{1,7})", re.I)
_WRITTEN_NAME = re.compile(r"href=\\?[\"']?([\w-]{1,40})\\?[\"']?\s*\+\s*\\?[\"']_")
_WRITTEN_EXT = re.compile(r"\+\s*\\?[\"']\.\\?[\"']?\s*\+?\s*\\?[\"']?(s?html?|jsp|jhtml|aspx?|php)\b")
_PAGER_CALL = re.compile(r"\bPager\s*\(\s*\{([^}]{1,600})\}")
_SIZE = re.compile(r"\bsize\s*:\s*[\"']?(\d{1,5})")
_PREFIX = re.compile(r"\bprefix\s*:\s*[\"']([^\"']{1,80})[\"']")
_SUFFIX = re.compile(r"\b(?:suffix|ext)\s*:\s*[\"']\.?(\w{1,8})[\"']")


def _named(source: Source, count: int, prefix: str, ext: str, shift: int) -> list[tuple[int, str]]:
    """Pages by number: page k is `{prefix}_{k - shift}.{ext}` beside the page. From a later page only the next one."""
    folder = directory(source.url)
    last = min(count, MAX_PAGES)
    wanted = range(2, last + 1) if source.page_no == 1 else range(source.page_no + 1, min(last, source.page_no + 1) + 1)
    made = ((number, join(folder, f"{prefix}_{number - shift}.{ext}")) for number in wanted)
    return [(number, address) for number, address in made if address and address.startswith(folder)]


def datastore_batches(source: Source) -> Paging | None:
    """Hanweb: records in a datastore, the rest from dataproxy.jsp (hanweb.py)."""
    found = datastore(source.html, source.url, source.page_no)
    if found is None:
        return None
    return Paging("hanweb datastore", list(found.batches), found.total, by_service=True)


def trs(source: Source) -> Paging | None:
    """TRS: createPageHTML(pages, current from 0, "index", "html"); page k is index_{k-1}.html. Gold dz-rsks-list."""
    if not (found := _TRS.search(source.html)):
        return None
    count, _, prefix, ext = found.groups()
    return Paging("createPageHTML from 0", _named(source, int(count), prefix, ext, 1), None, int(count))


def quoted(source: Source) -> Paging | None:
    """The shtml family: createPageHTML('id', pages, current from 1, 'list', 'shtml', rows); page k is list_k.shtml.

    Gold scedu-tzgg-list.
    """
    if not (found := _QUOTED.search(source.html)):
        return None
    count, _, prefix, ext, rows = found.groups()
    total = int(rows) if rows else None
    return Paging("createPageHTML from 1", _named(source, int(count), prefix, ext, 0), total, int(count))


def count_page(source: Source) -> Paging | None:
    """Older TRS: var countPage = N and document.write; page k is index_{k-1}.html. Gold hd-list."""
    found = _COUNT_PAGE.search(source.html) if "countPage" in source.html else None
    if found is None:
        return None
    count = int(found.group(1))
    around = source.html[found.start() : found.start() + 6000]
    name, ext, rows = _WRITTEN_NAME.search(around), _WRITTEN_EXT.search(around), _COUNT_ROWS.search(source.html)
    own_ext = path_of(source.url).rpartition("/")[2].rpartition(".")[2]
    suffix = ext.group(1) if ext else own_ext or "html"
    total = int(rows.group(1)) if rows and int(rows.group(1)) >= count else None
    return Paging("countPage", _named(source, count, name.group(1) if name else "index", suffix, 1), total, count)


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
        "Pager", _named(source, count, prefix.group(1), suffix.group(1) if suffix else "html", 1), None, count
    )
