"""Entries of a page that are called reports and are not asked: without an address, back to where one stands, in a trap.

What a link's script says and no rule settles is told with that script; a browser may follow it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import islice
from typing import Any

from lxml import etree

from crawler.navigation.expectations import ENTRY, promises
from crawler.navigation.places import place_named
from crawler.navigation.rows import Entry
from crawler.records.page import Page
from crawler.records.ways import Ways
from crawler.reference.placenames import locate
from crawler.words.addresses import canonical, trap
from crawler.words.disagreement import names_another
from crawler.words.entries import is_organ
from crawler.words.labels import read_label, tidy
from crawler.words.link import Link, words

MAX_TOLD = 50
"""Entries of one page that are told by name."""
MAX_CHOOSERS = 500
MAX_YEAR = 12
MAX_ORGAN = 40
_WRITTEN = frozenset({"text", "search", "password", "email", "tel", "number"})
_selects: Any = etree.XPath("//select", smart_strings=False)
_choosers: Any = etree.XPath(
    "//*[self::ul or self::ol or self::select or self::dl or self::div][*[2]]", smart_strings=False
)
"""Elements whose parts may be years to choose among."""
_PANELS = frozenset({"div", "ul", "ol", "table", "section", "dl"})
_MAX_ROWS = 5_000
_ROWS = ("li", "tr", "dd", "p", "div")


def tell(page: Page, links: list[Link], entries: list[Entry], ways: Ways) -> None:
    """Note what is called a report on a page of the column and leads nowhere; each title once."""
    met = {entry.link.label for entry in entries if entry.why is not None}
    lost: dict[str, str] = {}
    for link in links:
        if not link.url and promises(link.label):
            lost.setdefault(link.label, _without_address(link))
    for entry in entries:
        label = entry.link.label
        if entry.said.years and entry.why is None and promises(label) and trap(entry.link.url) != "search_form":
            lost.setdefault(label, f"{entry.link.url} is not asked: it is one of endlessly many, or of a calendar")
    for label, reason in _doubled(entries):
        met.discard(label)
        lost.setdefault(label, reason)
    for label, reason in _years(page, links, entries):
        lost.setdefault(label, reason)
    for label, reason in _organs(page, links, entries):
        lost.setdefault(label, reason)
    for label in _plain_rows(entries):
        lost.setdefault(label, "no link stands there")
    lost = {label: reason for label, reason in lost.items() if label not in met}
    for label, reason in islice(lost.items(), MAX_TOLD):
        ways.problems.append((ENTRY, f"{label!r}: {reason}"))
    if len(lost) > MAX_TOLD:
        ways.problems.append((ENTRY, f"{len(lost) - MAX_TOLD} more entries of this page lead nowhere, too"))


def _without_address(link: Link) -> str:
    code = link.element.get("onclick") or link.href
    if not code or code == "#":
        return "a link without an address; `browser = true` shows whether a script gives it one"
    called = f"a link without an address, {code[:120]!r}"
    return f"{called}; what that comes to is not settled by the page's words, and `browser = true` may follow it"


def _years(page: Page, links: list[Link], entries: list[Entry]) -> Iterator[tuple[str, str]]:
    """Years that a reader may choose on the page, and that nothing of it leads to: those of tabs and of a select by a
    script that no rule follows. A year that an entry names, or that stands over one, is shown."""
    shown = {
        year
        for entry in entries
        if entry.why is not None or entry.said.kind == "item"
        for year in (*entry.said.years, *(year for label in entry.over for year in read_label(label).years))
    }
    if not shown or page.tree is None:
        return
    chosen: dict[int, tuple[str, str]] = {}
    named = {name for at in page.tree.iter() if (name := at.get("id"))}
    for link in links:
        if not link.url and (said := read_label(link.label)).kind == "year" and not _shows(link.element, named):
            chosen.setdefault(said.years[0], (link.label, _without_address(link)))
    for holder in islice(_choosers(page.tree), MAX_CHOOSERS):
        years = {}
        for part in holder:
            label = tidy((words(part, MAX_YEAR) or "").strip()) if isinstance(part.tag, str) else ""
            if label and (said := read_label(label)).kind == "year" and next(part.iter("a", "form"), None) is None:
                years[said.years[0]] = label
        if len(years) > 1 and len(years) * 2 >= len(holder) and not shown.isdisjoint(years) and not _has_panels(holder):
            for year, label in years.items():
                chosen.setdefault(year, (label, "no link stands there; `browser = true` does not press it either"))
    yield from (told for year, told in chosen.items() if year not in shown)


def _organs(page: Page, links: list[Link], entries: list[Entry]) -> Iterator[tuple[str, str]]:
    """Organs and groups of them that a reader may choose on the page, several side by side, and that nothing of it
    leads to: links without an address, options of a select outside a search."""
    told = "".join(entry.link.label for entry in entries if entry.why is not None)
    if not told or page.tree is None or page.context.is_home:
        return
    held = {id(link.element) for link in links if link.url}
    chosen: dict[Any, dict[str, str]] = {}
    for link in links:
        apart = link.element.tag == "option" or link.url or not _is_choice(link.label)
        if not apart and _has_key(link.element, page.tree) and not _shows(link.element, ()):
            chosen.setdefault(link.block, {})[link.label] = _without_address(link)
    for select in islice(_selects(page.tree), MAX_CHOOSERS):
        form = next(select.iterancestors("form"), None)
        if form is not None and next(_typed(form), None) is not None:
            continue
        for option in islice(select.iter("option"), MAX_CHOOSERS):
            label = tidy((words(option, MAX_ORGAN) or "").strip())
            if id(option) not in held and _is_choice(label):
                chosen.setdefault(select, {})[label] = "an option that nothing on the page leads on from"
    region = page.context.region
    for labels in chosen.values():
        unshown = {
            label: reason for label, reason in labels.items() if label not in told and not _is_elsewhere(label, region)
        }
        if len(unshown) > 1:
            yield from unshown.items()


def _has_key(element: Any, tree: Any) -> bool:
    """Whether a link holds what a script may ask by: an attribute of the site's own making, or it is a node in data.

    Menus of other sites have links without any, which a script opens."""
    own = any(str(name).startswith("data-") and value for name, value in element.attrib.items())
    return (
        own or element.get("onclick") is not None or element.getroottree().getroot() is not tree.getroottree().getroot()
    )


def _is_choice(label: str) -> bool:
    """Whether words name an organ, a place or a group of organs, and nothing beside."""
    said = read_label(label)
    return not said.veto and not said.years and (said.kind == "group" or (said.kind == "other" and is_organ(label)))


def _is_elsewhere(label: str, region: str | None) -> bool:
    """Whether words name a place outside the portal's region: selects of the weather and of other sites have those."""
    if region is None or place_named(label, region) is not None:
        return False
    hit = locate(label, None)
    return hit is not None and (hit.start, hit.end) == (0, len(label))


