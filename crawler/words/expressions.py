"""Expressions of a page's scripts as far as they are literal: text put together, arrays and objects written out.

Nothing is run. An expression is read from left to right, once; what depends on more than its words and the names that
are told is `UNKNOWN`, and whatever is made with it is unknown as well (sources/pages#scripts).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from crawler.words import values
from crawler.words.lexer import Lexer, UnreadableError, text_of
from crawler.words.values import UNKNOWN, written

_HOLE = re.compile(r"\$\{([^{}`]{0,200})\}")
_MAX_DEPTH = 40
_MAX_TEXT = 200_000
"""Characters of one text put together; a list that a script writes has some ten thousand."""
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"==", "===", "!=", "!=="}),
    frozenset({"<", ">", "<=", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)


class Reader(Lexer):
    """Reads the expressions of a script.

    `names`: what a name means, UNKNOWN for one that is not known. `called`: told of every call, with the way to what is
    called (`window.open`, `$().load`) and its arguments; what it answers is what the call gives.
    """

    def __init__(
        self,
        text: str,
        at: int = 0,
        names: Callable[[str], Any] = lambda name: UNKNOWN,
        called: Callable[[str, list[Any]], Any] = lambda way, arguments: UNKNOWN,
    ) -> None:
        super().__init__(text, at)
        self.names, self.called = names, called
        self.way = ""
        """The names that the last reference went through, a call being `()` and an index `[]`."""
        self._depth = 0

    def expression(self) -> Any:
        """The value of the expression that comes next. Raises UnreadableError for what is none that is read here."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise UnreadableError(f"more than {_MAX_DEPTH} expressions in one another")
        value = self._binary(0)
        if self.skip("?"):
            first = self.expression()
            self.need(":")
            second = self.expression()
            value = UNKNOWN if value is UNKNOWN else first if value else second
            self.way = ""
        self._depth -= 1
        return value

    def _binary(self, level: int) -> Any:
        if level == len(_LEVELS):
            return self._unary()
        value = self._binary(level + 1)
        pieces: list[str] = []  # a text put together from many parts is joined once
        while self.peek() in _LEVELS[level]:
            mark, _ = self.take()
            other = self._binary(level + 1)
            self.way = ""
            if mark == "+" and isinstance(value, str) and (piece := written(other)) is not None:
                pieces = pieces or [value]
                pieces.append(piece)
                continue
            value = values.operation(mark, "".join(pieces) if pieces else value, other)
            pieces = []
        whole = "".join(pieces) if pieces else value
        return UNKNOWN if isinstance(whole, str) and len(whole) > _MAX_TEXT else whole

    def _unary(self) -> Any:
        mark = self.peek()
        if mark not in ("-", "!", "+"):
            return self._reference()
        self.take()
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise UnreadableError(f"more than {_MAX_DEPTH} signs in one another")
        value = self._unary()
        self._depth -= 1
        if mark == "!":
            return UNKNOWN if value is UNKNOWN else not value
        number = values.number(value)
        return UNKNOWN if number is None else -number if mark == "-" else number

    def _reference(self) -> Any:
        word, kind = self.take()
        self.way = ""
        if kind == "number":
            value: Any = int(word, 16) if word[:2] in ("0x", "0X") else float(word) if "." in word else int(word)
        elif kind == "text":
            value = self._template(word) if word[0] == "`" else text_of(word)
        elif kind == "name":
            if word == "new":
                return self._new()
            if word == "void":
                self._unary()
                self.way = ""
                return None
            if word == "function":
                raise UnreadableError("a function is no value here")
            value, self.way = (_WORDS[word] if word in _WORDS else self.names(word)), word
        elif word == "(":
            value = self.expression()
            self.need(")")
            self.way = ""
        elif word == "[":
            value = self._list("]")
            self.way = ""
        elif word == "{":
            value = self._object()
            self.way = ""
        else:
            raise UnreadableError(f"{word!r} begins no expression")
        return self._members(value)

    def _new(self) -> Any:
        name, _ = self.take()
        arguments = self._list(")") if self.skip("(") else []
        self.way = ""
        return self._members({"Array": arguments, "Object": {}}.get(name, UNKNOWN))

    def _members(self, value: Any) -> Any:
        while (mark := self.peek()) in (".", "[", "("):
            self.take()
            if mark == ".":
                name, kind = self.take()
                if kind != "name":
                    raise UnreadableError(f"a name was expected at character {self.at}")
                way = f"{self.way}.{name}" if self.way else name
                if self.peek() == "(":
                    self.take()
                    arguments = self._list(")")
                    answer = self.called(way, arguments)
                    value = values.method(value, name, arguments) if answer is UNKNOWN else answer
                    way += "()"
                else:
                    value = values.member(value, name)
                    if value is UNKNOWN:
                        value = self.names(way)
                self.way = way
            elif mark == "[":
                way = self.way
                key = self.expression()
                self.need("]")
                value, self.way = values.item(value, key), f"{way}[]"
            else:
                way = self.way
                arguments = self._list(")")
                answer = self.called(way, arguments)
                value = values.call(way, arguments) if answer is UNKNOWN else answer
                self.way = f"{way}()"
        return value

    def arguments(self) -> list[Any]:
        """The values up to the closing bracket of a call, whose opening one is read."""
        return self._list(")")

    def _list(self, end: str) -> list[Any]:
        items: list[Any] = []
        while not self.skip(end):
            items.append(self._value())
            if not self.skip(","):
                self.need(end)
                break
        return items

    def _object(self) -> Any:
        entries: dict[str, Any] = {}
        while not self.skip("}"):
            word, kind = self.take()
            if kind == "mark":
                raise UnreadableError(f"a key was expected at character {self.at}")
            if not self.skip(":"):
                entries[word] = self.names(word)
            else:
                entries[text_of(word) if kind == "text" else word] = self._value()
            if not self.skip(","):
                self.need("}")
                break
        return entries

    def _value(self) -> Any:
        """An expression, or a function that is gone past."""
        start = self.at
        try:
            value = self.expression()
            if self.peek() != "=>":
                return value
        except UnreadableError:
            pass
        self.at = start
        self.past((",", ")", "]", "}"))
        return UNKNOWN

    def _template(self, literal: str) -> Any:
        pieces: list[str] = []
        at = 1
        for hole in _HOLE.finditer(literal):
            piece = written(Reader(hole.group(1), 0, self.names).expression())
            if piece is None:
                return UNKNOWN
            pieces += [text_of(f"`{literal[at : hole.start()]}`"), piece]
            at = hole.end()
        rest = literal[at:-1]
        return UNKNOWN if "${" in rest else "".join([*pieces, text_of(f"`{rest}`")])
