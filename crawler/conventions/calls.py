"""What a call of a script asks the server for: $.get, $.post, $.getJSON, $.ajax, fetch and axios with an address and
values that are written out (sources/pages#scripts)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from crawler.conventions.records import ADDRESS, NO_LIST
from crawler.words.posts import posted_form
from crawler.words.values import written

_ASKS = re.compile(r"(?:\$|jQuery|axios|\$http)\.(get|post|getJSON|ajax)|(fetch|axios|\$)")


def request_of(verb: str, first: Any, second: Any = None) -> tuple[str, bool] | None:
    """The address of a call as written, the values it sends in a query, and whether it is posted; None where either is
    not settled. `verb`: the call's name in lower case; `first`, `second`: its arguments."""
    post = verb.endswith("post")
    values: Any = None if verb == "fetch" else second
    if isinstance(first, dict):
        values = first.get("data", first.get("params"))
        post = str(first.get("type", first.get("method", ""))).lower() == "post"
        first = first.get("url")
    elif isinstance(second, dict) and verb == "fetch":
        post = str(second.get("method", "")).lower() == "post"
    address = (written(first) or "").strip().partition(" ")[0]  # .load("list.html #box") shows a part of the page
    if not address or not ADDRESS.fullmatch(address):
        return None
    pairs = {}
    for name, value in values.items() if isinstance(values, dict) else ():
        if (text := written(value)) is None:
            return None
        pairs[name] = text
    return f"{address}{'&' if '?' in address else '?'}{urlencode(pairs)}" if pairs else address, post


def asked(way: str, arguments: list[Any]) -> str | None:
    """The address that a call of a function asks for, a POST as posts.py writes it; None for any other call, and for
    one to a counter or a sign-in."""
    call = _ASKS.fullmatch(way)
    if call is None or not arguments or (call.group(2) == "$" and not isinstance(arguments[0], dict)):
        return None  # $(".box") looks for an element
    request = request_of(
        (call.group(1) or call.group(2)).lower(), arguments[0], arguments[1] if arguments[1:] else None
    )
    if request is None or NO_LIST.search(request[0]):
        return None
    address, post = request
    target, _, query = address.partition("?")
    return posted_form(target, dict(parse_qsl(query, keep_blank_values=True))) if post else address
