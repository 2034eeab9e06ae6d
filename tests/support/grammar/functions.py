"""Pagers whose addresses are made by functions of a few lines that stand on the page."""

from __future__ import annotations

from tests.support.grammar.links import link
from tests.support.grammar.tables import PAGERS, List, among

_NAMES = ("goPage", "turnPage", "gotoPage", "toPage", "f")


def function(of: List, name: str) -> str:
    """A function of the page that turns to page n, in one of the ways in which such functions are written."""
    first, made = of.address(1), of.made("n")
    body = of.draw.choice(
        (
            f"location.href = n==1 ? '{first}' : {made};",
            f"var url = {made}; if(n<=1) url='{first}'; window.location = url;",
            f"if(n==1){{window.location.href='{first}';}}else{{window.location.href={made};}}",
            f"if(n>total){{alert('没有了');return;}} self.location.href={made};",
        )
    )
    return f"<script>var total={of.count};function {name}(n){{{body}}}</script>"


@among(PAGERS)
def function_in_href(of: List, page: int) -> str:
    name = of.draw.choice(_NAMES)
    links = " ".join(link(f"javascript:{name}({k})", of.label(k)) for k in range(1, of.count + 1))
    return function(of, name) + links


@among(PAGERS)
def function_in_onclick(of: List, page: int) -> str:
    name = of.draw.choice(_NAMES)
    links = " ".join(
        f'<a href="#" onclick="{name}({k});return false;">{of.label(k)}</a>' for k in range(1, of.count + 1)
    )
    return links + function(of, name)


@among(PAGERS)
def function_on_list_items(of: List, page: int) -> str:
    items = "".join(f'<li onclick="goPage({k})">{of.label(k)}</li>' for k in range(1, of.count + 1))
    return function(of, "goPage") + f"<ul class=pagination>{items}</ul>"


@among(PAGERS)
def function_select(of: List, page: int) -> str:
    options = "".join(f'<option value="{k}">{k}</option>' for k in range(1, of.count + 1))
    value = of.draw.choice(("this.value", "this.options[this.selectedIndex].value"))
    return function(of, "jump") + f'<select onchange="jump({value})">{options}</select>'


@among(PAGERS)
def data_url(of: List, page: int) -> str:
    links = (f'<a href="javascript:;" data-url="{of.address(k)}">{of.label(k)}</a>' for k in range(1, of.count + 1))
    return " ".join(links)
