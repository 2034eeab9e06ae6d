"""What came in a page's place: a file, a shield, a page that waits, says that there is nothing, or sends on."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from lxml import etree

from crawler.navigation.redirects import redirect_target
from crawler.words.breadcrumb import read_breadcrumb
from crawler.words.text import one_line, unspaced
from pipelines.describe.caption import reads_like_report
from pipelines.documents.places import is_called_file
from pipelines.documents.stage import report_of
from pipelines.recognise.facts import Facts
from pipelines.recognise.marks import (
    CAPTCHA,
    CHALLENGE_MARKS,
    CHALLENGE_STATUS,
    CHALLENGE_TEXT,
    CHALLENGE_WORDS,
    CLOSED_WORDS,
    COOKIE_RELOAD,
    HAN,
    MISSING_HINTS,
    MISSING_TEXT,
    MISSING_TITLE,
    MISSING_WORDS,
    REFUSAL_TEXT,
    REFUSAL_WORDS,
    TOKEN_ADDRESS,
    WAIT_TEXT,
    WAIT_WORDS,
)
from pipelines.recognise.reports import Answer

NOTHING_CAME, NOT_YET = "nothing came", "not there yet"
_sources: Any = etree.XPath("//script/@src", smart_strings=False)


def not_text(facts: Facts) -> Answer:
    """A file or data in a page's place; a document that is itself a report."""
    kind = facts.page.media_type
    if kind is None or kind == "text/html" or facts.tree is not None or not facts.page.capture.body.strip():
        return None
    if facts.status >= 300 and not _is_document_all_the_same(facts):
        return None
    if (told := report_of(facts.page)) is not None:
        return "report", f"{told[0]}; {', '.join(told[1])}"
    return ("other", kind) if kind.startswith("text/") or kind in _DATA else ("attachment", kind)


_DATA = {"application/json", "application/xml", "application/javascript"}


def _is_document_all_the_same(facts: Facts) -> bool:
    """A failure's status over a file: no server makes up a PDF to say that there is none."""
    return facts.status >= 400 and facts.page.capture.body.startswith(_DOCUMENTS)


_DOCUMENTS = (b"%PDF-", b"\xd0\xcf\x11\xe0", b"PK\x03\x04")


def status(facts: Facts) -> Answer:
    """A status that says all: sent on, or one that shields alone send. A page that is whole is read for what it is."""
    status = facts.status
    shown = len(facts.flat) >= CHALLENGE_TEXT or len(facts.chapters) >= _WHOLE
    if 300 <= status < 400 and status != 304 and not (shown and _leads_nowhere(facts)):
        return "redirect", f"status {status} to {facts.page.capture.header('location') or 'nowhere'}"
    if status in CHALLENGE_STATUS and not shown:
        return "challenge", f"status {status}, {CHALLENGE_STATUS[status]}"
    return None


_WHOLE = 3
"""Chapters of a report that no shield's page has, however short."""


def _leads_nowhere(facts: Facts) -> bool:
    """Whether a redirect names no address: browsers then show the page that came with it."""
    return not (facts.page.capture.header("location") or "").strip() and redirect_target(facts.page) is None


def shield(facts: Facts) -> Answer:
    """A mark of a shield on a page without content; a server header counts only with a status that refuses."""
    if len(facts.flat) >= CHALLENGE_TEXT or (facts.status < 300 and facts.links >= 8) or facts.status in (404, 410):
        return None
    if facts.status == 200 and not _ARTICLE_METAS.isdisjoint(facts.metas):
        return None
    if (told := _mark(facts) or _script(facts)) is not None:
        return None if _is_own(facts) else ("challenge", told)
    words = facts.flat + facts.document_title
    if found := CHALLENGE_WORDS.search(words):
        return "challenge", found.group()
    refuses = facts.status in _REFUSING or len(facts.flat) < REFUSAL_TEXT
    if found := REFUSAL_WORDS.search(words if refuses else facts.document_title):
        return "challenge", found.group()
    return None


def _mark(facts: Facts) -> str | None:
    """A shield's mark in the source, and in the headers of a status with which it refuses."""
    source = facts.source
    if facts.status >= 400 or facts.status == 202:
        source += " ".join(f"{name}: {value}" for name, value in facts.page.capture.headers)
    for words, system in CHALLENGE_MARKS:
        if words in source:
            return f"{system}: {words}"
    if len(facts.flat) < WAIT_TEXT and (found := CAPTCHA.search(source[:200_000])):
        return found.group()[:60]
    return None


def _script(facts: Facts) -> str | None:
    """A page without a word whose script asks for it once more, as nobody but a shield does."""
    if facts.flat:
        return None
    if (target := redirect_target(facts.page)) is not None and facts.status not in range(300, 400):
        own = facts.page.capture.url.partition("?")[0]
        if target.partition("?")[0] == own and TOKEN_ADDRESS.search(target) and "<meta" not in facts.source.lower():
            return "a script that asks for the same address with a token"
    if COOKIE_RELOAD.search(facts.source[:20000]):
        return "a script that sets a cookie and loads itself again"
    return None


