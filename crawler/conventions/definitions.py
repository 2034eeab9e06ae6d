"""What the scripts of a page define: functions with the names of their arguments, and constants outside of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.words.lexer import TOKEN

_OPENING = re.compile(r"<script\b([^>]{0,500})>", re.I)
_CLOSING = re.compile(r"</script", re.I)
_MAX_SCRIPTS = 400_000
"""Characters of a page's scripts that are read; the scripts written into the largest list page have a third."""


def scripts_in(html: str) -> Iterator[tuple[str, str]]:
    """The scripts that stand in a page's source, in order: attributes as written, and what is inside."""
    at = 0
    while (opening := _OPENING.search(html, at)) and (closing := _CLOSING.search(html, opening.end())):
        yield opening[1], html[opening.end() : closing.start()]
        at = closing.end()


@dataclass(slots=True)
class Function:
    """A function of the page: the names of its arguments, and where its body begins in the scripts."""

    arguments: list[str]
    script: str
    body: int


class Definitions:
    """The functions in the scripts of a page, and the constants outside them; of two functions of one name the last.

    `constants`: by name the script that gives it its value, and where that begins.
    """

    def __init__(self, html: str) -> None:
        self.functions: dict[str, Function] = {}
        self.constants: dict[str, tuple[str, int]] = {}
        room = _MAX_SCRIPTS
        for _, script in scripts_in(html):
            script = script[:room]
            room -= len(script)
            self._read(script)
            if room <= 0:
                return

    def _read(self, script: str) -> None:
        tokens = [(match.group(match.lastgroup or 0), match.end()) for match in TOKEN.finditer(script)]
        words = [word for word, _ in tokens]
        depth = 0
        for at, word in enumerate(words):
            if word in "([{":
                depth += 1
            elif word in ")]}":
                depth -= 1
            elif word == "function":
                named = words[at + 1 : at + 2]
                before = words[at - 2] if at >= 2 and words[at - 1] in ("=", ":") else ""
                begin = at + 1 if named == ["("] else at + 2
                name = before if named == ["("] else named[0] if named else ""
                self._define(name, tokens, words, begin, script, depth)
            elif word == "=" and at:
                if depth <= 0 and words[at - 1] not in self.constants:
                    self.constants[words[at - 1]] = script, tokens[at][1]
                if words[at + 1 : at + 2] == ["("]:
                    self._define(words[at - 1], tokens, words, at + 1, script, depth, arrow=True)

    def _define(
        self,
        name: str,
        tokens: list[tuple[str, int]],
        words: list[str],
        begin: int,
        script: str,
        depth: int,
        arrow: bool = False,
    ) -> None:
        """Take down a function whose arguments' bracket is at `begin`; those at the top go before those within."""
        end = next((at for at in range(begin, min(begin + 40, len(words))) if words[at] == ")"), None)
        if not name or end is None or words[begin] != "(" or (depth > 0 and name in self.functions):
            return
        if arrow:
            if words[end + 1 : end + 2] != ["=>"]:
                return
            end += 1
        braced = words[end + 1 : end + 2] == ["{"]
        if braced or arrow:
            arguments = [word for word in words[begin + 1 : end] if word not in (",", ")", "=>", "(")]
            self.functions[name] = Function(arguments, script, tokens[end + 1][1] if braced else tokens[end][1])
