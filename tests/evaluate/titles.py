"""Recognition, organ, kind, year and region over `titles.jsonl`: addresses and titles, no pages.

The labeller saw the pages, the program sees title, breadcrumb, source, and the 发布机构 or the signature where the
labeller's note says that one stands there, so what no title says is left out (the totals tell of how many). The
portal's region is given as a profile would: the city of the gold, never the district.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.reference import divisions, placenames
from pipelines.decode.stage import decode
from pipelines.describe.stage import describe
from pipelines.recognise.titles import judge_title
from tests.evaluate import Score

_USUAL_TITLE = "大东区2018年政府信息公开工作年度报告"
"""Stands in for the titles that the labeller could not see."""
_KINDS = {"township": "township", "department": "department", "zone": "zone"}


def evaluate_titles(folder: Path) -> list[Score]:
    """The scores of every part that a title decides; every miss names its row."""
    recognised = Score("titles: reports recognised")
    lookalikes = Score("titles: lookalikes kept out")
    hosts = Score("titles: addresses of lookalikes, whatever the title")
    organ, same, kind = (
        Score("titles: organ exact"),
        Score("titles: organ up to the region before it"),
        Score("titles: organ kind"),
    )
    year = Score("titles: year")
    regions = {level: Score(f"titles: {level}") for level in ("province", "city", "district")}
    for line in (folder / "titles.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        where = f"{row['id']} {row['title']}"
        verdict = judge_title(row["title"], row["url"]).kind
        if row["kind"] != "report":
            usual = judge_title(_USUAL_TITLE, row["url"]).kind
            score, said = (lookalikes, verdict) if row["title"] else (hosts, usual)
            score.check(where, said == "report", False)
            continue
        if not row["title"]:
            continue
        recognised.check(where, verdict, "report")
        page = _described(row)
        report = page.report
        assert report is not None
        if row["organ"]:
            organ.check(where, report.organ, row["organ"])
            same.check(where, _core(report.organ, row["organ"]), row["organ"])
            kind.check(where, report.organ_kind, _kind(row))
        if row["report_year"]:
            year.check(where, report.report_year, row["report_year"])
        names = _names(report.region_code, report.report_year)
        for level, score in regions.items():
            stated = row["region"][level]
            if stated:
                score.check(where, _agree(names.get(level), stated, report.report_year), stated)
    return [recognised, lookalikes, hosts, organ, same, kind, year, *regions.values()]


_PUBLISHER = re.compile("发布机构 ([\u3400-\u9fff]+)")
_SIGNED_BELOW = "organ + date on next lines"
_DATE = re.compile("/20(\\d\\d)(\\d\\d)/t\\d{6}(\\d\\d)_")


def _noted(row: dict[str, Any]) -> tuple[str, list[str]]:
    """What a note says of the page besides: its index table as HTML, and the lines of a signature below the title."""
    note = row["note"] or ""
    publisher = _PUBLISHER.search(note)
    table = f"<table><tr><td>索引号：</td><td>发布机构：</td><td>{publisher[1]}</td></tr></table>" if publisher else ""
    day = _DATE.search(row["url"])
    signed = [row["organ"], f"20{day[1]}年{day[2]}月{day[3]}日"] if day and _SIGNED_BELOW in note else []
    return table, signed


def _described(row: dict[str, Any]) -> Page:
    """A page with nothing on it but what the gold says stands there besides the text."""
    line = f"<p>来源：{row['source']}</p>" if row["source"] else ""
    table, signed = _noted(row)
    html = f"<html><body>{table}<h1>{row['title']}</h1>{line}</body></html>"
    city = (row["region"]["province"] or "") + (row["region"]["city"] or "")
    region = placenames.find(city, row["report_year"]) if city else None
    page = decode(Capture(row["url"], 200, [], html.encode(), ""), Context(region=region.code if region else None))
    page.kind, page.title, page.breadcrumb = "report", row["title"], row["breadcrumb"] or []
    page.text = "\n".join(signed) or None
    describe(page)
    return page


def _kind(row: dict[str, Any]) -> str:
    """The gold has levels; its offices of governments are counted as departments or by the government's level."""
    if row["organ"].endswith(("人民政府办公室", "人民政府办公厅")):
        return "government_office"
    return _KINDS.get(row["organ_level"], "government")


def _core(got: str | None, expected: str) -> str | None:
    """The expected name if both are the same organ but for the names of regions before it, else what was got."""
    return expected if got and (got.endswith(expected) or expected.endswith(got)) else got


def _names(code: str | None, year: int | None) -> dict[str, str]:
    """The names of a region and of those above it, by level as the gold calls them."""
    names: dict[str, str] = {}
    region = divisions.at(code, year) if code else None
    while region is not None:
        names[{"province": "province", "prefecture": "city", "county": "district"}[region.level]] = region.name
        region = divisions.parent(region.code, year)
    return names


def _agree(name: str | None, stated: str, year: int | None) -> str | None:
    """The stated name (福建, 恩施州, 克州) if the full one is meant by it, in the year of a change that of either side;
    else the full one."""
    if name is None:
        return None
    bare = stated.removesuffix("州").removesuffix("市") if len(stated) > 2 else stated
    here = divisions.table(year)
    meant = placenames.find(stated, year)
    regions = [one for one in (*here.regions.values(), *here.former) if one.name == name]
    codes = {code for one in regions for code in (one.code, *here.former.get(one, ()))}
    return stated if name.startswith(bare) or (meant is not None and meant.code in codes) else name
