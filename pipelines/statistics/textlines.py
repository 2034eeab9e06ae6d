"""Tables that came as plain text: a row a line, a cell a line, tabs or strokes between cells, or no gaps at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.records.report import Form, Place
from crawler.reference.measures import Word, form_of
from pipelines.statistics.cellvalue import read_cell
from pipelines.statistics.columnsums import is_misplaced
from pipelines.statistics.figures import Found, figure_of
from pipelines.statistics.lost import CAPTIONS, REVIEW_HEADS, tell_order, tell_rows, tell_table
from pipelines.statistics.sums import Numbers, cuts, cuts_in_groups, cuts_with_total, run_together, together
from pipelines.statistics.textcells import (
    NARROW,
    Stretch,
    numbers_of,
    pattern_of,
    place_of_stretch,
    put_ambiguous,
    stretch_of,
    words_after,
)  # fmt: skip
from pipelines.statistics.textorder import (
    columns_in_order,
    group_before,
    groups_in_order,
    has_more_columns,
    labels_behind,
    prints_zeros,
    words_in_order,
)  # fmt: skip

_RULE_LINE = re.compile(
    r"(?m)^(?=[^\n]*---)[ \t|:+-]++$|^[ \t\u2500-\u257f]+$|^[ \t]*[-—–][ \t]*\d{1,3}[ \t]*[-—–][ \t]*$"
)
"""The rule under a header; a page number on a line of its own."""
_UNIT = re.compile(r"(?<=\d)[件条项次份宗个](?=[\s|,;\d]|$)")
"""Of a number alone: in a text a sign that ends it as a blank does."""
_STROKES = str.maketrans("│┃｜", "|||")
_DIGITS = re.compile(r"\d+")
_WINDOW = 700
_LEAST = 8
"""Rows of section 三 from which on a text holds its table."""
_QUOTED = 20
"""Cells in quotation marks with commas between them from which on a text holds a table so written."""
_GAP = r"[\s|,;]*"
_BESIDE = re.compile(
    "(?:" + "|".join(r"\s*".join(word.label) for word in (*form_of("f2021").groups, *form_of("f2021").results[:-1]))
    + r")[\s|,;]*\d+[\s|,;]+\d"
)  # fmt: skip
"""A group or a result with numbers beside it, as where the table of section 四 is turned."""
_ANY_ROW = "新收政府信息公开申请"
_ANY_CAPTION = re.compile("[ \u3000\xa0]*+".join("第二十条第"))
"""Of the sections that tables came as, one of the two stands in every text that has them."""


def read_text(found: Found, text: str, year: int | None, missing: frozenset[str]) -> None:
    """Read the sections named in `missing` (article20, requests, reviews) from a text; figures go to `found`."""
    if _ANY_ROW not in text and not _ANY_CAPTION.search(text):
        return
    plain = _RULE_LINE.sub(lambda rule: " " * len(rule.group()), text.translate(NARROW).translate(_STROKES))
    plain = _UNIT.sub(" ", plain)
    if plain.count('","') > _QUOTED:
        plain = plain.replace('"', " ")
    form: Form = "f2019" if re.search(r"新\s*制\s*作\s*数\s*量|上一年项目数", plain) else "f2021"
    if "article20" in missing:
        _article20(found, text, plain, form)
    if "requests" in missing:
        _requests(found, text, plain, form)
    if "reviews" in missing:
        _reviews(found, text, plain, form)


def _article20(found: Found, text: str, plain: str, form: Form) -> None:
    starts = list(_captions(plain, form))
    lost: list[str] = []
    for number, (code, begin) in enumerate(starts):
        end = starts[number + 1][1] if number + 1 < len(starts) else begin + _WINDOW
        caption = next(one for one in form_of(form).captions if one.code == code)
        at = begin
        for row in caption.rows:
            stretch = stretch_of(plain, row, at, end)
            if stretch is None:
                lost.append(row.label)
                continue
            head = plain[begin : stretch.start] if row is caption.rows[0] else ""
            if not words_in_order(head, map(pattern_of, caption.columns)) or labels_behind(head, len(caption.columns)):
                tell_order(found, caption.label)
                return
            at = stretch.end
            codes = [f"{code}_{row.code}_{column.code}" for column in caption.columns]
            place = place_of_stretch(text, stretch)
            cells = numbers_of(stretch.words, len(codes))
            method = "text line"
            if cells is None and run_together(stretch.words):
                ways = cuts(_DIGITS.findall(stretch.words), len(codes))
                cells, method = ([str(value) for value in ways[0]], "digits") if len(ways) == 1 else (None, "")
            for column, one in enumerate(codes):
                if cells is None:
                    put_ambiguous(found, form, one, place, stretch.words)
                else:
                    found.figures.append(figure_of(found, form, one, cells[column], place, method))
    if len(starts) >= CAPTIONS:
        tell_rows(found, lost)


def _captions(plain: str, form: Form) -> Iterator[tuple[str, int]]:
    for caption in form_of(form).captions:
        numeral = caption.label[6]
        match = re.search(rf"第\s*二\s*十\s*条\s*第\s*\(\s*{numeral}\s*\)\s*项", plain)
        if match is not None:
            yield caption.code, match.end()


def _requests(found: Found, text: str, plain: str, form: Form) -> None:
    rows = form_of(form).request_rows
    columns = [column.code for column in form_of(form).request_columns]
    stretches: dict[str, Stretch] = {}
    begin = re.search(r"勾\s*稽\s*关\s*系|申\s*请\s*人\s*情\s*况", plain)
    at = begin.end() if begin else 0
    for row in rows:
        reach = at + _WINDOW if stretches else len(plain)
        stretch = stretch_of(plain, row, at, reach)
        if stretch is not None:
            stretches[row.code], at = stretch, stretch.end
    if len(stretches) < _LEAST:
        if begin is not None or sum(pattern_of(row).search(plain) is not None for row in rows) >= _LEAST:
            tell_table(found, "requests")
        return
    first = next(iter(stretches.values()))
    head = plain[max(first.start - _WINDOW, begin.end() if begin and begin.end() < first.start else 0) : first.start]
    if not columns_in_order(head) or labels_behind(head, len(columns)):
        tell_order(found, "requests")
        return
    tell_rows(found, [row.label for row in rows if row.code not in stretches])
    ways: dict[str, list[Numbers]] = {}
    cells: dict[str, list[str]] = {}
    for code, stretch in stretches.items():
        told = numbers_of(stretch.words, len(columns))
        if told is not None:
            cells[code] = told
        else:
            ways[code] = cuts_with_total(_DIGITS.findall(stretch.words), len(columns) - 1)
    if has_more_columns(head) or not prints_zeros(
        (_DIGITS.findall(one.words) for one in stretches.values()), len(columns)
    ):
        ways = {code: [] for code in ways}  # digits without gaps may be of more cells, or of fewer
    printed = ([read_cell(cell).value for cell in told] for told in cells.values())
    misplaced = is_misplaced(printed, columns.index("total"), headed=True)
    if misplaced or _stands_again(plain, rows[0], at, stretches):
        tell_order(found, "requests")
        return
    known = {code: [way] for code, told in cells.items() if (way := _whole(told)) is not None}
    parts = [
        row.code for row in rows if row.code not in ("new_received", "carried_in", "total_processed", "carried_out")
    ]
    fit = together({**ways, **known}, parts)
    for code, stretch in stretches.items():
        place = place_of_stretch(text, stretch)
        names = [f"req_{code}__{column}" for column in columns]
        if code in cells:
            for name, cell in zip(names, cells[code], strict=True):
                found.figures.append(figure_of(found, form, name, cell, place, "text line"))
            continue
        for column, name in enumerate(names):
            values = {way[column] for way in fit.get(code, [])}
            if len(values) == 1:
                found.figures.append(figure_of(found, form, name, str(values.pop()), place, "sums"))
            else:
                put_ambiguous(found, form, name, place, stretch.words)


def _stands_again(plain: str, row: Word, at: int, stretches: dict[str, Stretch]) -> bool:
    """Whether the first row of section 三 follows once more behind a table of it, with other numbers."""
    again = stretch_of(plain, row, at, len(plain))
    first = stretches.get(row.code)
    numbers = _DIGITS.findall(again.words) if again else []
    return first is not None and len(numbers) > 1 and numbers != _DIGITS.findall(first.words)


def _whole(cells: list[str]) -> Numbers | None:
    texts = [cell.replace(",", "") for cell in cells]
    return tuple(map(int, texts)) if all(text.isdecimal() for text in texts) else None


def _reviews(found: Found, text: str, plain: str, form: Form) -> None:
    """The fifteen numbers after the last header of section 四: after 复议后起诉 and its results."""
    groups, results = form_of(form).groups, form_of(form).results
    codes = [f"{group.code}_{result.code}" for group in groups for result in results]
    header = re.compile(
        r"\s*".join("结果维持") + _GAP + r"\s*".join("结果纠正") + _GAP + r"\s*".join("其他结果")
        + _GAP + r"\s*".join("尚未审结") + _GAP + r"\s*".join("总计")
    )  # fmt: skip
    begin = plain.find("行政诉讼")
    ends = list(header.finditer(plain, max(begin - 400, 0)))
    if not ends:
        if REVIEW_HEADS.search(plain):
            tell_table(found, "reviews and lawsuits")
        return
    last = ends[-1]
    apart = [words_after(plain, match.end()) for match in ends]
    heads = [
        plain[max(match.start() - _WINDOW, before) : match.start()]
        for before, match in zip([0, *(match.end() for match in ends)], ends, strict=False)
    ]
    if len(ends) == 3 and all(any(map(str.isdigit, words)) for words in apart):  # a table for each group
        if any(group_before(head) not in (None, at) for at, head in enumerate(heads)):
            tell_order(found, "reviews and lawsuits")
            return
        for group, match, words in zip(groups, ends, apart, strict=True):
            cells = numbers_of(words, len(results))
            place = Place(text[match.start() : match.end() + len(words)].strip())
            for column, result in enumerate(results):
                code = f"{group.code}_{result.code}"
                if cells is None:
                    put_ambiguous(found, form, code, place, words)
                else:
                    found.figures.append(figure_of(found, form, code, cells[column], place, "text line"))
        return
    words = words_after(plain, last.end())
    if not any(map(str.isdigit, words)):
        if _BESIDE.search(plain, ends[0].start()):
            tell_table(found, "reviews and lawsuits")
        return
    tables = {tuple(numbers) for one in apart if len("".join(numbers := _DIGITS.findall(one))) >= len(results)}
    if len(tables) > 1 or not groups_in_order(plain[max(begin, 0) : last.end()]):
        tell_order(found, "reviews and lawsuits")
        return
    place = Place(text[last.end() : last.end() + len(words)].strip())
    gap = next((sign for sign in "\t," if sign in words.strip()), "")
    told = numbers_of(gap + words.lstrip("\r\n\t ,") if gap else words, len(codes))
    if told is not None:
        for code, cell in zip(codes, told, strict=True):
            found.figures.append(figure_of(found, form, code, cell, place, "text line"))
        return
    ways = cuts_in_groups(_DIGITS.findall(words), len(results) - 1, len(groups))
    for column, code in enumerate(codes):
        values = {way[column] for way in ways}
        if len(values) == 1:
            found.figures.append(figure_of(found, form, code, str(values.pop()), place, "sums"))
        else:
            put_ambiguous(found, form, code, place, words)
