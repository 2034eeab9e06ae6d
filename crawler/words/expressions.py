"""Expressions of a page's scripts as far as they are literal: text put together, arrays and objects written out.

Nothing is run. An expression is read from left to right, once; what depends on more than its words and the names that
are told is `UNKNOWN`, and whatever is made with it is unknown as well (sources/pages#scripts).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote


class Unknown:
    """What an expression is that is not settled by its words."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class Thing(dict[str, str]):
    """An element that a script is handed (`this`): its attributes, names in lower case."""


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
_HOLE = re.compile(r"\$\{([^{}`]{0,200})\}")
_MAX_DEPTH = 40
_MAX_TEXT = 200_000
"""Characters of one text put together; a list that a script writes has some ten thousand."""
_MAX_PAST = 20_000
"""Characters of a function that is gone past."""
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}
_SAME = frozenset({"String", "Number", "parseInt", "unescape", "decodeURI", "decodeURIComponent", "$", "jQuery"})
_QUOTED = {"encodeURI": ";,/?:@&=+$-_.!~*'()#%", "encodeURIComponent": "-_.!~*'()", "escape": "@*_+-./"}
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"==", "===", "!=", "!=="}),
    frozenset({"<", ">", "<=", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)


def text_of(literal: str) -> str:
    """The text that a quoted literal stands for."""
    inner = literal[1:-1]
    return _ESCAPED.sub(_unescaped, inner) if "\\" in inner else inner


def _unescaped(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2)
    return chr(int(code, 16)) if code else _PLAIN.get(found.group(3), found.group(3))


def written(value: Any) -> str | None:
    """A value as a script would write it into a text; None for one that is unknown, an array or an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None or not isinstance(value, int | float):
        return None
    return str(int(value)) if value == int(value) else str(value)


class Reader:
    """Reads expressions of `text` from `at` on. `at` moves on behind what was read.

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
        self.text, self.at = text, at
        self.names, self.called = names, called
        self.way = ""
        """The names that the last reference went through, a call being `()` and an index `[]`."""
        self._depth = 0
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
            value = _made(mark, "".join(pieces) if pieces else value, other)
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
        number = _number(value)
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
        given = self._list(")") if self.skip("(") else []
        self.way = ""
        return self._members({"Array": given, "Object": {}}.get(name, UNKNOWN))

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
                    given = self._list(")")
                    told = self.called(way, given)
                    value = _method(value, name, given) if told is UNKNOWN else told
                    way += "()"
                else:
                    value = _member(value, name)
                    if value is UNKNOWN:
                        value = self.names(way)
                self.way = way
            elif mark == "[":
                way = self.way
                key = self.expression()
                self.need("]")
                value, self.way = _item(value, key), f"{way}[]"
            else:
                way = self.way
                given = self._list(")")
                told = self.called(way, given)
                value = _function(way, given) if told is UNKNOWN else told
                self.way = f"{way}()"
        return value

    def _list(self, end: str) -> list[Any]:
        found: list[Any] = []
        while not self.skip(end):
            found.append(self._value())
            if not self.skip(","):
                self.need(end)
                break
        return found

    def _object(self) -> Any:
        found: dict[str, Any] = {}
        while not self.skip("}"):
            word, kind = self.take()
            if kind == "mark":
                raise UnreadableError(f"a key was expected at character {self.at}")
            if not self.skip(":"):
                found[word] = self.names(word)
            else:
                found[text_of(word) if kind == "text" else word] = self._value()
            if not self.skip(","):
                self.need("}")
                break
        return found

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


def _number(value: Any) -> int | float | None:
    if isinstance(value, str):
        try:
            value = float(value) if "." in value else int(value)
        except ValueError:
            return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 else None


def _made(mark: str, one: Any, other: Any) -> Any:
    """What two values give with a mark between them."""
    if one is UNKNOWN or other is UNKNOWN:
        return UNKNOWN
    if mark in ("||", "&&"):
        return (one or other) if mark == "||" else (one and other)
    if mark in ("==", "===", "!=", "!=="):
        same = written(one) == written(other) if written(one) is not None else one == other
        return same == (mark[0] == "=")
    if mark == "+" and (isinstance(one, str) or isinstance(other, str)):
        left, right = written(one), written(other)
        return UNKNOWN if left is None or right is None else left + right
    left_number, right_number = _number(one), _number(other)
    if left_number is None or right_number is None or (mark in "/%" and not right_number):
        return UNKNOWN
    match mark:
        case "+":
            return left_number + right_number
        case "-":
            return left_number - right_number
        case "*":
            return left_number * right_number
        case "/":
            return left_number / right_number
        case "%":
            return left_number % right_number
        case "<":
            return left_number < right_number
        case ">":
            return left_number > right_number
        case "<=":
            return left_number <= right_number
        case _:
            return left_number >= right_number


def _member(value: Any, name: str) -> Any:
    if isinstance(value, Thing):
        if name in ("dataset", "options", "currentTarget", "target"):
            return value
        dashed = re.sub(r"([A-Z])", r"-\1", name).lower()
        return value.get(f"data-{dashed}", value.get(name.lower(), UNKNOWN))
    if isinstance(value, dict):
        return value.get(name, UNKNOWN)
    if name == "length" and isinstance(value, str | list):
        return len(value)
    return UNKNOWN


def _item(value: Any, key: Any) -> Any:
    if isinstance(value, Thing):
        return value  # this.options[this.selectedIndex]: the option itself
    if isinstance(value, dict):
        return value.get(written(key) or "", UNKNOWN)
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return UNKNOWN


def _method(value: Any, name: str, given: list[Any]) -> Any:
    """What a method of a text, an array or an element gives, of the few that are read.

    The moment and a number drawn, which only keep a browser from its store, are 1.
    """
    if value is UNKNOWN and not given and name in ("random", "getTime", "now"):
        return 1
    first = written(given[0]) if given else None
    if isinstance(value, Thing):
        if name in ("attr", "getAttribute", "prop") and len(given) == 1 and first is not None:
            return value.get(first.lower(), UNKNOWN)
        if name == "data" and first is not None:
            return value.get(f"data-{first.lower()}", UNKNOWN)
        if name == "val":
            return value.get("value", UNKNOWN)
        return value if name in ("find", "children") else UNKNOWN
    if isinstance(value, str | int | float) and name in ("toString", "trim"):
        return (written(value) or "").strip() if name == "trim" else written(value)
    if isinstance(value, str) and name == "concat":
        parts = [written(part) for part in given]
        return UNKNOWN if None in parts else value + "".join(part for part in parts if part is not None)
    if isinstance(value, str) and name == "replace" and len(given) == 2 and all(isinstance(x, str) for x in given):
        return value.replace(given[0], given[1], 1)
    if isinstance(value, list) and name == "join":
        parts = [written(part) for part in value]
        glue = "," if first is None else first
        return UNKNOWN if None in parts else glue.join(part for part in parts if part is not None)
    return UNKNOWN


def _function(way: str, given: list[Any]) -> Any:
    """What a function of the language gives, of the few that are read."""
    if not given:
        return UNKNOWN
    if way in _SAME:
        return given[0]
    text = written(given[0])
    return quote(text, safe=_QUOTED[way]) if way in _QUOTED and text is not None else UNKNOWN
