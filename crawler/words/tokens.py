"""Chinese text in an ordinary FTS5 table: one token a character, so that a phrase query is an exact substring search.

`unicode61` takes a run of Chinese for one word and finds nothing inside it. Characters apart by spaces are words to it,
and a phrase of them stands only where they follow each other. Measured against trigram (blind under three characters),
bigrams (an index larger than the text) and segmentation (misses): sources/measurements#search-in-chinese-text.
"""

from __future__ import annotations

import re

from crawler.records.errors import QueryError

MOST_TERMS, LONGEST_QUERY = 32, 1_000
"""Strings that one query may ask for, and characters it may have. Each string is a scan of all titles; a sentence of a
report has some 100 characters."""
_PLANE_15, _PLANE_16 = 0xF0000, 0x100000
NOTHING = '"\U0010fffd"'
"""A query that finds nothing: this character stands in no index."""
_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')


class _Marks(dict[str, str]):
    """Character to the character that stands for it in the index.

    Letters, digits and common Chinese stay. All else (punctuation, white space, letters beyond ASCII, whose case
    `unicode61` would fold though LIKE does not) becomes a private character of its own, which `unicode61` takes for a
    letter: so «，其中» is found where it stands, and nowhere else.
    """

    def __missing__(self, character: str) -> str:
        point = ord(character)
        if (point < 0x80 and chr(point).isalnum()) or 0x4E00 <= point <= 0x9FA5 or 0x20000 <= point <= 0x2A6D6:
            kept = point
        elif point < 0x10000:
            kept = _PLANE_15 + point
        else:
            kept = _PLANE_16 + point % 0x10000
        mark = self[character] = chr(kept)
        return mark


_MARKS = _Marks()


def tokens(text: str | None) -> str:
    """What is written into the index for a text: its characters, apart by spaces. None gives ""."""
    return " ".join([_MARKS[character] for character in text]) if text else ""


def match(query: str) -> str | None:
    """The FTS5 query for what a person typed; None where nothing was typed but white space.

    Words apart by white space must all occur, each as it stands; "…" keeps white space. Nothing is an operator.
    Raises QueryError, as `terms`.
    """
    phrases = [f'"{tokens(term)}"' for term in terms(query)]
    return " AND ".join(phrases) or None


def terms(query: str) -> list[str]:
    """The strings that a query asks for, in order, none empty. A quote without its other half stands for itself.

    Raises QueryError for a query that is too long, or that holds what is no character (half of a pair of UTF-16).
    """
    if len(query) > LONGEST_QUERY:
        raise QueryError(f"the query has {len(query):,} characters; expected at most {LONGEST_QUERY:,}")
    if any("\ud800" <= character <= "\udfff" for character in query):
        raise QueryError("the query holds bytes that are no text; expected characters in UTF-8")
    if query.count('"') % 2:
        found = query.split()
    else:
        found = [quoted or plain for quoted, plain in _TERM.findall(query) if quoted or plain]
    if len(found) > MOST_TERMS:
        raise QueryError(f"the query asks for {len(found):,} words; expected at most {MOST_TERMS}")
    return found
