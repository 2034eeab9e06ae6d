"""Noise put into a report's page: beside its numbers, among its sentences, around it. Its figures stay as they were, or
have no value."""

from __future__ import annotations

import re
from random import Random

from lxml import html
from lxml.html import HtmlElement

from tests.support.sentences_made import decoys
from tests.support.table_noise import CELLS

_SENTENCES = (
    "审理行政复议案件{n}件，办理行政诉讼案件{n}件。",
    "{last}年，全市收到政府信息公开申请{n}件，主动公开政府信息{n}条。",
    "{next}年计划主动公开政府信息{n}条，力争办理申请{n}件。",
    "要求各单位每年主动公开政府信息不少于{n}条。",
    "自2008年以来累计收到政府信息公开申请{n}件，累计收费{n}万元。",
    "信访部门受理信访事项{n}件，12345热线受理咨询{n}件。",
    "全市编制部门决算{n}份，开展普法宣传{n}次。",
    "下属单位共有信息公开专职人员{n}名。",
)
"""Sentences with numbers of another kind, year or scope; `{n}` stands for a number."""
_AROUND = (
    "<div class=right><h3>别处县{next}年政府信息公开工作年度报告</h3><p>公开信息{n}条，收到申请{n}件。</p></div>",
    '<div style="display:none"><p>全年主动公开政府信息{n}条。收到政府信息公开申请{n}件。</p></div>',
    '<p style="visibility:hidden">收到政府信息公开申请{n}件。</p>',
    "<!-- <p>主动公开政府信息{n}条。</p> -->",
    "<template><table><tr><td>收到申请数</td><td>{n}</td></tr></table></template>",
    "<ul class=hot><li><a href=/x/1.html>别处县收到政府信息公开申请{n}件</a><span>2032-01-05</span></li></ul>",
    "<div class=foot>主办：别处县人民政府 今日访问{n}次 ICP备{n}号</div>",
)
_NUMBER = re.compile(r"(?<![\d.,，第〔\[（(年月至-])\d{1,7}(?=[件条次篇人份万个]|$)(?![\d.,])")


def noisy_page(page: str, year: int, random: Random) -> tuple[str, list[str]]:
    """The page with noise at about eight places, and what was put there."""
    root = html.document_fromstring(page)
    body = root.find("body")
    assert body is not None
    put: list[str] = []
    _beside_numbers(body, random, put)
    _among_sentences(body, year, random, put)
    for words in random.sample(_AROUND, 2):
        put.append(_filled(words, year, random))
        parts = html.fragments_fromstring(f"<div>{put[-1]}</div>")
        body.insert(random.choice((0, len(body))), parts[0])
    return html.tostring(root, encoding="unicode"), put


def _filled(words: str, year: int, random: Random) -> str:
    return words.format(n=random.randint(11, 60_000), last=year - 1, next=year + 1)


def _beside_numbers(body: HtmlElement, random: Random, put: list[str]) -> None:
    """Something struck out, hidden, raised or of a ruby beside some of the numbers."""
    places = [
        one for one in body.iter("p", "td", "span", "font", "div") if one.text is not None and _NUMBER.search(one.text)
    ]
    for element in random.sample(places, min(5, len(places))):
        words = element.text or ""
        found = random.choice(list(_NUMBER.finditer(words)))
        mark = random.choice(tuple(CELLS.values())).format(found[0])
        put.append(mark)
        parts = html.fragments_fromstring(f"{words[: found.start()]}{mark}{words[found.end() :]}")
        element.text = None
        for at, part in enumerate(parts):
            if isinstance(part, str):
                element.text = part
            else:
                element.insert(at - (element.text is not None), part)


def _among_sentences(body: HtmlElement, year: int, random: Random, put: list[str]) -> None:
    """Sentences of other scopes as paragraphs between those of the report."""
    paragraphs = [
        one
        for one in body.iter("p")
        if len(one.text_content()) > 20 and next(one.iterancestors("td", "th"), None) is None
    ]
    noise = decoys(random, random.choice(("disc_total", "req_received")), "市", random.randint(1, 60_000), year)
    chosen = [noise[name] for name in random.sample(sorted(set(noise) - {"channel", "papers"}), 2)]
    chosen += [_filled(random.choice(_SENTENCES), year, random)]
    for words in chosen if len(paragraphs) > 3 else ():
        one = html.Element("p")
        one.text = words
        random.choice(paragraphs[1:-1]).addnext(one)
        put.append(words)
