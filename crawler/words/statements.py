"""A script as tokens: which brackets belong together, where a statement ends, which functions it has."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<skip>\s+|//[^\n]*|<!--[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?)"
    r"|(?P<word>[A-Za-z_$\u0080-\uffff][\w$]*)|(?P<number>\d[\w.]*)"
    r"|(?P<mark>=>|[=!]==?|&&|\|\||\+=|\+\+|.)",
    re.S,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, string or mark of a script, as written."""

    kind: str
    text: str
    fresh: bool
    """Whether it is the first of its line."""


def tokens(source: str) -> list[Token]:
    """The tokens of a script, without white space and comments."""
    sequence = []
    fresh = True
    for match in _TOKEN.finditer(source):
        if match.lastgroup == "skip":
            fresh = fresh or "\n" in match[0]
            continue
        sequence.append(Token(match.lastgroup or "mark", match[0], fresh))
        fresh = False
    return sequence


def text_of(token: Token) -> str:
    """What a string's token holds."""
    inside = token.text[1:-1] if len(token.text) > 1 and token.text[-1] == token.text[0] else token.text[1:]

    def plain(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _NAMED.get(match[3], match[3])

    return _ESCAPE.sub(plain, inside)


class Statements:
    """The tokens of a script, which brackets belong together, and the bodies of its named functions.

    `ends`, `starts`: the index of the bracket that closes, or opens, by that of the other one. `functions`: by name the
    first token of the body and that behind its last.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.ends: dict[int, int] = {}
        self.starts: dict[int, int] = {}
        self.functions: dict[str, tuple[int, int]] = {}
        opened: list[int] = []
        for at, token in enumerate(self.tokens):
            if token.kind == "mark" and token.text in "([{":
                opened.append(at)
            elif token.kind == "mark" and token.text in ")]}" and opened:
                self.starts[at] = opened[-1]
                self.ends[opened.pop()] = at
        for at, token in enumerate(self.tokens):
            if token.text == "function" and (body := self.body(at)) is not None:
                named = self.text_at(at + 1) if self.kind_at(at + 1) == "word" else ""
                if not named and self.text_at(at - 1) == "=" and self.kind_at(at - 2) == "word":
                    named = self.text_at(at - 2)
                if named:
                    self.functions[named] = body

    def text_at(self, index: int) -> str:
        """The text of the token at an index, "" outside."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def kind_at(self, index: int) -> str:
        """The kind of the token at an index (string, word, number, mark), "" outside."""
        return self.tokens[index].kind if 0 <= index < len(self.tokens) else ""

    def body(self, at: int) -> tuple[int, int] | None:
        """The tokens between the braces of the function whose word stands at `at`."""
        opening = at + 1 + (self.kind_at(at + 1) == "word")
        brace = self.ends.get(opening, -2) + 1
        if self.text_at(opening) != "(" or self.text_at(brace) != "{" or brace not in self.ends:
            return None
        return brace + 1, self.ends[brace]

    def statement_end(self, at: int) -> int:
        """The index behind the statement, or the block, that begins at `at`, an `if` with all its `else`."""
        open_ifs = 0
        while True:
            while self.text_at(at) == "if" and at + 1 in self.ends:
                at = self.ends[at + 1] + 1
                open_ifs += 1
            at = self._simple_end(at)
            if not open_ifs or self.text_at(at) != "else":
                return at
            open_ifs -= 1
            at += 1

    def _simple_end(self, at: int) -> int:
        if self.text_at(at) == "{":
            return self.ends.get(at, len(self.tokens)) + 1
        start = at
        while at < len(self.tokens) and self.text_at(at) not in (";", "}"):
            if at > start and self.tokens[at].fresh and self.text_at(at - 1) not in ("=", "+", "(", ",", "."):
                return at
            at = self.ends.get(at, at) + 1
        return at + (self.text_at(at) == ";")

    def calls(self) -> list[str]:
        """The names that are called, in order."""
        return [
            token.text for at, token in enumerate(self.tokens) if token.kind == "word" and self.text_at(at + 1) == "("
        ]

    def sets_cookie(self) -> bool:
        """Whether it sets a cookie anywhere: what comes after is for browsers that keep it."""
        return any(
            token.text == "cookie" and self.text_at(at - 1) == "." and self.text_at(at + 1) in ("=", "+=")
            for at, token in enumerate(self.tokens)
        )
