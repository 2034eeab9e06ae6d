"""Labels without odd blanks are tidied by a shorter way, which says the same as the longer one."""

from __future__ import annotations

import sys

import pytest

from crawler.words import text

SAMPLES = (
    "",
    " ",
    "政务公开",
    " 政 务  公开 ",
    "a\u00a0b",
    "\u3000x\u3000",
    "政\u200b务",
    "\u034f 政",
    "x\u034fy  z",
    "ａ１ 年",
    "\t\n x\r\ny ",
)


def _long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "_is_plain", lambda _: False)


def test_both_ways_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = [f"政{chr(code)}务 {chr(code)}" for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    words = [*SAMPLES, *signs]
    short = [(text.clean(one), text.squeeze(one)) for one in words]
    _long_way(monkeypatch)
    assert [(text.clean(one), text.squeeze(one)) for one in words] == short


def test_every_odd_blank_goes_the_long_way() -> None:
    odd = [
        chr(code)
        for code in range(sys.maxunicode)
        if chr(code) != " " and text.clean(f"a{chr(code)}b") != f"a{chr(code)}b"
    ]
    assert "\u034f" in odd
    assert "\u200b" in odd
    assert not any(text._is_plain(f"a{sign}b") for sign in odd)
