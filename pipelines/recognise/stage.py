"""Second stage: what a page is, by rules that can be listed, with the evidence of the one that decided.

The rules are asked in order (`RULES`); the first that answers decides. A page that can't be one thing for certain is
called what it does least harm as: never a report on doubt, never missing where there is a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from crawler.records.capture import Evidence
from crawler.records.page import Page
from crawler.words.breadcrumb import read_breadcrumb
from crawler.words.display import seen_of
from crawler.words.text import squeeze
from pipelines.describe.headline import headline
from pipelines.recognise.facts import Facts
from pipelines.recognise.failures import (
    asks_to_wait,
    attached,
    closed,
    foreign_error,
    missing,
    moved,
    not_text,
    shield,
    status,
)
from pipelines.recognise.marks import (
    HAN,
    SITE_MAP,
    SPAM_IN_TEXT,
    SPAM_WORDS,
    WAITS,
)
from pipelines.recognise.reports import ARTICLE_PATH, Answer, body_files, entries, report, report_by_text

MAX_TITLE = 500
"""Characters of a title; the longest real one has some eighty."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to tell a page: its name, where it was learnt, and what it answers (kind and detail) or None."""

    name: str
    source: str
    ask: Callable[[Facts], Answer]


def _failed(facts: Facts) -> Answer:
    """A status of failure; unless the page is whole all the same (sources/obstacles#odd-status), as it is with a report
    for its body, with links to reports, or with the home page, and does not say itself that there is nothing."""
    if 200 <= facts.status < 400:
        return None
    nothing: Answer = ("missing" if facts.status in (404, 410) else "other", f"status {facts.status}")
    if facts.status < 400 or facts.tree is None or (missing(facts) is not None and len(facts.chapters) < 3):
        return nothing
    _name(facts.page)
    if report(facts) is not None and len(facts.chapters) >= 3:
        return None
    if facts.page.context.is_home and facts.links >= 3:
        return None
    return None if _lists_reports(facts) else nothing


def _lists_reports(facts: Facts) -> bool:
    """Whether at least two links of a page bear titles of reports: an error's page has none but its menu's."""
    titles = (squeeze("".join(link.itertext()))[:MAX_TITLE] for link in islice(facts.tree.iter("a"), _MOST_LINKS))
    return len({title for title in titles if _TITLE.search(title)}) >= 2


_TITLE = re.compile(r"(?:19|20)\d\d年?(?:度)?.{0,12}(?:信息公开).{0,8}(?:年报|年度?报告)")
_MOST_LINKS = 1000


def _hijacked(facts: Facts) -> Answer:
    """Betting or pornographic words where the page names itself; in the text only beside many links of that kind."""
    own = " ".join((facts.document_title, facts.page.title or "", *facts.metas.values())).lower()
    found = SPAM_WORDS.search(own)
    if found is None:
        spam = [words for words in SPAM_IN_TEXT if words in facts.flat]
        return ("other", f"in the text: {', '.join(spam)}") if len(spam) >= 3 else None
    return "other", found.group()


def _home(facts: Facts) -> Answer:
    return ("home", "the portal's home page") if facts.page.context.is_home else None


def _list(facts: Facts) -> Answer:
    """Dated items: more dates than a publication line needs, and links to go with them."""
    if facts.dates >= 5 and facts.links >= 5 and not facts.published:
        return "list", f"{facts.dates} dates, {facts.links} links"
    return None


def _article(facts: Facts) -> Answer:
    if facts.published:
        return "article", facts.published
    if ARTICLE_PATH.search(facts.url.path) and (HAN.search(facts.flat) or body_files(facts)):
        return "article", facts.url.path
    sentences = facts.flat.count("。")
    if sentences >= 10 and facts.beside_links > 600:
        return "article", f"{sentences} sentences"
    return None


def _root(facts: Facts) -> Answer:
    if not facts.root:
        return None
    named = facts.metas.get("columnname", "公共头") != "公共头"
    if "articletitle" in facts.metas or "pubdate" in facts.metas:
        return None
    if facts.links >= 150 or (facts.links >= 100 and not named and not facts.paging and not facts.page.breadcrumb):
        return "home", f"root address, {facts.links} links"
    return None


def _site_map(facts: Facts) -> Answer:
    found = SITE_MAP.search((facts.page.title or "") + facts.document_title)
    return ("other", found.group()) if found else None


def _short_list(facts: Facts) -> Answer:
    if facts.links and (facts.paging or (facts.dates >= 2 and facts.links >= 3)):
        return "list", f"{facts.dates} dates, {facts.links} links" + (", paging" if facts.paging else "")
    return None


