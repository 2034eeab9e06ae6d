"""What a page shows, worked out once and shared by the stages that ask: its words, its head, its class names.

The words are written by one XSLT in C over the whole tree (0.2 ms for a page of 85 KB, a Python walk 1.5 ms); what a
reader sees without white space, and the words in order with the edges of blocks and cells, are both cut from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from lxml import etree

from crawler.records.page import Page
from crawler.words.attributes import may_have_stamps, pressed_elements
from crawler.words.hidden import hidden_elements
from crawler.words.source import Source
from crawler.words.text import dates_in, squeeze, unspaced

# Noncharacters of Unicode: legal in XML, never in a text.
LINE, CELL = "\ufdd0", "\ufdd1"
"""Edges of blocks and of table cells in `Seen.words`."""
_SCRIPT, _SCRIPT_END, _ASIDE, _ASIDE_END = "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5"
_STYLESHEET = f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text" encoding="utf-8"/>
<xsl:template match="head|style|noframes|template|dialog"/>
<xsl:template match="noscript|select|input|button|textarea|iframe|object|embed"
  >{_ASIDE}<xsl:apply-templates mode="aside"/>{_ASIDE_END}</xsl:template>
<xsl:template match="script|style" mode="aside"/>
<xsl:template match="script"><xsl:if test="contains(., 'document.write') and string-length() &lt; 600"
  >{_SCRIPT}<xsl:value-of select="."/>{_SCRIPT_END}</xsl:if></xsl:template>
<xsl:template match="p|div|h1|h2|h3|h4|h5|ul|ol|li|dl|dt|dd|table|tr|section|article|form|header|footer|br"
  >{LINE}<xsl:apply-templates/>{LINE}</xsl:template>
<xsl:template match="td|th">{CELL}<xsl:apply-templates/>{CELL}</xsl:template>
</xsl:stylesheet>"""
_transform: Any = etree.XSLT(etree.XML(_STYLESHEET))
_all_texts: Any = etree.XPath("//body//text()[not(parent::script or parent::style)]", smart_strings=False)
_class_values: Any = etree.XPath("//@class", smart_strings=False)

_stamped: Any = etree.XPath(
    "//body//time[@datetime] | //body//*[@itemprop='datePublished'] | //body//@*[starts-with(name(), 'data-')"
    " and (contains(name(), 'time') or contains(name(), 'date') or contains(name(), 'publish'))]/.."
)
_PUBLISHED_FIELD = re.compile(r'"(?:datePublished|pubDate|pubdate|publishDate)"\s{0,10}:\s{0,10}"([^"]{4,60})"')
_STAMP_NAME = re.compile(r"datetime|content|data-[\w-]*(?:time|date|publish)[\w-]*")
_MAX_STAMPS, _MAX_DATA = 20, 100_000
_WRITTEN = re.compile(f"{_SCRIPT}([^{_SCRIPT_END}]*){_SCRIPT_END}")
_ASIDES = re.compile(f"{_ASIDE}[^{_ASIDE_END}]*{_ASIDE_END}")
_MAX_INNER = 200
MAX_LINKS = 5000
"""Links whose words are looked at."""
_HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass(slots=True)
class Head:
    """What a page says of itself; everything as written, blanks left out."""

    metas: dict[str, str] = field(default_factory=dict)
    """The meta tags by lower-case name, ends trimmed; the first of a name counts."""
    titles: list[str] = field(default_factory=list)
    """The words of every `<title>`, in order."""
    headings: list[tuple[str, str]] = field(default_factory=list)
    """Tag and words of h1 to h4, in order."""


