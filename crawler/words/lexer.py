"""The words of a page's script, one after another: numbers, texts in quotes, names, marks."""

from __future__ import annotations

import re


class UnreadableError(ValueError):
    """Not an expression of the few forms that are read."""


_OPEN = r"\"(?:[^\"\\\n]|\\[\s\S])*+|'(?:[^'\\\n]|\\[\s\S])*+|`(?:[^`\\]|\\[\s\S])*+"
_CLOSED = r"\"(?:[^\"\\\n]|\\[\s\S])*+\"|'(?:[^'\\\n]|\\[\s\S])*+'|`(?:[^`\\]|\\[\s\S])*+`"
TOKEN = re.compile(
    r"(?:\s++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z))*+(?:"
    r"(?P<number>0[xX][0-9a-fA-F]{1,12}|\d{1,15}(?:\.\d{1,15})?)"
    rf"|(?P<text>{_CLOSED})"
    r"|(?P<name>[A-Za-z_$\u4e00-\u9fff][\w$]*+)"
    r"|(?P<mark>===|!==|==|!=|<=|>=|&&|\|\||=>|\+=|\+\+|--|[-+*/%()\[\]{},.;:?<>=!&|])"
    rf"|(?P<torn>{_OPEN}|[\s\S])|(?P<end>\Z))"
)
"""The next word of a script and what stands before it; it matches anywhere, so that going through one is linear."""
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_MAX_PAST = 20_000
"""Characters of a function that is gone past."""


def text_of(literal: str) -> str:
    """The text that a quoted literal stands for."""
    inner = literal[1:-1]
    return _ESCAPED.sub(_unescaped, inner) if "\\" in inner else inner


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    return chr(int(code, 16)) if code else _PLAIN.get(match.group(3), match.group(3))


class Lexer:
    """Goes through the words of `text` from `at` on. `at` moves on behind what was read."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text, self.at = text, at
        self._token: re.Match[str] | None = None

    def peek(self) -> str:
        """The next word, "" at the end or before what is none."""
        if self._token is None or self._token.start() != self.at:
            self._token = TOKEN.match(self.text, self.at)
        return self._token.group(self._token.lastgroup or 0) if self._token is not None else ""

    def take(self) -> tuple[str, str]:
        """The next word and its kind (number, text, name, mark). Raises UnreadableError where there is none."""
        word = self.peek()
        if self._token is None or self._token.lastgroup in ("torn", "end"):
            raise UnreadableError(f"no word of a script at character {self.at}")
        self.at = self._token.end()
        return word, self._token.lastgroup or ""

    def skip(self, word: str) -> bool:
        """Go past `word` where it comes next; whether it did."""
        if self.peek() != word:
            return False
        self.take()
        return True

    def need(self, word: str) -> None:
        """Go past `word`. Raises UnreadableError where it does not come next."""
        if not self.skip(word):
            raise UnreadableError(f"{word!r} was expected at character {self.at}")

    def past(self, ends: tuple[str, ...]) -> None:
        """Go to the first of these marks that is not in brackets. Raises UnreadableError where none comes."""
        open_marks = 0
        start = self.at
        while self.at - start < _MAX_PAST:
            word = self.peek()
            if not open_marks and word in ends:
                return
            _, kind = self.take()
            if kind == "mark":
                open_marks += (word in "([{") - (word in ")]}")
        raise UnreadableError(f"none of {' '.join(ends)} within {_MAX_PAST} characters")
