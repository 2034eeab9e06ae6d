"""Where a call in a link leads, by the functions that stand on the page: openInfo(123) with

    function openInfo(id){ window.open("/a/" + id + ".html"); }

The general form: a function of the page whose body comes to one address, put together from literals, its arguments,
the page's own constants and the attributes of the element that was clicked. Decisions (`if`, `?:`) are followed where
the words settle them; nothing is run, loops are not read (sources/pages#scripts). Entries of lists and pagers lead on
by this same reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from crawler.conventions.calls import asked
from crawler.conventions.definitions import Definitions, Function
from crawler.conventions.handlers import Handler, handlers_in
from crawler.words.expressions import Reader
from crawler.words.lexer import UnreadableError
from crawler.words.values import UNKNOWN, Thing, operation, written

_MAX_CODE = 2_000
_MAX_CALLS = 4
"""Functions that call one another."""
_PREFIX = r"(?:(?:window|self|top|parent|document|opener)\.)*"
_PLACE = re.compile(rf"{_PREFIX}location(?:\.href)?|.{{0,200}}\.(?:src|location|location\.href|action)", re.S)
"""What an address is assigned to that a reader is sent to, or that a frame or form is given."""
_GO = re.compile(rf"{_PREFIX}(?:location\.(?:assign|replace)|open)|(?:layer|.{{0,200}}\(\))\.(?:open|load)", re.S)
"""What is called with an address; a layer that opens names it as its content."""
_LOOKS_FOR = frozenset({"$", "jQuery", "document.getElementById", "document.querySelector"})
_NAME_IN = re.compile(r"^.*\[name=[\"']?|[\"']?\]$|^#")
"""What stands around a field's name or id in a selector."""
_ATTRIBUTE = re.compile(r".{0,200}\.(?:attr|prop|setAttribute)", re.S)


@dataclass(slots=True)
class _Call:
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


