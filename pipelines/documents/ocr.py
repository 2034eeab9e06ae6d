"""OCR, with the extra `ocr`: RapidOCR, whose models ship in its package. Its lines and tables are never a report's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import Any

from crawler.records.media import IMAGES
from pipelines.documents.kind import format_of
from pipelines.documents.letters import is_rubbish
from pipelines.documents.scan import Box, lines_of_scan, rules_of
from pipelines.marked.document import Line, UnreadableError

MAX_PAGES = 60
MAX_PIXELS = 60_000_000
"""A page of A3 at 300 dots an inch has 17 million."""
_SCALE = 200 / 72
"""Dots an inch at which small print is still made out."""


def engine() -> str | None:
    """The engine by name and version; None without the extra."""
    try:
        return f"rapidocr {version('rapidocr')}"
    except PackageNotFoundError:
        return None


def see(body: bytes) -> list[Line]:
    """The lines of a picture, or of the pages of a PDF that have no words or only rubbish, from top to bottom; a row of
    a table is one line, its cells parted by tabs.

    Raises UnreadableError for anything else, and for a picture that is broken or too large.
    """
    return [line for place, picture in _pictures(body) for line in _lines(place, picture)]


@lru_cache(maxsize=1)
def _model() -> Any:
    try:
        from rapidocr import RapidOCR  # type: ignore[import-not-found]
    except ImportError as error:
        raise UnreadableError("no OCR here; install the extra `ocr`") from error
    return RapidOCR(params={"Global.log_level": "critical"})


def _lines(place: str, picture: Any) -> Iterator[Line]:
    import numpy

    # Asked which way up a box is, the engine turns short numbers over (91 is 16, 6 is 9).
    result = _model()(numpy.asarray(picture.convert("RGB"))[:, :, ::-1], use_cls=False)
    results = () if result.boxes is None else zip(result.boxes, result.txts or (), result.scores or (), strict=True)
    boxes = []
    for corners, words, confidence in results:
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        boxes.append(Box(str(words), float(left), float(top), float(right), float(bottom), float(confidence)))
    heights = sorted(box.bottom - box.top for box in boxes)
    rules = rules_of(picture, heights[len(heights) // 2]) if boxes else []
    yield from lines_of_scan(place, boxes, rules, picture.size)


def _pictures(body: bytes) -> Iterator[tuple[str, Any]]:
    kind = format_of(body)
    if kind == "pdf":
        yield from _pages(body)
    elif kind in IMAGES:
        from PIL import Image

        try:
            with Image.open(BytesIO(body)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise UnreadableError(f"a picture of {picture.width} by {picture.height} is too large")
                picture.load()
                yield "", picture
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise UnreadableError(f"it is broken ({type(error).__name__}: {error})"[:200]) from error
    else:
        raise UnreadableError("neither a picture nor a PDF")


def _pages(body: bytes) -> Iterator[tuple[str, Any]]:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        with pypdfium2.PdfDocument(body) as document:
            for number, page in enumerate(document, 1):
                if number > MAX_PAGES:
                    return
                words = page.get_textpage().get_text_range()
                if words.strip() and not is_rubbish(words):
                    continue
                width, height = page.get_size()
                if width * height * _SCALE**2 <= MAX_PIXELS:
                    yield f"page {number}", page.render(scale=_SCALE).to_pil()
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(f"it is broken ({error})") from error
