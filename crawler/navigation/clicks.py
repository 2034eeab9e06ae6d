"""Where a click leads when a link has no address of its own: what its script says, an attribute, the row around it.

The general forms (sources/pages#scripts): `onclick` and `javascript:` with an address written out or put together by a
function of the page; an address in an attribute of the link's own making (data-href, data-url, data-link …); either of
them on the element around the words instead of on the link; an option of a select, a radio or a button that sends on,
or that a form asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote

from lxml import etree

from crawler.conventions.functions import Functions
from crawler.conventions.handlers import Handler, elements_of
from crawler.words.addresses import is_file
from crawler.words.display import Seen
from crawler.words.posts import posted_form

_ONCLICK = re.compile(
    r"(?:location(?:\s*\.\s*href)?\s*=|location\s*\.\s*(?:assign|replace)\s*\(|window\s*\.\s*open\s*\()\s*(?:encodeURI\w*\s*\(\s*)?"
    r"[\"']([^\"']{1,500})[\"'](?!\s*\+)"
)
"""location.href='…' with the address written out; one put together from parts is for `Functions`."""
_ADDRESS = re.compile(
    r"(?:https?:)?//[^\s/]+\.[^\s]+|(?:https?:)?//[\w.:-]+(?:/\S*)?|(?:\.{0,2}/|\?)[^\s\"'<>{}]*"
    r"|[\w%./-]+\.(?:s?html?|jspx?|aspx?|php|do|action|jhtml|pdf|docx?|wps|xlsx?|ofd)(?:\?\S*)?",
    re.I,
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|svg|webp|bmp|ico|css|js|mp4|swf)(?:\?|$)", re.I)
_NAMED = re.compile(r"(?:data-|ng-|v-|v-bind:|x-bind:|:|_)?(?:[a-z]+-?)?(?:href|url|link|uri|address|jump|path)", re.I)
"""Attributes that hold where a click leads; data-src and data-original are pictures to be shown later."""
_OWN = re.compile(r"(?:data-|_)[a-z-]+|to", re.I)
"""On a link without an address of its own any attribute of the site's making may hold it."""
_IN_OBJECT = re.compile(r"[\"']?(?:href|url|link|path)[\"']?\s*:\s*[\"']([^\"']{2,500})[\"']", re.I)
"""An address among the values of an object that an attribute holds: {"url": "/a/1.html"}."""
_LEFT_OUT = frozenset(
    {"img", "script", "iframe", "frame", "source", "video", "audio", "form", "body", "html", "link", "input"}
)
_MAX_ABOVE = 3
"""Elements above a link that may be what is clicked: the words, their row, the row's frame."""
_MAX_OPTIONS = 2_000
_MAX_VAIN = 5
"""Elements for which a bound function may come to nothing, before the others are not tried."""
_pressed_fields: Any = etree.XPath(
    "//form//input[@name and (@type='radio' or @type='submit')] | //form//button[@name and @value]", smart_strings=False
)
_selects: Any = etree.XPath("//select[option or optgroup]", smart_strings=False)


def bound(tree: Any, functions: Functions) -> dict[Any, str]:
    """The addresses that elements lead to by what a script binds to them: a select's options by their values."""
    found: dict[Any, str] = {}
    for handler in functions.handlers:
        vain = 0
        for element in elements_of(handler, tree) if handler.event != "scroll" else ():
            for target, attributes in _targets(element, handler, found):
                if told := functions.handled(handler, attributes):
                    found[target] = told
                vain += not told
                if vain > _MAX_VAIN:
                    break  # what a function is bound to has the same attributes
            if vain > _MAX_VAIN:
                break
    return found


def _targets(element: Any, handler: Handler, found: dict[Any, str]) -> Iterator[tuple[Any, dict[str, str]]]:
    """What is chosen or clicked of an element that a function is bound to and leads nowhere yet, with the attributes
    that the function meets: each option of a select, for it has their value; else the element itself."""
    own = dict(element.attrib.items())
    if element.tag == "select":
        for option in islice(element.iter("option"), _MAX_OPTIONS):
            value = (option.get("value") or "").strip()
            if value and option not in found:
                yield option, {**own, "value": value}
    elif handler.event == "click" and element not in found and not _leads(element):
        yield element, own


def _leads(element: Any) -> bool:
    """Whether an element is a link with an address of its own, or holds one."""
    hrefs = (link.get("href") or "" for link in islice(element.iter("a"), _MAX_OPTIONS))
    return any(href and href[0] != "#" and href[:11].lower() != "javascript:" for href in hrefs)


def scripted(element: Any, href: str, functions: Functions, handled: Mapping[Any, str] = MappingProxyType({})) -> str:
    """The address that a click on an element without an address of its own leads to, else `href` as it is.

    Looked for in its script, in what is bound to it (`handled`), in its attributes, then in those around it.
    """
    if href and href[0] != "#" and href[:11].lower() != "javascript:":
        return href
    if href[:11].lower() == "javascript:" and (told := _said(element, unquote(href), functions)):
        return told
    at = element
    for _ in range(_MAX_ABOVE + 1):
        if at is None or at.tag in ("body", "html", "ul", "ol", "table", "tbody"):
            break
        if told := handled.get(at) or _of_element(at, functions):
            return told
        at = at.getparent()
    return href


