"""A POST under an address of its own: what is sent stands in it, so that two bodies are two pages.

Archives tell requests apart by their address alone. As web archives do, the body is appended to it after
`__wb_method=POST`: a form field by field, any other body whole as `__wb_post_data`. The walk, the archive and its
problems know a POST by this address only; the request itself is made by `sent` when it is due.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

_MARK = "__wb_method=POST&"
_DATA = "__wb_post_data="


@dataclass(frozen=True, slots=True)
class Sent:
    """A POST as it goes out."""

    url: str
    body: bytes
    content_type: str


def posted_form(url: str, fields: Mapping[str, str]) -> str:
    """The address of a POST of form fields to `url`."""
    return _marked(url) + urlencode(fields)


def posted_json(url: str, value: Any) -> str:
    """The address of a POST of a JSON value to `url`."""
    return _marked(url) + _DATA + quote(json.dumps(value, ensure_ascii=False, separators=(",", ":")), safe="")


def target_of(address: str) -> str:
    """Where a request with this address goes: the address itself, for a POST without what is sent."""
    url, mark, _ = address.partition(_MARK)
    return url[:-1] if mark else address


def sent(address: str, form: Mapping[str, str] | None = None) -> Sent | None:
    """The POST that an address names; None for any other address.

    `form`: fields that go along without naming the page (a page's hidden state), and before those of the address.
    """
    url, mark, told = address.partition(_MARK)
    if not mark:
        return None
    if told.startswith(_DATA):
        return Sent(url[:-1], unquote(told.removeprefix(_DATA)).encode(), "application/json;charset=UTF-8")
    fields = dict(parse_qsl(told, keep_blank_values=True)) | dict(form or {})
    return Sent(url[:-1], urlencode(fields).encode(), "application/x-www-form-urlencoded; charset=UTF-8")


def posted_value(address: str) -> Any:
    """The JSON value that a POST with this address sends; None where it sends none."""
    told = address.partition(_MARK)[2]
    if not told.startswith(_DATA):
        return None
    try:
        return json.loads(unquote(told.removeprefix(_DATA)))
    except (ValueError, RecursionError):
        return None


def _marked(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{_MARK}"
