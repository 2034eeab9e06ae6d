"""`python -m tests.evaluate.noise [FOLDER] [ROUNDS]`: real reports with noise put in; no value may change but to NULL.

The reports are the HTML ones of the folder of gold. Each round puts other noise into each (`tests.support.page_noise`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from pipelines import derive
from pipelines.decode.stage import decode
from tests.evaluate import gold_folder
from tests.support.page_noise import noisy_page

FACTS = ("title", "organ", "organ_kind", "region_code", "report_year", "published_on", "source")


def read(url: str, html: str) -> Page:
    """A page through all stages, in UTF-8."""
    return derive(Capture(url, 200, [], html.encode(), "text/html; charset=utf-8"), Context(True))


def changed(before: Page, html: str, random: Random) -> list[str]:
    """What noise in a page made other than it was, other than to nothing; `before`: the page without."""
    report = before.report
    assert report is not None
    noisy, put = noisy_page(html, report.report_year or 2019, random)
    after = read(before.capture.url, noisy)
    if after.report is None or after.kind != before.kind:
        return [f"a {before.kind} became a {after.kind}: {put}"]
    known = {(one.form, one.code or one.item): one.value for one in before.figures}
    wrong = []
    for one in after.figures:
        was = known.get((one.form, one.code or one.item))
        if one.value not in (None, was):
            wrong.append(f"{one.code or one.item} {was} -> {one.value}: {one.evidence[:80]} {put}")
    facts = [(name, getattr(report, name), getattr(after.report, name)) for name in FACTS]
    return wrong + [f"{name} {old!r} -> {new!r}: {put}" for name, old, new in facts if new not in (None, old)]


def reports(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Name, address and source of each report of the gold that is a page."""
    for path in sorted((folder / "reports").glob("*.html")):
        yield path.name, "http://www.example.gov.cn/zwgk/t20200101_1.html", _decoded(path.read_bytes(), "")
    for row in map(json.loads, (folder / "pages.jsonl").read_text("utf-8").splitlines()):
        if row["kind"] == "report":
            yield row["id"], row["url"], _decoded((folder / row["file"]).read_bytes(), row["url"])


def _decoded(body: bytes, url: str) -> str:
    return decode(Capture(url or "http://www.example.gov.cn/", 200, [], body, "")).html or ""


def main(arguments: list[str]) -> int:
    """Print what changed; 1 if anything did, 2 without a folder of gold."""
    folder = gold_folder(next((one for one in arguments if not one.isdecimal()), None))
    rounds = next((int(one) for one in arguments if one.isdecimal()), 20)
    if folder is None:
        print("no gold: name its folder or set NIANBAO_GOLD", file=sys.stderr)
        return 2
    tried, wrong = 0, list[str]()
    for name, url, html in reports(folder):
        before = read(url, html)
        for number in range(rounds) if before.kind == "report" else ():
            tried += 1
            wrong += [f"{name}, round {number}: {one}" for one in changed(before, html, Random(f"{number} {name}"))]
    print(f"{tried} pages with noise: {len(wrong)} values or facts changed to others")
    print("\n".join(wrong[:20]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
