"""ASP.NET's postback paging: a page's form sent back with `__doPostBack('pager','2')` (sources/systems#aspnet).

Two shapes: a pager whose argument is the page's number (AspNetPager `'2'`, GridView `'Page$2'`), which can be asked
for any page; and a button (下一页, or a number, no argument) that goes on from the page it stands on, told by that
page's state.
"""

from __future__ import annotations

import html
import re
from hashlib import blake2b

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.system import PagingRule, System
from crawler.words.addresses import join
from crawler.words.labels import read_label
from crawler.words.posts import posted_form, target_of

_CALL = re.compile(r"javascript:\s*__doPostBack\s*\(\s*['\"]([^'\"]{1,200})['\"]\s*,\s*['\"]([^'\"]{0,40})['\"]", re.I)
_NUMBER = re.compile(r"((?:Page\$)?)(\d{1,5})")
_HIDDEN = re.compile(r"<input\b(?=[^<>]*\btype\s*=\s*[\"']?hidden)[^<>]*>", re.I)
_NAME = re.compile(r"\bname\s*=\s*[\"']([^\"']{1,200})[\"']", re.I)
_VALUE = re.compile(r"\bvalue\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)
_FORM = re.compile(r"<form\b[^<>]*>", re.I)
_ACTION = re.compile(r"\baction\s*=\s*[\"']([^\"']{1,500})[\"']", re.I)
_TARGET, _ARGUMENT, _STATE = "__EVENTTARGET", "__EVENTARGUMENT", "__VIEWSTATE"


def postback(source: Source) -> Paging | None:
    """The further pages of a list in such a form; the form's hidden fields go along with every request."""
    if "__doPostBack" not in source.html or _STATE not in source.html:
        return None
    calls = _calls(source)
    if not calls:
        return None
    form = _hidden(source.html)
    url = _action(source)
    numbered = {int(found.group(2)): (target, found.group(1)) for target, argument, _ in calls
                if (found := _NUMBER.fullmatch(argument)) is not None}  # fmt: skip
    if not numbered:
        return _stepwise(source, url, form, calls)
    target, prefix = next(iter(numbered.values()))
    last = min(max(source.pages_said or 0, *numbered), MAX_PAGES)
    if source.page_no > 1:  # the first page has named the others, unless it did not know of them
        last = min(last, source.page_no + 1)
    pages = [
        (number, posted_form(url, {_TARGET: target, _ARGUMENT: f"{prefix}{number}"}))
        for number in range(source.page_no + 1, last + 1)
    ]
    return Paging("__doPostBack number", pages, None, source.pages_said, form=form)


def _stepwise(source: Source, url: str, form: dict[str, str], calls: list[tuple[str, str, str]]) -> Paging | None:
    """Buttons alone: the next page is named by the state of this one, or all of them would be one address."""
    number = source.page_no + 1
    for target, argument, label in calls:
        if label == str(number) or read_label(label).kind == "next":
            state = blake2b(form.get(_STATE, "").encode(), digest_size=8).hexdigest()
            address = posted_form(url, {_TARGET: target, _ARGUMENT: argument, _STATE: state})
            return Paging("__doPostBack next", [(number, address)], None, source.pages_said, form=form)
    return None


def _calls(source: Source) -> list[tuple[str, str, str]]:
    """Target, argument and label of the paging controls."""
    calls = []
    for link in source.links:
        kind = read_label(link.label).kind
        if kind in ("number", "next", "last") and (found := _CALL.match(link.href)) is not None:
            calls.append((found.group(1), found.group(2), link.label))
    return calls


def _hidden(text: str) -> dict[str, str]:
    """The hidden fields of a page by name, without the two that say what was pressed."""
    fields = {}
    for found in _HIDDEN.finditer(text):
        name, value = _NAME.search(found.group()), _VALUE.search(found.group())
        if name is not None and name.group(1) not in (_TARGET, _ARGUMENT):
            said = (value.group(1) or value.group(2) or "") if value is not None else ""
            fields[html.unescape(name.group(1))] = html.unescape(said)
    return fields


def _action(source: Source) -> str:
    """Where the form with the state is sent: its action, else the page's own address; a search has a form as well."""
    own = target_of(source.url)
    forms = _FORM.findall(source.html, 0, source.html.find(_STATE))
    found = _ACTION.search(forms[-1]) if forms else None
    return (found and join(own, html.unescape(found.group(1)))) or own


SYSTEM = System(
    name="ASP.NET",
    # hrss.yn.gov.cn/InfoPublic.aspx?cid=1019&pid=971&page=1; the hidden state of WebForms
    source="sources/systems#aspnet",
    server="aspnet",
    marks=(r"__VIEWSTATE|__doPostBack",),
    addresses=(r"\.aspx(?:\?|$)",),
    paging=(PagingRule("__doPostBack", "sources/systems#aspnet", postback),),
)
