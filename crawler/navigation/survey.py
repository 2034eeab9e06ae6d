"""All that a walk asks of a page's source: worked out where the page is read, so that a walk needs no source at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.navigation.redirects import redirect_target
from crawler.navigation.remarks import is_failure
from crawler.navigation.serialization import packed
from crawler.navigation.trail import ways_on
from crawler.records.page import Page
from crawler.records.ways import ENDS, Plan, Position, Ways, Why
from crawler.words.display import seen_of

_SAYS_EMPTY = {
    "暂": re.compile("暂无"),
    "没": re.compile("没有(?:找到|相关|符合)"),
    "无": re.compile("无(?:相关)?(?:数据|信息|内容)"),
    "共": re.compile(r"共\s*0\s*[条篇页]"),
}
"""By their first sign, which few sources have often: to go from one to the next is a tenth of the work."""
_NO_ROWS = re.compile(r"^\s*\[\s*\]\s*$|\"(?:total|count|totalCount|recordCount)\"\s*:\s*\"?0\b|:\s*\[\s*\]")
_WALKED_ON = frozenset({"home", "column", "list", "other", "article"})
_SHOWN = 300
"""Characters that a reader sees of a page that its scripts fill: fewer than this."""
_ACCOUNTS: dict[str, str] = {
    "article": "another article",
    "list": "a list that leads to no report",
    "column": "a column that leads to no report",
    "home": "a home page",
    "attachment": "a file that is not read as a report",
    "other": "a page that is none",
    "redirect": "a redirect",
}


@dataclass(frozen=True, slots=True)
class Survey:
    """`ways`: what leads on, None where the walk goes on from no such page; `packed`: the same as it is kept, None
    where nothing leads on. `target`: where a redirect leads. `account`: the page in words, and what to try. `fault`:
    why none of this could be told; empty: it could.
    """

    ways: Ways | None = None
    packed: bytes | None = None
    target: str | None = None
    account: str = ""
    says_empty: bool = False
    fault: str = ""


def survey_of(page: Page, position: Position, why: Why, plan: Plan) -> Survey:
    """What the walk asks of a page that stands at `position`, and was asked for because of `why`.

    Raises MemoryError, and nothing else: a page that cannot be surveyed says so, and is archived all the same.
    """
    try:
        return _survey(page, position, why, plan)
    except MemoryError:
        raise
    except Exception as error:
        return Survey(fault=f"{type(error).__name__}: {error}")


def _survey(page: Page, position: Position, why: Why, plan: Plan) -> Survey:
    if page.kind == "redirect":
        target = redirect_target(page)
        return Survey(target=target, account=account(page))
    ways = ways_on(page, position, plan) if leads_on(page, position, why) else None
    kept = packed(ways) if ways is not None and (ways.next or ways.items) else None
    return Survey(ways, kept, None, account(page), says_empty(page))


def leads_on(page: Page, position: Position, why: Why) -> bool:
    """Whether the walk goes on from a page: a column, a list, what may be one, and a report among other years."""
    if page.kind == "report":
        return position.in_column and why not in ENDS
    if is_failure(page) or (position.attached and page.kind == "attachment"):
        return False
    return page.kind in _WALKED_ON and not (page.kind == "article" and why == "item") and why != "recheck"


def says_empty(page: Page) -> bool:
    """Whether a page says that it holds nothing (yet), or is an answer in data without a row."""
    html = page.html or ""
    answer = html[:64].lstrip("\ufeff \t\r\n")[:1] in ("{", "[")
    return any(_stands(html, *words) for words in _SAYS_EMPTY.items()) or (answer and bool(_NO_ROWS.search(html)))


def _stands(html: str, first: str, pattern: re.Pattern[str]) -> bool:
    """Whether a pattern whose first sign is known fits anywhere."""
    at = html.find(first)
    while at >= 0 and not pattern.match(html, at):
        at = html.find(first, at + 1)
    return at >= 0


def account(page: Page) -> str:
    """A page in words, and what to try."""
    title = f"{page.title!r}, " if page.title else ""
    if not page.capture.body.strip():
        return f"an empty answer (status {page.capture.status})"
    if page.html is not None and page.html.lstrip("\ufeff \t\r\n")[:1] in "[{":
        return f"an answer in JSON: {page.html.strip()[:80]}"
    if page.tree is not None and page.kind != "redirect":
        shown = len(seen_of(page).flat)
        if shown < _SHOWN and "<script" in (page.html or "").lower():
            return f"{title}a page of {shown} characters that its scripts fill; `browser = true` shows it whole"
        if shown == 0:
            return "a page without a word"
    return title + _ACCOUNTS.get(page.kind or "", f"a page of kind {page.kind}")


def survey_again(page: Page, position: Position, why: Why, ways: Ways) -> Survey:
    """The survey of a page that came again unchanged, and is known without its source: `ways` are those of then."""
    return Survey(ways if leads_on(page, position, why) else None, None, None, account(page), says_empty(page))
