"""Cells of a table that came as text: the numbers behind a label, by the gaps between them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from crawler.records.report import Figure, Form, Place
from crawler.reference.measures import Word
from pipelines.statistics.figures import Found, figure_of

NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " "}
"""Full-width signs one for one, so that places in the text stay what they are."""
_TOKEN = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\d.])[-—/](?![\d.])|[+-]\d+")
_BY_COMMAS = re.compile(r"\d,\d{1,2}(?!\d)|\d,\d{4}|,,")
"""Commas that part numbers and are none of thousands."""
_NEXT_NUMBER = re.compile(r"\s*\(?\d\s*[.、)]\s*$")
"""The number of the next row, before its label."""
_STOP = re.compile(r"[\u3400-\u9fff(（《“\"]")


MOST = 600
"""Characters behind a label that may be its numbers."""


class Stretch(NamedTuple):
    """A label and what stands after it up to the next words: places in the text."""

    start: int
    end: int
    words: str


@lru_cache(maxsize=256)
def pattern_of(word: Word) -> re.Pattern[str]:
    """A label and its variants, any white space between their characters, its own numbering before it."""
    ways = []
    for label in (word.label, *word.variants):
        label = label.translate(NARROW)
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


def stretch_of(plain: str, word: Word, start: int, end: int) -> Stretch | None:
    """The next place of a label with numbers after it; a heading that only repeats the label is passed over."""
    end = min(end, len(plain))
    for match in pattern_of(word).finditer(plain, start, end):
        at = match.end()
        note = re.match(r"\s*\([^()\d]{4,60}\)", plain[at : at + 80])
        at += note.end() if note else 0
        stop = _STOP.search(plain, at)
        upto = min(stop.start() if stop else len(plain), at + MOST)
        words = _NEXT_NUMBER.sub("", plain[at:upto])
        if any(sign.isdigit() for sign in words):
            return Stretch(match.start(), at + len(words), words)
    return None


def numbers_of(words: str, count: int) -> list[str] | None:
    """The cells of a row as printed, if the gaps tell them apart; None: they do not."""
    line = words.strip("\n\r ")
    if "\t" in line and "\n" not in line:
        cells = [cell.strip() for cell in line.split("\t")]
        return cells[-count:] if len(cells) > count and not any(cells[:-count]) else None
    if words.count("|") > max(count, 1):
        lines = [line for line in words.splitlines() if any(map(str.isdigit, line))]
        cells = [cell.strip() for cell in lines[0].strip().strip("|").split("|")] if len(lines) == 1 else []
        return _of_columns(cells, count)
    if _BY_COMMAS.search(line):
        cells = [cell.strip() for cell in line.split(",")]
        return _of_columns(cells, count) if len(cells) > count else None
    tokens: list[str] = _TOKEN.findall(words)
    if tokens[:count] == [str(at + 1) for at in range(count)] and len(tokens) == 2 * count:
        return tokens[count:] if count > 1 else None  # the numbers of the columns stand before
    return tokens if len(tokens) == count else None


def _of_columns(cells: list[str], count: int) -> list[str] | None:
    """The last cells of a row, where those before them are blank; the only one that is not, of a row of one column."""
    if count == 1 and len(printed := [cell for cell in cells if cell]) == 1:
        return printed
    return cells[-count:] if len(cells) >= count and not any(cells[:-count]) else None


def place_of_stretch(text: str, stretch: Stretch) -> Place:
    """Where a label and its numbers stand."""
    return Place(text[stretch.start : stretch.end].strip())


def put_ambiguous(findings: Found, form: Form, code: str, place: Place, words: str) -> None:
    """Add a figure without its value. Problem: `table_unread`."""
    findings.problem("table_unread", f"«{(place.words or '')[:80]}»: digits that can be cut in several ways")
    figure = figure_of(findings, form, code, None, place, "ambiguous")
    findings.figures.append(
        Figure(form, code, figure.item, figure.applicant, None, words.strip() or None, figure.unit, place, "ambiguous")
    )


def words_after(plain: str, at: int) -> str:
    """What stands in a text from a place on up to the next words; at most 600 characters."""
    return plain[at : min(stop.start() if (stop := _STOP.search(plain, at)) else len(plain), at + MOST)]
