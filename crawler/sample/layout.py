"""The pages of the sample portal around their contents: templates filled in, breadcrumbs, lists."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from importlib import resources

_MARK = re.compile(r"\{\{(\w+)\}\}")

CUT_AFTER = 24
"""Characters of a title that a list shows before it cuts it off; the link's `title` keeps the whole."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a list or menu. `day` is ISO."""

    title: str
    href: str
    day: str = ""


@lru_cache(maxsize=16)
def _template(name: str) -> str:
    return resources.files("crawler.data.sample").joinpath("templates", f"{name}.html").read_text("utf-8")


def fill(name: str, values: Mapping[str, str]) -> str:
    """The template with every {{mark}} replaced; {{host0}} and {{host1}} stay until the portal is served."""
    return _MARK.sub(lambda m: values.get(m[1], m[0] if m[1].startswith("host") else ""), _template(name))


def crumbs(labels: Sequence[tuple[str, str]], separator: str) -> str:
    """A breadcrumb of (label, href) pairs; an entry without href is plain words."""
    steps = (f'<a href="{href}" class="CurrChnlCls">{label}</a>' if href else label for label, href in labels)
    return separator.join(steps)


def items(links: Sequence[Link]) -> str:
    """The rows of a TRS list, titles cut off as its templates do."""
    return "".join(
        f'<li><a href="{link.href}" target="_blank" title="{escape(link.title)}">{escape(_cut(link.title))}</a>'
        f"<span>{link.day}</span></li>\n"
        for link in links
    )


def plain_items(links: Sequence[Link]) -> str:
    """Rows of a menu: a link each. Titles may hold a <br>."""
    return "".join(f'<li><a href="{link.href}">{link.title}</a></li>\n' for link in links)


def records(links: Sequence[Link]) -> str:
    """The records of a Hanweb list, in its column page as in dataproxy.jsp's answer."""
    return "".join(
        f"<record><![CDATA[\n<li><a href='{link.href}' title='{escape(link.title)}' target='_blank'>"
        f"{escape(_cut(link.title))}</a><span>{link.day}</span></li>]]></record>\n"
        for link in links
    )


def _cut(title: str) -> str:
    return title if len(title) <= CUT_AFTER else title[: CUT_AFTER - 1] + "..."


def meta(values: Mapping[str, str]) -> str:
    """The page labels of 国办发〔2017〕47号, one meta element each."""
    return "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in values.items())


def chinese_date(day: str) -> str:
    """2019-03-27 as 2019年03月27日."""
    year, month, date = day.split("-")
    return f"{year}年{month}月{date}日"
