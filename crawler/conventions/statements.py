"""The statements of a function of the page, read one after the other: what it assigns, decides, and comes to.

Nothing is run; loops are not read. Decisions are followed where the words settle them (functions.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crawler.words.expressions import Reader
from crawler.words.lexer import UnreadableError
from crawler.words.values import UNKNOWN, operation, written

PREFIX = r"(?:(?:window|self|top|parent|document|opener)\.)*"
_PLACE = re.compile(rf"{PREFIX}location(?:\.href)?|.{{0,200}}\.(?:src|location|location\.href|action)", re.S)
"""What an address is assigned to that a reader is sent to, or that a frame or form is given."""


@dataclass(slots=True)
class Call:
    """One call as it is followed: its names, the address that it came to, what it asks the server for on the way, and
    how many calls it is within. `fields`: of a form that are filled, `looked_for`: the element that was named last,
    `submits`: whether a form is sent."""

    names: dict[str, Any] = field(default_factory=dict)
    address: str | None = None
    asked: str | None = None
    ended: bool = False
    depth: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    looked_for: str = ""
    submits: bool = False

    def arrive(self, value: Any) -> None:
        """The first address that is settled is the one; an empty one, as of a window that is opened first, is none."""
        address = written(value)
        if address and address != "about:blank" and not address.lower().startswith("javascript:"):
            self.address, self.ended = address, True


class Statements:
    """Reads statements. `meaning`: of a name that the call itself does not hold; `called`: told of each call, with the
    way to what is called, its arguments and the call that it stands in."""

    def __init__(self, meaning: Callable[[str], Any], called: Callable[[str, list[Any], Call], None]) -> None:
        self._meaning = meaning
        self._called = called

    def follow(self, script: str, at: int, call: Call, until_end: bool = False) -> None:
        """Go through statements until the body ends; `call` takes the address that they come to."""
        reader = Reader(script, at)
        self._bind(reader, call)
        try:
            while not call.ended and reader.peek() and (until_end or reader.peek() != "}"):
                self._statement(reader, call)
        except (UnreadableError, RecursionError):
            return

    def turn(self, script: str, at: int, call: Call) -> None:
        """Go through one statement, or several in braces, as a loop does each time."""
        reader = Reader(script, at)
        self._bind(reader, call)
        try:
            self._block(reader, call)
        except (UnreadableError, RecursionError):
            return

    def _bind(self, reader: Reader, call: Call) -> None:
        """From here on names and calls are those of `call`."""

        def meaning(name: str) -> Any:
            return call.names[name] if name in call.names else self._meaning(name)

        def called(way: str, arguments: list[Any]) -> Any:
            self._called(way, arguments, call)
            return UNKNOWN

        reader.names, reader.called = meaning, called

    def _statement(self, reader: Reader, call: Call) -> None:
        word = reader.peek()
        if word in (";", "return"):
            reader.take()
            if word == "return":
                if reader.peek() not in (";", "}", ""):
                    reader.expression()
                call.ended = True
        elif word in ("var", "let", "const"):
            reader.take()
            self._declared(reader, call)
        elif word == "if":
            self._decision(reader, call)
        elif word in ("++", "--"):
            reader.take()
            before = reader.expression()
            call.names[reader.way] = operation(word[0], before, 1)
        elif word in ("{", "try"):
            reader.skip("try")
            self._block(reader, call)
        elif word in ("for", "while", "do", "switch", "function", "throw", "with"):
            raise UnreadableError(f"{word} is not read")
        else:
            self._assignment(reader, call)

    def _declared(self, reader: Reader, call: Call) -> None:
        while True:
            name, _ = reader.take()
            call.names[name] = reader.expression() if reader.skip("=") else UNKNOWN
            if not reader.skip(","):
                return

    def _assignment(self, reader: Reader, call: Call) -> None:
        before = reader.expression()
        way, named = reader.way, call.looked_for
        mark = reader.peek()
        if mark not in ("=", "+="):
            if mark in ("++", "--"):
                reader.take()
                call.names[way] = operation(mark[0], before, 1)
            return
        reader.take()
        value = reader.expression()
        if mark == "+=":
            value = operation("+", before, value)
        if _PLACE.fullmatch(way):
            call.arrive(value)
        elif way.endswith(".value") and (filled := written(value)) is not None:
            call.fields[named if way.endswith("().value") else way.split(".")[-2]] = filled
        else:
            call.names[way] = value

    def _block(self, reader: Reader, call: Call) -> None:
        """A statement, or several in braces; all are gone past."""
        if not reader.skip("{"):
            self._statement(reader, call)
            return
        while not reader.skip("}"):
            if call.ended:
                reader.past(("}",))
            else:
                self._statement(reader, call)

    def _decision(self, reader: Reader, call: Call) -> None:
        """Both ways are read; where the words do not settle which, an address counts that only one of them comes to."""
        reader.take()
        reader.need("(")
        held = reader.expression()
        reader.need(")")
        ways = [Call(dict(call.names), depth=call.depth), Call(dict(call.names), depth=call.depth)]
        self._bind(reader, ways[0])
        self._block(reader, ways[0])
        reader.skip(";")
        if reader.skip("else"):
            self._bind(reader, ways[1])
            self._block(reader, ways[1])
        self._bind(reader, call)
        if held is not UNKNOWN:
            chosen = ways[0] if held else ways[1]
            call.names, call.address, call.ended = chosen.names, call.address or chosen.address, chosen.ended
            call.asked = call.asked or chosen.asked
            call.fields, call.submits = call.fields | chosen.fields, call.submits or chosen.submits
            return
        addresses = {way.address for way in ways if way.address}
        if len(addresses) == 1:
            call.address, call.ended = call.address or addresses.pop(), True
        requests = {way.asked for way in ways if way.asked}
        if len(requests) == 1:
            call.asked = call.asked or requests.pop()
        for branch in ways:
            call.fields, call.submits = call.fields | branch.fields, call.submits or branch.submits
        for name, value in ways[0].names.items():
            same = ways[1].names.get(name, UNKNOWN)
            call.names[name] = value if isinstance(value, str) and value == same else call.names.get(name, UNKNOWN)
