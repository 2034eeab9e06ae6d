"""Where a page's script sends its reader when the page is loaded, as far as its source says so by itself.

The general form: what runs is the top level, the bodies of functions that are called from there, by `onload`, by a
timer or at once, and nothing else; of these the first assignment to `location` (or `replace`, `assign`, `navigate`)
whose value is put together from literals, variables that hold literals, and parts of the page's own address. What
stands below a condition does not run, but that the other side of a question for telephones does; what waits for a click
does not run; what cannot be worked out is no address (sources/obstacles#redirects-in-pages).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MAX_SCRIPT = 20_000
"""Characters of one script that are read; one that sends on has some hundred."""
MAX_STEPS = 20_000
"""Tokens that are looked at in all: a function is followed once, but may stand in another."""
MAX_DEPTH = 20
"""Functions that call each other, and brackets within brackets."""
_MAX_VALUE = 2_000

_TOKEN = re.compile(
    r"(?P<skip>\s+|//[^\n]*|<!--[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?)"
    r"|(?P<word>[A-Za-z_$\u0080-\uffff][\w$]*)|(?P<number>\d[\w.]*)"
    r"|(?P<mark>=>|[=!]==?|&&|\|\||\+=|\+\+|.)",
    re.S,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}
_DEVICE = re.compile(r"userAgent|navigator|android|iphone|mobile|phone|screen\s*\.\s*width|wap", re.I)
"""A question for the kind of device: a reader with a desk takes the other way."""
_OWNERS = frozenset({"window", "self", "top", "parent", "document", "this"})
_AT_ONCE = frozenset({"setTimeout", "setInterval", "ready", "$", "jQuery", "addEventListener", "attachEvent"})
"""Calls that run the function that they are handed when the page is there."""
_EVENTS = re.compile(r"(?:on)?(?:load|DOMContentLoaded|pageshow)|[^A-Za-z]+", re.I)
_CALLS = frozenset({"replace", "assign", "navigate"})
_CONDITIONAL = frozenset({"&&", "||", "?", ":"})
_WRAPPERS = frozenset({"encodeURI", "escape", "String", "decodeURI"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    fresh: bool
    """Whether it is the first of its line."""


def sent_to(source: str, url: str) -> str | None:
    """The address, as it would be written in a link of the page at `url`, that the script sends its reader to; None
    where it sends nowhere, sets a cookie before, or does not say where to. Never raises."""
    script = _Script(_tokens(source[:MAX_SCRIPT]), url)
    if script.sets_cookie():
        return None
    script.run(0, len(script.tokens))
    return script.target


def submits(source: str) -> bool:
    """Whether the script sends a form when the page is loaded: `….submit()`."""
    script = _Script(_tokens(source[:MAX_SCRIPT]), "")
    script.run(0, len(script.tokens))
    return script.submitted and not script.sets_cookie()


def _tokens(source: str) -> list[_Token]:
    found = []
    fresh = True
    for match in _TOKEN.finditer(source):
        if match.lastgroup == "skip":
            fresh = fresh or "\n" in match[0]
            continue
        found.append(_Token(match.lastgroup or "mark", match[0], fresh))
        fresh = False
    return found


def _text(token: _Token) -> str:
    """What a string's token holds."""
    inside = token.text[1:-1] if len(token.text) > 1 and token.text[-1] == token.text[0] else token.text[1:]

    def plain(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _NAMED.get(match[3], match[3])

    return _ESCAPE.sub(plain, inside)


@dataclass(slots=True)
class _Script:
    """A script as it runs. `values`: variables that hold literals; `target`: where it sent its reader."""

    tokens: list[_Token]
    url: str
    values: dict[str, str] = field(default_factory=dict)
    target: str | None = None
    submitted: bool = False
    _ends: dict[int, int] = field(default_factory=dict)
    _starts: dict[int, int] = field(default_factory=dict)
    _functions: dict[str, tuple[int, int]] = field(default_factory=dict)
    _ran: set[str] = field(default_factory=set)
    _steps: int = 0
    _depth: int = 0

    def __post_init__(self) -> None:
        opened: list[int] = []
        for at, token in enumerate(self.tokens):
            if token.kind == "mark" and token.text in "([{":
                opened.append(at)
            elif token.kind == "mark" and token.text in ")]}" and opened:
                self._starts[at] = opened[-1]
                self._ends[opened.pop()] = at
        for at, token in enumerate(self.tokens):
            if token.text == "function" and (body := self._body(at)) is not None:
                named = self._at(at + 1) if self._kind(at + 1) == "word" else ""
                if not named and self._at(at - 1) == "=" and self._kind(at - 2) == "word":
                    named = self._at(at - 2)
                if named:
                    self._functions[named] = body

    def _at(self, at: int) -> str:
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def _kind(self, at: int) -> str:
        return self.tokens[at].kind if 0 <= at < len(self.tokens) else ""

    def sets_cookie(self) -> bool:
        """Whether it sets a cookie anywhere: what comes after is for browsers that keep it."""
        return any(
            token.text == "cookie" and self._at(at - 1) == "." and self._at(at + 1) in ("=", "+=")
            for at, token in enumerate(self.tokens)
        )

    def _body(self, at: int) -> tuple[int, int] | None:
        """The tokens between the braces of the function whose word stands at `at`."""
        opening = at + 1 + (self._kind(at + 1) == "word")
        brace = self._ends.get(opening, -2) + 1
        if self._at(opening) != "(" or self._at(brace) != "{" or brace not in self._ends:
            return None
        return brace + 1, self._ends[brace]

    def run(self, at: int, end: int) -> None:
        """Go through the tokens from `at` to `end` until the reader is sent on."""
        while at < end and self.target is None and self._steps < MAX_STEPS:
            self._steps += 1
            word = self._at(at) if self._kind(at) == "word" else ""
            if word == "function":
                at = self._function(at)
            elif self._at(at) == "=>":
                at = self._arrow(at)
            elif word in ("if", "for", "while", "switch", "catch"):
                at = self._condition(at)
            elif word == "else":
                at = self._statement_end(at + 1)
            elif word and self._sends(at, word):
                return
            else:
                if word:
                    self._take_note(at, word)
                at += 1

    def _function(self, at: int) -> int:
        body = self._body(at)
        if body is None:
            return at + 1
        live = self._kind(at + 1) != "word" and self._runs_at_once(at)
        return body[0] if live else body[1] + 1

    def _arrow(self, at: int) -> int:
        if self._at(at + 1) != "{" or at + 1 not in self._ends:
            return at + 1
        opening = self._starts.get(at - 1, at - 1)
        return at + 2 if self._runs_at_once(opening) else self._ends[at + 1] + 1

    def _runs_at_once(self, at: int) -> bool:
        """Whether a function without a name that begins at `at` runs when the page is loaded."""
        before = self._at(at - 1)
        if before == "=":
            return self._at(at - 2) in ("onload", "onpageshow")
        if before == "," and self._kind(at - 2) == "string":
            return bool(_EVENTS.fullmatch(_text(self.tokens[at - 2]))) and self._at(at - 4) in _AT_ONCE
        if before == "(":
            caller = self._at(at - 2) if self._kind(at - 2) == "word" else ""
            return caller in _AT_ONCE or not caller
        return before in ("!", "+", "-", "~", "void")

    def _condition(self, at: int) -> int:
        """Pass over what may run or not; of a question for telephones enter the other side."""
        closing = self._ends.get(at + 1)
        if self._at(at + 1) != "(" or closing is None:
            return at + 1
        asked = "".join(token.text for token in self.tokens[at + 2 : closing])[:_MAX_VALUE]
        after = self._statement_end(closing + 1)
        if self._at(at) != "if" or self._at(after) != "else":
            return after
        return after + 1 if _DEVICE.search(asked) else self._statement_end(after + 1)

    def _statement_end(self, at: int) -> int:
        """The index behind the statement, or the block, that begins at `at`, an `if` with all its `else`."""
        open_ifs = 0
        while True:
            while self._at(at) == "if" and at + 1 in self._ends:
                at = self._ends[at + 1] + 1
                open_ifs += 1
            at = self._simple_end(at)
            if not open_ifs or self._at(at) != "else":
                return at
            open_ifs -= 1
            at += 1

    def _simple_end(self, at: int) -> int:
        if self._at(at) == "{":
            return self._ends.get(at, len(self.tokens)) + 1
        start = at
        while at < len(self.tokens) and self._at(at) not in (";", "}"):
            if at > start and self.tokens[at].fresh and self._at(at - 1) not in ("=", "+", "(", ",", "."):
                return at
            at = self._ends.get(at, at) + 1
        return at + (self._at(at) == ";")

    def _sends(self, at: int, word: str) -> bool:
        """Whether the word at `at` is a `location` that is given an address; `target` has it then."""
        if word == "submit" and self._at(at - 1) == "." and self._at(at + 1) == "(" and self._at(at + 2) == ")":
            self.submitted = True
            return False
        if word not in ("location", "navigate") or not self._is_page(at):
            return False
        after = at + 1
        if word == "location" and self._at(after) == "." and self._at(after + 1) in ("href", *_CALLS):
            after += 2
        called = self._at(after - 1) in _CALLS and self._at(after) == "("
        if not called and (self._at(after) != "=" or self._at(after - 1) in _CALLS):
            return False
        value, _ = self._value(after + 1)
        if value is not None and 0 < len(value) <= _MAX_VALUE:
            self.target = value
        return self.target is not None

    def _is_page(self, at: int) -> bool:
        """Whether a `location` is the page's own, not a variable's or a frame's, and not below a condition."""
        while self._at(at - 1) == "." and self._at(at - 2) in _OWNERS:
            at -= 2
        while self._at(at - 1) == "(":
            at -= 1
        return self._at(at - 1) != "." and self._at(at - 1) not in _CONDITIONAL

    def _take_note(self, at: int, word: str) -> None:
        """Keep the value of a variable; run what a call runs."""
        after = self._at(at + 1)
        if after in ("=", "+=") and self._at(at - 1) != ".":
            value, _ = self._value(at + 2)
            if value is None or (after == "+=" and word not in self.values):
                self.values.pop(word, None)
            else:
                self.values[word] = ((self.values[word] if after == "+=" else "") + value)[:_MAX_VALUE]
        elif after == "=" and word == "onload" and self._at(at + 2) in self._functions:
            self._call(self._at(at + 2))
        elif after == "(" and word in ("setTimeout", "setInterval", "addEventListener", "attachEvent", "$", "ready"):
            self._timer(at + 2)
        elif after == "(" and self._at(at - 1) not in (".", *_CONDITIONAL):
            self._call(word)

    def _timer(self, at: int) -> None:
        """What a timer is handed: the name of a function, or source."""
        if self._kind(at) == "string" and self._at(at + 1) == "," and self._at(at + 2) in self._functions:
            if _EVENTS.fullmatch(_text(self.tokens[at])):
                self._call(self._at(at + 2))
        elif self._kind(at) == "string" and len(_text(self.tokens[at])) < _MAX_VALUE:
            inner = _Script(_tokens(_text(self.tokens[at])), self.url, self.values)
            inner._steps, inner._depth = self._steps, self._depth + 1
            if inner._depth > MAX_DEPTH:
                return
            inner.run(0, len(inner.tokens))
            self.target, self._steps = inner.target, inner._steps
            for called in inner._called():
                self._call(called)
        elif self._at(at) in self._functions and self._at(at + 1) in (",", ")"):
            self._call(self._at(at))

    def _called(self) -> list[str]:
        return [token.text for at, token in enumerate(self.tokens) if token.kind == "word" and self._at(at + 1) == "("]

    def _call(self, name: str) -> None:
        """Run a function, once."""
        if name in self._functions and name not in self._ran and self.target is None and self._depth < MAX_DEPTH:
            self._ran.add(name)
            self._depth += 1
            self.run(*self._functions[name])
            self._depth -= 1

    def _value(self, at: int, depth: int = 0) -> tuple[str | None, int]:
        """The value of the expression that begins at `at`, and the index behind it; None where it cannot be told."""
        parts = []
        size = 0
        while True:
            part, at = self._term(at, depth)
            size += len(part or "")
            if part is None or size > _MAX_VALUE:
                return None, at
            parts.append(part)
            if self._at(at) != "+":
                break
            at += 1
        ended = at >= len(self.tokens) or self._at(at) in (";", ")", "}", ",") or self.tokens[at].fresh
        return ("".join(parts) if ended else None), at

    def _term(self, at: int, depth: int) -> tuple[str | None, int]:
        kind, text = self._kind(at), self._at(at)
        if kind == "string":
            return (None if text[0] == "`" and "${" in text else _text(self.tokens[at])), at + 1
        if kind == "number":
            return text, at + 1
        if text == "(" or (text in _WRAPPERS and self._at(at + 1) == "("):
            opening = at + (text != "(")
            if depth >= MAX_DEPTH or opening not in self._ends:
                return None, at + 1
            value, after = self._value(opening + 1, depth + 1)
            return (value if self._at(after) == ")" else None), self._ends[opening] + 1
        if kind != "word":
            return None, at
        path = [text]
        at += 1
        while self._at(at) == "." and self._kind(at + 1) == "word":
            path.append(self._at(at + 1))
            at += 2
        if len(path) == 1 and text != "location":
            return self.values.get(text), at
        return self._part_of_address([word for word in path if word not in _OWNERS]), at

    def _part_of_address(self, path: list[str]) -> str | None:
        """What `location.host` and its like are on this page."""
        try:
            parts = urlsplit(self.url)
            host = parts.hostname or ""
        except ValueError:
            return None
        known = {
            "location.host": parts.netloc,
            "location.hostname": host,
            "domain": host,
            "location.protocol": f"{parts.scheme}:",
            "location.origin": f"{parts.scheme}://{parts.netloc}",
            "location.port": str(parts.netloc.rpartition(":")[2]) if ":" in parts.netloc else "",
        }
        return known.get(".".join(path))
