"""What all pages of a portal share: menus, scripts and styles, as much of them random as real chrome has."""

# ruff: noqa: E501 (markup reads better unbroken)
from __future__ import annotations

from random import Random

from tests.bench.vocabulary import ACTS, SUBJECTS


def chrome(rng: Random, size: int) -> bytes:
    """Menus, scripts and styles up to `size` bytes, as much of them random as real chrome has."""
    parts: list[str] = []
    length = 0
    while length < size:
        links = "".join(
            f'<li class="menu-item"><a href="/bsfw/{rng.choice("abcdefgh")}{rng.randint(1, 99)}/{rng.randrange(1 << 24):x}.html" target="_blank">'
            f"{rng.choice(ACTS)}{rng.choice(SUBJECTS)}</a></li>\n"
            for _ in range(12)
        )
        number = rng.randint(100, 999)
        part = f'<div class="w1200 clearfix" id="box{number}"><ul class="nav-list">\n{links}</ul></div>\n'
        part += _script(rng, number) + _style(rng, number)
        parts.append(part)
        length += len(part.encode())
    return "".join(parts).encode()


def _script(rng: Random, number: int) -> str:
    handlers = "".join(
        f'  $("#box{number} .tab li:eq({turn})").hover(function () {{\n    $(this).addClass("on").siblings().removeClass("on");\n'
        f'    $("#box{number} .con").eq($(this).index()).animate({{ left: {rng.randint(9, 990)}, top: 0 }}, 400);\n  }});\n'
        for turn in range(6)
    )
    return f'<script type="text/javascript">\n$(function () {{\n{handlers}}});\nvar key{number} = "{rng.randrange(1 << 40):x}";\n</script>\n'


def _style(rng: Random, number: int) -> str:
    rules = "".join(
        f"  #box{number} .c{turn} {{ width: {rng.randint(9, 990)}px; height: 32px; color: #{rng.randrange(1 << 12):03x}; overflow: hidden; }}\n"
        for turn in range(8)
    )
    return f'<style type="text/css">\n{rules}</style>\n'
