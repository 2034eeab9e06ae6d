"""What of an RTF Word does not show: deleted and hidden text, text struck out, marks of notes.

striprtf gives all text of the document's body, however it is set; so what is not shown is taken out of the source.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from striprtf.striprtf import specialchars

from pipelines.documents.notes import is_note

_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|(\\'[0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)|\\", re.S)
_BINARY = re.compile(rb"\\bin(\d{1,10}) ?")
_GONE = frozenset({"deleted", "v", "strike", "striked"})
_SET = re.compile(r"\\(?:deleted|v|strike|striked1|super)(?![a-zA-Z])")
"""What sets characters so that they may not be shown or be a note's mark."""
_KEPT = frozenset({"row", "cell", "nestcell"})
"""Ends of rows and cells stand, whatever is said of their characters."""
_SHOWN = frozenset(word for word in specialchars if word.isalpha()) - _KEPT
"""Words that stand for letters or ends of lines."""


def without_binary(body: bytes) -> bytes:
    """An RTF without the bytes of pictures and objects, among which anything may look like a word or a brace."""
    if b"\\bin" not in body:
        return body
    parts, at = [], 0
    while (match := _BINARY.search(body, at)) is not None:
        parts.append(body[at : match.start()])
        at = match.end() + int(match[1])
    return b"".join([*parts, body[at:]])


@dataclass(slots=True)
class _State:
    """How the characters of a group are set; `skip`: signs that stand in for a letter to those who know no Unicode."""

    gone: frozenset[str] = frozenset()
    raised: bool = False
    skip: int = 1


@dataclass(slots=True)
class _Raised:
    """Raised characters that follow one another: as written, and the same as bytes of GB 18030."""

    source: list[str] = field(default_factory=list)
    words: bytearray = field(default_factory=bytearray)


def shown(source: str) -> str:
    """An RTF's source with the text alone that Word shows; the structure of rows, cells and groups stays."""
    if not _SET.search(source):
        return source
    out = list[str]()
    stack, state, raised = list[_State](), _State(), _Raised()
    before, skip = "", 0
    for token in _TOKEN.finditer(source):
        word, number, code, symbol, brace, letters = token.groups()
        text = code or letters or (symbol and symbol in specialchars) or word == "u" or word in _SHOWN
        if not text:
            if brace == "{":
                stack.append(state)
            elif brace == "}":
                state = stack.pop() if stack else _State()
            elif word:
                state = _after(state, word, number)
            if raised.source and word in _KEPT:
                out += _kept(raised, before)
                raised, before = _Raised(), ""
            (raised.source or out).append(token[0])
            continue
        if state.gone:
            continue
        if state.raised and (code or word == "u" or (letters and letters.strip("\r\n"))):
            raised.source.append(token[0])
            said, skip = _bytes_of(word, number, code, letters, skip, state.skip)
            raised.words += said
            continue
        if raised.source:
            out += _kept(raised, before)
            raised = _Raised()
        out.append(token[0])
        before, skip = (letters or "")[-1:], 0
    return "".join([*out, *_kept(raised, before)])


def _after(state: _State, word: str, number: str | None) -> _State:
    """How characters are set after a word of the source."""
    if word in _GONE:
        return replace(state, gone=state.gone - {word} if number == "0" else state.gone | {word})
    if word == "plain":
        return replace(state, gone=frozenset(), raised=False)
    if word in ("super", "nosupersub", "sub"):
        return replace(state, raised=word == "super" and number != "0")
    return replace(state, skip=int(number)) if word == "uc" and number else state


def _bytes_of(
    word: str | None, number: str | None, code: str | None, letters: str | None, skip: int, uc: int
) -> tuple[bytes, int]:
    """A token's letters in GB 18030, without those that stand in for the one before, and how many of these are left."""
    if word == "u":
        sign = chr(int(number or 0) % 0x10000)
        return sign.encode("gb18030", "replace"), uc
    if code:
        return (b"", skip - 1) if skip else (bytes([int(code[2:], 16)]), 0)
    words = (letters or "").replace("\r", "").replace("\n", "")
    return words[skip:].encode("gb18030", "replace"), max(skip - len(words), 0)


def _kept(raised: _Raised, before: str) -> list[str]:
    """The source of raised characters; of a note's mark only what is no letter."""
    if not is_note(raised.words.decode("gb18030", "replace"), before):
        return raised.source
    return [part for part in raised.source if _is_structure(part)]


def _is_structure(part: str) -> bool:
    match = _TOKEN.fullmatch(part)
    return match is not None and (match[5] is not None or (match[1] is not None and match[1] != "u"))
