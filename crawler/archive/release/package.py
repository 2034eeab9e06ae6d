"""The description of a release for machines: a Data Package (https://datapackage.org/standard/data-package/, v2)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.archive.exchange.columns import Column
from crawler.archive.release.resource import Resource
from crawler.records.errors import NianbaoError
from crawler.records.media import TABLES

NAME, SUMS, DELTA = "datapackage.json", "SHA256SUMS", "delta.parquet"
_PROFILE = "https://datapackage.org/profiles/2.0/{}.json"
PROPERTY = "nianbao"
"""The property of a package and of a resource that holds what the standard has no word for."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a release is of. `day`: when the archive last saw a page; `version`: of the release; `sample`: portals whose
    reports are made up and that are in it; `origins`: portal and home page; `licence`: what its makers grant on their
    own work, an SPDX identifier, None for nothing; `since`: version of the release before."""

    uuid: str
    day: str
    version: str
    program: str
    authors: tuple[str, ...]
    licence: str | None = None
    since: str | None = None
    sample: tuple[str, ...] = ()
    origins: tuple[tuple[str, str | None], ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    """Rows by name of resource."""


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def package(facts: Facts, resources: Sequence[Resource], folder: Path, words: Mapping[str, str]) -> str:
    """The text of datapackage.json, for the files that stand in `folder`. `words`: title and description."""
    licence = {"name": facts.licence} if facts.licence else {}
    said: dict[str, Any] = {
        "$schema": _PROFILE.format("datapackage"),
        "name": "nianbao",
        "id": f"urn:uuid:{facts.uuid}",
        **words,
        "version": facts.version,
        "created": f"{facts.day}T00:00:00Z",
        "keywords": ["政府信息公开", "年报", "freedom of information", "China"],
        "licenses": [{**licence, "path": "LICENCE.md", "title": "What may be done with what of it"}],
        "contributors": [{"title": name, "roles": ["author"]} for name in facts.authors],
        "sources": [{"title": title, **({"path": home} if home else {})} for title, home in facts.origins],
        PROPERTY: {"archive": facts.uuid, "program": facts.program, "since": facts.since, "sample": list(facts.sample)},
        "resources": [_resource(resource, facts, folder) for resource in resources],
    }
    if not facts.origins:
        del said["sources"]  # the standard wants one, or none of the property
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _resource(resource: Resource, facts: Facts, folder: Path) -> dict[str, Any]:
    path = folder / resource.file
    foreign = [
        {"fields": [column], "reference": {"resource": other, "fields": [target]}}
        for column, other, target in resource.refers
    ]
    return {
        "name": resource.name.lower(),
        "type": "table",
        "path": resource.file,
        "description": resource.description,
        "format": resource.ending,
        "mediatype": TABLES[resource.ending],
        # frictionless counts no bytes of Parquet, and takes a number for a wrong one.
        **({"encoding": "utf-8", "bytes": path.stat().st_size} if resource.ending == "csv" else {}),
        "hash": f"sha256:{sha256_of(path)}",
        PROPERTY: {"table": resource.table, "rows": facts.rows[resource.name], "workbook": resource.workbook},
        "schema": {
            "$schema": _PROFILE.format("tableschema"),
            "fields": [_field(column, resource) for column in resource.columns],
            "missingValues": [""],
            "primaryKey": list(resource.key),
            **({"foreignKeys": foreign} if foreign else {}),
        },
    }


def _field(column: Column, resource: Resource) -> dict[str, Any]:
    kind = "string" if column.type == "json" else column.type
    field = {"name": column.name, "type": kind, "description": column.description}
    if kind == "integer" and resource.ending == "parquet" and column.name not in resource.key:
        # frictionless reads a NULL among the integers of a Parquet file as a number that is none.
        return field | {"type": "number", PROPERTY: {"type": kind}}
    return field


@dataclass(frozen=True, slots=True)
class Release:
    """A release that stands in a folder, as its datapackage.json describes it."""

    folder: Path
    said: Mapping[str, Any]
    resources: Mapping[str, Resource]
    """By file."""

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.said["version"])

    @property
    def since(self) -> str | None:
        """The version of the release that its delta starts from."""
        return self.said[PROPERTY]["since"]  # type: ignore[no-any-return]

    def hash(self, file: str) -> str | None:
        """What it says that a resource's file has as SHA-256; None for a file that it has not."""
        return next((str(resource["hash"]) for resource in self.said["resources"] if resource["path"] == file), None)

    def rows(self) -> Counter[str]:
        """Rows by table."""
        counts: Counter[str] = Counter()
        for resource in self.said["resources"]:
            counts[resource[PROPERTY]["table"]] += resource[PROPERTY]["rows"]
        return counts

    def documents(self) -> Iterator[str]:
        """Names of the files that are no tables, sorted."""
        tables = {file for resource in self.resources.values() for file in resource.files}
        for path in sorted(self.folder.iterdir()):
            if path.is_file() and path.name not in tables | {SUMS, DELTA}:
                yield path.name


def read_release(folder: Path, text: str | None = None) -> Release:
    """The release in a folder, or that which the `text` of a datapackage.json describes there.

    Raises NianbaoError where there is none.
    """
    try:
        said = json.loads((folder / NAME).read_text("utf-8") if text is None else text)
        resources = {resource["path"]: _read(resource) for resource in said["resources"]}
        str(said["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NianbaoError(f"{folder} holds no release that `nianbao publish` made ({NAME}: {error})") from error
    return Release(folder, said, resources)


def _read(said: Mapping[str, Any]) -> Resource:
    schema = said["schema"]
    refers = tuple(
        (key["fields"][0], key["reference"]["resource"], key["reference"]["fields"][0])
        for key in schema.get("foreignKeys", ())
    )
    columns = tuple(
        Column(field["name"], field.get(PROPERTY, field)["type"], field["description"]) for field in schema["fields"]
    )
    more, description = said[PROPERTY], said["description"]
    return Resource(
        said["path"].rpartition(".")[0], more["table"], description, columns, tuple(schema["primaryKey"]),
        said["format"], more["workbook"], refers,
    )  # fmt: skip