def _column(facts: Facts) -> Answer:
    if facts.tree is None:
        return None
    if frames := [source for source in facts.frames if not _NO_FRAME.match(source)]:
        return "column", f"frame {frames[0][:80]}"
    if "columnname" in facts.metas:
        return "column", f"meta columnname {facts.metas['columnname'][:40]}"
    few_sentences = facts.flat.count("。") < 4
    if facts.links >= 25 or (facts.links >= 3 and few_sentences and facts.page.title):
        return "column", f"{facts.links} links"
    return None


_NO_FRAME = re.compile(r"\s*(?:javascript:|about:|data:|#|$)", re.I)

RULES: tuple[Rule, ...] = (
    Rule("not_a_page", "sources/obstacles#files-in-place-of-pages", not_text),
    Rule("status", "sources/obstacles#challenges, sources/pages#soft-404", status),
    Rule("shield", "sources/obstacles#challenges", shield),
    Rule("refused", "sources/obstacles#challenges (any other status of failure)", _failed),
    Rule(WAITS, "sources/obstacles#first-answers", asks_to_wait),
    Rule("home", "sources/pages#home-pages (the profile's)", _home),
    Rule("says_missing", "sources/pages#soft-404", missing),
    Rule("foreign_error", "sources/pages#soft-404", foreign_error),
    Rule("sends_on", "sources/obstacles#redirects-in-pages", moved),
    Rule("attached", "sources/obstacles#files-in-place-of-pages", attached),
    Rule("site_closed", "sources/named-pages#gdfzb-closed", closed),
    Rule("hijacked", "sources/obstacles#spam-and-clones", _hijacked),
    Rule("entries", "sources/pages#lists", entries),
    Rule("report", "sources/pages#titles, sources/obstacles#files-in-place-of-pages", report),
    Rule("report_by_text", "sources/pages#titles", report_by_text),
    Rule("root", "sources/pages#home-pages", _root),
    Rule("dated_items", "sources/pages#lists", _list),
    Rule("published", "sources/pages#publication-line", _article),
    Rule("site_map", "sources/named-pages#dz-sitemap", _site_map),
    Rule("few_items", "sources/named-pages#dz-zcjd-empty", _short_list),
    Rule("links", "sources/pages#names-of-columns", _column),
)
"""Every rule in the order in which it is asked."""


def recognise(page: Page) -> None:
    """Fill `page.kind`, `page.evidence`, `page.title`, `page.breadcrumb` and, for an article, `page.lookalike`.

    Never raises. Problems: `hijacked`, `page_cut`. Challenges, absences and lookalikes are noted as problems by whoever
    followed the link, who knows whether it mattered.
    """
    facts = Facts(page)
    for rule in RULES:
        if rule.name == "home" and facts.status < 400:
            _name(page)
        answer = rule.ask(facts)
        if answer is not None:
            page.kind, detail = answer
            page.evidence.append(Evidence(rule.name, detail))
            if rule.name == "hijacked":
                page.problem("hijacked", detail)
            elif rule.name == WAITS:
                page.problem("empty_answer", f"status {facts.status}: {detail}")
            elif _is_odd(facts.status) and page.kind not in _NO_PAGE and rule.name != "refused":
                page.problem(
                    "odd_status", f"status {facts.status} over a page that is whole; it was read as {page.kind}"
                )
            break
    else:
        page.kind = "other"
        page.evidence.append(Evidence("nothing_known", "no rule answers"))
    if page.kind == "article":
        _say_lookalike(page, facts)


_NO_PAGE = frozenset({"challenge", "missing", "redirect"})


def _is_odd(status: int) -> bool:
    """Whether a status says that there is no page: a failure's, or a redirect's that leads nowhere."""
    return status >= 300 and status != 304


def _name(page: Page) -> None:
    """Title and breadcrumb, once it is clear that a page came."""
    if page.tree is None:
        return
    page.breadcrumb = read_breadcrumb(page.tree, seen_of(page))
    page.title, evidence = headline(page, page.breadcrumb)
    if page.title is not None and len(page.title) > MAX_TITLE:
        page.problem("page_cut", f"a title of {len(page.title)} characters; the first {MAX_TITLE} are read")
        page.title = page.title[:MAX_TITLE]
    if evidence is not None and len(evidence.detail) > 2 * MAX_TITLE:
        evidence = Evidence(evidence.rule, evidence.detail[: 2 * MAX_TITLE])
    if evidence is not None:
        page.evidence.append(evidence)


def _say_lookalike(page: Page, facts: Facts) -> None:
    verdict = facts.verdict
    if verdict.kind == "lookalike":
        page.lookalike = verdict.rule
        page.evidence.append(Evidence(f"lookalike: {verdict.rule}", verdict.detail))
    elif verdict.kind == "report":
        page.lookalike = "no_report_text"
        page.evidence.append(
            Evidence("lookalike: no_report_text", f"{verdict.detail}, but {len(facts.chapters)} chapters")
        )
