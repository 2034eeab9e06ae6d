"""Noise in the cells of awkward tables: what stands beside a number and is none of it, and rows with a cell more.

What comes out of a noisy table is what was written, or no value with a problem.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from lxml import html
from lxml.html import HtmlElement

from tests.support.awkward_tables import Awkward

CELLS: dict[str, str] = {
    "deleted": "<del>3</del>{}",
    "struck out": "{}<s>3</s>",
    "struck out by style": '<span style="text-decoration:line-through">3</span>{}',
    "inserted": "<ins>{}</ins>",
    "hidden": '<span style="display:none">3</span>{}',
    "invisible": '{}<span style="visibility:hidden">3</span>',
    "of no size": '<font style="font-size:0">3</font>{}',
    "raised digit": "{}<sup>3</sup>",
    "raised by style": '{}<span style="vertical-align:super">3</span>',
    "raised bracket": "{}<sup>[3]</sup>",
    "circled": "{}③",
    "asterisk": "{}*",
    "note in brackets": "{}（注3）",
    "ruby": "<ruby>{}<rt>3</rt></ruby>",
    "comment": "<!-- 3 -->{}",
}
"""Ways to put something beside a number; `{}` stands for the number."""
_NUMBER = re.compile(r"[+－-]?[\d０-９][\d０-９,.]*")


BLANKS = ("a blank cell before", "a blank cell among")


def noisy(page: Awkward, random: Random) -> Awkward:
    """The page with noise of two kinds in some of its numbers and rows.

    A row from which one cell was left out and into which a blank one was put is as long as the others: nothing tells.
    """
    root = html.fromstring(page.html)
    names = random.sample([*CELLS, "cut by a break", *(() if page.gone else BLANKS)], 2)
    for row in root.iter("tr"):
        cells = [
            cell
            for cell in row
            if _NUMBER.fullmatch(
                "".join(str(html.tostring(cell, method="text", encoding="unicode", with_tail=False)).split())
            )
        ]
        for name in names:
            if name in BLANKS and len(cells) > 3 and random.random() < 0.2:
                at = cells[0] if name == BLANKS[0] else random.choice(cells[1:])
                at.addprevious(html.Element("td"))
        for cell in cells:
            name = random.choice(names)
            if random.random() < 0.15 and name not in BLANKS:
                _put(cell, name)
    return replace(page, html=html.tostring(root, encoding="unicode"), oddities=page.oddities + names)


def _put(cell: HtmlElement, name: str) -> None:
    number = "".join(cell.text_content().split())
    if name == "cut by a break":
        words = f"{number[:-1]}<br>{number[-1]}" if len(number) > 1 else number
    else:
        words = CELLS[name].format(number)
    tail, attributes = cell.tail, dict(cell.attrib)
    cell.clear()
    cell.tail = tail
    cell.attrib.update(attributes)
    for part in html.fragments_fromstring(words):
        if isinstance(part, str):
            cell.text = part
        else:
            cell.append(part)
