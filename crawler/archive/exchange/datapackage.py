"""The archive's tables as a Frictionless data package: CSV with a schema, codebook, checksums and sources."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from crawler.archive.exchange.columns import Column, Measures
from crawler.archive.exchange.formats import CSV
from crawler.archive.exchange.tables import Table, tables_of
from crawler.archive.write.samples import sample_portals
from crawler.records.media import TABLES

_DESCRIPTION = (
    "Reports that Chinese governments must publish every year on how they disclose information"
    " (政府信息公开工作年度报告), their texts, and the figures read from them, each with its evidence."
)
_NOTE = (
    "The texts are official documents of the organs named, published by them on the pages given; no licence is claimed"
    " or granted for them here."
)

_SAMPLE_NOTE = (
    "Some reports are made up: those of the portals whose sample is 1 in portals.csv. They are no source of anything."
)


def write(
    connection: sqlite3.Connection, folder: Path, measures: Measures, codebook: str, with_sample: bool
) -> dict[str, int]:
    """All tables, `codebook.md` and `datapackage.json`; rows by table. `with_sample`: see `tables_of`."""
    parts = tables_of(connection, measures, with_sample)
    counts = {table.name: CSV.put(connection, table, folder) for table in parts}
    (folder / "codebook.md").write_text(codebook, "utf-8")
    (created,) = connection.execute("select max(fetched_at) from captures").fetchone()
    package: dict[str, Any] = {
        "name": "nianbao",
        "title": "政府信息公开工作年度报告 · annual disclosure reports",
        "description": _DESCRIPTION,
        "profile": "data-package",
        "keywords": ["政府信息公开", "年报", "freedom of information", "China"],
        "sources": _sources(connection),
        "notes": _NOTE + (f" {_SAMPLE_NOTE}" if sample_portals(connection) else ""),
        "resources": [_resource(table, folder, counts[table.name]) for table in parts],
        "codebook": {"path": "codebook.md", "hash": _sha256(folder / "codebook.md")},
    }
    if created is not None:
        package["created"] = created  # when the newest page came, not when this was written
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return counts


def _sources(connection: sqlite3.Connection) -> list[dict[str, str]]:
    rows = connection.execute(
        "select portal, min(json_extract(trail, '$[0].url')) from captures where portal is not null"
        " group by 1 order by 1"
    )
    samples = sample_portals(connection)
    return [
        {"title": f"{portal} (made up)" if portal in samples else portal, **({"path": home} if home else {})}
        for portal, home in rows
    ]


def _resource(table: Table, folder: Path, rows: int) -> dict[str, Any]:
    path = folder / f"{table.name}.csv"
    foreign = [
        {"fields": [column], "reference": {"resource": other, "fields": [target]}}
        for column, other, target in table.refers
    ]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "name": table.name,
        "path": path.name,
        "description": table.description,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": TABLES["csv"],
        "encoding": "utf-8",
        "rows": rows,
        "bytes": path.stat().st_size,
        "hash": _sha256(path),
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    kind = "string" if column.type == "json" else column.type
    return {"name": column.name, "type": kind, "description": column.description}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
