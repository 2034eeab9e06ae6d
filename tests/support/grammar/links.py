"""Pagers of links, buttons and options whose addresses are written out."""

from __future__ import annotations

from tests.support.grammar.tables import PAGERS, List, among


def link(href: str, words: str) -> str:
    """An anchor."""
    return f'<a href="{href}">{words}</a>'


@among(PAGERS)
def numbers(of: List, page: int) -> str:
    return " ".join(link(of.address(k), of.label(k)) for k in range(1, of.count + 1))


@among(PAGERS)
def numbers_without_the_current(of: List, page: int) -> str:
    return " ".join(
        f"<span>{of.label(k)}</span>" if k == page else link(of.address(k), of.label(k)) for k in range(1, of.count + 1)
    )


@among(PAGERS)
def numbers_and_words(of: List, page: int) -> str:
    return words(of, page) + numbers(of, page)


@among(PAGERS)
def numbers_with_a_gap(of: List, page: int) -> str:
    wanted = sorted({k for k in (1, 2, 3, page, page + 1, of.count) if k <= of.count})
    return (
        " ".join(link(of.address(k), of.label(k)) for k in wanted[:-1])
        + " … "
        + link(of.address(of.count), of.label(of.count))
    )


@among(PAGERS)
def window_of_three(of: List, page: int) -> str:
    wanted = range(max(1, page - 1), min(of.count, page + 1) + 1)
    return " ".join(link(of.address(k), of.label(k)) for k in wanted)


@among(PAGERS)
def words(of: List, page: int) -> str:
    first, back, following, last = of.words
    parts = [link(of.address(1), first)]
    parts.append(link(of.address(page - 1), back) if page > 1 else back)
    parts.append(link(of.address(page + 1), following) if page < of.count else following)
    return " ".join([*parts, link(of.address(of.count), last)])


@among(PAGERS)
def next_alone(of: List, page: int) -> str:
    return link(of.address(page + 1), of.words[2]) if page < of.count else ""


@among(PAGERS)
def words_and_counts(of: List, page: int) -> str:
    return f"共{of.rows}条 第{page}/{of.count}页 " + words(of, page)


@among(PAGERS)
def next_by_onclick(of: List, page: int) -> str:
    if page == of.count:
        return ""
    return f"<span onclick=\"location.href='{of.address(page + 1)}'\">{of.words[2]}</span>"


@among(PAGERS)
def button(of: List, page: int) -> str:
    if page == of.count:
        return ""
    return f'<input type=button value="下一页" onclick="window.location=\'{of.address(page + 1)}\'">'


@among(PAGERS)
def rel_next(of: List, page: int) -> str:
    return f'<a rel="next" href="{of.address(page + 1)}"><img src="/i/r.gif"></a>' if page < of.count else ""


@among(PAGERS)
def select_of_addresses(of: List, page: int) -> str:
    options = "".join(f'<option value="{of.address(k)}">{of.label(k)}</option>' for k in range(1, of.count + 1))
    return f'<select onchange="location.href=this.value">{options}</select>'


@among(PAGERS)
def select_of_numbers(of: List, page: int) -> str:
    head, tail = of.template.split("{", 1)[0], of.template.split("}", 1)[1]
    options = "".join(f'<option value="{of.value(k)}">第{k}页</option>' for k in range(1, of.count + 1))
    if ":" in of.template:
        return select_of_addresses(of, page)
    return f"<select onchange=\"location.href='{head}'+this.value+'{tail}'\">{options}</select>"