class Seen:
    """What the tree of a page shows, each thing worked out once and only when asked; `tree` may be None.

    `source`: all that the tree was read from, where that is known: what is not in it need not be looked for.
    """

    def __init__(self, tree: Any, source: Source | None = None) -> None:
        self.tree = tree
        self.source = source

    @cached_property
    def hidden(self) -> list[Any]:
        """The elements that no reader sees."""
        return hidden_elements(self.tree, self.class_values)

    @cached_property
    def _marked(self) -> str:
        if self.tree is None:
            return ""
        try:
            # For the walk alone they are templates, which have no words: a test in a pattern would cost more.
            tags = [(element, element.tag) for element in self.hidden]
            for element, _ in tags:
                element.tag = "template"
            try:
                return str(_transform(self.tree))
            finally:
                for element, tag in tags:
                    element.tag = tag
        except (etree.XSLTApplyError, UnicodeError, ValueError):
            return LINE.join(_all_texts(self.tree))

    @cached_property
    def words(self) -> str:
        """The displayed words in order, white space as in the source, blocks and cells apart by LINE and CELL.

        Dates that inline scripts write stand in their place; words of forms, frames and noscript are left out.
        """
        words = self._marked
        if _SCRIPT in words:
            words = _WRITTEN.sub(lambda script: next((one[0] for one in dates_in(script.group(1))), ""), words)
        return _ASIDES.sub("", words) if _ASIDE in words else words

    @cached_property
    def flat(self) -> str:
        """All words of the body, those of forms, frames and noscript as well, without any white space."""
        words = self._marked
        if _SCRIPT in words:
            words = _WRITTEN.sub("", words)
        for mark in (LINE, CELL, _ASIDE, _ASIDE_END):
            words = words.replace(mark, " ")
        return unspaced(words)

    @cached_property
    def class_values(self) -> frozenset[str]:
        """The values of all class attributes, each once."""
        return frozenset(_class_values(self.tree)) if self.tree is not None else frozenset()

    @cached_property
    def classes(self) -> str:
        """The values of all class attributes, each once, a line each."""
        return "\n".join(self.class_values)

    @cached_property
    def linked(self) -> list[str]:
        """The words of the page's links, as they stand there."""
        links = islice(self.tree.iter("a"), MAX_LINKS) if self.tree is not None else ()
        return [(one.text or "") if len(one) == 0 else "".join(one.itertext()) for one in links]

    @cached_property
    def link_words(self) -> list[str]:
        """The words of the page's links, white space removed."""
        return [squeeze(words) for words in self.linked]

    def is_linked(self, flat: str) -> bool:
        """Whether words, white space removed, are those of a link."""
        first, last = flat[:1], flat[-1:]
        return any((first in words or last in words) and squeeze(words) == flat for words in self.linked)

    @cached_property
    def pressed(self) -> list[Any]:
        """What is no link and may lead on when it is clicked, in order: elements with a script for that, or with an
        attribute of the site's own making that holds what may be an address."""
        return pressed_elements(self.tree, self.source) if self.tree is not None else []

    @cached_property
    def stamps(self) -> list[str]:
        """Dates of publication that the mark-up alone carries, as written: JSON-LD, `time`, `itemprop`, `data-`."""
        if self.tree is None:
            return []
        found = []
        linked_data = [one for one in self.tree.iter("script") if "ld+json" in (one.get("type") or "")]
        for script in islice((text for one in linked_data for text in one.xpath("text()")), _MAX_STAMPS):
            found += _PUBLISHED_FIELD.findall(script[:_MAX_DATA])
        if not may_have_stamps(self.source):
            return found
        hidden = {inner for element in self.hidden for inner in element.iter()}
        for element in islice(_stamped(self.tree), _MAX_STAMPS):
            if element not in hidden and next(element.iterancestors("li", "aside", "footer", "nav"), None) is None:
                values = (value for name, value in element.items() if _STAMP_NAME.fullmatch(name))
                found += [value for value in values if value[:4].isdecimal()]
        return found

    @cached_property
    def head(self) -> Head:
        """Metas, titles and headings by one walk over the few elements that matter."""
        head = Head()
        aside = [*self.hidden, *self.tree.iter("noscript")] if self.tree is not None else []
        hidden = {inner for element in aside for inner in element.iter(*_HEADINGS)}
        for element in self.tree.iter("meta", "title", *_HEADINGS) if self.tree is not None else ():
            if element.tag == "meta":
                name, content = element.get("name") or element.get("property"), element.get("content")
                if name and element.get("name") is None and name.strip().lower() != "og:title":
                    continue  # of what a page says to those who share it the title alone is its own
                if name and content and (content := content.strip()):
                    head.metas.setdefault(name.strip().lower(), content)
                continue
            if element in hidden:
                continue
            text = _text_of(element)
            if element.tag == "title":
                if text.strip():
                    head.titles.append(text)
            else:
                head.headings.append((element.tag, text))
        return head


def seen_of(page: Page) -> Seen:
    """What a page shows; the same object for every stage, made where the page was read."""
    if page.seen is None:
        page.seen = Seen(page.tree)
    seen: Seen = page.seen
    return seen


def _text_of(element: Any) -> str:
    """The words of a heading without scripts in it; <br> adds nothing, for a title over two lines is one.

    No more than the first elements of one: a heading that is never closed holds all headings after it.
    """
    if len(element) == 0:
        return element.text or ""
    words = [element.text or ""]
    for inner in islice(element.iterdescendants(), _MAX_INNER):
        if isinstance(inner.tag, str) and inner.tag not in ("script", "style"):
            words.append(inner.text or "")
        words.append(inner.tail or "")
    return "".join(words)
