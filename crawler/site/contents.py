"""What each page shows, read from the archive over one connection; nothing here knows of Datasette."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from typing import Any
from urllib.parse import quote

from crawler.archive.queries import events
from crawler.archive.queries.grids import grids
from crawler.archive.queries.reader import Reader
from crawler.archive.queries.search import marked
from crawler.archive.queries.search import search as find
from crawler.archive.queries.versions import difference
from crawler.archive.schema.panel import MEASURES
from crawler.records.capture import RENDERED
from crawler.records.errors import RedactedError
from crawler.site.charts import chart
from crawler.site.evidence import blocks
from crawler.words.tokens import terms

PER_PAGE = 20
_RUNS, _FOUND = 5, 30
_SHOWN = ("received", "granted", "denied", "not_held", "reviews", "lawsuits")
"""Measures drawn on a region's page; 主动公开 has a chart of its own, its numbers are a hundred times larger."""
_MOST_REGIONS = 8
_LABELS = {measure.name: measure for measure in MEASURES}
_FACETS = 30


def home(connection: sqlite3.Connection) -> dict[str, Any]:
    """The grids of coverage, the last runs and what they found, counts."""
    counts = {
        table: connection.execute(f"select count(*) from {table}").fetchone()[0]
        for table in ("reports", "captures", "statistics")
    }
    return {
        "grids": grids(Reader(connection).coverage()),
        "runs": events.last_runs(connection, _RUNS),
        "found": events.newest(connection, _FOUND),
        "counts": counts,
    }


def report(connection: sqlite3.Connection, number: int) -> dict[str, Any] | None:
    """A report with its text in blocks, figures by form, failed checks, citation and links."""
    told = Reader(connection).report(number)
    if told is None:
        return None
    capture = dict(
        connection.execute(
            "select id, url, fetched_at, last_seen_at, sha256, length, status, content_type, media_type from captures"
            " where id = ?",
            (told["capture_id"],),
        ).fetchone()
    )
    live = told["url"].removesuffix(RENDERED)
    files = _read_files(connection, number)
    figures = told["statistics"]
    parts = blocks(told["text"] or "", told["sections"], figures)
    pieces = [piece for block in parts for piece in [*block.pieces, *(cell for row in block.rows for cell in row)]]
    placed = {position for piece in pieces for position in piece.figures}
    return {
        "report": told,
        "capture": capture,
        "live": live,
        "served": _served(connection, capture),
        "blocks": parts,
        "figures": [(form, list(group)) for form, group in groupby(figures, key=lambda figure: figure["form"])],
        "labels": _labels(figures),
        "placed": placed,
        "failed": [check for check in told["checks"] if check["holds"] == 0],
        "held": sum(check["holds"] == 1 for check in told["checks"]),
        "untold": sum(check["holds"] is None for check in told["checks"]),
        "citation": _citation(told, capture, files),
        "bibtex": _bibtex(told, capture, files),
        "web_archive": "https://web.archive.org/web/*/" + live,
        "archive_today": "https://archive.ph/" + quote(live, safe=":/"),
        "days_late": _lateness(connection, number),
    }


def redacted(connection: sqlite3.Connection, number: int) -> dict[str, Any]:
    """What is left of a capture that was redacted."""
    row = connection.execute(
        "select id, url, fetched_at, sha256, length, status, kind from captures where id = ?", (number,)
    ).fetchone()
    return {"capture": dict(row), "redaction": Reader(connection).redaction(number)}


def _served(connection: sqlite3.Connection, capture: dict[str, Any]) -> int | None:
    """The capture of the bytes that a browser made this one of; None for one that is itself as it was served."""
    if not capture["url"].endswith(RENDERED):
        return None
    row = connection.execute(
        "select id from captures where url = ? and id < ? order by id desc limit 1",
        (capture["url"].removesuffix(RENDERED), capture["id"]),
    ).fetchone()
    return None if row is None else int(row[0])


def _labels(figures: list[dict[str, Any]]) -> dict[int, str]:
    """The printed label of each figure's measure by its position; a local row is its own label."""
    from crawler.reference.measures import form_of

    found = {}
    for figure in figures:
        form = "f2014" if figure["form"] == "narrative" else figure["form"]
        measure = form_of(form).measures.get(figure["code"] or "")
        found[figure["position"]] = measure.label if measure is not None else figure["item"]
    return found


def _citation(told: dict[str, Any], capture: dict[str, Any], files: list[dict[str, Any]]) -> str:
    mark = "虚构示例 made up, no source" if told["sample"] else None
    title = f"《{told['title']}》" if told["title"] else None
    parts = [mark, told["organ"], title, told["published_on"], told["url"].removesuffix(RENDERED)]
    made = ", 浏览器渲染 as a browser shows it" if capture["url"].endswith(RENDERED) else ""
    seen = [f"存档 archived {capture['fetched_at']}{made}, SHA-256 {capture['sha256']}"]
    seen += [f"附件 with {file['url']}, 存档 archived {file['fetched_at']}, SHA-256 {file['sha256']}" for file in files]
    return "; ".join([", ".join([*filter(None, parts), seen[0]]), *seen[1:]]) + "."


