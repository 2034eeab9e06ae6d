"""What each page shows, asked of the archive; nothing here knows of Datasette, nor any SQL."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import quote

from crawler.archive.queries.reader import Reader
from crawler.archive.queries.snippets import marked
from crawler.archive.queries.versions import difference
from crawler.records.capture import RENDERED
from crawler.records.errors import RedactedError
from crawler.site.evidence import Block, blocks, names
from crawler.site.language import word
from crawler.site.parameters import ParameterError
from crawler.words.tokens import terms

PER_PAGE = 20
_FACETS = 30


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
    captures = [f"存档 archived {capture['fetched_at']}{made}, SHA-256 {capture['sha256']}"]
    captures += [
        f"附件 with {file['url']}, 存档 archived {file['fetched_at']}, SHA-256 {file['sha256']}" for file in files
    ]
    captures.append(f"nianbao {report['key']}")
    return "; ".join([", ".join([*filter(None, parts), captures[0]]), *captures[1:]]) + "."


def _bibtex(report: dict[str, Any], capture: dict[str, Any], files: list[dict[str, Any]]) -> str:
    notes = ["made up, no source"] if report["sample"] else []
    notes += [f"nianbao capture of {capture['fetched_at']}, SHA-256 {capture['sha256']}"]
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
