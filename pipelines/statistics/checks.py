"""Do a report's figures fit together? The sums that the forms state, and text against table: found, never repaired.

Rules A1 to A4 and A7 of sources/forms#sums, F1 to F3 for the annex of 2014; T1 is made where sentences are read. Each
is tried on the figures as they stand; where a blank makes that impossible `holds` is None, and a second pass under the
rule's name with BLANK_AS_0 counts blanks as 0. A5, A6 and jumps need two years and are made in the archive
(archive.derive.years).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from crawler.records.report import Check, Figure, Form
from crawler.reference.measures import form_of
from crawler.reference.sums import Sum, sums_of
from crawler.words.numerals import numeral

BLANK_AS_0 = " (blank as 0)"

RULES = {
    "A1": "new requests and those carried in are those processed and carried out; by column (printed on the form)",
    "A2": "all outcomes add up to the total processed; by column",
    "A3": "the applicants of a row add up to its total; by row",
    "A4": "upheld, corrected, other and pending add up to the total; by group of section 四",
    "A5": "what was carried in is what was carried out the year before; by column",
    "A6": "what is in force is what was a year before, with what was issued and without what was repealed; by kind",
    "A7": "what the text states is what the table states; by measure",
    "D1": "an attachment states what the report's own table states; by measure",
    "F1": "the annex of 2014: rows add up to the row they stand under; by that row",
    "F2": "the annex of 2014: a part (其中) is at most the row it stands under; by the part",
    "F3": "the annex of 2014: no channel published more than all together; by channel",
    "T1": "a sentence's whole and the parts behind it («其中…») add up, or no part is above it; by measure",
    "J1": "a measure is not ten times that of the year before, nor a tenth; by measure. A warning, not an error",
}
"""Every rule with its meaning; docs/codebook.md is generated from this."""

Values = Mapping[str, float | None]

_DENIED = tuple(f"req_{row.code}__total" for row in form_of("f2021").request_rows if row.code.startswith("denied_"))
_CHANNELS = ("gazette", "website", "weibo", "wechat", "other")
_TEXT_AND_TABLE: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    # A measure of the text, and the sums of table cells that it may mean: «收到» is often new plus carried in.
    ("req_received", (("req_new_received__total",), ("req_new_received__total", "req_carried_in__total"))),
    ("req_ans_granted", (("req_granted__total",),)),
    ("req_ans_partial", (("req_partial__total",),)),
    ("req_ans_denied", (_DENIED,)),
    ("review_total", (("review_total",),)),
    ("review_upheld", (("review_upheld",),)),
    ("review_corrected", (("review_corrected",),)),
    ("suit_total", (("suit_direct_total", "suit_after_review_total"),)),
    ("suit_upheld", (("suit_direct_upheld", "suit_after_review_upheld"),)),
    ("suit_corrected", (("suit_direct_corrected", "suit_after_review_corrected"),)),
)


def check_figures(figures: Sequence[Figure]) -> list[Check]:
    """Every check that a report's figures allow, in the order of the rules. Never raises."""
    by_form: dict[Form, dict[str, float | None]] = {}
    for figure in figures:
        if figure.code is not None:
            by_form.setdefault(figure.form, {}).setdefault(figure.code, figure.value)
    checks: list[Check] = []
    for form in ("f2019", "f2021"):
        if form in by_form:
            checks += _sums(sums_of(form), by_form[form])
    if "f2014" in by_form:
        checks += _sums(sums_of("f2014"), by_form["f2014"])
        checks += _parts(by_form["f2014"])
    if "narrative" in by_form:
        checks += _sums(sums_of("f2014"), by_form["narrative"], text=True)
        checks += _text_against_table(by_form)
    return checks


def _sums(rules: Iterable[Sum], values: Values, text: bool = False) -> Iterator[Check]:
    """The sums of which both sides are there and anything is stated.

    `text`: the values are those that sentences state. There what is not said is not a blank: parts that add up to less
    than the whole say nothing.
    """
    for rule in rules:
        left, right = [values.get(code) for code in rule.left], [values.get(code) for code in rule.right]
        whole = None not in left and None not in right
        if not whole:
            there = [any(code in values for code in side) for side in (rule.left, rule.right)]
            stated = [any(value is not None for value in side) for side in (left, right)]
            if not any(stated) or not all(there) or (text and not stated[0]):
                continue
        one, other = sum(value or 0 for value in left), sum(value or 0 for value in right)
        holds = _same(one, other)
        printed = numeral(one), numeral(other)
        yield Check(rule.rule, rule.subject, holds if whole else None, *printed)
        if not whole:
            yield Check(rule.rule + BLANK_AS_0, rule.subject, None if text and one < other else holds, *printed)


def _parts(values: Values) -> Iterator[Check]:
    for measure in form_of("f2014").measures.values():
        if measure.sums_into is not None and measure.sums_into.startswith("⊂"):
            yield from _at_most("F2", measure.code, values.get(measure.code), values.get(measure.sums_into[1:]))
    for channel in _CHANNELS:
        yield from _at_most("F3", channel, values.get(f"disc_via_{channel}"), values.get("disc_total"))


def _at_most(rule: str, subject: str, part: float | None, whole: float | None) -> Iterator[Check]:
    if part is not None and whole is not None:
        yield Check(rule, subject, part <= whole, f"at most {numeral(whole)}", numeral(part))


def _text_against_table(by_form: Mapping[Form, Values]) -> Iterator[Check]:
    text = by_form["narrative"]
    annex = by_form.get("f2014", {})
    for code, value in text.items():
        other = annex.get(code)
        if value is not None and other is not None:
            yield Check("A7", code, _same(value, other), numeral(other), numeral(value))
    table = by_form.get("f2021") or by_form.get("f2019") or {}
    for code, meanings in _TEXT_AND_TABLE:
        value = text.get(code)
        if value is None or code in annex:
            continue
        sums = [_added(table, codes) for codes in meanings]
        told = [one for one in sums if one is not None]
        if told:
            agreeing = next((one for one in told if _same(one, value)), None)
            expected = told[0] if agreeing is None else agreeing
            yield Check("A7", code, agreeing is not None, numeral(expected), numeral(value))


def _added(values: Values, codes: Iterable[str]) -> float | None:
    """The sum of cells; None where one is not stated."""
    found = [values.get(code) for code in codes]
    return None if None in found else sum(value for value in found if value is not None)


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-6
