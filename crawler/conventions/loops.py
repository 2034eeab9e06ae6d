"""Links that a loop of a script writes by counting: for(i=1;i<=5;i++) document.write('<a href="list_'+i+'.html">'+…).

Only loops whose bounds the page sets to literals are gone through, and of what they write only what their words
settle; nothing is run (sources/pages#scripts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from crawler.conventions.definitions import scripts_in
from crawler.conventions.functions import Functions
from crawler.conventions.paging import MAX_PAGES
from crawler.conventions.statements import Call, Statements
from crawler.words.expressions import Reader
from crawler.words.lexer import UnreadableError

MAX_LOOPS = 20
"""Loops that are looked at on one page."""
_LOOP = re.compile(r"\bfor\s*\(")
_WRITES = re.compile(r"document\.write(?:ln)?|.{0,200}\.(?:append|prepend|insertAdjacentHTML)", re.S)
_MAX_BODY = 1_500
"""Characters of a loop's body in which a link is looked for."""
_MAX_LINK = 300
"""Characters of a link in a script: its address and its words."""
_MAX_WRITTEN = 200_000
_WRITTEN = "document.write()"
"""The name under which what is written is kept."""
_FROM = re.compile(r"\s*(?:var\s|let\s)?\s*([\w$]{1,40})\s*=\s*\d{1,4}\s*;")
_LINK = re.compile(r"<a\b", re.I)


def loops_in(html: str) -> Iterator[tuple[str, int]]:
    """The loops of a page's scripts near whose head a link stands: the script, and where the loop's bracket is open."""
    places = (
        (script, loop.end())
        for attributes, script in scripts_in(html)
        if "<a" in script.lower() and "src" not in attributes.lower()
        for loop in _LOOP.finditer(script)
        if _LINK.search(script, loop.end(), loop.end() + _MAX_BODY)
    )
    yield from islice(places, MAX_LOOPS)


def written_by_loops(html: str, functions: Functions) -> str:
    """The mark-up that the loops of a page's scripts write; empty where they write none that is settled."""
    return "".join(_written(script, at, functions) for script, at in loops_in(html))


def _written(script: str, at: int, functions: Functions) -> str:
    reader = Reader(script, at, functions.constant)
    try:
        name, numbers = _counted(reader)
        body = reader.at
    except (UnreadableError, RecursionError):
        return ""

    def meaning(way: str) -> Any:
        return "" if way.endswith(".innerHTML") else functions.constant(way)

    def called(way: str, arguments: list[Any], call: Call) -> None:
        if arguments and isinstance(arguments[-1], str) and _WRITES.fullmatch(way):
            call.names[_WRITTEN] = call.names.get(_WRITTEN, "") + arguments[-1]

    statements = Statements(meaning, called)
    names: dict[str, Any] = {}
    for number in numbers:
        call = Call({**names, name: number})
        statements.turn(script, body, call)
        names = call.names
    # what is written, or a text that grows with each turn and is put into the page behind the loop
    texts = (value for value in names.values() if isinstance(value, str) and _LINK.search(value))
    return next(texts, "")[:_MAX_WRITTEN]


def unread_loop(html: str, functions: Functions) -> str | None:
    """The beginning of a loop that counts up, writes links by its number and is not settled; None where none does."""
    for script, at in loops_in(html):
        head = _FROM.match(script, at)
        if head is None or _written(script, at, functions):
            continue
        body = script[head.end() : head.end() + _MAX_BODY]
        link = _LINK.search(body)
        number = rf"\+\s*(?:\(\s*)*{re.escape(head[1])}(?![\w$])(?!\s*[.(\[])"
        if link is not None and len(re.findall(number, body[link.start() : link.start() + _MAX_LINK])) > 1:
            return script[at : at + 60].strip()
    return None


def _counted(reader: Reader) -> tuple[str, range]:
    """The name that a loop counts by and its numbers; its head is read. Raises UnreadableError for any other loop."""
    if reader.peek() in ("var", "let"):
        reader.take()
    name, kind = reader.take()
    reader.need("=")
    first = reader.expression()
    reader.need(";")
    reader.need(name)
    mark, _ = reader.take()
    last = reader.expression()
    reader.need(";")
    step = _step(reader, name)
    reader.need(")")
    first, last = (int(value) if isinstance(value, float) and value.is_integer() else value for value in (first, last))
    whole = type(first) is int and type(last) is int and type(step) is int
    if kind != "name" or mark not in ("<", "<=") or not whole or step < 1:
        raise UnreadableError(f"a loop by {name!r} whose bounds are not settled")
    numbers = range(first, last + (mark == "<="), step)
    if len(numbers) > MAX_PAGES:
        raise UnreadableError(f"a loop of {len(numbers)} turns")
    return name, numbers


def _step(reader: Reader, name: str) -> Any:
    """What is added each turn: i++, ++i, i+=2."""
    if reader.skip("++"):
        reader.need(name)
        return 1
    reader.need(name)
    if reader.skip("++"):
        return 1
    reader.need("+=")
    return reader.expression()
