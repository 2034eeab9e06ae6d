"""Tables that came as plain text: a row a line, a cell a line, tabs or strokes between cells, or no gaps at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from crawler.records.report import Figure, Form, Place
from crawler.reference.measures import Word, form_of
from pipelines.statistics.figures import Found, figure_of
from pipelines.statistics.lost import CAPTIONS, REVIEW_HEADS, tell_rows, tell_table
from pipelines.statistics.sums import Numbers, cuts, cuts_in_groups, cuts_with_total, run_together, together

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
"""Full-width signs one for one, so that places in the text stay what they are."""
_RULE_LINE = re.compile(r"(?m)^(?=[^\n]*---)[ \t|:+-]++$|^[ \t]*[-—–][ \t]*\d{1,3}[ \t]*[-—–][ \t]*$")
"""The rule under a header; a page number on a line of its own."""
_TOKEN = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\d.])[-—/](?![\d.])|[+-]\d+")
_BY_COMMAS = re.compile(r"\d,\d{1,2}(?!\d)|\d,\d{4}|,,")
"""Commas that part numbers and are none of thousands."""
_DIGITS = re.compile(r"\d+")
_NEXT_NUMBER = re.compile(r"\s*\(?\d\s*[.、)]\s*$")
"""The number of the next row, before its label."""
_WINDOW = 700
_STOP = re.compile(r"[\u3400-\u9fff(（《“\"]")
_ANY_ROW = "新收政府信息公开申请"
_ANY_CAPTION = re.compile("[ \u3000\xa0]*+".join("第二十条第"))
"""Of the sections that tables came as, one of the two stands in every text that has them."""


class Stretch(NamedTuple):
    """A label and what stands after it up to the next words: places in the text."""

    start: int
    end: int
    words: str


def read_text(found: Found, text: str, year: int | None, missing: frozenset[str]) -> None:
    """Read the sections named in `missing` (article20, requests, reviews) from a text; figures go to `found`."""
    if _ANY_ROW not in text and not _ANY_CAPTION.search(text):
        return
    plain = _RULE_LINE.sub(lambda rule: " " * len(rule.group()), text.translate(_NARROW))
    form: Form = "f2019" if re.search(r"新\s*制\s*作\s*数\s*量|上一年项目数", plain) else "f2021"
    if "article20" in missing:
        _article20(found, text, plain, form)
    if "requests" in missing:
        _requests(found, text, plain, form)
    if "reviews" in missing:
        _reviews(found, text, plain, form)


@lru_cache(maxsize=256)
def _pattern(word: Word) -> re.Pattern[str]:
    """A label and its variants, any white space between their characters, its own numbering before it."""
    ways = []
    for label in (word.label, *word.variants):
        label = label.translate(_NARROW)
        number = re.match(r"\d\.", label)
        rest = re.sub(r"\([^()]{6,}\)$", "", label[2:] if number else label)
        bare = re.sub(r"^(?:[一二三四]、|\([一二三四五六七]\))", "", rest)
        rest = bare if len(bare) > 3 else rest
        spaced = r"\s*".join("[、,]?" if sign in "、," else re.escape(sign) for sign in rest if not sign.isspace())
        if number:
            ways.append(rf"{label[0]}\s*[.、]\s*{spaced}")
        if not number or len(rest) > 2:
            ways.append(spaced)
    return re.compile("|".join(sorted(set(ways), key=len, reverse=True)))


def _stretch(plain: str, word: Word, start: int, end: int) -> Stretch | None:
    """The next place of a label with numbers after it; a heading that only repeats the label is passed over."""
    end = min(end, len(plain))
    for match in _pattern(word).finditer(plain, start, end):
        at = match.end()
        note = re.match(r"\s*\([^()\d]{4,60}\)", plain[at : at + 80])
        at += note.end() if note else 0
        stop = _STOP.search(plain, at)
        upto = min(stop.start() if stop else len(plain), at + 300)
        words = _NEXT_NUMBER.sub("", plain[at:upto])
        if any(sign.isdigit() for sign in words):
            return Stretch(match.start(), at + len(words), words)
    return None


def _numbers(words: str, count: int) -> list[str] | None:
    """The cells of a row as printed, if the gaps tell them apart; None: they do not."""
    line = words.strip("\n\r ")
    if "\t" in line and "\n" not in line:
        cells = [cell.strip() for cell in line.split("\t")]
        return cells[-count:] if len(cells) > count and not any(cells[:-count]) else None
    if words.count("|") >= count:
        lines = [line for line in words.splitlines() if any(map(str.isdigit, line))]
        cells = [cell.strip() for cell in lines[0].split("|")][1:-1] if len(lines) == 1 else []
        return cells if len(cells) == count else None
    if _BY_COMMAS.search(line):
        cells = [cell.strip() for cell in line.split(",")]
        return cells[-count:] if len(cells) > count and not any(cells[:-count]) else None
    tokens: list[str] = _TOKEN.findall(words)
    return tokens if len(tokens) == count else None


def _place(text: str, stretch: Stretch) -> Place:
    return Place(text[stretch.start : stretch.end].strip())


def _ambiguous(found: Found, form: Form, code: str, place: Place, words: str) -> None:
    found.problem("table_unread", f"«{(place.words or '')[:80]}»: digits that can be cut in several ways")
    figure = figure_of(found, form, code, None, place, "ambiguous")
    found.figures.append(
        Figure(form, code, figure.item, figure.applicant, None, words.strip() or None, figure.unit, place, "ambiguous")
    )


def _article20(found: Found, text: str, plain: str, form: Form) -> None:
    starts = list(_captions(plain, form))
    lost: list[str] = []
    for number, (code, begin) in enumerate(starts):
        end = starts[number + 1][1] if number + 1 < len(starts) else begin + _WINDOW
        caption = next(one for one in form_of(form).captions if one.code == code)
        at = begin
        for row in caption.rows:
            stretch = _stretch(plain, row, at, end)
            if stretch is None:
                lost.append(row.label)
                continue
            at = stretch.end
            codes = [f"{code}_{row.code}_{column.code}" for column in caption.columns]
            place = _place(text, stretch)
            cells = _numbers(stretch.words, len(codes))
            method = "text line"
            if cells is None and run_together(stretch.words):
                ways = cuts(_DIGITS.findall(stretch.words), len(codes))
                cells, method = ([str(value) for value in ways[0]], "digits") if len(ways) == 1 else (None, "")
            for column, one in enumerate(codes):
                if cells is None:
                    _ambiguous(found, form, one, place, stretch.words)
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
        stretch = _stretch(plain, row, at, reach)
        if stretch is not None:
            stretches[row.code], at = stretch, stretch.end
    if len(stretches) < 8:
        if begin is not None:
            tell_table(found, "requests")
        return
    tell_rows(found, [row.label for row in rows if row.code not in stretches])
    ways: dict[str, list[Numbers]] = {}
    cells: dict[str, list[str]] = {}
    for code, stretch in stretches.items():
        told = _numbers(stretch.words, len(columns))
        if told is not None:
            cells[code] = told
        else:
            ways[code] = cuts_with_total(_DIGITS.findall(stretch.words), len(columns) - 1)
    known = {code: [way] for code, told in cells.items() if (way := _whole(told)) is not None}
    parts = [
        row.code for row in rows if row.code not in ("new_received", "carried_in", "total_processed", "carried_out")
    ]
    fit = together({**ways, **known}, parts)
    for code, stretch in stretches.items():
        place = _place(text, stretch)
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
                _ambiguous(found, form, name, place, stretch.words)


def _whole(cells: list[str]) -> Numbers | None:
    texts = [cell.replace(",", "") for cell in cells]
    return tuple(map(int, texts)) if all(text.isdecimal() for text in texts) else None


def _reviews(found: Found, text: str, plain: str, form: Form) -> None:
    """The fifteen numbers after the last header of section 四: after 复议后起诉 and its results."""
    groups, results = form_of(form).groups, form_of(form).results
    codes = [f"{group.code}_{result.code}" for group in groups for result in results]
    header = re.compile(
        r"\s*".join("结果维持") + r"[\s|]*" + r"\s*".join("结果纠正") + r"[\s|]*" + r"\s*".join("其他结果")
        + r"[\s|]*" + r"\s*".join("尚未审结") + r"[\s|]*" + r"\s*".join("总计")
    )  # fmt: skip
    begin = plain.find("行政诉讼")
    ends = list(header.finditer(plain, max(begin - 400, 0)))
    if not ends:
        if REVIEW_HEADS.search(plain):
            tell_table(found, "reviews and lawsuits")
        return
    last = ends[-1]
    apart = [_after(plain, match.end()) for match in ends]
    if len(ends) == 3 and all(any(map(str.isdigit, words)) for words in apart):  # a table for each group
        for group, match, words in zip(groups, ends, apart, strict=True):
            cells = _numbers(words, len(results))
            place = Place(text[match.start() : match.end() + len(words)].strip())
            for column, result in enumerate(results):
                code = f"{group.code}_{result.code}"
                if cells is None:
                    _ambiguous(found, form, code, place, words)
                else:
                    found.figures.append(figure_of(found, form, code, cells[column], place, "text line"))
        return
    words = _after(plain, last.end())
    if not any(map(str.isdigit, words)):
        return
    place = Place(text[last.end() : last.end() + len(words)].strip())
    told = _numbers("\t" + words.lstrip() if "\t" in words.strip() else words, len(codes))
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
            _ambiguous(found, form, code, place, words)


def _after(plain: str, at: int) -> str:
    return plain[at : min(stop.start() if (stop := _STOP.search(plain, at)) else len(plain), at + 300)]
