"""Words as they are printed: white space, invisible characters, Chinese numerals, years and dates.

The lowest floor; every part that compares labels or reads dates does it through here, so that all agree on what counts
as white space. What is met on real pages: labels padded with U+3000 and U+00A0, zero-width characters and byte order
marks inside words, full-width digits, 二〇一八 written with five different circles, times glued to dates
(sources/obstacles#characters-and-numbers, sources/pages#publication-line).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from crawler.words.numerals import chinese_number

_INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufdd0-\ufdef\x00-\x08\x0e-\x1f\x7f"
_WHITE = "\\s\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_ALL_SPACE = re.compile(f"[{_WHITE}{_INVISIBLE}][{_WHITE}{_INVISIBLE}]*")
# The engine looks for the first sign of a pattern by itself where that is a set, and not where it is a run of one.
_RUN_OF_SPACE = re.compile(f"[{_WHITE}]+")
_NOT_SEEN = re.compile(f"[{_INVISIBLE}]+")
_COMPATIBLE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
"""What NFKC may change without harm: radicals that PDF tools print for characters, full-width letters and digits.
Full-width punctuation is how Chinese is printed and stays."""


def _compatible(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match.group())


def squeeze(text: str) -> str:
    """The text without any white space or invisible character, full-width digits and letters made plain.

    For comparing: «政 府 信 息», «２０１８年» and «2018\\u200b年» are told alike. Punctuation stays as printed.
    """
    return _squeezed_label(text) if len(text) <= _LABEL and type(text) is str else _squeezed(text)


_LABEL = 40
"""Characters of what is squeezed once and kept: labels and cells stand on page after page. Plain strings alone: those
that lxml makes may hold on to a whole tree."""


def _squeezed(text: str) -> str:
    text = text.strip()
    if not _is_plain(text):
        # Cut at white space, most texts have nothing invisible left: a tenth of what the pattern takes.
        text = "".join(text.split())
        if not _is_plain(text):
            text = _ALL_SPACE.sub("", text)
    elif " " in text:
        text = text.replace(" ", "")
    return text if text.isascii() else _COMPATIBLE.sub(_compatible, text)


_squeezed_label = lru_cache(maxsize=8192)(_squeezed)


def clean(text: str) -> str:
    """The text for display: invisible characters gone, every run of white space one space, ends trimmed."""
    text = text.strip()
    if _is_plain(text):
        return " ".join(text.split()) if " " in text else text
    return _RUN_OF_SPACE.sub(" ", _NOT_SEEN.sub("", text)).strip()


def _is_plain(text: str) -> bool:
    """Whether a text's only white space is the plain blank and nothing in it is invisible, as in most labels: Python
    calls every other one unprintable, but for one mark that Unicode counts among the accents."""
    return text.isprintable() and "\u034f" not in text


def one_line(text: str) -> str:
    """The text on one line, every run of white space one space; invisible characters stay, as in words for a person."""
    return " ".join(text.split())


_IN_WORDS = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def unspaced(text: str) -> str:
    """The text without white space and the invisible characters that word processors leave in words.

    Less than `squeeze`, and ten times as fast: for whole pages, and where it is only told whether two texts are the
    same. Archives keep digests of what it gives: it stays as it is.
    """
    text = "".join(text.split())
    for character in _IN_WORDS:
        text = text.replace(character, "")
    return text


_NUMERAL = "[一二三四五六七八九〇零○◯０]"
_YEAR_NUMERALS = "[一二][九零〇○◯0０OＯО]" + "[一二三四五六七八九〇零○◯0０OＯО]{2}"
"""二〇一八 and its kin; the circles are five different characters (sources/obstacles#characters-and-numbers)."""


_YEAR = re.compile(
    rf"(?<![\d０-９〔\[（(【])(?:(?P<n>(?:19|20)\d\d)(?!\d)|(?P<c>{_YEAR_NUMERALS})(?!{_NUMERAL}))"
    rf"|[〔\[（(【](?:(?P<m>(?:19|20)\d\d)(?!\d|[〕\]）)】]\d+号)|(?P<d>{_YEAR_NUMERALS})(?!{_NUMERAL}))"
)


def years_in(label: str) -> list[int]:
    """The years that a label names, in order, each once: «二〇一八年度» gives 2018, «2016-2018» gives 2016, 2018.

    The year of a document number (沈政办发〔2018〕99号) is none. White space inside is ignored.
    """
    found: list[int] = []
    for match in _YEAR.finditer(squeeze(label)):
        plain = match["n"] or match["m"]
        year = int(plain) if plain else chinese_number(match["c"] or match["d"])
        if year is not None and 1949 <= year <= 2099 and year not in found:
            found.append(year)
    return found


_PLAIN = str.maketrans("０１２３４５６７８９－．／：∶﹕", "0123456789-./:::")
_DATE = re.compile(
    rf"(?<!\d)(?P<y>(?:19|20)\d\d|{_YEAR_NUMERALS})\s*"
    r"(?:年\s*(?P<m1>\d{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*(?P<d1>\d{1,2}|[一二三四五六七八九十廿卅]{1,3})\s*[日号]?"
    r"(?!\d(?!\d?\s*:))"
    r"|(?P<s>[-./])\s*(?P<m2>\d{1,2})\s*(?P=s)\s*(?:(?P<d2>\d\d)(?=\d\d:\d)|(?P<d3>\d{1,2})(?!\d)))"
)


def dates_in(text: str) -> list[tuple[str, int, int]]:
    """All dates written out in a text as (ISO date, start, end); impossible ones (2月30日) are left out.

    Read are 2019-03-27, 2019年03月27日, 2019.3.27, 2019/3/27, 2021-03-2918:26 (glued), 二〇一九年三月二十七日.
    A run that lost its 年 or 月 («2017210日», sources/obstacles#characters-and-numbers) is none: its digits could be
    cut in several ways.
    """
    found = []
    for match in _DATE.finditer(text.translate(_PLAIN)):
        iso = _iso(match["y"], match["m1"] or match["m2"], match["d1"] or match["d2"] or match["d3"])
        if iso is not None:
            found.append((iso, match.start(), match.end()))
    return found


def parse_date(text: str) -> str | None:
    """The first date written out in a text as ISO (YYYY-MM-DD); None without one, or where the first is impossible."""
    match = _DATE.search(text.translate(_PLAIN))
    if match is None:
        return None
    return _iso(match["y"], match["m1"] or match["m2"], match["d1"] or match["d2"] or match["d3"])


def _iso(year: str, month: str, day: str) -> str | None:
    numbers = [int(part) if part.isdecimal() else chinese_number(part) for part in (year, month, day)]
    if None in numbers:
        return None
    try:
        return date(numbers[0] or 0, numbers[1] or 0, numbers[2] or 0).isoformat()
    except ValueError:
        return None
