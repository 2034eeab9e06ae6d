"""The articles of `pages.jsonl` once more, made harder: without any meta tag, and with decoys put in.

A decoy is a title, a date and a source of another page: in an element that no reader sees, or in a box beside the
article, before it or behind. What is asked for is what the page as it was served gives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from crawler.records.capture import Capture
from crawler.records.page import Page
from crawler.words.text import squeeze
from pipelines import derive
from tests.evaluate import Score

_META = re.compile(r"<meta\b[^>]*>", re.I)
_BODY = re.compile(r"<body\b[^>]*>", re.I)
_BODY_END = re.compile(r"</body\s*>(?!.*</body\s*>)", re.I | re.S)

_OTHER = "别处县人民政府办公室2031年政府信息公开工作年度报告"
_LINE = "发布时间：2032-01-05 来源：别处县人民政府办公室"
HIDDEN = (
    '<div style="display:none">{}</div>',
    "<div hidden>{}</div>",
    '<div style="Visibility : hidden">{}</div>',
    '<div style="height:0;overflow:hidden">{}</div>',
    '<div style="position:absolute;left:-9999px">{}</div>',
    '<div style="opacity:0">{}</div>',
    "<style>.tpl_x{{display:none}}</style><div class=tpl_x>{}</div>",
    "<template>{}</template>",
    "<dialog>{}</dialog>",
    "<noscript>{}</noscript>",
)
"""Ways in which an element is not seen; `{}` stands for what is in it."""
BOXES = (
    "<div class=right><h3>{title}</h3><p>{line}</p></div>",
    "<table><tr><td><b>{title}</b></td></tr><tr><td>发布日期：</td><td>2032-01-05</td><td>信息来源：</td>"
    "<td>别处县人民政府办公室</td></tr></table>",
    "<ul class=hot><li><a href=/x/1.html>{title}</a><span>2032-01-05</span></li><li><a href=/x/2.html>别处新闻"
    "</a><span>2032-01-04</span><em>来源：别处日报</em></li></ul>",
    "<dl><dt>发布时间：</dt><dd>2032-01-05</dd><dt>来源：</dt><dd>别处日报</dd></dl>",
)
"""Boxes of another page beside an article."""


def without_meta(html: str) -> str:
    """The page without any meta tag."""
    return _META.sub("", html)


def decoyed(html: str, number: int, *, hidden: bool, behind: bool = False) -> str:
    """The page with one decoy, of the kind that the number stands for."""
    if hidden:
        words = HIDDEN[number % len(HIDDEN)].format(f"<h1>{_OTHER}</h1><p>{_LINE}</p>")
    else:
        words = BOXES[number % len(BOXES)].format(title=_OTHER, line=_LINE)
    place = (_BODY_END if behind else _BODY).search(html)
    if place is None:
        return html + words if behind else words + html
    at = place.start() if behind else place.end()
    return html[:at] + words + html[at:]


_PASSES: tuple[tuple[str, Callable[[str, int], str]], ...] = (
    ("without meta tags", lambda html, _: without_meta(html)),
    ("hidden decoys", lambda html, number: decoyed(html, number, hidden=True)),
    ("sidebar decoys before", lambda html, number: decoyed(html, number, hidden=False)),
    ("sidebar decoys behind", lambda html, number: decoyed(html, number, hidden=False, behind=True)),
    (
        "hidden and sidebar decoys, no meta tags",
        lambda html, number: decoyed(
            decoyed(without_meta(html), number, hidden=False), number + 1, hidden=True, behind=True
        ),
    ),
)
FIELDS = ("title", "published_on", "source", "text_start")


def evaluate_variants(folder: Path) -> list[Score]:
    """Title, date, source and beginning of the text of every article of the gold, in each pass."""
    from pipelines.decode.stage import decode

    scores = {(name, field): Score(f"pages, {name}: {field}") for name, _ in _PASSES for field in FIELDS}
    for number, row in enumerate(map(json.loads, (folder / "pages.jsonl").read_text("utf-8").splitlines())):
        expected = row["expected"]
        if expected is None or row["kind"] not in ("report", "article"):
            continue
        html = decode(Capture(row["url"], 200, [], (folder / row["file"]).read_bytes(), "")).html or ""
        for name, change in _PASSES:
            page = derive(Capture(row["url"], 200, [], change(html, number).encode("utf-8"), ""))
            got = _fields(page)
            for field in FIELDS:
                if field not in expected or (expected[field] is None and field == "text_start"):
                    continue
                wanted = expected[field]
                if field in ("title", "text_start"):
                    wanted = squeeze(wanted or "")
                said = got[field]
                if field in ("title", "text_start"):
                    said = (said or "")[: len(wanted) if field == "text_start" else None]
                scores[name, field].check(row["id"], said, wanted)
    return list(scores.values())


def _fields(page: Page) -> dict[str, str | None]:
    return {
        "title": squeeze(page.title or ""),
        "published_on": page.report.published_on if page.report else None,
        "source": page.report.source if page.report else None,
        "text_start": squeeze(page.text or ""),
    }
