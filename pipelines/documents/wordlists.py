"""Numbers of lists in WordprocessingML, which stand in no run: 一、 （一） 1. before their paragraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def write_numbers(body: Any, numbering: Any, styles: Any) -> None:
    """Write the numbers of lists before their paragraphs, in place, where chapters get theirs that way.

    `numbering`, `styles`: the trees of these parts; None where the package has none.
    """
    if numbering is None:
        return
    levels = dict(_levels(numbering))
    by_style = dict(_style_lists(styles)) if styles is not None else {}
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for paragraph in body.iter(W + "p"):
        place = _list_of(paragraph, by_style)
        if place is None or not any(text.text for text in paragraph.iter(W + "t")):
            continue
        number, level = place
        rules = levels.get(number)
        if rules is None or level not in rules:
            continue
        counter = counts[rules[level][3]]
        counter[level] = counter.get(level, rules[level][0] - 1) + 1
        for deeper in [other for other in counter if other > level]:
            del counter[deeper]
        _write_in_front(paragraph, _numbered(rules, counter, level))


_Rule = tuple[int, str, str, str]
"""Of a list's level: its first number, its format, its words with %1 for the number, and the list it counts in."""


def _levels(numbering: Any) -> Iterator[tuple[str, dict[int, _Rule]]]:
    abstract = {element.get(W + "abstractNumId"): element for element in numbering.iter(W + "abstractNum")}
    for number in numbering.iter(W + "num"):
        reference = number.find(W + "abstractNumId")
        kind = reference.get(W + "val") if reference is not None else None
        rules = {}
        for level in abstract[kind].iter(W + "lvl") if kind in abstract else ():
            start, form, words = (level.find(W + name) for name in ("start", "numFmt", "lvlText"))
            first = start.get(W + "val") if start is not None else "1"
            rules[int(level.get(W + "ilvl") or 0)] = (
                int(first) if (first or "").isdigit() else 1,
                form.get(W + "val") if form is not None else "decimal",
                (words.get(W + "val") or "") if words is not None else "",
                f"{kind}",
            )
        yield number.get(W + "numId"), rules


def _style_lists(styles: Any) -> Iterator[tuple[str, tuple[str, int]]]:
    for style in styles.iter(W + "style"):
        if (found := _num_of(style)) is not None:
            yield style.get(W + "styleId"), found


def _list_of(paragraph: Any, by_style: dict[str, tuple[str, int]]) -> tuple[str, int] | None:
    properties = paragraph.find(W + "pPr")
    if properties is None:
        return None
    if (found := _num_of(paragraph)) is not None:
        return found if found[0] != "0" else None
    style = properties.find(W + "pStyle")
    return by_style.get(style.get(W + "val")) if style is not None else None


def _num_of(element: Any) -> tuple[str, int] | None:
    found = element.find(f"{W}pPr/{W}numPr")
    number = found.find(W + "numId") if found is not None else None
    if number is None:
        return None
    level = found.find(W + "ilvl")
    depth = level.get(W + "val") if level is not None else "0"
    return number.get(W + "val"), int(depth) if (depth or "").isdigit() else 0


def _numbered(rules: dict[int, _Rule], counter: dict[int, int], level: int) -> str:
    """A number as the list writes it; "" for bullets and what has no number."""
    _, form, words, _ = rules[level]
    if form in ("bullet", "none"):
        return ""
    for depth in range(level + 1):
        shape = rules[depth][1] if depth in rules else "decimal"
        count = counter.get(depth, rules[depth][0] if depth in rules else 1)
        words = words.replace(f"%{depth + 1}", _written(count, shape))
    return words


_DIGITS = "〇一二三四五六七八九"


def _written(number: int, form: str) -> str:
    """A number from 1 in a format of Word's lists (ISO/IEC 29500-1, ST_NumberFormat); decimal where it is none of the
    Chinese ones."""
    if form.startswith(("chineseCounting", "japaneseCounting", "taiwaneseCounting", "ideographDigital")):
        tens, units = divmod(number, 10)
        if tens > 9:
            return str(number)
        head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
        return head + (_DIGITS[units] if units or not tens else "")
    if form.startswith("decimalEnclosedCircle") and number <= 20:
        return chr(0x245F + number)
    return str(number)


def _write_in_front(paragraph: Any, words: str) -> None:
    if not words:
        return
    run = etree.SubElement(paragraph, W + "r")
    text = etree.SubElement(run, W + "t")
    text.text = words
    paragraph.remove(run)
    properties = paragraph.find(W + "pPr")
    paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, run)
