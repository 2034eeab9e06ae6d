"""Dates as programs print them: compact, as Java's `Date` does, in English, in seconds since 1970, as a tear-off sheet.

Written-out ones are `words.text.dates_in`. These forms are read only where something says that a date stands there (a
label, an attribute made for it), since any eight digits may be compact (sources/pages#publication-line).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from crawler.words.text import dates_in

_FIRST, _LAST = 1990, 2099
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905 -- twelve words

_MONTH = "(?P<{0}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}}\\.?"
_OPENING = "[\\s\u00a0\u3000\ufdd0\ufdd1]{0,40}[\\[【（(〔「『<＜\"'“]{0,2}[\\s\u00a0\u3000]{0,10}(?:公元)?"
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:\d{4}(?:\d\d)?)?(?!\d)")
_JAVA = re.compile(
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}[,.]?\s{{1,3}})?{_MONTH.format('mon')}\s{{1,3}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?"
    r"(?:\s{1,3}\d{1,2}:\d{2}(?::\d{2})?\s{1,3}(?:[a-z]{2,5}(?:[+-]\d{2}:?\d{2})?|[+-]\d{2}:?\d{2})\s{1,3}|\s{0,3},\s{0,3}|\s{1,3})(?P<y>(?:19|20)\d\d)(?!\d)",
    re.I,
)
_BRITISH = re.compile(
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}[,.]?\s{{1,3}})?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]{{1,3}}"
    rf"{_MONTH.format('mon')},?[\s-]{{1,3}}(?P<y>(?:19|20)\d\d)(?!\d)",
    re.I,
)
_AMERICAN = re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>(?:19|20)\d\d)(?!\d)")
_SECONDS = re.compile(r"(?P<s>\d{10})(?:\d{3})?(?!\d)")
_WRITTEN = re.compile("(?:\\d|[０-９]|[一二][九〇○零◯ＯО]).{3,22}")
_PLAIN = str.maketrans("０１２３４５６７８９‐‑‒–—−﹣－", "0123456789--------")
"""Digits of full width, and the dashes and hyphens that editors put in a date's place of "-"."""


def stamp_at(text: str, at: int = 0) -> tuple[str, int] | None:
    """The date that stands at a place of a text, brackets around it not minded: (ISO date, where it ends), or None.

    Raises nothing on wild text; an impossible date (2月30日) and one outside 1990 to 2099 are none.
    """
    start = _SKIP.match(text, at)
    begin = start.end() if start else at
    piece = text[begin : begin + 40].translate(_PLAIN)
    if _WRITTEN.match(piece):
        found = dates_in(piece)
        if found and found[0][1] == 0:
            return found[0][0], begin + found[0][2]
    for pattern in (_COMPACT, _JAVA, _BRITISH, _AMERICAN):
        hit = pattern.match(piece)
        if hit is not None:
            parts = hit.groupdict()
            month = parts.get("m") or str(_MONTHS.index(parts["mon"].lower()) + 1)
            iso = _iso(parts["y"], month, parts["d"])
            return (iso, begin + hit.end()) if iso else None
    return None


_SKIP = re.compile(_OPENING)


def stamp_in_markup(value: str) -> str | None:
    """The ISO date of an attribute or field that is made for one (`datetime`, `datePublished`, `data-time`)."""
    value = value.strip()
    if (hit := _SECONDS.fullmatch(value)) is not None:
        moment = datetime.fromtimestamp(int(hit["s"]), UTC)
        return moment.date().isoformat() if _FIRST <= moment.year <= _LAST else None
    found = stamp_at(value)
    return found[0] if found else None


_TEAR_OFF = re.compile(
    "(?<![\\d.:/-])(?P<d>\\d{1,2})日?[\\s\ufdd0\ufdd1/]{1,20}(?P<y>(?:19|20)\\d\\d)[-./年](?P<m>\\d{1,2})月?(?![-./\\d日])"
    "|(?<![\\d.:/-])(?P<m2>\\d{1,2})[-./月](?P<d2>\\d{1,2})日?[\\s\ufdd0\ufdd1/]{1,20}(?P<y2>(?:19|20)\\d\\d)年?(?![-./年\\d])"
    "|(?<![\\d.:/-])(?P<y3>(?:19|20)\\d\\d)年?[\\s\ufdd0\ufdd1]{1,20}(?P<m3>\\d{1,2})[-./月](?P<d3>\\d{1,2})日?(?![-./\\d:])"
)


def tear_off(text: str) -> str | None:
    """The first date whose day stands apart from month and year, as on a tear-off calendar: «20» over «2023-01»."""
    for hit in _TEAR_OFF.finditer(text):
        parts = hit.groupdict()
        iso = next(
            (_iso(parts[f"y{n}"], parts[f"m{n}"], parts[f"d{n}"]) for n in ("", "2", "3") if parts[f"y{n}"]), None
        )
        if iso:
            return iso
    return None


def _iso(year: str, month: str, day: str) -> str | None:
    try:
        moment = datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
    return moment.date().isoformat() if _FIRST <= moment.year <= _LAST else None
