"""The letters of a PDF's page as a reader sees them: upright, each once, without what lies under or over the print.

Real PDFs draw a letter twice for bold, whole pages sideways, watermarks aslant or in pale grey through the tables, and
the words of a seal over a printed line (sources/pages#documents). What is sorted out here is the page's print; the
words of seals come apart from it, watermarks not at all.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from pipelines.documents.layers import CROWD, SPOT, STROKES, Letter, covers, layers_of

_TWICE = 0.6
"""Of a letter's width: nearer together the same letter is drawn twice. Two side by side are a width apart."""
_ARTIFACTS = 0.25
"""Largest share of a page that may be marked as artifact and left out; some writers mark the whole page."""
_CID = re.compile(r"\(cid:\d+\)")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_NO_LETTER = re.compile("[\ue000-\uf8ff\ufffd\ufffe\x00-\x08\x0e-\x1f\x7f-\x9f]")
_PLAIN = re.compile(r"[0-9A-Za-z,:;()/%*+]")
_FILLER = re.compile(r"[\s._…·—\-]+")
_ENOUGH = 20
"""Letters from which a page without a Chinese one is judged."""


@dataclass(slots=True)
class Print:
    """A page's print: its letters and ruled lines, upright; `aside`: letters of seals; `lost`: without a meaning."""

    letters: list[Letter]
    edges: list[dict[str, Any]]
    aside: list[Letter] = field(default_factory=list)
    lost: int = 0


def printed(letters: list[Letter], edges: list[dict[str, Any]], width: float, height: float) -> Print:
    """The print of a page of this size in points. Letters that no Unicode stands for become U+FFFD.

    A page most of whose letters have no meaning has none at all: rubbish is no text.
    """
    letters = _turned_upright(letters, edges_out := [dict(edge) for edge in edges], width, height)
    letters = _without_artifacts(letters)
    letters = _without_blanks_written_over(_once(letters))
    found = Print(letters, edges_out)
    if is_rubbish("".join(letter["text"] for letter in letters)):
        found.letters = []
        return found
    for letter in letters:
        if _CID.fullmatch(letter["text"]) or _NO_LETTER.fullmatch(letter["text"]):
            letter["text"] = "\ufffd"
            found.lost += 1
    found.letters, found.aside = layers_of(letters, edges_out)
    return found


def is_rubbish(words: str) -> bool:
    """Whether words drawn on a page mean nothing: their fonts say no Unicode, or a wrong one.

    A fifth and more of the letters are codes, controls or of the private area; or there is no Chinese letter among
    them, and they are not the digits and words of a plain table either.
    """
    codes = len(_CID.findall(words))
    plain = _CID.sub("", words)
    signs = _FILLER.sub("", plain)
    count = codes + len(signs)
    if count == 0:
        return False
    if (codes + len(_NO_LETTER.findall(signs))) * 5 > count:
        return True
    return count >= _ENOUGH and not _HAN.search(signs) and len(_PLAIN.findall(signs)) * 5 < count * 4


def _turn(letter: Letter) -> float:
    """Degrees by which a letter is turned to the left, from 0 to below 360."""
    a, b = (letter.get("matrix") or (1, 0))[:2]
    return math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0


def _turned_upright(letters: list[Letter], edges: list[dict[str, Any]], width: float, height: float) -> list[Letter]:
    """Letters (copies) and `edges` (in place) of a page turned so that most of its letters stand upright.

    Letters aslant are left out, unless the whole page is aslant.
    """
    quarters: Counter[int | None] = Counter()
    turns = []
    for letter in letters:
        turn = _turn(letter)
        quarter = round(turn / 90) % 4
        off = abs((turn - 90 * round(turn / 90) + 45) % 90 - 45)
        turns.append(quarter if off <= _ASLANT else None)
        quarters[turns[-1]] += bool(letter["text"].strip())
    if not quarters:
        return []
    most = quarters.most_common(1)[0][0]
    upright = [dict(letter) for letter, turn in zip(letters, turns, strict=True) if most is None or turn is not None]
    if most in (None, 0):
        return upright
    for box in (*upright, *edges):
        _turn_box(box, most, width, height)
    for letter in upright:
        letter["upright"] = not letter["upright"] if most in (1, 3) else letter["upright"]
        letter["size"] = letter["bottom"] - letter["top"]
    for edge in edges:
        if most in (1, 3):
            edge["orientation"] = "h" if edge["orientation"] == "v" else "v"
    return upright


_ASLANT = 4.0
"""Degrees that a scanned page may be off; more is aslant."""


def _turn_box(box: dict[str, Any], quarter: int, width: float, height: float) -> None:
    """Turn what is drawn turned to the left by so many quarters back to the right."""
    x0, x1, top, bottom = box["x0"], box["x1"], box["top"], box["bottom"]
    if quarter == 1:
        box["x0"], box["x1"], box["top"], box["bottom"] = height - bottom, height - top, x0, x1
    elif quarter == 2:
        box["x0"], box["x1"], box["top"], box["bottom"] = width - x1, width - x0, height - bottom, height - top
    else:
        box["x0"], box["x1"], box["top"], box["bottom"] = top, bottom, width - x1, width - x0
    box["width"], box["height"] = box["x1"] - box["x0"], box["bottom"] - box["top"]
    box["doctop"] = box["top"]


def _without_artifacts(letters: list[Letter]) -> list[Letter]:
    """Without what the document itself marks as an artifact: running heads, page numbers, watermarks."""
    kept = [letter for letter in letters if letter.get("tag") != "Artifact"]
    return kept if len(letters) - len(kept) <= len(letters) * _ARTIFACTS else letters


def _once(letters: list[Letter]) -> list[Letter]:
    """Each letter once, however often it is drawn in its place (bold, shadows)."""
    kept: list[Letter] = []
    places: dict[tuple[str, int, int], list[Letter]] = defaultdict(list)
    for letter in letters:
        reach = _TWICE * max(min(letter["x1"] - letter["x0"], letter["bottom"] - letter["top"]), 0.1)
        column, row = int(letter["x0"] // SPOT), int(letter["top"] // SPOT)
        near = (
            other
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for other in places[letter["text"], across, down][:CROWD]
        )
        if any(
            abs(other["x0"] - letter["x0"]) < reach
            and abs(other["top"] - letter["top"]) < reach
            and abs(other["size"] - letter["size"]) < reach
            for other in near
        ):
            continue
        places[letter["text"], column, row].append(letter)
        kept.append(letter)
    return kept


def _without_blanks_written_over(letters: list[Letter]) -> list[Letter]:
    """Without the strokes of a blank (____) over which something is written."""
    strokes = [letter for letter in letters if letter["text"] in STROKES]
    if not strokes or len(strokes) == len(letters):
        return letters
    written = sorted((letter for letter in letters if letter["text"] not in STROKES), key=lambda entry: entry["x0"])
    starts = [letter["x0"] for letter in written]
    hidden = set()
    for stroke in strokes:
        first = bisect_left(starts, stroke["x0"] - 4 * stroke["size"])
        for letter in written[first : first + CROWD * 8]:
            if letter["x0"] >= stroke["x1"]:
                break
            if not letter["text"].isspace() and covers(stroke, letter):
                hidden.add(id(stroke))
                break
    return [letter for letter in letters if id(letter) not in hidden]
