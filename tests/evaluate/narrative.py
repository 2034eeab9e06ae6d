"""The measures that real texts state, in whole reports and in single sentences: found, missed, wrong, false."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from crawler.records.capture import Capture, Context
from crawler.words.traditional import simplified
from pipelines import derive
from pipelines.statistics.narrative import read_narrative
from tests.evaluate import Score

MEASURES = {
    "主动公开总数": "disc_total",
    "收到申请": "req_received",
    "行政复议": "review_total",
    "行政诉讼": "suit_total",
    "收费": "fee_collected_wan",
    "政府网站公开": "disc_via_website",
    "微博": "disc_via_weibo",
    "网络申请": "req_received_online",
    "信函/邮寄申请": "req_received_letter",
    "当面申请": "req_received_in_person",
    "传真申请": "req_received_fax",
    "予以公开": "req_ans_granted",
    "部分公开": "req_ans_partial",
    "不予公开": "req_ans_denied",
    "新闻发布会": "resp_press_conf",
    "专职人员": "org_staff_full_time",
    "兼职人员": "org_staff_part_time",
    "政策解读": "resp_policy_articles",
}
"""Names of the labels that are measures of f2014."""
_SLOT = re.compile(r"\{(\w+)\}([条件篇份]?)")


def _filled(slots: dict[str, dict[str, Any]], match: re.Match[str]) -> str:
    """What is printed in the place of a slot, and the unit after it."""
    return _printed(slots, match[1]) + match[2]


def sentences(folder: Path) -> Iterator[tuple[str, str, int | None, dict[str, float]]]:
    """Sentences put together from the labelled templates: id, sentence, year, values by code."""
    for line in (folder / "titles.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        by_template: dict[str, list[dict[str, Any]]] = {}
        for figure in entry.get("figures") or []:
            by_template.setdefault(figure["template"], []).append(figure)
        for template, figures in by_template.items():
            slots = {figure["slot"]: figure for figure in figures}
            text = _SLOT.sub(partial(_filled, slots), template)
            truth = {}
            for figure in figures:
                code = MEASURES.get(figure["measure"])
                if code is not None and code not in truth:
                    scale = 10_000 if (figure["qualifier"] or "").startswith("万") else 1
                    truth[code] = round(float(figure["value"].replace(",", "")) * scale, 4)
            yield entry["id"], simplified(text) + "。", entry["report_year"], truth


def _printed(slots: dict[str, dict[str, Any]], name: str) -> str:
    """The value of a slot; 万 and 余 stand in the template already where they were printed."""
    return str(slots[name]["value"]) if name in slots else "7"


def texts(folder: Path) -> Iterator[tuple[str, str, int, str]]:
    """Whole reports whose figures are in their text: id, text, year, organ."""
    for name, text, entry in _texts(folder):
        yield name, text, entry["report_year"], entry["organ"] or ""


def reports(folder: Path) -> Iterator[tuple[str, list[Any], dict[str, float]]]:
    """Whole reports whose figures are in their text: id, figures read, true values."""
    for name, text, entry in _texts(folder):
        yield name, read_narrative(text, entry["report_year"], entry["organ"] or "").figures, entry["figures"]


def _texts(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for line in (folder / "reports.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["form"] != "narrative":
            continue
        path = (folder / "reports" / entry["file"]).resolve()
        if not path.exists():
            path = (folder / entry["file"]).resolve()
        if path.suffix == ".html":
            page = derive(
                Capture("https://www.x.gov.cn/a.html", 200, [], path.read_bytes(), "2026-01-01T00:00:00Z"),
                Context(True),
            )
            text = page.text or ""
        else:
            text = path.read_text("utf-8")
        yield entry["id"], text, entry


def evaluate_narrative(folder: Path) -> list[Score]:
    """Whole reports: what is stated, exact, and nothing else; then sentences by themselves, without their heading."""
    if not (folder / "reports.jsonl").is_file():
        return []
    count: Counter[str] = Counter()
    whole, alone = Score(""), Score("")
    for name, figures, truth in reports(folder):
        read_by = {one.code: one for one in figures}
        for code, value in truth.items():
            one = read_by.get(code)
            if one is None or one.value != value:
                count["missed" if one is None or one.value is None else "wrong"] += 1
            whole.check(f"{name} {code}: {one and one.evidence}", one and one.value, value)
        false = [
            f"false {name} {code} {read_by[code].value}: {read_by[code].evidence}"
            for code in read_by
            if code not in truth and read_by[code].value is not None
        ]
        count["false"] += len(false)
        whole.misses += false
    whole.name = (
        f"narrative, whole reports: exact ({count['wrong']} wrong, {count['missed']} missed, {count['false']} false)"
    )
    for name, text, year, truth in sentences(folder):
        read = {one.code: one.value for one in read_narrative(text, year).figures}
        for code, value in truth.items():
            if read.get(code) != value:
                count["alone missed" if read.get(code) is None else "alone wrong"] += 1
            alone.check(f"{name} {code}: {text}", read.get(code), value)
    alone.name = f"narrative, single sentences: exact ({count['alone wrong']} wrong, {count['alone missed']} missed)"
    return [whole, alone]
