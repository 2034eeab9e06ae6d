"""What is noted on a page that a walk met: why it leads nowhere, and where its own words speak against the trail."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from crawler.records.page import Page
from crawler.records.ways import Position, Ways, Why
from crawler.words.addresses import canonical
from crawler.words.breadcrumb import disagreement

_REFUSALS = frozenset({401, 403, 405, 406, 444})
"""Statuses over a home page by which a portal, or what stands before it, refuses the one who asks."""
_REMEDY = (
    "the portal refused our agent or address; ask its administrators and set `user_agent` in the profile as they"
    " say, or crawl from another network"
)


def label_of(position: Position) -> str:
    """The words of the link that led to a page."""
    return position.trail[-1].label if position.trail else "首页"


def standing(labels: Sequence[str]) -> str:
    """The first labels of a page from which nothing led on, for a person to see what the trail missed."""
    return f"labels that stood there: {'、'.join(labels[:30]) or 'nothing'}"


def skip(page: Page, reason: str) -> None:
    """Count one link of the page that is not followed (SKIP_REASONS)."""
    page.links_skipped[reason] = page.links_skipped.get(reason, 0) + 1


def check_words(page: Page, position: Position) -> None:
    """A breadcrumb that disagrees with the trail, and a page of the column that looks like a report."""
    if not position.in_column:
        return
    if page.breadcrumb:
        detail = disagreement(page.breadcrumb, [step.label for step in position.trail], position.year)
        if detail is not None:
            page.problem("breadcrumb_disagrees", detail)
    if page.kind != "report" and page.lookalike is not None:
        page.problem("lookalike", f"{page.title or page.capture.url}: {page.lookalike}")


def is_failure(page: Page) -> bool:
    """Whether there is no page: a status says so."""
    return page.kind == "missing" or page.capture.status == 304 or (page.capture.status >= 400 and page.kind == "other")


def check_status(page: Page, position: Position, why: Why) -> bool:
    """Whether there is a page at all; a status that says otherwise is a problem, but for a home page that is missing:
    of that the trail tells."""
    status = f"status {page.capture.status} where {label_of(position)!r} led"
    stood = unquote(canonical(position.trail[-1].url)) if position.trail and why in ("step", "item") else None
    if stood is not None and stood != unquote(canonical(page.capture.url)):
        status += f", asked as {position.trail[-1].url}"
    if page.kind == "missing":
        if position.trail:
            page.problem("dead_link", status)
        return False
    if is_failure(page):
        refused = not position.trail and page.capture.status in _REFUSALS
        page.problem("http_error", f"{status}: {_REMEDY}" if refused else status)
        return False
    return True


def is_empty_list(ways: Ways) -> bool:
    """Whether a page from which nothing leads on has a list all the same: one that states no entry, or has a pager."""
    return ways.stated_total == 0 or ways.paging_rule is not None


def check_dead_end(page: Page, position: Position, ways: Ways, says_empty: bool) -> bool:
    """Whether a step into the column led to a page from which it does not go on and that does not say it is empty."""
    if ways.next or ways.items or is_empty_list(ways) or says_empty:
        return False
    detail = f"after {label_of(position)!r} no year, region or report; {standing(ways.labels)}"
    page.problem("trail_broken", detail)
    return True
