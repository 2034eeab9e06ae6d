"""Pages that a script asks for by a form which it fills and sends, old JSP and ASP as they are:

    function goPage(n){ document.forms[0].pageNo.value = n; document.forms[0].submit(); }

What else the form holds goes along as it stands, marks of the session among it (sources/systems#old-asp).
"""

from __future__ import annotations

from itertools import islice
from typing import Any
from urllib.parse import urlencode

from lxml import etree

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.words.addresses import host_of, join, trap
from crawler.words.labels import read_label
from crawler.words.posts import posted_form, target_of

_MAX_FIELDS = 40
_MAX_LENGTH = 20_000
"""Characters of a field at most: what is longer is a page's state, for a convention that knows it (aspnet.py)."""
_forms: Any = etree.XPath("//form", smart_strings=False)


def sent_form(source: Source) -> Paging | None:
    """The pages whose numbers a script of the page sends in a form's field; None where it does not."""
    if source.tree is None or "submit" not in source.html:
        return None
    shifts: dict[str, int] = {}
    last = source.page_no
    others: dict[str, str] = {}
    for link in source.links:
        said = read_label(link.label)
        if link.url or said.kind not in ("number", "next"):
            continue
        filled = source.functions.sent(link.element.get("onclick") or link.href)
        number = said.number if said.kind == "number" else source.page_no + 1
        for name, value in (filled or {}).items():
            if value.isdecimal() and number - int(value[:6]) in (0, 1) and number > source.page_no:
                shifts.setdefault(name, number - int(value[:6]))
                last = max(last, number)
            else:
                others[name] = value
    for name, shift in shifts.items():
        form = next((form for form in _forms(source.tree)[:20] if _field(form, name) is not None), None)
        if form is not None:
            return _pages(source, form, name, shift, others, max(last, source.pages_said or 0))
    return None


def _field(form: Any, name: str) -> Any:
    """The field of a form by its name or id."""
    fields = form.iter("input", "select")
    return next((field for field in fields if name in (field.get("name"), field.get("id"))), None)


def _pages(source: Source, form: Any, name: str, shift: int, others: dict[str, str], last: int) -> Paging | None:
    """The addresses of the pages up to the last, by a form in which `name` holds the page's number less `shift`."""
    key = _field(form, name).get("name") or name
    held: dict[str, str] = {}
    for field in islice(form.iter("input"), _MAX_FIELDS + 1):
        kind = (field.get("type") or "text").lower()
        if kind == "password" or len(field.get("value") or "") > _MAX_LENGTH:
            return None
        if kind in ("hidden", "text") and field.get("name") and field.get("name") != key:
            held[field.get("name")] = field.get("value") or ""
    held |= {other: value for other, value in others.items() if other in held}
    target = join(source.url, form.get("action") or "") or target_of(source.url)
    if len(held) > _MAX_FIELDS or host_of(target) != host_of(source.url) or trap(target) is not None:
        return None
    numbers = range(source.page_no + 1, min(last, MAX_PAGES) + 1)
    if (form.get("method") or "get").strip().lower() == "post":
        pages = [(number, posted_form(target, {key: str(number - shift)})) for number in numbers]
        return Paging("sent form", pages, None, source.pages_said, form=held)
    head = target.partition("?")[0]
    asked = [(number, f"{head}?{urlencode(held | {key: str(number - shift)})}") for number in numbers]
    return Paging("sent form", asked, None, source.pages_said)
