"""大汉 Hanweb's lists: records inside a script of the page, further ones by `dataproxy.jsp` (sources/systems#hanweb).

The column page carries `<script type="text/xml"><datastore><nextgroup><![CDATA[<a href="…dataproxy.jsp?page=1&…">]]>
</nextgroup><recordset><record><![CDATA[<li>…</li>]]></record>…`; the answer of dataproxy.jsp is the same as a page of
its own, with `<totalrecord>`. Some servers obey startrecord/endrecord, others only `page`, and a large perpage is cut:
every request here says the same thing in both ways, in batches of as many records as the page itself holds, numbered on
from `nextgroup`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from crawler.conventions.paging import Paging, Source
from crawler.conventions.system import PagingRule, System
from crawler.words.addresses import join

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[", re.I)
_NEXT = re.compile(r"<nextgroup>\s*<!\[CDATA\[\s*<a\s+[^>]*?href=[\"']([^\"']+)[\"']", re.S | re.I)
_TOTAL = re.compile(r"<totalrecord>\s*(\d{1,7})\s*</totalrecord>|\btotalRecord[\"']?\s*[:=]\s*[\"']?(\d{1,7})", re.I)
_PER_PAGE = re.compile(r"\bper_?page[\"']?\s*[:=]\s*[\"']?(\d{1,4})", re.I)
_PROXY = re.compile(r"proxyUrl[\"']?\s*:\s*[\"']([^\"']*dataproxy\.jsp[^\"']*)[\"']", re.I)
_PARAM = re.compile(
    r"\b(col|appid|webid|path|columnid|sourceContentType|unitid|webname|permissiontype)[\"']?\s*:\s*[\"']?([^\"',}\s]+)",
    re.I,
)
_ASKED = re.compile(r"[?&](page|startrecord|endrecord|perpage)=(\d{1,7})")
_BATCH_KEYS = re.compile(r"(?:page|startrecord|endrecord|perpage|rowlimit|group)=", re.I)
_MAX_BATCHES = 500
_MAX_RECORDS = 5000
"""Records read of one answer: the largest request seen asks for as many (sources/systems#hanweb)."""


@dataclass(frozen=True, slots=True)
class Datastore:
    """What a datastore says: records here, records in all (None: not said), and the addresses of the further
    batches."""

    here: int
    total: int | None
    batches: tuple[tuple[int, str], ...]


def has_records(html: str) -> bool:
    """True where a page is or holds a datastore, or only the script that will load one."""
    if "CDATA" not in html and "proxyUrl" not in html and "<record>" not in html:
        return False  # one look at a page that is none, as all but a few are
    return "<datastore" in html or "<record>" in html or ("dataproxy.jsp" in html and "proxyUrl" in html)


def records_in(html: str) -> str | None:
    """The records of a datastore as mark-up, None where there is none."""
    records = _records(html)
    # Each in a list of its own making: records are li, tr or table, and some leave tags open.
    return "\n".join(_wrapped(record) for record in records) if records else None


def _records(html: str) -> list[str]:
    """What stands in each record, in order; time is linear also where records are never closed."""
    found: list[str] = []
    if "CDATA[" not in html:
        return found
    at = 0
    while len(found) < _MAX_RECORDS and (opened := _RECORD.search(html, at)):
        end = html.find("]]>", opened.end())
        if end < 0:
            break
        found.append(html[opened.end() : end])
        at = end
    return found


def _wrapped(record: str) -> str:
    start = record.lstrip()[:3].lower()
    return f"<table>{record}</table>" if start in ("<tr", "<td") else record


def datastore(html: str, url: str, page_no: int) -> Datastore | None:
    """The batches that follow on the page at `url`, each with the number of its page in the list; None without
    datastore.

    `page_no`: the page's own number in the list, from 1. From the column page all batches are named where the total is
    known; from an answer only the next one.
    """
    if not has_records(html):
        return None
    here = len(_records(html))
    total_said = _TOTAL.search(html)
    total = int(total_said.group(1) or total_said.group(2)) if total_said else None
    template, following = _template(html, url)
    if template is None:
        return Datastore(here, total, ())
    if "dataproxy" in url:
        return Datastore(here, total, _after(url, template, here, total))
    said = _PER_PAGE.search(html)
    per_page = int(said.group(1)) if said and int(said.group(1)) else here or 15
    size = here or per_page
    first = 1 if here else 0
    last = first if total is None else -(-total // size) - 1
    batches = tuple(
        (number + 1, _batch(template, following - 1 + number, number * size + 1, size, per_page))
        for number in range(first, min(last, first + _MAX_BATCHES) + 1)
    )
    return Datastore(here, total, batches)


def _after(url: str, template: str, here: int, total: int | None) -> tuple[tuple[int, str], ...]:
    """The batch after an answer; none where the answer was empty or the last."""
    asked = {key: int(value) for key, value in _ASKED.findall(url)}
    start, end = asked.get("startrecord", 0), asked.get("endrecord", 0)
    size = end - start + 1
    if not here or not start or size < 1 or (total is not None and end >= total):
        return ()
    number = end // size + 1
    return ((number, _batch(template, asked.get("page", number - 2) + 1, end + 1, size, asked.get("perpage", size))),)


def _template(html: str, url: str) -> tuple[str | None, int]:
    """The address of dataproxy.jsp with all that names the list, without what names a batch; and the next batch's
    number."""
    found = _NEXT.search(html)
    if found:
        address = join(url, found.group(1).replace("&amp;", "&"))
    elif "dataproxy" in url:
        address = url
    else:
        proxy = _PROXY.search(html)
        if proxy is None:
            return None, 1
        address = join(url, proxy.group(1))
        if address is not None and "columnid=" not in address:
            pairs = dict(
                _PARAM.findall(
                    html[proxy.start() : proxy.start() + 2000] + html[max(0, proxy.start() - 2000) : proxy.start()]
                )
            )
            address += ("&" if "?" in address else "?") + urlencode(pairs)
    if address is None:
        return None, 1
    numbered = re.search(r"[?&]page=(\d{1,5})(?:&|$)", address)
    path, _, query = address.partition("?")
    kept = "&".join(pair for pair in query.split("&") if pair and not _BATCH_KEYS.match(pair))
    return f"{path}?{kept}", int(numbered.group(1)) if numbered else 1


def _batch(template: str, page: int, start: int, size: int, per_page: int) -> str:
    mark = "" if template.endswith("?") else "&"
    return f"{template}{mark}page={page}&startrecord={start}&endrecord={start + size - 1}&perpage={per_page}"


def datastore_batches(source: Source) -> Paging | None:
    """Hanweb: records in a datastore, the rest from dataproxy.jsp (sources/systems#hanweb)."""
    found = datastore(source.html, source.url, source.page_no)
    if found is None:
        return None
    return Paging("hanweb datastore", list(found.batches), found.total, by_service=True)


SYSTEM = System(
    name="Hanweb JCMS",
    # www.gswuwei.gov.cn/art/2024/1/10/art_29411_1207098.html, /col/col282/index.html, its dataproxy.jsp
    source="sources/systems#hanweb",
    server="hanweb",
    marks=(r"dataproxy\.jsp|<datastore>|jpage/",),
    articles=(r"/art_\d+_\d+",),
    addresses=(r"/col/col\d+/",),
    ids=("zoom", "Zoom", "ZOOM", "zoomcon", "zoomCon"),
    classes=("article_zoom",),
    paging=(PagingRule("hanweb datastore", "sources/systems#hanweb", datastore_batches),),
    embedded=records_in,
)
XXGK = System(
    name="Hanweb xxgk",
    # lishui.gov.cn/module/xxgk/xxgkAnnualReport.jsp?fbtime=2017&area=…: one page for each organ and year
    source="sources/systems#hanweb-xxgk",
    server="xxgk",
    marks=(r"/module/xxgk/|xxgkAnnualReport",),
    addresses=(r"/module/xxgk/",),
    modules=(r"/xxgkAnnualReport\.jsp\?",),
)
