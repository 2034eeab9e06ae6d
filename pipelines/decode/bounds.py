"""As much of a source as is read, so that what it costs is bounded, and without characters that no text has."""

from __future__ import annotations

import re
from itertools import islice

MAX_SOURCE, MAX_TAGS = 8_000_000, 800_000
"""Characters and tags of one source that are read. A report has 0.1 to 2 million and some thousand; pictures written
into a page (data: addresses) are not counted."""
MAX_ATTRIBUTES = 2000
"""Attributes of one element: libxml2 compares each with all before it, 100,000 of them take 35 s."""
_TAG = re.compile(r"<[a-zA-Z][^\"'>]*+(?:(?:\"[^\"]*+\"|'[^']*+')[^\"'>]*+)*+")
_ATTRIBUTE = re.compile(r"[^\s=\"'>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]*+))?")
_MARK_BYTES = re.compile(rb"\xef\xb7")
"""How every noncharacter begins in UTF-8. An expression, for it goes by the first byte: three times as fast as `in`."""
_ENTITY_BYTES = re.compile(b"&#")
_MARK_ENTITY = re.compile(r"&#(?:x0*fd[de][0-9a-f]|0*(?:6497[6-9]|649[89]\d|6500[0-7]));?", re.I)
_MARKS = re.compile(f"[\ufdd0-\ufdef]|{_MARK_ENTITY.pattern}", re.I)
"""Noncharacters of Unicode: no text has any, and the stages mark blocks and cells with them (marked.flatten)."""
_DATA = re.compile(r"(?<=data:)[\w/+.;=-]{1,80}+,[A-Za-z0-9+/=%\s]{1000,}+")


def without_marks(text: str, raw: bytes) -> str:
    """A text, and in UTF-8 `raw`, without noncharacters."""
    entities = _ENTITY_BYTES.search(raw) is not None
    found = _MARK_BYTES.search(raw) is not None or (entities and _MARK_ENTITY.search(text) is not None)
    return _MARKS.sub("", text) if found else text


def bounded(text: str, raw: bytes) -> tuple[str, str | None]:
    """As much of a source as is read, without noncharacters; and what was cut off, as a sentence. `raw`: it in
    UTF-8."""
    text = without_marks(text, raw)
    if len(text) > MAX_SOURCE:
        text = _DATA.sub("", text)
    cut = None
    if len(text) > MAX_SOURCE:
        cut = f"a source of {len(text)} characters; the first {MAX_SOURCE} are read"
        text = text[:MAX_SOURCE]
    if text.count("<") > MAX_TAGS:
        at = next(islice(re.finditer("<", text), MAX_TAGS, None)).start()
        cut = f"a source of {text.count('<')} tags; the first {MAX_TAGS} are read"
        text = text[:at]
    if max(map(len, _TAG.findall(text)), default=0) <= 2 * MAX_ATTRIBUTES:
        return text, cut
    kept, end = [], 0
    for tag in _TAG.finditer(text):
        if tag.end() - tag.start() > 2 * MAX_ATTRIBUTES:
            last = next(islice(_ATTRIBUTE.finditer(tag[0]), MAX_ATTRIBUTES, None), None)
            if last is not None:
                cut = f"an element of more than {MAX_ATTRIBUTES} attributes; the others are not read"
                kept.append(text[end : tag.start() + last.start()])
                end = tag.end()
    return "".join((*kept, text[end:])) if kept else text, cut
