"""A report over several pages: which pages are its further ones, and their words behind those of its first.

The general form (sources/pages#parts): links that are called as the pages of a list are (下一页, [2], 第2页, a script's
pager) and lead to addresses that are the article's own but for a number; or, on a page without a text of its own, a row
of links that are called as a report's chapters are. Each such page is asked and kept as a file of the report is; once
it is here, its words are the report's (`Attachment.part`). A page of another report is never joined.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from crawler.conventions.controls import next_in_head
from crawler.conventions.functions import Functions
from crawler.conventions.pages import read_paging
from crawler.navigation.links import query_charset, read_links
from crawler.records.capture import Capture, Evidence
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.report import Attachment
from crawler.words.addresses import canonical, host_of, is_file
from crawler.words.display import seen_of
from crawler.words.files import spelled
from crawler.words.link import Link
from crawler.words.pagers import is_next_picture
from crawler.words.parts import own_number, part_number
from crawler.words.relations import next_in_header
from crawler.words.text import squeeze
from pipelines.decode.stage import read_source
from pipelines.describe.headline import headline
from pipelines.documents.kind import format_of
from pipelines.documents.turns import TURN, is_called, may_turn
from pipelines.marked.flatten import lines_of, marked
from pipelines.marked.marks import BLOCK
from pipelines.recognise.titles import judge_title
from pipelines.strip.container import find_container
from pipelines.strip.stage import note_sections
from pipelines.strip.trim import trim

MAX_PARTS = 50
"""Further pages of one report; the longest have some ten."""
_MAX_LINKS = 5_000
_CONTROLS = re.compile(
    r"(?:[\W_]|[第共]?\d++页?|[首上下尾末]一?页|[前后]一?页|最后一?页|转到?|跳转到?|go|next|last|prev(?:ious)?|first)+",
    re.I,
)
"""A line that is nothing but the controls of pages."""
_CHAPTERS = (
    r"概述|概况|前言|引言|总体(?:工作)?情况",
    r"主动公开.{0,8}(?:情况|信息)",
    r"申请.{0,12}情况",
    r"(?:复议|诉讼).{0,12}情况",
    r"(?:存在|主要).{0,6}(?:问题|不足).{0,10}|改进(?:措施|情况)",
    r"其[他它].{0,10}事项",
    r"收费.{0,8}情况",
    r"附表|统计(?:表|数据|情况)",
)
_CHAPTER = re.compile(
    r"[一二三四五六七八九十\d（()）、.．]{0,5}.{0,14}?(?:"
    + "|".join(f"({names})" for names in _CHAPTERS)
    + r")[：:>»]?"
)
"""Words of a link to a chapter, white space removed; the group says which."""
_FEW = 3
"""So many chapters make a row of tabs: menus have one or two such words."""


def parts_of(page: Page, article: str | None = None, *, bare: bool = False) -> list[Attachment]:
    """The further pages of an article, in order, as a page of it names them.

    `article`: the address of its first page, where `page` is a further one. `bare`: the page has no text of its own,
    and a row of chapters leads to it. At most MAX_PARTS + 1. Never raises.
    """
    if page.tree is None:
        return []
    url, html = page.capture.url, page.html or ""
    if not bare and not may_turn(page):
        return []
    links = [link for link in links_of(page) if link.url]
    if (href := next_in_head(page.tree) or next_in_header(page.capture.headers)) is not None:
        links.append(Link(page.tree, href, "下一页", "", url, query_charset(page)))
    found = _by_number(links, html, url, article or url)
    if not found and bare:
        return by_chapter(links, url)
    return [_part(found[number], f"第{place}页") for place, number in enumerate(sorted(found)[: MAX_PARTS + 1], 2)]


def links_of(page: Page) -> list[Link]:
    """The links of an article, as many as are looked at, those without an address among them."""
    url, pressed = page.capture.url, seen_of(page).pressed
    read = read_links(page.tree, url, Functions(page.html or "", url), query_charset(page), pressed)
    return read[:_MAX_LINKS]


def _part(url: str, label: str) -> Attachment:
    return Attachment(spelled(url), label, "text/html", part=True)


def _by_number(links: list[Link], html: str, url: str, article: str) -> dict[int, str]:
    """Further pages by the number in their address."""
    found: dict[int, str] = {}
    for link in links:
        said = TURN.fullmatch(squeeze(link.label))
        pictures = islice(link.element.iter("img"), 1) if not link.label else ()
        pictured = any(is_next_picture(picture.get("src") or "") for picture in pictures)
        number = part_number(article, link.url) if said or pictured else None
        if number is None:
            continue
        first = number == 0 or (number == 1 and ((said is not None and said[1] == "1") or "?" in link.url))
        if not first and canonical(link.url) != canonical(article):
            found.setdefault(number, link.url)
    called = is_called(html, None)
    for _, address in read_paging(html, url, 1, links, article).pages if called else ():
        if (number := part_number(article, address)) and canonical(address) != canonical(article):
            found.setdefault(number, address)
    return found or _counted_from_one(links, article)


def _counted_from_one(links: list[Link], article: str) -> dict[int, str]:
    """Further pages of an article whose first is itself called _1: only where the links say the same numbers, for the
    next article may be called _2."""
    if own_number(article) != 1:
        return {}
    found: dict[int, str] = {}
    for link in links:
        said = TURN.fullmatch(squeeze(link.label))
        number = part_number(article, link.url, numbered=True)
        if said is not None and number is not None and number > 1 and said[1] == str(number):
            found.setdefault(number, link.url)
    return found if 2 in found else {}


def by_chapter(links: list[Link], url: str, among: bool = False) -> list[Attachment]:
    """The row of links whose words are chapters of a report, each once, without the page's own.

    `among`: only a row in which the page itself is one of the chapters.
    """
    own = canonical(url)
    rows: dict[Any, dict[str, tuple[int, Link]]] = defaultdict(dict)
    for link in links:
        said = _CHAPTER.fullmatch(squeeze(link.label))
        if said is None or len(link.label) > 40 or host_of(link.url) != host_of(url) or is_file(link.url):
            continue
        for row in islice(link.element.iterancestors(), 2):
            rows[row].setdefault(canonical(link.url), (said.lastindex or 0, link))
    best = max(rows.values(), key=lambda row: len({kind for kind, _ in row.values()}), default={})
    if len({kind for kind, _ in best.values()}) < _FEW or (among and own not in best):
        return []
    others = (link for address, (_, link) in best.items() if address != own)
    return [_part(link.url, link.label) for link in islice(others, MAX_PARTS + 1)]


def join_parts(page: Page) -> None:
    """Put the words of a report's further pages that are here behind its own; further ones that these name are noted.

    Fills text, marked, sections and attachments. Problems: `document_unread` for a page that is none of this report.
    """
    others = [file for file in page.attachments if not file.part]
    parts = [file for file in page.attachments if file.part]
    if not parts:
        return
    lines = page.text.split("\n") if page.text else []
    marks = [page.marked] if page.marked and page.text else []
    known = {squeeze(page.text or "")}
    number = joined = 0
    while number < len(parts):
        if (read := _read(page, parts[number], page.files)) is not None:
            further, raw, printed = read
            parts += [one for one in further if all(one.url != other.url for other in parts)][: MAX_PARTS - len(parts)]
            text = "\n".join(printed)
            if printed and squeeze(text) not in known:
                known.add(squeeze(text))
                parts[number] = replace(parts[number], text=text)
                lines, joined = [*lines, *printed], joined + 1
                marks.append(raw)
        number += 1
    page.attachments = [*parts, *others]
    if joined:
        lines = [line for line in lines if not _CONTROLS.fullmatch(squeeze(line)) or squeeze(line).isdigit()]
        page.text, page.marked = "\n".join(lines) or None, BLOCK.join(marks)
        note_sections(page, lines)
        page.evidence.append(Evidence("parts", f"the words of {joined} further pages stand behind the first's"))


def _read(page: Page, part: Attachment, files: Mapping[str, bytes]) -> tuple[list[Attachment], str, list[str]] | None:
    """What a further page names, its marked words and its lines; None where it is not here or none of this report."""
    body = files.get(part.url)
    if body is None or format_of(body) not in (None, "html"):
        return None
    its = Page(Capture(part.url, 200, [("Content-Type", "text/html")], body, ""), page.context)
    read_source(its)
    if its.tree is None:
        return None
    its.title, _ = headline(its, [])
    if not _belongs(its, page):
        said = f"it is called {its.title!r}: a page of another report, not joined to {page.capture.url}"
        page.problems.append(Problem("document_unread", part.url, said))
        return None
    element, _ = find_container(its.tree)
    raw = marked(element if element is not None else its.tree)
    lines = trim(lines_of(raw), page.title, title_is_chrome=True)
    further = parts_of(its, page.capture.url)
    return further, raw, lines


def _belongs(part: Page, page: Page) -> bool:
    """Whether the title of a page does not name another report than `page` is."""
    its, own = squeeze(part.title or ""), squeeze(page.title or "")
    if its in own or own in its:
        return True
    return judge_title(part.title, part.capture.url, True).kind != "report"
