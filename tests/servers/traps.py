"""What must not catch a crawler: pages that go on for ever, each linking to more of themselves."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from crawler.sample.serving import Asked
from tests.servers.base import Answer


def calendar(path: str) -> dict[str, Answer]:
    """A calendar whose months never end, each with an address of its own."""

    def month(asked: Asked) -> str:
        number = int(parse_qs(urlsplit(asked.target).query).get("m", ["24000"])[0])
        links = "".join(
            f'<a href="{path}?m={number + step}">{label}</a>' for step, label in ((-1, "上月"), (1, "下月"))
        )
        days = "".join(f'<a href="{path}?m={number}&d={day}">{day}</a>' for day in range(1, 29))
        return f"<html><body>{number // 12}年{number % 12 + 1}月政务公开日历 {links}{days}</body></html>"

    return {path: month}


def sessions(path: str) -> dict[str, Answer]:
    """A page that hands out a new session id with every visit, in links back to itself."""
    visits = iter(range(1, 1_000_000))

    def visit(asked: Asked) -> str:
        key = f"{next(visits):032X}"
        return f'<html><body>政务公开 <a href="{path};jsessionid={key}">政务公开</a><a href="{path}?sid={key}">刷新</a></body></html>'

    return {path: visit}


def tags(path: str) -> dict[str, Answer]:
    """A tag cloud: every tag leads to more tags."""

    def cloud(asked: Asked) -> str:
        tag = parse_qs(urlsplit(asked.target).query).get("t", ["0"])[0]
        links = "".join(f'<a href="{path}?t={tag}{digit}">年报{tag}{digit}</a>' for digit in range(8))
        return f"<html><body>标签：{links}</body></html>"

    return {path: cloud}


def menu(calendar_path: str, session_path: str, tag_path: str) -> str:
    """Links and a search form, as they stand at the edge of a page, that lead into the traps."""
    return (
        f'<div class="edge"><a href="{calendar_path}">政务公开日历</a> <a href="{session_path}">我的政务公开</a> '
        f'<a href="{tag_path}">热门标签</a><form action="/search" method="get"><input name="q"><input type="submit"></form>'
        '<a href="/search?q=年报">政府信息公开年报 搜索</a></div>'
    )
