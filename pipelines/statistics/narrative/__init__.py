"""The measures that a report states in sentences: each a figure with the sentence as printed.

Which sentence states the year's total is decided over the whole text: every number that may be a measure is a candidate
with its scope (`sentence`, `scope`), and only those of the report's own year and organ count (`choice`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

from crawler.records.report import Check, Figure
from crawler.reference.measures import form_of
from crawler.words.text import squeeze, years_in
from pipelines.statistics.figures import MAX_VALUE
from pipelines.statistics.narrative.candidate import Context
from pipelines.statistics.narrative.channels import channel_of
from pipelines.statistics.narrative.choice import AMBIGUOUS, decide
from pipelines.statistics.narrative.none import words_for_all, words_for_none
from pipelines.statistics.narrative.reading import read_sentence
from pipelines.statistics.narrative.remainder import remainder
from pipelines.statistics.narrative.sentence import likely, topics_of

MAX_SENTENCE = 4000
"""Characters of a sentence; a longer one is read in pieces of this length, cut where no number stands."""
_SENTENCE = re.compile(
    rf"[^。！？!?\n]{{1,{MAX_SENTENCE}}}[\d.．,，一二三四五六七八九十百千万亿〇零两余多]*+[^。！？!?\n\d]{{0,4}}[。！？!?]?"
)
_HEADING = re.compile(r"^(?:[（(]?[一二三四五六七八九十]+[）)、.．]|[（(]?\d+[）)、.．](?!\d))")
_TITLE = re.compile("[^，。；：:,]{4,40}(?:信息|政务)公开[^，。；：:,]{0,10}报告")
_HEADING_END = re.compile(r"[。，,：:\s]")
_SAID = re.compile("[^，,；;。]{5}[，,；;。]")
IMPLAUSIBLE = ", implausible"
_OUTCOME_CODES = tuple(
    f"req_ans_{end}"
    for end in (
        "already_public", "granted", "partial", "denied", "not_this_agency", "not_exist", "amend", "other_channel",
    )
)  # fmt: skip


@dataclass(slots=True)
class Narrative:
    """What the sentences of a text state: `figures`, one a measure, and the `checks` of sums within a sentence."""

    figures: list[Figure]
    checks: list[Check]


def read_narrative(text: str, report_year: int | None, organ: str = "") -> Narrative:
    """The measures of f2014 that a report's text states, with form `narrative`; of tables, rows that are one sentence.

    `report_year`, `organ`: whose figures are asked for. A measure of which only numbers of another scope are stated, or
    of which sentences of the same scope disagree, has a figure without value whose method says why. A number that no
    measure can have, or that is not finite, is a figure without value, its method ending in IMPLAUSIBLE. Linear in the
    text; never raises.
    """
    context = Context(report_year, organ)
    sentences: list[str] = []
    for line in text.split("\n"):
        if "\t" in line:
            line = _only_cell(line)
        if not line.strip():
            continue
        heading = _HEADING.match(line.strip()) is not None
        if heading and len(line) < 40 and "。" not in line:
            context.section, context.headed, context.heading = topics_of(line), True, line
        if "报告" in line and _is_other_title(line, report_year):
            context.elsewhen = True
        elif heading:
            context.elsewhen = False
        if heading:
            context.way = channel_of(_heading_words(line)) if "。" in line or len(line) < 40 else ""
        if not likely(line):
            continue  # topics and sentences before are those of a paragraph
        context.topics, context.said = set(context.section), []
        for place, piece in enumerate(_SENTENCE.findall(line)):
            sentence = piece.strip()
            context.number += 1
            if (place or not line.startswith(piece)) and _HEADING.match(sentence):
                # A page flattened to one line: a heading within it opens a new stretch.
                context.topics, context.said = set(), []
            if likely(sentence):
                sentences.append(sentence)
                read_sentence(context, sentence)
                words_for_all(context, sentence)
                words_for_none(context, sentence)
            else:
                context.topics |= topics_of(sentence)
            context.said.append(sentence)
    figures = decide([*context.candidates, *remainder(context.candidates, sentences)])
    answered = _answered(figures)
    checks = {check.subject: check for check in sorted(context.checks, key=lambda one: not one.holds)}
    return Narrative([_possible(one) for one in [*figures, *answered]], list(checks.values()))


def _only_cell(row: str) -> str:
    """The sentence that a row of a table consists of, as where words stand over the width of a form's empty columns."""
    cells = [cell for cell in row.split("\t") if cell.strip()]
    return cells[0] if len(cells) == 1 and _SAID.search(cells[0]) else ""


def _is_other_title(line: str, year: int | None) -> bool:
    """Whether a line is the title of a report of other years than this, as a box beside the text has it."""
    flat = squeeze(line)
    named = years_in(flat) if year is not None and _TITLE.fullmatch(flat) else []
    return bool(named) and year not in named


def _heading_words(line: str) -> str:
    """The words of a heading, without the sentence that a flattened page has in the same line."""
    words = _HEADING.sub("", line.strip()).strip()
    return _HEADING_END.split(words, maxsplit=1)[0]


def _answered(figures: list[Figure]) -> list[Figure]:
    """What was answered in all, where the text does not say it but its outcomes add up to what was received."""
    found = {figure.code: figure for figure in figures}
    received = found.get("req_received")
    parts = [found[code].value or 0 for code in _OUTCOME_CODES if code in found]
    closed = found.get("req_closed")
    if closed is not None and received is not None and closed.value not in (None, received.value):
        return []
    if "req_answered" in found or received is None or len(parts) < 2 or sum(parts) != received.value:
        return []
    code = "req_answered"
    unit = form_of("f2014").measures[code].unit
    return [Figure("narrative", code, code, None, sum(parts), None, unit, received.place, "parts add up")]


def _possible(figure: Figure) -> Figure:
    """The figure; without value where no measure can have it."""
    if figure.value is not None and (not isfinite(figure.value) or figure.value > MAX_VALUE):
        figure.value = None
        figure.method += IMPLAUSIBLE
    return figure


__all__ = ["AMBIGUOUS", "IMPLAUSIBLE", "MAX_SENTENCE", "Narrative", "read_narrative"]
