"""Office's binary formats: containers after [MS-CFB], Word 97 after [MS-DOC], Excel 97 and 95 after [MS-XLS]."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from pipelines.marked.document import Cell
from tests.support.formats.blocks import Block, Table, runs

SPRMS = {
    "": b"",
    "deleted": struct.pack("<HBHHHI", 0x0800, 1, 0x4863, 1, 0x6864, 0x5CC3A2B1),
    "inserted": struct.pack("<HB", 0x0801, 1),
    "hidden": struct.pack("<HB", 0x083C, 1),
    "struck": struct.pack("<HB", 0x0837, 1),
    "raised": struct.pack("<HB", 0x2A48, 1),
    "bold": struct.pack("<HB", 0x0835, 1),
    "shown": struct.pack("<HBHB", 0x083C, 1, 0x083C, 0),
}
"""How characters are set, as properties: a code and its operand. A deletion says by whom and when as well."""
_IN_TABLE = struct.pack("<HB", 0x2416, 1)
_TEXT_START = 0x800
_PAGE = 512

Run = tuple[str, str]
Paragraph = tuple[list[Run], bytes]
"""Its runs (how, words), the last of which holds the character that ends it; its properties."""


def doc(blocks: Iterable[Block]) -> bytes:
    """A Word 97 file: text in one piece, what is said of characters and paragraphs in pages of properties."""
    paragraphs = [paragraph for block in blocks for paragraph in _paragraphs(block)]
    text = "".join(words for inside, _ in paragraphs for _, words in inside)
    main = bytearray(_TEXT_START) + text.encode("utf-16-le")
    main += bytes(-len(main) % _PAGE)
    spans = [(sum(len(words) for _, words in inside), said) for inside, said in paragraphs]
    properties = _pages(main, [(length, _papx(said)) for length, said in spans], 13)
    single = [(len(words), SPRMS[how]) for inside, _ in paragraphs for how, words in inside]
    characters = _pages(main, [(length, bytes([len(said)]) + said if said else b"") for length, said in single], 1)
    clx = b"\2" + struct.pack("<I", 16) + struct.pack("<IIHIH", 0, len(text), 0, _TEXT_START, 0)
    struct.pack_into("<H", main, 0, 0xA5EC)
    struct.pack_into("<H", main, 0x0A, 0x0200)
    struct.pack_into("<I", main, 0x4C, len(text))
    table = b""
    for place, part in ((0xFA, characters), (0x102, properties), (0x1A2, clx)):
        struct.pack_into("<II", main, place, len(table), len(part))
        table += part
    return ole({"WordDocument": bytes(main), "1Table": table})


def _paragraphs(block: Block) -> list[Paragraph]:
    """A block as paragraphs; a row all of whose words are deleted is deleted with its end."""
    if isinstance(block, str):
        return [([*runs(block), ("", "\r")], b"")]
    found: list[Paragraph] = []
    for row in block.rows():
        said = [[] if goes_on else runs(cell.words) for cell, goes_on in row]
        gone = all(how == "deleted" for inside in said for how, _ in inside)
        end = ("deleted" if gone else "", "\x07")
        found += [([*inside, end], _IN_TABLE) for inside in said]
        found.append(([end], _row_end(row)))
    return found


def _row_end(row: list[tuple[Cell, bool]]) -> bytes:
    """What the end of a row says of its columns: their edges, and which cells are merged with those above."""
    last = row[-1][0]
    edges = [*(1000 * cell.column for cell, _ in row), 1000 * (last.column + last.columns)]
    told = bytes([len(row)]) + struct.pack(f"<{len(edges)}h", *edges)
    for cell, goes_on in row:
        told += struct.pack("<H", 0x20 if goes_on else 0x60 if cell.rows > 1 else 0) + bytes(18)
    return _IN_TABLE + struct.pack("<HB", 0x2417, 1) + struct.pack("<HH", 0xD608, len(told) + 1) + told


def _papx(said: bytes) -> bytes:
    papx = b"\0\0" + said + (b"" if len(said) % 2 else b"\0")
    return bytes([(len(papx) + 1) // 2]) + papx


def _pages(main: bytearray, spans: list[tuple[int, bytes]], head: int) -> bytes:
    """Put pages of properties at the end of `main`, and give the table of them.

    `spans`: characters and what is said of them. `head`: bytes of an entry in a page, its place first.
    """
    firsts, numbers, at = list[int](), list[int](), _TEXT_START
    while spans:
        page, bounds, entries, free = bytearray(_PAGE), [at], b"", _PAGE - 1
        while spans:
            length, said = spans[0]
            start = (free - len(said)) // 2 * 2
            if 4 * (len(bounds) + 1) + len(entries) + head > start:
                break
            spans = spans[1:]
            if said:
                page[start : start + len(said)] = said
                free = start
            at += 2 * length
            bounds.append(at)
            entries += bytes([free // 2 if said else 0]) + bytes(head - 1)
        page[: 4 * len(bounds)] = struct.pack(f"<{len(bounds)}I", *bounds)
        page[4 * len(bounds) : 4 * len(bounds) + len(entries)] = entries
        page[-1] = len(bounds) - 1
        firsts.append(bounds[0])
        numbers.append(len(main) // _PAGE)
        main += page
    return struct.pack(f"<{len(firsts) + 1}I", *firsts, at) + struct.pack(f"<{len(numbers)}I", *numbers)


def xls(tables: dict[str, Table], age: int = 97) -> bytes:
    """A workbook of Excel 97, or 95 with its words in GBK and no merged cells; a sheet for each table, by name."""
    new = age == 97
    strings = list(dict.fromkeys(cell.words for table in tables.values() for cell in table.cells))
    sheets = [_sheet(table, strings if new else None) for table in tables.values()]
    version = struct.pack("<HHHH", 0x0600 if new else 0x0500, 5, 0x0DBB, 1996)
    begin = _record(0x809, version + (bytes(8) if new else b""))
    begin += _record(0x42, struct.pack("<H", 1200 if new else 936))
    packed = b"".join(struct.pack("<HB", len(words), 1) + words.encode("utf-16-le") for words in strings)
    end = (_record(0xFC, struct.pack("<II", len(strings), len(strings)) + packed) if new else b"") + _record(0x0A, b"")
    names = []
    for name in tables:
        written = name.encode("utf-16-le" if new else "gbk")
        names.append((struct.pack("<BB", len(name), 1) if new else bytes([len(written)])) + written)
    at = len(begin) + sum(10 + len(name) for name in names) + len(end)
    for named, sheet in zip(names, sheets, strict=True):
        begin += _record(0x85, struct.pack("<IBB", at, 0, 0) + named)
        at += len(sheet)
    return ole({"Workbook" if new else "Book": begin + end + b"".join(sheets)})


def _sheet(table: Table, strings: list[str] | None) -> bytes:
    """The records of a sheet; `strings`: those that the workbook shares, None where it shares none."""
    version = struct.pack("<HHHH", 0x0500 if strings is None else 0x0600, 0x10, 0x0DBB, 1996)
    found = _record(0x809, version + (b"" if strings is None else bytes(8)))
    size = (0, table.height, 0, table.width, 0)
    found += _record(0x200, struct.pack("<HHHHH" if strings is None else "<IIHHH", *size))
    for cell in sorted(table.cells, key=lambda one: (one.row, one.column)):
        place = struct.pack("<HHH", cell.row, cell.column, 0)
        if cell.words.replace(".", "", 1).isdecimal():
            found += _record(0x203, place + struct.pack("<d", float(cell.words)))
        elif strings is not None:
            found += _record(0xFD, place + struct.pack("<I", strings.index(cell.words)))
        else:
            written = cell.words.encode("gbk")
            found += _record(0x204, place + struct.pack("<H", len(written)) + written)
    spans = [cell for cell in table.cells if cell.rows > 1 or cell.columns > 1]
    if spans and strings is not None:
        told = (struct.pack("<HHHH", c.row, c.row + c.rows - 1, c.column, c.column + c.columns - 1) for c in spans)
        found += _record(0xE5, struct.pack("<H", len(spans)) + b"".join(told))
    return found + _record(0x0A, b"")


def _record(kind: int, body: bytes) -> bytes:
    assert len(body) <= 8224
    return struct.pack("<HH", kind, len(body)) + body


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file after [MS-CFB]: the table of sectors, one sector for the directory, then the streams."""
    padded = {name: body + bytes(max(4096 - len(body), 0)) for name, body in streams.items()}
    sizes = {name: -(-len(body) // 512) for name, body in padded.items()}
    tables = 1
    while 128 * tables < tables + 1 + sum(sizes.values()):
        tables += 1
    fat = [0xFFFFFFFD] * tables + [0xFFFFFFFE]
    sectors, entries = b"", []
    for name, body in padded.items():
        first = len(fat)
        fat += [*range(first + 1, first + sizes[name]), 0xFFFFFFFE]
        sectors += body + bytes(sizes[name] * 512 - len(body))
        entries.append((name, 2, first, len(body)))

    def entry(name: str, kind: int, child: int, right: int, first: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        head = raw + bytes(64 - len(raw)) + struct.pack("<HBB", len(raw), kind, 1)
        return head + struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36) + struct.pack("<IQ", first, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFF, 0xFFFFFFFE, 0)
    for number, (name, kind, first, size) in enumerate(entries, 1):
        right = number + 1 if number < len(entries) else 0xFFFFFFFF
        directory += entry(name, kind, 0xFFFFFFFF, right, first, size)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", *range(tables), *([0xFFFFFFFF] * (109 - tables)))
    table = struct.pack(f"<{128 * tables}I", *(fat + [0xFFFFFFFF] * (128 * tables - len(fat))))
    return head + table + directory + bytes(512 - len(directory)) + sectors
