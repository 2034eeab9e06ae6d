"""Makes a page storable whose text holds half of a surrogate pair, which no UTF-8 can express."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from crawler.records.page import Page

_T = TypeVar("_T")


def scrubbed_page(page: Page) -> Page:
    """A copy of `page` with every lone surrogate in what is stored replaced by «?»; the bytes stay as they are."""
    return replace(scrubbed(replace(page, tree=None, body=None, html=None)), tree=page.tree, body=page.body)


def scrubbed(value: _T) -> _T:
    """A copy of a record with every lone surrogate in it replaced."""
    kept: Any = value
    if isinstance(value, str):
        kept = value.encode("utf-8", "replace").decode()
    elif is_dataclass(value) and not isinstance(value, type):
        kept = replace(value, **{field.name: scrubbed(getattr(value, field.name)) for field in fields(value)})
    elif isinstance(value, list | tuple):
        kept = type(value)(scrubbed(item) for item in value)
    elif isinstance(value, dict):
        kept = {scrubbed(key): scrubbed(item) for key, item in value.items()}
    return kept  # type: ignore[no-any-return]
