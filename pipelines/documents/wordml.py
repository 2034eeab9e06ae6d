"""WordprocessingML as Word shows it: what stands in wrappers is text, what is deleted, hidden or struck out is none.

python-docx gives the runs that stand in a paragraph itself; a digit in a tracked insertion, a smart tag, a content
control or a field it leaves out, and lists' own numbers are in no run at all (sources/pages#documents).
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships/metadata/", b"http://schemas.openxmlformats.org/package/2006/relationships/metadata/"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)  # fmt: skip
"""Namespaces of the strict form to those of the usual one (ISO/IEC 29500-1 and -4)."""
_WRAPPERS = frozenset(
    W + name for name in ("ins", "moveTo", "smartTag", "sdtContent", "fldSimple", "customXml", "bdo", "dir")
)
_GONE = frozenset(
    W + name
    for name in ("del", "moveFrom", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "rt", "footnoteReference",
                 "endnoteReference", "commentReference", "annotationRef")
)  # fmt: skip
"""Deleted and moved away; what describes a wrapper; a ruby's reading; marks of notes."""
_NOTE = re.compile(r"\s*[\[(（【〔]?\s*(?:\d{1,2}|注\d*|[①-⑳*＊※†])\s*[\])）】〕]?\s*")
"""What stands raised as the mark of a note; a raised unit (m²) is one digit behind a letter and goes with it."""
_OFF = frozenset({"0", "false", "off", "none"})


def transitional(body: bytes) -> bytes:
    """The package with the usual namespaces where it has the strict ones; as it is where it has not."""
    with zipfile.ZipFile(BytesIO(body)) as package:
        names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
        if not any(_STRICT in package.read(name) for name in names if name.endswith(("document.xml", ".rels"))):
            return body
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as rewritten:
            for name in package.namelist():
                part = package.read(name)
                if name.endswith((".xml", ".rels")):
                    for strict, usual in _TRANSITIONAL:
                        part = part.replace(strict, usual)
                rewritten.writestr(name, part)
    return out.getvalue()


def show(body: Any, numbering: Any = None, styles: Any = None) -> None:
    """Change the tree of a document's body in place so that all that Word shows stands in plain runs and rows.

    `numbering`, `styles`: the trees of these parts, where the package has them: numbers of lists become words.
    """
    _choose(body)
    _take_away(body)
    _number(body, numbering, styles)
    _hoist_boxes(body)
    _unwrap(body)


def _choose(body: Any) -> None:
    """Of two forms of the same thing the newer one, unless only the older has words."""
    for either in list(body.iter(_MC + "AlternateContent")):
        forms = [form for form in either if form.tag in (_MC + "Choice", _MC + "Fallback")]
        if not forms:
            continue
        kept = next((form for form in forms if form.find(f".//{W}t") is not None), forms[0])
        _replace(either, list(kept))


def _take_away(body: Any) -> None:
    for element in list(body.iter(*_GONE)):
        if (parent := element.getparent()) is None:
            continue
        if parent.tag in (W + "trPr", W + "rPr"):
            # In the properties it is the mark of a row, or of a paragraph's end, that was deleted or inserted.
            if element.tag == W + "del" and parent.tag == W + "trPr":
                _drop(parent.getparent())
            continue
        _drop(element)
    for ruby in list(body.iter(W + "ruby")):
        base = ruby.find(W + "rubyBase")
        _replace(ruby, [part for run in base for part in run if part.tag != W + "rPr"] if base is not None else [])
    for run in list(body.iter(W + "r")):
        properties = run.find(W + "rPr")
        if properties is None or run.getparent() is None:
            continue
        if any(_is_on(properties.find(W + name)) for name in ("vanish", "strike", "dstrike")):
            _drop(run)
        elif (raised := properties.find(W + "vertAlign")) is not None and raised.get(W + "val") == "superscript":
            words = "".join(text.text or "" for text in run.iter(W + "t"))
            if _NOTE.fullmatch(words) and not _behind_letter(run):
                _drop(run)


def _behind_letter(run: Any) -> bool:
    """Whether the run before ends with a Latin letter: the raised digit is a unit's power."""
    before = run.getprevious()
    words = "".join(text.text or "" for text in before.iter(W + "t")) if before is not None else ""
    return words[-1:].isascii() and words[-1:].isalpha()


def _is_on(property_: Any) -> bool:
    return property_ is not None and (property_.get(W + "val") or "true").lower() not in _OFF


def _hoist_boxes(body: Any) -> None:
    """What stands in text boxes follows the paragraph that they hang on."""
    for box in reversed(list(body.iter(W + "txbxContent"))):
        anchor = next((up for up in box.iterancestors(W + "p")), None)
        if anchor is None or anchor.getparent() is None:
            continue
        for block in reversed(list(box)):
            anchor.addnext(block)
        _drop(box)


def _unwrap(body: Any) -> None:
    for wrapper in reversed(list(body.iter(*_WRAPPERS, W + "sdt"))):
        if wrapper.getparent() is None or wrapper.getparent().tag in (W + "trPr", W + "rPr"):
            continue
        _replace(wrapper, [child for child in wrapper if child.tag not in (W + "fldData",)])


def _replace(element: Any, parts: list[Any]) -> None:
    """Put `parts` in the place of an element."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent.remove(element)
    parent[at:at] = parts


def _drop(element: Any) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _number(body: Any, numbering: Any, styles: Any) -> None:
    """Write the numbers of lists (一、, （一）, 1.) before their paragraphs, where chapters get theirs that way."""
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
