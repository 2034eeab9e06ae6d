"""A label and its value in a page's words: what may stand between them, and where a value ends."""

from __future__ import annotations

import re

from crawler.words.display import CELL, LINE
from crawler.words.text import clean

BREAKS = f"{LINE}{CELL}"
SPACE = f"\\s\u200b\ufeff\u00a0\u3000{BREAKS}"
COLON = ":：∶﹕︰"
VALUE_AT = re.compile(
    f"(?:发布)?[】\\])）]*(?:[\\s\u00a0\u3000]*[{COLON}][{COLON}{SPACE}]{{0,60}}|[\\s{BREAKS}]*[{BREAKS}][{SPACE}]{{0,60}})"
)
"""Behind a label: a colon and white space of any kind, or the edge of a cell or block (<dt>, <th>)."""
_MAX_LINE = 1000


def line_at(raw: str, at: int) -> str:
    """The line around a place; of a long one no more than 1,000 characters to either side."""
    low, high = max(at - _MAX_LINE, 0), min(at + _MAX_LINE, len(raw))
    start = max(raw.rfind(LINE, low, at) + 1, raw.rfind(CELL, low, at) + 1, low)
    ends = [end for end in (raw.find(LINE, at, high), raw.find(CELL, at, high)) if end >= 0]
    return raw[start : min(ends, default=high)]


_BRACKETS = (("（", "）"), ("(", ")"), ("《", "》"), ("“", "”"))


def trimmed(value: str) -> str:
    """A value without punctuation at its ends; brackets that are closed within it stay whole."""
    before = None
    while before != value:
        before = value
        value = clean(value).strip(" :：;；,，·-—.。、/")
        for opening, closing in _BRACKETS:
            if value.startswith(closing) or (value.startswith(opening) and closing not in value):
                value = value[1:]
            if value.endswith(opening) or (value.endswith(closing) and opening not in value):
                value = value[:-1]
            if value.startswith(opening) and value.endswith(closing) and value.count(opening) == 1:
                value = value[1:-1]
    return value
