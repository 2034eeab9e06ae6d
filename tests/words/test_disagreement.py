"""Whether two titles of reports plainly name different ones."""

from __future__ import annotations

import pytest

from crawler.words.disagreement import names_another

CALLED = "政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("label", "title", "other"),
    [
        (f"和平区2020年{CALLED}", f"和平区2021年{CALLED}", "year"),
        (f"教育局2020年度{CALLED}", f"沈阳市教育局2021年{CALLED}", "year"),
        (f"2020年度{CALLED}", f"沈阳市教育局2021年{CALLED}", ""),
        (f"和平区人民政府2020年{CALLED}", f"沈河区人民政府2020年{CALLED}", "organ"),
        (f"沈阳市和平区人民政府2020年{CALLED}", f"沈阳市沈河区人民政府2020年{CALLED}", "organ"),
        (f"沈阳市教育局2020年{CALLED}", f"沈阳市财政局2020年{CALLED}", "organ"),
        (f"市教育局2020年{CALLED}", f"沈阳市水务局2020年{CALLED}", "organ"),
        (f"和平区2020年{CALLED}", f"沈阳市和平区人民政府2020年{CALLED}", ""),
        (f"市发改委2020年{CALLED}", f"沈阳市发展和改革委员会2020年{CALLED}", ""),
        (f"市政府2020年{CALLED}", f"沈阳市人民政府2020年{CALLED}", ""),
        (f"本机关2020年{CALLED}", f"沈阳市水务局2020年{CALLED}", ""),
        (f"2020年{CALLED}", f"和平区2020年{CALLED}", ""),
        (f"2020年{CALLED}", f"{CALLED}", ""),
        (f"和平区2019—2020年{CALLED}", f"和平区2021年{CALLED}", ""),
        ("和平区2020年政府信息公开…", f"和平区2021年{CALLED}", ""),
        ("关于报送2020年年报的通知", f"和平区2021年{CALLED}", ""),
        (f"和平区2020年{CALLED}", "示范市人民政府门户网站", ""),
    ],
)
def test_titles_of_one_report_or_two(label: str, title: str, other: str) -> None:
    assert names_another(label, title) == other
    assert names_another(title, label) == other
