"""What stands beside a list and looks like a pager, or has one of its own."""

from __future__ import annotations

import random

from tests.support.grammar.links import link
from tests.support.grammar.tables import NOISE, among


@among(NOISE)
def nothing(draw: random.Random) -> tuple[str, set[str]]:
    return "", set()


@among(NOISE)
def news_with_a_pager(draw: random.Random) -> tuple[str, set[str]]:
    """A list of news beside, with pages of its own."""
    items = "".join(
        f'<li><a href="/news/{k}.html">我市召开第{k}次工作部署会议</a><span>2023-05-0{k}</span></li>'
        for k in range(1, 6)
    )
    links = " ".join(link(f"/news/index_{k}.html", str(k)) for k in range(2, 5))
    return f"<div class=side><ul>{items}</ul>{links} {link('/news/index_1.html', '下一页')}</div>", {"/news/"}


@among(NOISE)
def calendar(draw: random.Random) -> tuple[str, set[str]]:
    days = "".join(f'<td><a href="/nb/?day={k}">{k}</a></td>' for k in range(1, 31))
    return f"<table class=rili><tr>{days}</tr></table>", {"/nb/?day="}


@among(NOISE)
def sizes(draw: random.Random) -> tuple[str, set[str]]:
    return "每页 " + " ".join(link(f"?pagesize={k}", str(k)) for k in (10, 20, 50)) + " 条", {"pagesize="}


@among(NOISE)
def months(draw: random.Random) -> tuple[str, set[str]]:
    links = " ".join(link(f"/nb/2023/{k}/", f"{k}月") for k in range(1, 13))
    return f"<div>按月归档 {links}</div>", {"/nb/2023/"}


@among(NOISE)
def another_column(draw: random.Random) -> tuple[str, set[str]]:
    links = " ".join(link(f"/tzgg/list.asp?cid=8&page={k}", str(k)) for k in range(1, 5))
    return f"<div class=side>通知公告 {links}</div>", {"/tzgg/"}