_ARTICLE_METAS = frozenset({"articletitle", "pubdate"})
_SITE_METAS = frozenset({"sitename", "sitedomain", "siteidcode", "columnname", "columntype"})
"""Metas that a government's pages have to have, in small letters (sources/pages#page-tags)."""


def _is_own(facts: Facts) -> bool:
    """Whether a page that came with success is the site's own, however short, and a shield let it through, which leaves
    its script in: it has metas of the site, says where it stands, shows chapters, leads to a file or to a report."""
    if facts.status != 200:
        return False
    return (
        not _SITE_METAS.isdisjoint(facts.metas)
        or len(facts.chapters) >= _WHOLE
        or len(read_breadcrumb(facts.tree, facts.seen)) > 1
        or any(reads_like_report(words) for words in facts.link_words)
        or any(is_called_file(link, link.get("href")) for link in facts.anchors if link.get("href"))
    )


_REFUSING = frozenset({401, 403, 405, 406, 412, 418, 429, 444, 468, 493, 499, 501, 503, 512, 514, 521, 567})
"""Statuses with which firewalls refuse: 4xx and 5xx that say something of the one who asks, and vendors' own."""


def asks_to_wait(facts: Facts) -> Answer:
    """Nothing, or a page that is not there yet (sources/obstacles#first-answers): no links, no text, no way on."""
    if facts.status in (200, 202, 203, 204, 205) and not facts.page.capture.body.strip():
        return None if facts.page.capture.header("refresh") else ("other", NOTHING_CAME)
    if facts.status not in (200, 202, 203) or facts.page.media_type not in (None, "text/html", "text/plain"):
        return None
    if facts.links or len(facts.flat) > WAIT_TEXT or facts.tree is None or facts.frames:
        return None
    if _sources(facts.tree):
        return None  # its scripts may bring the rest: a browser's business
    found = WAIT_WORDS.search(facts.flat + facts.document_title)
    return ("other", f"{NOT_YET}: {found.group()}") if found and redirect_target(facts.page) is None else None


def missing(facts: Facts) -> Answer:
    """A polite page: says that there is nothing and shows nothing else."""
    if "articletitle" in facts.metas and not MISSING_TITLE.search(unspaced(facts.metas["articletitle"])):
        return None
    if found := MISSING_TITLE.search(facts.document_title):
        if facts.beside_links < MISSING_TEXT:
            return "missing", f"title: {found.group()}"
    elif len(facts.flat) > 4000:
        return None
    if not any(words in facts.flat for words in MISSING_HINTS):
        return None
    found = MISSING_WORDS.search(facts.flat)
    # three chapters: a short report whose answer to an applicant was 该信息不存在
    if found and facts.beside_links < MISSING_TEXT and facts.dates < 5 and len(facts.chapters) < 3:
        return "missing", found.group()
    return None


_ERROR_TITLE = re.compile(
    r"^(?:http|error|status)?[:\s-]{0,3}[45]\d\d\b|\b(?:forbidden|access denied|not found|bad (?:gateway|request)|"
    r"unavailable|time-?out|timed out|unauthori[sz]ed|server error|exception|cannot be displayed|under maintenance|"
    r"not allowed|nginx|tomcat|iis)\b",
    re.I,
)
_ABSENT = re.compile("404|410|not found|no longer|does not exist|cannot be found", re.I)
_FOREIGN, _SHORT = 8, 3000


def foreign_error(facts: Facts) -> Answer:
    """A page of a server or proxy in English, served with status 200: hardly a Chinese character, an error's words."""
    if (
        len(facts.flat) > _SHORT
        or sum(1 for _ in islice(HAN.finditer(facts.flat), _FOREIGN + 1)) > _FOREIGN
        or facts.page.context.is_home
    ):
        return None
    words = one_line(" ".join((*facts.seen.head.titles, facts.seen.words[:600])))
    found = _ERROR_TITLE.search(words)
    if found is None:
        return None
    return ("missing" if _ABSENT.search(words) else "other"), f"an error in English: {found.group()}"


def moved(facts: Facts) -> Answer:
    """A page that only sends on, with next to nothing to read (sources/obstacles#redirects-in-pages)."""
    target = redirect_target(facts.page)
    return None if target is None else ("redirect", target[:120])


def attached(facts: Facts) -> Answer:
    """A file that belongs to a report and comes as HTML: a Word document in disguise."""
    return ("attachment", "a file of a report's page") if facts.page.context.attached else None


def closed(facts: Facts) -> Answer:
    """A site that says it was closed or moved."""
    if len(facts.flat) < 600 and facts.links < 10 and (found := CLOSED_WORDS.search(facts.flat)):
        return "other", found.group()
    return None
