"""`python -m tests.evaluate.narrative [FOLDER]`: measures that real texts state: found, missed, wrong, false."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crawler.items import Capture, Context
from pipelines import derive
from pipelines.statistics.narrative import read_narrative
from tests.evaluate import gold_folder

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


def sentences(folder: Path) -> Iterator[tuple[str, str, int | None, dict[str, float]]]:
    """Sentences put together from the labelled templates: id, sentence, year, values by code."""
    for line in (folder / "titles.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        by_template: dict[str, list[dict[str, Any]]] = {}
        for figure in entry.get("figures") or []:
            by_template.setdefault(figure["template"], []).append(figure)
        for template, figures in by_template.items():
            slots = {figure["slot"]: figure for figure in figures}
            text = re.sub(
                r"\{(\w+)\}([条件篇份]?)", lambda match, slots=slots: _printed(slots, match[1]) + match[2], template
            )
            truth = {}
            for figure in figures:
                code = MEASURES.get(figure["measure"])
                if code is not None and code not in truth:
                    scale = 10_000 if (figure["qualifier"] or "").startswith("万") else 1
                    truth[code] = round(float(figure["value"].replace(",", "")) * scale, 4)
            yield entry["id"], text + "。", entry["report_year"], truth


def _printed(slots: dict[str, dict[str, Any]], name: str) -> str:
    """The value of a slot; 万 and 余 stand in the template already where they were printed."""
    return str(slots[name]["value"]) if name in slots else "7"


def reports(folder: Path) -> Iterator[tuple[str, list[Any], dict[str, float]]]:
    """Whole reports whose figures are in their text: id, figures read, true values."""
    for line in (folder / "reports.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        if entry["form"] != "narrative":
            continue
        path = (folder / "reports" / entry["file"]).resolve()
        if not path.exists():
            path = (folder / entry["file"]).resolve()
        if path.suffix == ".html":
            page = derive(Capture("https://www.x.gov.cn/a.html", 200, [], path.read_bytes(), "2026-01-01T00:00:00Z"), Context(True))
            text = page.text or ""
        else:
            text = path.read_text("utf-8")
        yield entry["id"], read_narrative(text, entry["report_year"]), entry["figures"]


def main(arguments: list[str]) -> int:
    """Print totals and every miss."""
    folder = gold_folder(arguments[0] if arguments else None)
    if folder is None:
        print("no gold", file=sys.stderr)
        return 2
    count: Counter[str] = Counter()
    for name, text, year, truth in sentences(folder):
        read = {one.code: one.value for one in read_narrative(text, year)}
        for code, value in truth.items():
            kind = "found" if read.get(code) == value else "missed" if code not in read else "wrong"
            count[f"sentences {kind}"] += 1
            if kind != "found":
                print(f"{name} {kind} {code} {value} {read.get(code)}: {text}")
        for code in set(read) - set(truth):
            count["sentences further"] += 1
            print(f"{name} further {code} {read[code]}: {text}")
    for name, figures, truth in reports(folder):
        read_by = {one.code: one for one in figures}
        for code, value in truth.items():
            one = read_by.get(code)
            kind = "found" if one is not None and one.value == value else "missed" if one is None else "wrong"
            count[f"reports {kind}"] += 1
            if kind != "found":
                print(f"{name} {kind} {code} {value} {one and one.value}: {one and one.evidence}")
        for code in set(read_by) - set(truth):
            count["reports false"] += 1
            print(f"{name} false {code} {read_by[code].value}: {read_by[code].evidence}")
    print(dict(sorted(count.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
