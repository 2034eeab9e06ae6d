"""广东's gkmlpt: a page with the tree of all columns in a script, lists from a JSON service (sources/systems#gkmlpt).

`/gkmlpt/index` holds `window._CONFIG = {… SID:'758019', TREE: [{"id":721,"name":"政府信息公开年报","children":[…]},…]`;
`#721` in its address picks the column in the browser. A column's list is `/gkmlpt/api/all/721?page=1&sid=758019`:
`{"articles":[{"title","url","post_url","created_at"}],"total":…}`, a hundred entries a page; on some sites the second
page is 404 although `post_count` says that there is more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.system import PagingRule, System
from crawler.words.labels import read_label, tidy

_CONFIG = re.compile(r"\bwindow\._CONFIG\s*=")
_SID = re.compile(r"\bSID[\"']?\s*:\s*[\"']?(\d{1,12})")
_TREE = re.compile(r"\bTREE[\"']?\s*:\s*(?=\[)")
_LIST = re.compile(r"(.*/gkmlpt/api/all/\d+\?page=)(\d{1,5})(&.*)?", re.S)
_MAX_NODES = 5000


def tree_rows(text: str) -> str | None:
    """The columns of annual reports in a page's tree as links to their lists; None for any other page."""
    config = _CONFIG.search(text) if "_CONFIG" in text else None
    if config is None:
        return None
    sid, tree = _SID.search(text, config.end()), _TREE.search(text, config.end())
    if sid is None or tree is None:
        return None
    try:
        nodes, _ = json.JSONDecoder().raw_decode(text, tree.end())
    except (ValueError, RecursionError):
        return None
    found = (f'<li><a href="api/all/{node}?page=1&amp;sid={sid.group(1)}">{escape(name)}</a></li>'
             for node, name in _columns(nodes))  # fmt: skip
    return f"<ul>{''.join(found)}</ul>"


def _columns(nodes: Any) -> Iterator[tuple[int, str]]:
    """Number and name of the columns: of one with columns below it those, each under the name of the one above."""
    waiting: list[tuple[Any, str | None]] = [(node, None) for node in nodes if isinstance(node, dict)]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node, above = waiting.pop(0)
        name, below = node.get("name"), node.get("children")
        if not isinstance(name, str) or node.get("jump_url"):
            continue
        column = above or (name if read_label(tidy(name)).kind == "column" else None)
        if isinstance(below, list) and below:
            waiting += [(child, column) for child in below if isinstance(child, dict)]
        elif column is not None and isinstance(node.get("id"), int):
            yield node["id"], column


def rows(data: Any) -> str | None:
    """The articles of an answer as rows; None where it is not an answer of this service."""
    articles = data.get("articles") if isinstance(data, dict) else None
    if not isinstance(articles, list):
        return None
    told = [_row(article) for article in articles if isinstance(article, dict)]
    return f"<ul>{''.join(told)}</ul>"


def _row(article: dict[str, Any]) -> str:
    url, title = article.get("url") or article.get("post_url") or "", article.get("title") or ""
    day = str(article.get("created_at") or "")[:10]
    return f'<li><a href="{escape(str(url))}">{escape(str(title))}</a><span>{escape(day)}</span></li>'


def pages(source: Source) -> Paging | None:
    """The pages after an answer: as many as the stated entries fill, at the size of the first page."""
    asked = _LIST.fullmatch(source.url)
    if asked is None:
        return None
    data = source.data
    here = len(data["articles"]) if isinstance(data, dict) and isinstance(data.get("articles"), list) else 0
    classify = data.get("classify") if isinstance(data, dict) else None
    total = data.get("total") if isinstance(data, dict) else None
    total = total if isinstance(total, int) else None
    held = classify.get("post_count") if isinstance(classify, dict) else None
    held = total if total is not None else held if isinstance(held, int) else 0
    number = int(asked.group(2))
    last = min(-(-held // here), MAX_PAGES) if here and number == 1 else 0
    named = [
        (following, f"{asked.group(1)}{following}{asked.group(3) or ''}") for following in range(number + 1, last + 1)
    ]
    return Paging("gkmlpt", named, total)


SYSTEM = System(
    name="gkmlpt",
    # /gkmlpt/index#721, /gkmlpt/content/0/963/post_963149.html, …/content/post_12612456.html
    source="sources/systems#gkmlpt",
    server="gkmlpt",
    marks=(r"/gkmlpt/|_CONFIG\.(?:TREE|DETAIL)",),
    articles=(r"/post_\d+",),
    addresses=(r"/gkmlpt/",),
    paging=(PagingRule("gkmlpt", "sources/systems#gkmlpt", pages),),
    answer=rows,
    embedded=tree_rows,
)
