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
from typing import Any
from urllib.parse import urlsplit

from crawler.conventions.calls import asked
from crawler.conventions.definitions import Definitions, Function
from crawler.conventions.handlers import Handler, handlers_in
from crawler.conventions.statements import PREFIX, Call, Statements
from crawler.words.expressions import Reader
from crawler.words.lexer import UnreadableError
from crawler.words.values import UNKNOWN, Thing, written

_MAX_CODE = 2_000
_MAX_CALLS = 4
"""Functions that call one another."""
_GO = re.compile(rf"{PREFIX}(?:location\.(?:assign|replace)|open)|(?:layer|.{{0,200}}\(\))\.(?:open|load)", re.S)
"""What is called with an address; a layer that opens names it as its content."""
_LOOKS_FOR = frozenset({"$", "jQuery", "document.getElementById", "document.querySelector"})
_NAME_IN = re.compile(r"^.*\[name=[\"']?|[\"']?\]$|^#")
"""What stands around a field's name or id in a selector."""
_ATTRIBUTE = re.compile(r".{0,200}\.(?:attr|prop|setAttribute)", re.S)


class Functions:
    """The functions and constants in the scripts of a page at `url`; looked for when first asked."""

    def __init__(self, html: str, url: str) -> None:
        self._html = html
        self._url = url
        self._definitions: Definitions | None = None
        self._handlers: list[Handler] | None = None
        self._asked: set[str] = set()
        self._statements = Statements(self._meaning, self._called)

    def address(self, code: str, element: Mapping[str, str] | None = None) -> str | None:
        """The address, as written, that an onclick or `javascript:` comes to; None where its words do not settle it.

        `element`: attributes of the element that holds the code (`this`). Never raises. The address is relative to the
        page; whether it may be asked is not looked at.
        """
        code = code[11:] if code[:11].lower() == "javascript:" else code
        if len(code) > _MAX_CODE:
            return None
        call = Call({"this": Thing({name.lower(): value for name, value in (element or {}).items()})})
        self._statements.follow(code, 0, call, until_end=True)
        return call.address or call.asked or None

    def sent(self, code: str) -> dict[str, str] | None:
        """The fields of a form that a call in a link fills before it sends that, by name or id; None where it sends
        none, or fills none with what its words settle."""
        code = code[11:] if code[:11].lower() == "javascript:" else code
        if len(code) > _MAX_CODE or "(" not in code:
            return None
        call = Call()
        self._statements.follow(code, 0, call, until_end=True)
        return call.fields if call.submits and call.fields else None

    def handled(self, handler: Handler, element: Mapping[str, str]) -> str | None:
        """The address, as written, that a function bound to an element with these attributes comes to; None where its
        words do not settle it."""
        held = Thing({name.lower(): value for name, value in element.items()})
        call = Call({"this": held} | ({handler.argument: held} if handler.argument else {}))
        self._statements.follow(handler.script, handler.body, call)
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

    def _called(self, way: str, arguments: list[Any], call: Call) -> None:
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
            call.arrive(target)
        elif function is None and _ATTRIBUTE.fullmatch(way) and len(arguments) == 2 and arguments[0] in ("src", "href"):
            call.arrive(arguments[1])
        elif function is None:
            call.asked = call.asked or asked(way, arguments)
        if function is None or call.depth >= _MAX_CALLS:
            return
        constants = self._defined().constants
        counts = {name: value for name, value in call.names.items() if name in constants}
        names = counts | dict(zip(function.arguments, arguments, strict=False))
        inner = Call(names, depth=call.depth + 1)
        self._statements.follow(function.script, function.body, inner)
        call.asked = call.asked or inner.asked
        call.fields |= inner.fields
        call.submits = call.submits or inner.submits
        if inner.address is not None:
            call.address, call.ended = inner.address, True