def _of_element(element: Any, functions: Functions) -> str | None:
    code = element.get("onclick") or element.get("onmousedown") or element.get("onmouseup")
    return (code and _said(element, code, functions)) or _attribute(element)


def _said(element: Any, code: str, functions: Functions) -> str | None:
    plain = _ONCLICK.search(code[:1000])
    if plain is not None:
        return plain.group(1)
    return functions.address(code, element.attrib) if "(" in code or "=" in code else None


def _attribute(element: Any) -> str | None:
    """The address in an attribute of the site's own making; None where none is one."""
    for name, value in element.attrib.items():
        if name == "href" or not isinstance(name, str):
            continue
        if not _NAMED.fullmatch(name) and not (element.tag == "a" and _OWN.fullmatch(name)):
            continue
        value = str(value).strip().strip("\"'")
        if value[:1] == "{" and (held := _IN_OBJECT.search(value[:2000])):
            value = str(held[1])
        if 1 < len(value) <= 1000 and _ADDRESS.fullmatch(value) and not _PICTURE.search(value):
            return str(value)
    return None


def clickable(
    tree: Any,
    functions: Functions,
    pressed: list[Any] | None = None,
    handled: Mapping[Any, str] = MappingProxyType({}),
) -> Iterator[tuple[Any, str]]:
    """What is no link and leads on when it is clicked, with its address: rows, cards, words, and options of selects.
    `pressed`: the elements of the tree that may (`display.Seen.pressed`), where they are known; `handled`: what is
    bound to elements.

    An element with a script that no words settle comes with the script as its address, for its words still say what
    the page has.
    """
    for element, address in handled.items():
        if element.tag not in ("a", "area") and next(element.iter("a"), None) is None:
            yield element, address
    for element in Seen(tree).pressed if pressed is None else pressed:
        if element in handled:
            continue
        if element.tag in _LEFT_OUT and not (element.tag in ("input", "img") and element.get("onclick")):
            continue
        if any(link.get("href") or link.get("onclick") for link in element.iter("a")):
            continue  # the links inside are read by themselves
        told = _of_element(element, functions)
        if told is not None:
            yield element, told
        elif element.get("onclick") and element.tag != "img":
            yield element, f"javascript:{element.get('onclick')[:200]}"
    for select in _selects(tree):
        yield from _options(select, functions)
    yield from _choices(tree)
    yield from _bare_forms(tree)


def _options(select: Any, functions: Functions) -> Iterator[tuple[Any, str]]:
    """The options that lead somewhere: by their value, by the select's script, or as what a form asks for."""
    code = select.get("onchange") or select.get("onclick") or ""
    form = next(select.iterancestors("form"), None)
    for count, option in enumerate(select.iter("option")):
        value = (option.get("value") or "").strip()
        if count >= _MAX_OPTIONS:
            return
        if not value:
            continue
        if _ADDRESS.fullmatch(value):
            yield option, value
        elif code and (told := functions.address(code, {**dict(select.attrib.items()), "value": value})):
            yield option, told
        elif form is not None and select.get("name") and (asked := _asked(form, select.get("name"), value)):
            yield option, asked


def _choices(tree: Any) -> Iterator[tuple[Any, str]]:
    """The buttons of a form by which it is sent with a value, and its radios, those with the words beside them."""
    for field in islice(_pressed_fields(tree), _MAX_OPTIONS):
        form = next(field.iterancestors("form"), None)
        value = field.get("value") or ""
        if form is None or not value or not (asked := _asked(form, field.get("name"), value)):
            continue
        words = field
        if field.get("type") == "radio":
            around = next(islice(field.iterancestors("label"), 1), None)
            named = (label for label in form.iter("label") if field.get("id") and label.get("for") == field.get("id"))
            words = around if around is not None else next(named, None)
        if words is not None:
            yield words, asked


def _bare_forms(tree: Any) -> Iterator[tuple[Any, str]]:
    """The buttons of forms that ask for an address and nothing else: a link by another name."""
    for form in islice(tree.iter("form"), _MAX_OPTIONS):
        action = (form.get("action") or "").strip()
        if not _ADDRESS.fullmatch(action) or (form.get("method") or "get").lower() != "get":
            continue
        fields = list(islice(form.iter("input", "button", "select", "textarea"), 3))
        if len(fields) != 1 or fields[0].get("name"):
            continue
        if fields[0].tag == "button" or (fields[0].get("type") or "").lower() == "submit":
            yield fields[0], action


def _asked(form: Any, name: str, value: str) -> str | None:
    """The address that a form asks for with this choice and its hidden fields; None for one with words to be typed."""
    fields = {}
    for field in form.iter("input", "textarea"):
        kind = (field.get("type") or "text").lower()
        if kind in ("password", "file") or field.tag == "textarea":
            return None
        if kind == "hidden" and field.get("name"):
            fields[field.get("name")] = field.get("value") or ""
    if len(fields) > 12:
        return None  # a page's whole state (ASP.NET): what is asked with it is for conventions that know it
    fields[name] = value
    action = form.get("action") or "?"
    if action[:11].lower() == "javascript:" or is_file(action):
        return None
    if (form.get("method") or "get").lower() == "post":
        return posted_form(action, fields)
    query = "&".join(f"{quote(key, safe='')}={quote(held, safe='')}" for key, held in fields.items())
    return f"{action.partition('?')[0]}?{query}"