def _typed(form: Any) -> Iterator[Any]:
    """The fields of a form in which a reader writes: words to search for, a name to sign in with."""
    fields = form.iter("input", "textarea")
    return (field for field in fields if field.tag == "textarea" or (field.get("type") or "text").lower() in _WRITTEN)


def _shows(element: Any, named: Container[str]) -> bool:
    """Whether a link shows another part of its own page: one named by its id, or one of as many as there are links.
    `named`: the ids of the page."""
    name = (element.get("href") or "").strip()
    if len(name) > 1 and name[0] == "#":
        return name[1:] in named
    return any(_has_panels(at) for at in islice(element.iterancestors(), 2))


def _has_panels(tabs: Any) -> bool:
    """Whether behind a row of tabs, or what holds it, stand as many parts of the page as there are tabs."""
    for at in (tabs, tabs.getparent()):
        behind = list(islice(at.itersiblings(), MAX_CHOOSERS)) if at is not None else []
        for parts in (behind, *behind[:1]):
            if len([part for part in parts if part.tag in _PANELS]) == len(tabs) > 1:
                return True
    return False


def _doubled(entries: list[Entry]) -> Iterator[tuple[str, str]]:
    """Entries that are called another report than one above them, and have its address, but for what a script makes of
    a # in it."""
    first: dict[str, str] = {}
    for entry in entries:
        label = entry.link.label
        if entry.why != "item" or not promises(label):
            continue
        before = first.setdefault(canonical(entry.link.url), label)
        if other := names_another(before, label):
            yield label, f"{entry.link.href} is where {before!r} leads as well, the report of another {other}"


def _plain_rows(entries: list[Entry]) -> list[str]:
    """Titles of reports in rows without any link, in lists whose other rows are followed."""
    found = []
    lists: dict[Any, None] = dict.fromkeys(entry.block for entry in entries if entry.listed and entry.why is not None)
    for block in lists:
        for count, row in enumerate(block):
            if count >= _MAX_ROWS:
                break
            if row.tag not in _ROWS or next(row.iter("a", "area", "option"), None) is not None:
                continue
            label = tidy((words(row, 200) or "").strip())
            if promises(label) and row.get("onclick") is None:
                found.append(label)
    return found
