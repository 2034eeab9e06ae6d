"""Pages for tests of the archive: a body is JSON that says what `derive` shall make of it: no stage is needed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from crawler.records.capture import Capture, Context, Evidence, Step
from crawler.records.page import Page
from crawler.records.report import Attachment, Report, Section

SITE = "https://www.somewhere.gov.cn"


def capture(path: str, at: str = "2026-01-01T00:00:00Z", status: int = 200, **says: Any) -> Capture:
    """A capture whose body says `says`; `body` gives the bytes themselves, `headers` more headers."""
    headers = [("Content-Type", "text/html"), *says.pop("headers", [])]
    body = says.pop("body", None)
    if body is None:
        body = json.dumps(says, ensure_ascii=False, sort_keys=True).encode()
    url = SITE + path
    return Capture(url, status, headers, body, at, "somewhere", (Step("首页", SITE + "/"), Step("年报", url)))


def derive(
    taken: Capture,
    context: Context = Context(),  # noqa: B008 -- frozen, safe to share
    files: Mapping[str, bytes] | None = None,
    fatal: Mapping[str, str] | None = None,
) -> Page:
    """What `pipelines.derive` is in earnest."""
    page = Page(taken, context, media_type="text/html", charset="utf-8", charset_declared="utf-8")
    try:
        says = json.loads(taken.body)
    except ValueError:
        return page
    if not isinstance(says, dict) or "kind" not in says:
        return page
    page.kind = says["kind"]
    page.evidence = [Evidence("toy", "says so")]
    page.title = says.get("title")
    page.breadcrumb = ["首页", "年报"]
    for kind in says.get("problems", ()):
        page.problem(kind, "says so")
    if page.kind == "report":
        page.text = says.get("text")
        if page.text is not None:
            lines = page.text.split("\n")
            starts = accumulate((len(line) + 1 for line in lines), initial=1)
            page.sections = [
                Section(at, 1, None, start, len(line))
                for at, (start, line) in enumerate(zip(starts, lines, strict=False))
            ]
        page.attachments = [Attachment(f"{SITE}/{name}", name, None) for name in says.get("files", ())]
        page.report = Report(
            title=page.title,
            organ=says.get("organ", "大东区人民政府"),
            organ_kind=says.get("organ_kind", "government"),
            region_code=context.column_region or says.get("region_code", "210104"),
            region="大东区",
            report_year=says.get("year", 2018),
            published_on=says.get("published_on"),
        )
        page.report_evidence = {"organ": Evidence("toy", "says so")}
    return page


def page(path: str, at: str = "2026-01-01T00:00:00Z", **says: Any) -> Page:
    """A report's page, unless `kind` says otherwise."""
    context = says.pop("context", Context(region="210100"))
    return derive(capture(path, at, **{"kind": "report", **says}), context)
