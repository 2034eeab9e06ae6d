"""Where a page's script sends its reader when the page is loaded, as far as its source says so by itself.

The general form: what runs is the top level, the bodies of functions that are called from there, by `onload`, by a
timer or at once, and nothing else; of these the first assignment to `location` (or `replace`, `assign`, `navigate`)
whose value is put together from literals, variables that hold literals, and parts of the page's own address. What
stands below a condition does not run, but that the other side of a question for telephones does; what waits for a click
does not run; what cannot be worked out is no address (sources/obstacles#redirects-in-pages).
"""

from __future__ import annotations

import re

from crawler.words.ownaddress import EXPRESSION, OWN_WINDOWS, by_dots, part_of_address
from crawler.words.statements import Statements, Token, text_of, tokens

MAX_SCRIPT = 20_000
"""Characters of one script that are read; one that sends on has some hundred."""
MAX_STEPS = 20_000
"""Tokens that are looked at in all: a function is followed once, but may stand in another."""
MAX_DEPTH = 20
"""Functions that call each other, and brackets within brackets."""
_MAX_VALUE = 2_000
_DEVICE = re.compile(r"userAgent|navigator|android|iphone|mobile|phone|screen\s*\.\s*width|wap", re.I)
"""A question for the kind of device: a reader with a desk takes the other way."""
_OWNERS = frozenset({"window", "self", "top", "parent", "document", "this"})
_AT_ONCE = frozenset({"setTimeout", "setInterval", "ready", "$", "jQuery", "addEventListener", "attachEvent"})
"""Calls that run the function that they are handed when the page is there."""
_EVENTS = re.compile(r"(?:on)?(?:load|DOMContentLoaded|pageshow)|[^A-Za-z]+", re.I)
_CALLS = frozenset({"replace", "assign", "navigate"})
_CONDITIONAL = frozenset({"&&", "||", "?", ":"})
_WRAPPERS = frozenset({"encodeURI", "escape", "String", "decodeURI"})


def sent_to(source: str, url: str) -> str | None:
    """The address, as it would be written in a link of the page at `url`, that the script sends its reader to; None
    where it sends nowhere, sets a cookie before, or does not say where to. Never raises."""
    run = _Run(tokens(by_dots(source[:MAX_SCRIPT])), url)
    if run.sets_cookie():
        return None
    run.run(0, len(run.tokens))
    return run.target


def submits(source: str) -> bool:
    """Whether the script sends a form when the page is loaded: `….submit()`."""
    run = _Run(tokens(source[:MAX_SCRIPT]), "")
    run.run(0, len(run.tokens))
    return run.submitted and not run.sets_cookie()


