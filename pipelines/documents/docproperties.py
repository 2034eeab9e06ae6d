"""What a Word 97 file says of its paragraphs and characters: pages of properties, each a code and its operand.

After [MS-DOC]: PapxFkp 2.9.174, ChpxFkp 2.9.33, Prl 2.9.212, Prm0 2.9.215, single properties 2.6.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator

from pipelines.marked.document import UnreadableError

_FC_CHPX, _FC_PAPX = 0xFA, 0x102
"""Places in the file information block, the same since Word 97."""
TABLE, _HUGE = 0xD608, 0x6646
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes of an operand by the last three bits of its code (2.2.5.1); 6: the operand says its own length."""
_GONE = (0x0800, 0x083C, 0x0818, 0x0837, 0x2A53)
"""Deleted with changes tracked, hidden (twice), struck out once and twice."""
_RAISED = 0x2A48
_SHORT = {0x41: 0x0800, 0x51: 0x0818, 0x57: 0x0837, 0x5C: 0x083C, 0x68: _RAISED, 0x73: 0x2A53}
"""The codes that a piece of the text may name in seven bits, those among them that matter here."""
_MAX_RUNS = 2_000_000
"""Runs of characters that are gone through; a report has some thousand."""


def codes(told: bytes) -> dict[int, bytes]:
    """The codes of a list of properties with their operands; the last of a kind holds."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 2 <= len(told):
        (code,) = struct.unpack_from("<H", told, at)
        at += 2
        size = _OPERAND.get(code >> 13)
        if code == TABLE and at + 2 <= len(told):
            size = struct.unpack_from("<H", told, at)[0] - 1
            at += 2
        elif size is None:
            size = told[at] if at < len(told) else 0
            at += 1
        found[code] = told[at : at + size]
        at += size
    return found


def of_piece(modifier: int, lists: list[bytes]) -> dict[int, bytes]:
    """What is said of all characters of a piece: `modifier` holds one property, or the number of one of `lists`."""
    if modifier & 1:
        return codes(lists[modifier >> 1]) if modifier >> 1 < len(lists) else {}
    code = _SHORT.get(modifier >> 1 & 0x7F)
    return {code: bytes([modifier >> 8])} if code is not None else {}


def setting(told: dict[int, bytes]) -> str:
    """How characters are shown: `gone`, `raised`, or "" for plainly."""
    # A toggle is 0 or 1, or 0x81 for the opposite of what the style says, which is nearly always off.
    if any(told.get(code, b"")[:1] in (b"\1", b"\x81") for code in _GONE):
        return "gone"
    return "raised" if told.get(_RAISED, b"")[:1] == b"\1" else ""


class _Pages:
    """Pages of properties by the places in the stream that they tell of. `head`: bytes of an entry in a page."""

    def __init__(self, main: bytes, table: bytes, place: int, head: int) -> None:
        self._main = main
        self._head = head
        start, length = struct.unpack_from("<II", main, place)
        plc = table[start : start + length]
        count = max((len(plc) - 4) // 8, 0)
        self.starts = list(struct.unpack_from(f"<{count}I", plc)) if count else []
        self._numbers = [
            struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)[0] & 0x3FFFFF for number in range(count)
        ]

    def page(self, number: int) -> tuple[bytes, tuple[int, ...]]:
        """A page and the bounds of its runs; none where it is broken."""
        at = self._numbers[number] * 512
        page = self._main[at : at + 512]
        if len(page) < 512:
            return b"", ()
        runs = page[511]
        if 4 * (runs + 1) + self._head * runs > 511:
            return b"", ()
        return page, struct.unpack_from(f"<{runs + 1}I", page)

    def entry(self, page: bytes, bounds: tuple[int, ...], run: int) -> int:
        """Where in its page the properties of a run stand; 0 where nothing is said of it."""
        return 2 * page[4 * len(bounds) + self._head * run]


class Paragraphs:
    """What is said of each paragraph, by the place of its last character in the stream."""

    def __init__(self, main: bytes, table: bytes, data: bytes) -> None:
        self._pages = _Pages(main, table, _FC_PAPX, 13)
        self._data = data

    def at(self, place: int) -> dict[int, bytes]:
        """The codes of the paragraph that ends at `place`; {} where nothing is said."""
        number = bisect_right(self._pages.starts, place) - 1
        if place < 0 or number < 0:
            return {}
        page, bounds = self._pages.page(number)
        run = bisect_right(bounds, place) - 1
        if not 0 <= run < len(bounds) - 1:
            return {}
        at = self._pages.entry(page, bounds, run)
        if at == 0:
            return {}
        size = 2 * page[at] - 1
        if page[at] == 0:
            at += 1
            size = 2 * page[at]
        told = codes(page[at + 3 : at + 1 + size])
        if _HUGE in told:
            # What takes more than a page's room stands in the stream Data (2.9.214, PrcData).
            (there,) = struct.unpack("<I", told[_HUGE])
            (length,) = struct.unpack_from("<H", self._data, there)
            told |= codes(self._data[there + 2 : there + 2 + length])
        return told


class Characters:
    """How characters are shown, by their places in the stream."""

    def __init__(self, main: bytes, table: bytes) -> None:
        self._pages = _Pages(main, table, _FC_CHPX, 1)
        self._walked = 0

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int, dict[int, bytes]]]:
        """The runs from place to place without a gap: begin, end, codes. Raises UnreadableError beyond a limit."""
        at = start
        number = max(bisect_right(self._pages.starts, start) - 1, 0)
        while number < len(self._pages.starts) and self._pages.starts[number] < end:
            page, bounds = self._pages.page(number)
            number += 1
            self._walked += 1 + len(bounds)
            if self._walked > _MAX_RUNS:
                raise UnreadableError(f"more than {_MAX_RUNS:,} runs of characters")
            for run in range(max(bisect_right(bounds, at) - 1, 0), len(bounds) - 1):
                begin, stop = max(bounds[run], at), min(bounds[run + 1], end)
                if begin >= stop:
                    continue
                if begin > at:
                    yield at, begin, {}
                place = self._pages.entry(page, bounds, run)
                yield begin, stop, codes(page[place + 1 : place + 1 + page[place]]) if place else {}
                at = stop
        if at < end:
            yield at, end, {}
