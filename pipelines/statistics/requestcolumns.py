"""The number columns of section 三: kinds of applicants by their headers, or counted where no header is printed."""

from __future__ import annotations

from crawler.reference.measures import form_of
from pipelines.statistics.cellvalue import is_value
from pipelines.statistics.columns import Head, Heads
from pipelines.statistics.grid import Row
from pipelines.statistics.labels import plain
from pipelines.statistics.vocabulary import vocabulary


def is_header(row: Row) -> bool:
    """True for a row that names at least two kinds of applicants and holds no numbers."""
    if not row.printed or row.printed[-1].raw.isdecimal():
        return False
    words = vocabulary()
    kinds = set()
    for cell in row.printed:
        if cell.raw.isascii() and any(sign.isdigit() for sign in cell.raw):
            return False
        code = words.applicants.get(plain(cell.raw))
        if code:
            kinds.add(code)
    return len(kinds - {"org_other", "total"}) >= 2 or len(kinds) >= 4


def names_applicant(row: Row) -> bool:
    """Whether a row without numbers names a column: what spans hold together in print stands in two rows of a sheet
    that lost them, 自然人 and 总计 over the rest."""
    applicants = vocabulary().applicants
    return any(plain(cell.raw) in applicants for cell in row.printed) and not any(
        cell.raw.isdecimal() for cell in row.printed
    )


def columns_of(rows: list[Row]) -> Heads | None:
    """The number columns by the last header row; those above it fill in where it is silent."""
    words = vocabulary()
    heads: list[Head] = []
    last = rows[-1]
    for place in last.places:
        texts = [(row[place.start] if place.start < len(row) else None) for row in reversed(rows)]
        label, code, known = "", None, False
        for cell in texts:
            text = plain(cell.raw) if cell is not None and cell.raw else ""
            if not text or text in words.grouping:
                continue
            label = label or (cell.raw.replace("\n", "") if cell else "")
            if text in words.subtotals or text in words.applicants:
                code, known = words.applicants.get(text), True
                label = cell.raw.replace("\n", "") if cell else label
                break
        if known or heads:
            heads.append(Head(code, label, place.start, place.end))
    codes = [head.code for head in heads if head.code]
    if len(codes) < 4 or len(set(codes)) != len(codes):
        return None
    while heads[-1].code is None and not heads[-1].label:
        heads.pop()
    return Heads(heads, len(last))


def is_incomplete(heads: Heads) -> bool:
    """Whether the heads that stand over numbers are the form's in its order, but for one or two of them: a span that
    is wrong took those away."""
    order = [word.code for word in form_of("f2021").request_columns]
    codes = [head.code for head in heads.heads if head.code or head.label]
    return len(order) - 2 <= len(codes) < len(order) and codes == [code for code in order if code in codes]


def counted(rows: list[Row]) -> Heads | None:
    """Without any header: the columns in which no row of the table has words, if there are seven."""
    width = max((len(row) for row in rows), default=0)
    wordy: set[int] = set()
    for row in rows:
        known = [place for place in row.places if place.cell and place.cell.raw]
        if sum(is_value(place.cell.raw) for place in known if place.cell) < 4:
            continue
        for place in known:
            if place.cell and not is_value(place.cell.raw):
                wordy.update(range(place.start, place.end))
    free = list(range(max(wordy, default=-1) + 1, width))
    columns = form_of("f2021").request_columns
    if not wordy or len(free) != len(columns):
        return None
    heads = [Head(word.code, "", at, at + 1) for word, at in zip(columns, free, strict=True)]
    return Heads(heads, width, by_position=True)