def _bibtex(told: dict[str, Any], capture: dict[str, Any], files: list[dict[str, Any]]) -> str:
    notes = ["made up, no source"] if told["sample"] else []
    notes += [f"nianbao capture of {capture['fetched_at']}, SHA-256 {capture['sha256']}"]
    notes += [f"attachment {file['url']} captured {file['fetched_at']}, SHA-256 {file['sha256']}" for file in files]
    fields = {
        "author": f"{{{told['organ']}}}" if told["organ"] else None,
        "title": told["title"],
        "year": (told["published_on"] or "")[:4] or None,
        "url": told["url"].removesuffix(RENDERED),
        "urldate": capture["fetched_at"][:10],
        "note": "; ".join(notes),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{nianbao-{told['id']}-{capture['sha256'][:12]},", *lines, "}"])


def _read_files(connection: sqlite3.Connection, number: int) -> list[dict[str, Any]]:
    """The files that were read with a report: its words and figures may stand there."""
    rows = connection.execute(
        "select captures.url, captures.fetched_at, captures.sha256 from attachments"
        " join captures on captures.id = attachments.capture_id"
        " where report_id = ? and attachments.text is not null order by attachments.rowid",
        (number,),
    )
    return [dict(row) for row in rows]


def _lateness(connection: sqlite3.Connection, number: int) -> int | None:
    row = connection.execute("select days_late from deadlines where report_id = ?", (number,)).fetchone()
    return None if row is None else row[0]


def versions(
    connection: sqlite3.Connection, number: int, older: int | None, newer: int | None
) -> dict[str, Any] | None:
    """What two versions of a report differ in; by default the last two."""
    from pipelines import derive

    reading = Reader(connection)
    told = reading.report(number)
    if told is None:
        return None
    known = [row["version"] for row in told["versions"]]
    newer = newer or max(known)
    older = older or max(newer - 1, 1)
    if newer not in known or older not in known:
        return None
    try:
        old, new = (reading.version(number, version, derive) for version in (older, newer))
    except RedactedError as error:
        return {"report": told, "difference": None, "redacted": str(error)}
    return {"report": told, "difference": difference(number, old, new)}


def region(connection: sqlite3.Connection, code: str) -> dict[str, Any] | None:
    """A region's coverage, reports, and measures by year."""
    expected = [
        dict(row)
        for row in connection.execute("select * from coverage where region_code = ? order by report_year", (code,))
    ]
    reports = [
        dict(row)
        for row in connection.execute(
            "select reports.id, title, reports.organ, reports.organ_kind, reports.report_year, reports.published_on,"
            " gone_at, days_late, coalesce(portals.sample, 0) as sample from reports"
            " left join deadlines on deadlines.report_id = reports.id left join portals on portals.id = reports.portal"
            " where reports.region_code = ? order by reports.report_year desc, reports.organ_kind, reports.id",
            (code,),
        )
    ]
    if not expected and not reports:
        return None
    panel = _panel(connection, [code])
    years = sorted({row["report_year"] for row in panel})
    series = {
        _LABELS[name].meaning: {row["report_year"]: row[name] for row in panel}
        for name in _SHOWN
        if any(row[name] is not None for row in panel)
    }
    disclosed = {_LABELS["disclosed"].meaning: {row["report_year"]: row["disclosed"] for row in panel}}
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


def compare(connection: sqlite3.Connection, codes: list[str], measure: str) -> dict[str, Any]:
    """One measure of up to eight regions; the first regions and 申请 where nothing is asked for."""
    names = {
        row[0]: row[1]
        for row in connection.execute(
            "select region_code, region from panel where region_code is not null order by region_code, report_year"
        )
    }
    asked = [code for code in dict.fromkeys(codes) if code in names][:_MOST_REGIONS] or list(names)[:3]
    chosen = measure if measure in _LABELS else "received"
    rows = _panel(connection, asked)
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


def _panel(connection: sqlite3.Connection, codes: list[str]) -> list[dict[str, Any]]:
    marks = ", ".join("?" * len(codes))
    rows = connection.execute(
        f"select * from panel where region_code in ({marks}) order by report_year, region_code", codes
    )
    return [dict(row) for row in rows]


def search(connection: sqlite3.Connection, asked: dict[str, str], page: int, year: int | None) -> dict[str, Any]:
    """One page of hits with the facets; `regions` by code with their names."""
    results = find(
        connection,
        asked["q"],
        region=asked["region"] or None,
        year=year,
        limit=PER_PAGE,
        offset=(page - 1) * PER_PAGE,
    )
    names = {  # of a region that changed its name, the newest one, as in the grid
        code: name
        for code, name, _ in connection.execute(
            "select region_code, region, max(report_year) from reports where region_code is not null group by 1"
        )
    }
    wanted = terms(asked["q"])
    regions = sorted(results.regions.items(), key=lambda item: (-item[1], item[0] or ""))[:_FACETS]
    return {
        "asked": asked,
        "results": results,
        "titles": {hit.id: marked(hit.title or "", wanted) for hit in results.hits},
        "regions": [(code, names.get(code, code), count) for code, count in regions if code],
        "years": sorted(((year, count) for year, count in results.years.items() if year), reverse=True),
        "page": page,
        "pages": -(-results.total // PER_PAGE),
    }
