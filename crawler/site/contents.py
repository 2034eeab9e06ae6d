"""What each page shows, asked of the archive; nothing here knows of Datasette, nor any SQL."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import quote

from crawler.archive.queries.grids import grids
from crawler.archive.queries.reader import Reader
from crawler.archive.queries.snippets import marked
from crawler.archive.queries.versions import difference
from crawler.archive.schema.panel import MEASURES
from crawler.records.capture import RENDERED
from crawler.records.errors import RedactedError
from crawler.site.charts import chart
from crawler.site.evidence import Block, blocks, names
from crawler.site.language import label, word
from crawler.site.parameters import ParameterError, choice
from crawler.words.tokens import terms

PER_PAGE = 20
_RUNS, _HITS = 5, 30
_SHOWN = ("received", "granted", "denied", "not_held", "reviews", "lawsuits")
"""Measures drawn on a region's page; 主动公开 has a chart of its own, its numbers are a hundred times larger."""
_MOST_REGIONS = 8
_LABELS = {measure.name: measure for measure in MEASURES}
_FACETS = 30


def home(archive: Reader) -> dict[str, Any]:
    """The grids of coverage, the last runs and what they found, counts."""
    return {
        "grids": grids(archive.coverage.rows()),
        "runs": archive.runs.latest(_RUNS),
        "found": archive.events.newest(_HITS),
        "counts": archive.coverage.counts(),
    }


def report(archive: Reader, key: str) -> dict[str, Any] | None:
    """A report with its text in blocks, figures by form, failed checks, citation and links."""
    number = archive.reports.find(key)
    entry = None if number is None else archive.reports.get(number)
    if number is None or entry is None:
        return None
    capture = archive.captures.facts(entry["capture_id"])
    assert capture is not None
    live = entry["url"].removesuffix(RENDERED)
    files = archive.reports.files_read(number)
    figures = entry["statistics"]
    headings = [section["heading"] for section in entry["sections"]]
    parts = blocks(entry["text"] or "", headings, (figure for figure in figures if figure["document"] is None))
    read = _files(entry["attachments"], figures)
    shown = [*parts, *(block for _, inner in read for block in inner)]
    pieces = [piece for block in shown for piece in [*block.pieces, *(cell for row in block.rows for cell in row)]]
    placed = {position for piece in pieces for position in piece.figures}
    return {
        "report": entry,
        "capture": capture,
        "live": live,
        "served": archive.captures.served(capture),
        "blocks": parts,
        "files": read,
        "names": names(figures),
        "figures": [(form, list(group)) for form, group in groupby(figures, key=lambda figure: figure["form"])],
        "labels": _labels(figures),
        "placed": placed,
        "failed": [check for check in entry["checks"] if check["holds"] == 0],
        "held": sum(check["holds"] == 1 for check in entry["checks"]),
        "untold": sum(check["holds"] is None for check in entry["checks"]),
        "citation": _citation(entry, capture, files),
        "bibtex": _bibtex(entry, capture, files),
        "web_archive": "https://web.archive.org/web/*/" + live,
        "archive_today": "https://archive.ph/" + quote(live, safe=":/"),
        "days_late": archive.reports.days_late(number),
    }


def _files(
    attachments: list[dict[str, Any]], figures: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], list[Block]]]:
    """The attachments in which figures stand, with their texts."""
    documents = []
    for file in attachments:
        of_file = [figure for figure in figures if figure["document"] == file["position"]]
        if of_file and file["text"]:
            documents.append((file, blocks(file["text"], (), of_file)))
    return documents


def redacted(archive: Reader, number: int) -> dict[str, Any]:
    """What is left of a capture that was redacted."""
    return {"capture": archive.captures.facts(number), "redaction": archive.captures.redaction(number)}


def _labels(figures: list[dict[str, Any]]) -> dict[int, str]:
    """The printed label of each figure's measure by its position; a local row is its own label."""
    from crawler.reference.measures import form_of

    labels = {}
    for figure in figures:
        form = "f2014" if figure["form"] == "narrative" else figure["form"]
        measure = form_of(form).measures.get(figure["code"] or "")
        labels[figure["position"]] = measure.label if measure is not None else figure["item"]
    return labels


def _citation(report: dict[str, Any], capture: dict[str, Any], files: list[dict[str, Any]]) -> str:
    mark = "虚构示例 made up, no source" if report["sample"] else None
    title = f"《{report['title']}》" if report["title"] else None
    parts = [mark, report["organ"], title, report["published_on"], report["url"].removesuffix(RENDERED)]
    made = ", 浏览器渲染 as a browser shows it" if capture["url"].endswith(RENDERED) else ""
    by = f" 由 by {report['via']}" if report["via"] else ""
    captures = [f"存档 archived{by} {capture['fetched_at']}{made}, SHA-256 {capture['sha256']}"]
    captures += [
        f"附件 with {file['url']}, 存档 archived {file['fetched_at']}, SHA-256 {file['sha256']}" for file in files
    ]
    captures.append(f"nianbao {report['key']}")
    return "; ".join([", ".join([*filter(None, parts), captures[0]]), *captures[1:]]) + "."


