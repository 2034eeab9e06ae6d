"""Pages of a list that are numbered beside it: index_1.html, list_2.shtml. Shared by systems whose scripts count
(sources/systems#createpagehtml).

A rule never counts on beyond what the page states, and the addresses it makes lie in the list's own directory.
"""

from __future__ import annotations

from crawler.conventions.paging import MAX_PAGES, Source
from crawler.words.addresses import directory, join

QUOTE = r"\\?[\"']"
"""A quotation mark in a script, which document.write may have escaped."""


def numbered(source: Source, count: int, prefix: str, ext: str, shift: int) -> list[tuple[int, str]]:
    """Pages by number: page k is `{prefix}_{k - shift}.{ext}` beside the page. From a later page only the next one."""
    folder = directory(source.url)
    last = min(count, MAX_PAGES)
    wanted = range(2, last + 1) if source.page_no == 1 else range(source.page_no + 1, min(last, source.page_no + 1) + 1)
    made = ((number, join(folder, f"{prefix}_{number - shift}.{ext}")) for number in wanted)
    return [(number, address) for number, address in made if address and address.startswith(folder)]