class Functions:
    """The functions and constants in the scripts of a page at `url`; looked for when first asked."""

    def __init__(self, html: str, url: str) -> None:
        self._html = html
        self._url = url
        self._definitions: Definitions | None = None
        self._handlers: list[Handler] | None = None
        self._asked: set[str] = set()

    def address(self, code: str, element: Mapping[str, str] | None = None) -> str | None:
        """The address, as written, that an onclick or `javascript:` comes to; None where its words do not settle it.

        `element`: attributes of the element that holds the code (`this`). Never raises. The address is relative to the
        page; whether it may be asked is not looked at.
        """
        code = code[11:] if code[:11].lower() == "javascript:" else code
        if len(code) > _MAX_CODE:
            return None
        call = _Call({"this": Thing({name.lower(): value for name, value in (element or {}).items()})})
        self._follow(code, 0, call, 0, until_end=True)
        return call.address or call.asked or None

    def sent(self, code: str) -> dict[str, str] | None:
        """The fields of a form that a call in a link fills before it sends that, by name or id; None where it sends
        none, or fills none with what its words settle."""
        code = code[11:] if code[:11].lower() == "javascript:" else code
        if len(code) > _MAX_CODE or "(" not in code:
            return None
        call = _Call()
        self._follow(code, 0, call, 0, until_end=True)
        return call.fields if call.submits and call.fields else None

    def handled(self, handler: Handler, element: Mapping[str, str]) -> str | None:
        """The address, as written, that a function bound to an element with these attributes comes to; None where its
        words do not settle it."""
        held = Thing({name.lower(): value for name, value in element.items()})
        call = _Call({"this": held} | ({handler.argument: held} if handler.argument else {}))
        self._follow(handler.script, handler.body, call, 0)
        return call.address or call.asked or None

    @property
    def handlers(self) -> list[Handler]:
        """The functions that the page's scripts bind to elements."""
        if self._handlers is None:
            self._handlers = list(handlers_in(self._html))
        return self._handlers

    def constant(self, name: str) -> Any:
        """What a name means that a script of the page gives a value outside its functions; UNKNOWN for any other."""
        place = self._defined().constants.get(name)
        if place is None or name in self._asked:
            return UNKNOWN
        self._asked.add(name)
        try:
            return Reader(*place, names=self._meaning).expression()
        except UnreadableError:
            return UNKNOWN
        finally:
            self._asked.discard(name)

    def defined(self, name: str) -> Function | None:
        """The function of this name, None where none stands on the page."""
        return self._defined().functions.get(name)

    def _defined(self) -> Definitions:
        if self._definitions is None:
            self._definitions = Definitions(self._html)
        return self._definitions

    def _meaning(self, name: str) -> Any:
        part = name.rpartition("location.")[2] if "location." in name else ""
        if part:
            said = urlsplit(self._url)
            return {
                "href": self._url,
                "pathname": said.path,
                "host": said.netloc,
                "hostname": said.hostname,
                "protocol": f"{said.scheme}:",
                "origin": f"{said.scheme}://{said.netloc}",
                "search": f"?{said.query}" if said.query else "",
            }.get(part, UNKNOWN)
        return self.constant(name) if name.isidentifier() or "$" in name else UNKNOWN

    def _follow(self, script: str, at: int, call: _Call, depth: int, until_end: bool = False) -> None:
        """Go through statements until the body ends; `call` takes the address that they come to."""

        call.depth = depth
        reader = Reader(script, at)
        self._bind(reader, call)
        try:
            while not call.ended and reader.peek() and (until_end or reader.peek() != "}"):
                self._statement(reader, call)
        except (UnreadableError, RecursionError):
            return

    def _bind(self, reader: Reader, call: _Call) -> None:
        """From here on names and calls are those of `call`."""

        def meaning(name: str) -> Any:
            return call.names[name] if name in call.names else self._meaning(name)

        def called(way: str, arguments: list[Any]) -> Any:
            self._called(way, arguments, call, call.depth)
            return UNKNOWN

        reader.names, reader.called = meaning, called

    def _statement(self, reader: Reader, call: _Call) -> None:
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

    def _declared(self, reader: Reader, call: _Call) -> None:
        while True:
            name, _ = reader.take()
            call.names[name] = reader.expression() if reader.skip("=") else UNKNOWN
            if not reader.skip(","):
                return

    def _assignment(self, reader: Reader, call: _Call) -> None:
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
            self._arrive(value, call)
        elif way.endswith(".value") and (filled := written(value)) is not None:
            call.fields[named if way.endswith("().value") else way.split(".")[-2]] = filled
        else:
            call.names[way] = value

    def _block(self, reader: Reader, call: _Call) -> None:
        """A statement, or several in braces; all are gone past."""
        if not reader.skip("{"):
            self._statement(reader, call)
            return
        while not reader.skip("}"):
            if call.ended:
                reader.past(("}",))
            else:
                self._statement(reader, call)

    def _decision(self, reader: Reader, call: _Call) -> None:
        """Both ways are read; where the words do not settle which, an address counts that only one of them comes to."""
        reader.take()
        reader.need("(")
        held = reader.expression()
        reader.need(")")
        ways = [_Call(dict(call.names), depth=call.depth), _Call(dict(call.names), depth=call.depth)]
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
            return
        addresses = {way.address for way in ways if way.address}
        if len(addresses) == 1:
            call.address, call.ended = call.address or addresses.pop(), True
        requests = {way.asked for way in ways if way.asked}
        if len(requests) == 1:
            call.asked = call.asked or requests.pop()
        for name, value in ways[0].names.items():
            same = ways[1].names.get(name, UNKNOWN)
            call.names[name] = value if isinstance(value, str) and value == same else call.names.get(name, UNKNOWN)

    def _called(self, way: str, arguments: list[Any], call: _Call, depth: int) -> None:
        if call.ended:
            return
        if way.endswith(".submit") or (way.endswith((".trigger", ".click")) and arguments == ["submit"]):
            call.submits = True
            return
        if way in _LOOKS_FOR and arguments and isinstance(arguments[0], str):
            call.looked_for = _NAME_IN.sub("", arguments[0])
            return
        if way.endswith("().val") and len(arguments) == 1 and (filled := written(arguments[0])) is not None:
            call.fields[call.looked_for] = filled
            return
        function = self.defined(way.rpartition(".")[2])
        if function is None and arguments and _GO.fullmatch(way):
            target = (
                arguments[0].get("content", arguments[0].get("url")) if isinstance(arguments[0], dict) else arguments[0]
            )
            self._arrive(target, call)
        elif function is None and _ATTRIBUTE.fullmatch(way) and len(arguments) == 2 and arguments[0] in ("src", "href"):
            self._arrive(arguments[1], call)
        elif function is None:
            call.asked = call.asked or asked(way, arguments)
        if function is None or depth >= _MAX_CALLS:
            return
        constants = self._defined().constants
        known = {name: value for name, value in call.names.items() if name in constants}
        inner = _Call(known | dict(zip(function.arguments, arguments, strict=False)))
        self._follow(function.script, function.body, inner, depth + 1)
        call.asked = call.asked or inner.asked
        call.fields |= inner.fields
        call.submits = call.submits or inner.submits
        if inner.address is not None:
            call.address, call.ended = inner.address, True

    def _arrive(self, value: Any, call: _Call) -> None:
        """The first address that is settled is the one; an empty one, as of a window that is opened first, is none."""
        address = written(value)
        if address and address != "about:blank" and not address.lower().startswith("javascript:"):
            call.address, call.ended = address, True
