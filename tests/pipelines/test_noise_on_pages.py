"""Noise put into reports: beside numbers, among sentences, around the text. No value becomes another, only none."""

from __future__ import annotations

from random import Random

import pytest

from tests.evaluate import gold_folder
from tests.evaluate.noise import changed, read, reports
from tests.evaluate.tables import tried
from tests.support.formats import plain
from tests.support.formats.blocks import official
from tests.support.page_noise import noisy_page

URL = "http://www.example.gov.cn/zwgk/t20240101_1.html"
_SAID = (
    "2023年，我区主动公开政府信息4521条，其中通过政府网站公开3300条，政务微信公开512条。",
    "全年收到政府信息公开申请37件，均按时答复，其中予以公开21件，部分公开4件，不予公开2件。",
    "全年因政府信息公开发生行政复议3件、行政诉讼1件。配备专职工作人员2名，兼职工作人员14名。",
    "举办新闻发布会6次，发布政策解读稿件45篇，依申请公开收取费用0元。",
)


def page(seed: int) -> str:
    blocks, _ = official(Random(seed))
    at = blocks.index("二、主动公开政府信息情况")
    body = plain.html([*blocks[1:at], *_SAID, *blocks[at:]], "utf-8").decode()
    inner = body.partition("<body>")[2].partition("</body>")[0]
    return (
        f"<html><head><meta charset=utf-8></head><body><h1>{blocks[0]}</h1><p>发布时间：2024-01-20 来源：区政府办</p>"
        f"<div class=TRS_Editor>{inner}</div></body></html>"
    )


@pytest.mark.parametrize("seed", range(12))
def test_noise_changes_no_value_of_a_report_but_to_null(seed: int) -> None:
    html = page(seed)
    before = read(URL, html)
    assert sum(figure.value is not None for figure in before.figures) > 210
    assert changed(before, html, Random(seed)) == []


def test_noise_is_put_in() -> None:
    noisy, put = noisy_page(page(0), 2023, Random(3))
    assert len(put) >= 8
    assert sum(one in noisy for one in put) >= 4


@pytest.mark.parametrize("seed", range(40))
def test_noise_in_awkward_tables_gives_no_wrong_value_and_none_is_lost_without_a_word(seed: int) -> None:
    """`python -m tests.evaluate.tables 20000 --noise` tries more."""
    assert tried(seed, noise=True)[1] == []


@pytest.mark.skipif(gold_folder() is None, reason="no folder of real pages (NIANBAO_GOLD)")
def test_noise_changes_no_value_of_a_real_report_but_to_null() -> None:
    folder = gold_folder()
    assert folder is not None
    for name, url, html in reports(folder):
        before = read(url, html)
        if before.kind == "report":
            assert changed(before, html, Random(name)) == [], name
