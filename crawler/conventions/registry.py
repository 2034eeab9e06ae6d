"""Every publishing system in one tuple, and all that is derived from it: makes, article addresses, containers, paging.

Adding a system is one file with its `System`, one test server, one line here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from crawler.conventions import (
    aspnet,
    epoint,
    eportal,
    generic,
    gkmlpt,
    hanweb,
    jpaas,
    lonsun,
    shtml,
    trs,
    vsb,
)
from crawler.conventions.system import PagingRule, System
from crawler.words.addresses import is_file, path_of

SYSTEMS: tuple[System, ...] = (
    hanweb.SYSTEM,
    hanweb.XXGK,
    jpaas.SYSTEM,
    gkmlpt.SYSTEM,
    epoint.SYSTEM,
    shtml.SYSTEM,
    trs.SYSTEM,
    lonsun.SYSTEM,
    aspnet.SYSTEM,
    eportal.SYSTEM,
    generic.OLD_ASP,
    vsb.SYSTEM,
    generic.SYSTEM,
)
"""In the order in which their rules are asked: data services before their decoys, scripts that count before links."""

PAGING: tuple[PagingRule, ...] = tuple(rule for system in SYSTEMS for rule in system.paging)
IDS: tuple[str, ...] = tuple(name for system in SYSTEMS for name in system.ids)
CLASSES: tuple[str, ...] = tuple(name for system in SYSTEMS for name in system.classes)
ELEMENTS: tuple[str, ...] = tuple(name for system in SYSTEMS for name in system.elements)

_ARTICLE = re.compile("|".join(shape for system in SYSTEMS for shape in system.articles), re.I)
"""What addresses of articles look like. A hint only: 23 of 292 real addresses are of no family, and a directory may be
a report (sources/pages#addresses)."""
_SIBLINGS = tuple(system.siblings for system in SYSTEMS if system.siblings is not None)
_MODULE = re.compile("|".join(shape for system in SYSTEMS for shape in system.modules), re.I)
_MARKS = [(system, re.compile("|".join(system.marks).encode(), re.I)) for system in SYSTEMS if system.marks]
_ADDRESSES = [
    (system, re.compile("|".join((*system.articles, *system.addresses)), re.I))
    for system in SYSTEMS
    if system is not generic.SYSTEM and (system.articles or system.addresses)
]


@lru_cache(maxsize=8192)
def is_article(url: str) -> bool:
    """True where the shape of an address is that of an article or a file; False says nothing."""
    return bool(_ARTICLE.search(path_of(url))) or is_file(url)


@lru_cache(maxsize=8192)
def is_module(url: str) -> bool:
    """True for a page of a module that has one page for each organ and year, whatever the column's address is."""
    return bool(_MODULE.search(url))


def is_sibling(url: str, page: str) -> bool:
    """Whether some system numbers the columns of all organs alike, and both addresses are such columns."""
    return any(siblings(url, page) for siblings in _SIBLINGS)


def makes_of(url: str, body: bytes) -> Iterator[tuple[str, str]]:
    """The systems that a page shows marks of, each once, with the words of its first mark.

    For a person who looks at a portal, and one page may show several, since its links lead to others' pages; the walk
    never asks for a make, only for the conventions that it meets.
    """
    shapes = {system.name: found[0] for system, shape in _ADDRESSES if (found := shape.search(url))}
    for system, pattern in _MARKS:
        if system.name not in shapes and (mark := pattern.search(body)):
            shapes[system.name] = mark[0].decode("ascii", "replace")
    yield from ((system.name, shapes[system.name]) for system in SYSTEMS if system.name in shapes)