class _Run(Statements):
    """A script as it runs. `values`: variables that hold literals; `target`: where it sent its reader."""

    def __init__(self, script: list[Token], url: str, values: dict[str, str] | None = None) -> None:
        super().__init__(script)
        self.url = url
        self.values = {} if values is None else values
        self.target: str | None = None
        self.submitted = False
        self._ran: set[str] = set()
        self._steps = 0
        self._depth = 0

    def run(self, at: int, end: int) -> None:
        """Go through the tokens from `at` to `end` until the reader is sent on."""
        while at < end and self.target is None and self._steps < MAX_STEPS:
            self._steps += 1
            word = self.text_at(at) if self.kind_at(at) == "word" else ""
            if word == "function":
                at = self._function(at)
            elif self.text_at(at) == "=>":
                at = self._arrow(at)
            elif word in ("if", "for", "while", "switch", "catch"):
                at = self._condition(at)
            elif word == "else":
                at = self.statement_end(at + 1)
            elif word and self._sends(at, word):
                return
            else:
                if word:
                    self._take_note(at, word)
                at += 1

    def _function(self, at: int) -> int:
        body = self.body(at)
        if body is None:
            return at + 1
        live = self.kind_at(at + 1) != "word" and self._runs_at_once(at)
        return body[0] if live else body[1] + 1

    def _arrow(self, at: int) -> int:
        if self.text_at(at + 1) != "{" or at + 1 not in self.ends:
            return at + 1
        opening = self.starts.get(at - 1, at - 1)
        return at + 2 if self._runs_at_once(opening) else self.ends[at + 1] + 1

    def _runs_at_once(self, at: int) -> bool:
        """Whether a function without a name that begins at `at` runs when the page is loaded."""
        before = self.text_at(at - 1)
        if before == "=":
            return self.text_at(at - 2) in ("onload", "onpageshow")
        if before == "," and self.kind_at(at - 2) == "string":
            return bool(_EVENTS.fullmatch(text_of(self.tokens[at - 2]))) and self.text_at(at - 4) in _AT_ONCE
        if before == "(":
            caller = self.text_at(at - 2) if self.kind_at(at - 2) == "word" else ""
            return caller in _AT_ONCE or not caller
        return before in ("!", "+", "-", "~", "void")

    def _condition(self, at: int) -> int:
        """Pass over what may run or not; of a question for telephones enter the other side."""
        closing = self.ends.get(at + 1)
        if self.text_at(at + 1) != "(" or closing is None:
            return at + 1
        asked = "".join(token.text for token in self.tokens[at + 2 : closing])[:_MAX_VALUE]
        after = self.statement_end(closing + 1)
        if self.text_at(at) != "if" or self.text_at(after) != "else":
            return after
        return after + 1 if _DEVICE.search(asked) else self.statement_end(after + 1)

    def _sends(self, at: int, word: str) -> bool:
        """Whether the word at `at` is a `location` that is given an address; `target` has it then."""
        if word == "submit" and [self.text_at(at + step) for step in (-1, 1, 2)] == [".", "(", ")"]:
            self.submitted = True
            return False
        if word == "open" and self.text_at(at - 1) == "." and self._is_page(at):
            return self._opens(at + 1)
        if word not in ("location", "navigate") or not self._is_page(at):
            return False
        after = at + 1
        if word == "location" and self.text_at(after) == "." and self.text_at(after + 1) in ("href", *_CALLS):
            after += 2
        called = self.text_at(after - 1) in _CALLS and self.text_at(after) == "("
        if not called and (self.text_at(after) != "=" or self.text_at(after - 1) in _CALLS):
            return False
        value, _ = self._value(after + 1)
        if value is not None and 0 < len(value) <= _MAX_VALUE:
            self.target = value
        return self.target is not None

    def _opens(self, opening: int) -> bool:
        """Whether `window.open(…)` shows its address in the page's own window; `target` has it then."""
        value, after = self._value(opening + 1)
        named = self.kind_at(after + 1) == "string" and text_of(self.tokens[after + 1]).lower() in OWN_WINDOWS
        if self.text_at(opening) == "(" and self.text_at(after) == "," and named and value and len(value) <= _MAX_VALUE:
            self.target = value
        return self.target is not None

    def _is_page(self, at: int) -> bool:
        """Whether a `location` is the page's own, not a variable's or a frame's, and not below a condition."""
        while self.text_at(at - 1) == "." and self.text_at(at - 2) in _OWNERS:
            at -= 2
        while self.text_at(at - 1) == "(":
            at -= 1
        return self.text_at(at - 1) != "." and self.text_at(at - 1) not in _CONDITIONAL

    def _take_note(self, at: int, word: str) -> None:
        """Keep the value of a variable; run what a call runs."""
        after = self.text_at(at + 1)
        if after in ("=", "+=") and self.text_at(at - 1) != ".":
            value, _ = self._value(at + 2)
            if value is None or (after == "+=" and word not in self.values):
                self.values.pop(word, None)
            else:
                self.values[word] = ((self.values[word] if after == "+=" else "") + value)[:_MAX_VALUE]
        elif after == "=" and word == "onload" and self.text_at(at + 2) in self.functions:
            self._call(self.text_at(at + 2))
        elif after == "(" and word in ("setTimeout", "setInterval", "addEventListener", "attachEvent", "$", "ready"):
            self._timer(at + 2)
        elif after == "(" and self.text_at(at - 1) not in (".", *_CONDITIONAL):
            self._call(word)

    def _timer(self, at: int) -> None:
        """What a timer is handed: the name of a function, or source."""
        if self.kind_at(at) == "string" and self.text_at(at + 1) == "," and self.text_at(at + 2) in self.functions:
            if _EVENTS.fullmatch(text_of(self.tokens[at])):
                self._call(self.text_at(at + 2))
        elif self.kind_at(at) == "string" and len(text_of(self.tokens[at])) < _MAX_VALUE:
            inner = _Run(tokens(text_of(self.tokens[at])), self.url, self.values)
            inner._steps, inner._depth = self._steps, self._depth + 1
            if inner._depth > MAX_DEPTH:
                return
            inner.run(0, len(inner.tokens))
            self.target, self._steps = inner.target, inner._steps
            for called in inner.calls():
                self._call(called)
        elif self.text_at(at) in self.functions and self.text_at(at + 1) in (",", ")"):
            self._call(self.text_at(at))

    def _call(self, name: str) -> None:
        """Run a function, once."""
        if name in self.functions and name not in self._ran and self.target is None and self._depth < MAX_DEPTH:
            self._ran.add(name)
            self._depth += 1
            self.run(*self.functions[name])
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
            if self.text_at(at) != "+":
                break
            at += 1
        ended = at >= len(self.tokens) or self.text_at(at) in (";", ")", "}", ",") or self.tokens[at].fresh
        return ("".join(parts) if ended else None), at

    def _term(self, at: int, depth: int) -> tuple[str | None, int]:
        kind, text = self.kind_at(at), self.text_at(at)
        if kind == "string":
            written = text_of(self.tokens[at])
            return (self._filled(written, depth) if text[0] == "`" else written), at + 1
        if kind == "number":
            return text, at + 1
        if text == "(" or (text in _WRAPPERS and self.text_at(at + 1) == "("):
            opening = at + (text != "(")
            if depth >= MAX_DEPTH or opening not in self.ends:
                return None, at + 1
            value, after = self._value(opening + 1, depth + 1)
            return (value if self.text_at(after) == ")" else None), self.ends[opening] + 1
        if kind != "word":
            return None, at
        path = [text]
        at += 1
        while self.text_at(at) == "." and self.kind_at(at + 1) == "word":
            path.append(self.text_at(at + 1))
            at += 2
        if len(path) == 1 and text != "location":
            return self.values.get(text), at
        return part_of_address(self.url, [word for word in path if word not in _OWNERS]), at

    def _filled(self, template: str, depth: int) -> str | None:
        """A template with the values of its expressions; None where one of them cannot be told."""
        parts = EXPRESSION.split(template)
        if depth >= MAX_DEPTH or any("${" in part for part in parts):
            return None
        for at in range(1, len(parts), 2):
            inner = _Run(tokens(parts[at]), self.url, self.values)
            value, after = inner._value(0, depth + 1)
            if value is None or after < len(inner.tokens):
                return None
            parts[at] = value
        return "".join(parts)
