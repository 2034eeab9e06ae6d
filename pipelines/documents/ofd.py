"""OFD (GB/T 33190): the words of each page by where they stand, tables by the lines that are drawn.

The cells are found by pdfplumber's rules, from the lines, as in a PDF.
"""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from typing import Any

from lxml import etree

from pipelines.documents.archives import check_zip
from pipelines.documents.items import Item
from pipelines.documents.layout import items_of
from pipelines.documents.pagebreaks import written
from pipelines.documents.pdf import MAX_PAGES
from pipelines.marked.document import Document, UnreadableError

_POINTS = 72 / 25.4
"""OFD measures in millimetres, everybody else in points."""


def read_ofd(body: bytes) -> Document:
    """Raises UnreadableError for what is broken, encrypted or a bomb."""
    check_zip(body)
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise UnreadableError(f"it is broken ({type(error).__name__}: {error})"[:200]) from error


def _read(archive: zipfile.ZipFile) -> Document:
    names = set(archive.namelist())
    if any(name.lower().endswith("encryptions.xml") for name in names):
        raise UnreadableError("it is encrypted")
    document = Document("ofd")
    pages: list[tuple[int, list[Item]]] = []
    for root in _xml(archive, "OFD.xml").iterfind(".//{*}DocRoot"):
        place = (root.text or "").strip().lstrip("/")
        folder = posixpath.dirname(place)
        for page in _xml(archive, place).iterfind(".//{*}Pages/{*}Page"):
            document.pages += 1
            if document.pages > MAX_PAGES:
                document.problems.append(f"only the first {MAX_PAGES} pages were read")
                break
            name = posixpath.normpath(posixpath.join(folder, page.get("BaseLoc", "").lstrip("/")))
            if name not in names:
                document.problems.append(f"page {document.pages}: {name} is not there")
                continue
            items = _items(_xml(archive, name))
            document.empty_pages += not items
            pages.append((document.pages, items))
    document.marked = written(pages)
    return document


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    """A part as a tree; entities are not followed, and the network is not asked."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(archive.read(name), parser)


def _items(page: Any) -> list[Item]:
    """Tables and paragraphs of a page, as layout finds them among letters and lines."""
    letters: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for thing in page.iter("{*}TextObject", "{*}PathObject"):
        box = _numbers(thing.get("Boundary", ""))
        if len(box) != 4:
            continue
        scale, move = _matrix(thing)
        if thing.tag.endswith("TextObject"):
            letters += _letters(thing, box, scale)
        else:
            edges += [edge for line in _lines(thing, box, scale, move) if (edge := _edge(*line))]
    return items_of(letters, edges)


def _edge(x0: float, top: float, x1: float, bottom: float) -> dict[str, Any] | None:
    """A level or upright line as pdfplumber has them, in points; None for any other."""
    if abs(top - bottom) > 0.3 and abs(x0 - x1) > 0.3:
        return None
    (x0, x1), (top, bottom) = sorted((x0 * _POINTS, x1 * _POINTS)), sorted((top * _POINTS, bottom * _POINTS))
    way = "h" if x1 - x0 > bottom - top else "v"
    told = {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top}
    return told | {"orientation": way, "object_type": "line"}


def _numbers(text: str) -> list[float]:
    found = []
    for word in text.split():
        try:
            found.append(float(word))
        except ValueError:
            return []
    return found


def _matrix(thing: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    """Scale and shift of an object's own measure; turned objects are taken as they are."""
    matrix = _numbers(thing.get("CTM", ""))
    return (
        ((abs(matrix[0]) or 1, abs(matrix[3]) or 1), (matrix[4], matrix[5])) if len(matrix) == 6 else ((1, 1), (0, 0))
    )


def _letters(thing: Any, box: list[float], scale: tuple[float, float]) -> list[dict[str, Any]]:
    """The letters of a text object. DeltaX: the way from one letter to the next, `g n d` for n times d."""
    size = (_numbers(thing.get("Size", "")) or [3.0])[0]
    found: list[dict[str, Any]] = []
    for code in thing.iterfind("{*}TextCode"):
        words = code.text or ""
        x = (_numbers(code.get("X", "")) or [0.0])[0]
        steps = _steps(code.get("DeltaX", ""), len(words))
        y = box[1] + (_numbers(code.get("Y", "")) or [size])[0] * scale[1]
        for number, sign in enumerate(words):
            left = box[0] + x * scale[0]
            step = steps[number] if number < len(steps) else size * (1 if sign > "\u2e7f" else 0.5)
            # A letter reaches to the next one, unless that stands well apart.
            wide = (step if 0 < step <= 1.2 * size else size * (1 if sign > "\u2e7f" else 0.5)) * scale[0]
            top = (y - size * scale[1]) * _POINTS
            found.append(
                {
                    "text": sign, "x0": left * _POINTS, "x1": (left + wide) * _POINTS, "top": top, "doctop": top,
                    "bottom": y * _POINTS, "size": size * _POINTS, "upright": True, "fontname": "",
                }
            )  # fmt: skip
            x += step
    return found


def _steps(text: str, count: int) -> list[float]:
    words, found = text.split(), list[float]()
    at = 0
    while at < len(words) and len(found) < count:
        try:
            if words[at] == "g":
                found += [float(words[at + 2])] * min(int(words[at + 1]), count)
                at += 3
            else:
                found.append(float(words[at]))
                at += 1
        except (ValueError, IndexError):
            break
    return found


def _lines(
    thing: Any, box: list[float], scale: tuple[float, float], move: tuple[float, float]
) -> list[tuple[float, float, float, float]]:
    """The straight lines that a path draws, each as (x0, top, x1, bottom)."""
    words = (thing.findtext("{*}AbbreviatedData") or "").split()
    found: list[tuple[float, float, float, float]] = []
    here = start = (0.0, 0.0)
    at = 0
    while at < len(words):
        sign = words[at]
        if sign == "C":
            found.append((*here, *start))
            at += 1
            continue
        point = _numbers(" ".join(words[at + 1 : at + 3]))
        if sign not in ("M", "L", "S") or len(point) != 2:
            return []  # curves: a seal or a picture, no table
        there = (box[0] + point[0] * scale[0] + move[0], box[1] + point[1] * scale[1] + move[1])
        if sign == "L":
            found.append((*here, *there))
        else:
            start = there
        here = there
        at += 3
    return found