def _bibtex(report: dict[str, Any], capture: dict[str, Any], files: list[dict[str, Any]]) -> str:
    notes = ["made up, no source"] if report["sample"] else []
    maker = f"capture by {report['via']}" if report["via"] else "nianbao capture"
    notes += [f"{maker} of {capture['fetched_at']}, SHA-256 {capture['sha256']}"]
    notes += [f"attachment {file['url']} captured {file['fetched_at']}, SHA-256 {file['sha256']}" for file in files]
    fields = {
        "author": f"{{{report['organ']}}}" if report["organ"] else None,
        "title": report["title"],
        "year": (report["published_on"] or "")[:4] or None,
        "url": report["url"].removesuffix(RENDERED),
        "urldate": capture["fetched_at"][:10],
        "note": "; ".join(notes),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{nianbao-{report['key']}-{capture['sha256'][:12]},", *lines, "}"])


def versions(archive: Reader, key: str, older: int | None, newer: int | None) -> dict[str, Any] | None:
    """What two versions of a report differ in; by default the last two."""
    from pipelines import derive

    number = archive.reports.find(key)
    report = None if number is None else archive.reports.get(number)
    if number is None or report is None:
        return None
    numbers = [row["version"] for row in report["versions"]]
    newer = newer or max(numbers)
    older = older or max(newer - 1, 1)
    if newer not in numbers or older not in numbers:
        return None
    try:
        old, new = (archive.reports.version(number, version, derive) for version in (older, newer))
    except RedactedError as error:
        return {"report": report, "difference": None, "redacted": str(error)}
    return {"report": report, "difference": difference(number, old, new)}


def region(archive: Reader, code: str) -> dict[str, Any] | None:
    """A region's coverage, reports, and measures by year."""
    expected, reports = archive.coverage.of_region(code), archive.reports.of_region(code)
    if not expected and not reports:
        return None
    panel = archive.panel.rows([code])
    years = sorted({row["report_year"] for row in panel})
    series = {
        str(label("measure", name)): {row["report_year"]: row[name] for row in panel}
        for name in _SHOWN
        if any(row[name] is not None for row in panel)
    }
    disclosed = {str(label("measure", "disclosed")): {row["report_year"]: row["disclosed"] for row in panel}}
    names = [row["region"] for row in [*expected, *panel] if row["region"]]
    return {
        "code": code,
        "name": names[-1] if names else code,
        "expected": expected,
        "reports": reports,
        "panel": panel,
        "measures": [measure for measure in MEASURES if any(row[measure.name] is not None for row in panel)],
        "charts": [drawn for drawn in (chart(years, series), chart(years, disclosed)) if drawn],
        "gaps": [row for row in expected if row["status"] in ("missing", "blocked")],
        "late": [row for row in expected if row["days_late"]],
        "conflicts": [row for row in [*expected, *panel] if row["conflict"]],
    }


def compare(archive: Reader, codes: list[str], measure: str) -> dict[str, Any]:
    """One measure of up to eight regions; the first regions and 申请 where nothing is asked for.

    Raises ParameterError for a region without reports, too many of them, and a measure that the panel has not.
    """
    names = archive.panel.regions()
    for code in codes:
        if code not in names:
            raise ParameterError("region", code, word("expected.regions"))
    asked = list(dict.fromkeys(codes)) or list(names)[:3]
    if len(asked) > _MOST_REGIONS:
        raise ParameterError("region", ", ".join(asked), word("expected.most", most=_MOST_REGIONS))
    chosen = choice("measure", measure, _LABELS) or "received"
    rows = archive.panel.rows(asked)
    years = sorted({row["report_year"] for row in rows})
    values = {(row["region_code"], row["report_year"]): row for row in rows}
    series = {
        names[code]: {year: values[code, year][chosen] for year in years if (code, year) in values} for code in asked
    }
    return {
        "names": names,
        "asked": asked,
        "measures": MEASURES,
        "chosen": _LABELS[chosen],
        "years": years,
        "values": values,
        "chart": chart(years, series),
        "most": _MOST_REGIONS,
    }


def search(archive: Reader, query: str, *, region: str | None, year: int | None, page: int) -> dict[str, Any]:
    """One page of hits with the facets; `regions` by code with their names. Raises ParameterError for a page that is
    behind the last."""
    results = archive.search(query, region=region, year=year, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    pages = -(-results.total // PER_PAGE)
    if page > max(pages, 1):
        raise ParameterError("page", str(page), word("expected.page", most=pages))
    wanted = terms(query)
    regions = sorted(results.regions.items(), key=lambda item: (-item[1], item[0] or ""))[:_FACETS]
    return {
        "results": results,
        "titles": {hit.id: marked(hit.title or "", wanted) for hit in results.hits},
        "regions": [(code, archive.reports.region_name(code), count) for code, count in regions if code],
        "years": sorted(((year, count) for year, count in results.years.items() if year), reverse=True),
        "page": page,
        "pages": pages,
    }
