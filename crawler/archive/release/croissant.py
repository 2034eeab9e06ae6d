"""The description of a release for programs that learn: Croissant 1.0 (https://docs.mlcommons.org/croissant/)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.archive.release.package import Release
from crawler.archive.release.resource import Resource

NAME = "croissant.json"
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "date": "sc:Date"}


def croissant(release: Release, citation: str) -> str:
    """The text of croissant.json of a release whose tables stand; `citation`: how to cite it."""
    said = release.said
    return (
        json.dumps(
            {
                "@context": _CONTEXT,
                "@type": "sc:Dataset",
                "conformsTo": "http://mlcommons.org/croissant/1.0",
                "name": said["name"],
                "description": said["description"],
                "version": release.version,
                "datePublished": said["created"],
                "url": said["id"],
                "license": said["licenses"][0].get("name", "LICENCE.md"),
                "creator": [{"@type": "sc:Organization", "name": maker["title"]} for maker in said["contributors"]],
                "keywords": said["keywords"],
                "inLanguage": ["zh", "en"],
                "citeAs": citation,
                "distribution": [_file(release.folder, resource) for resource in said["resources"]],
                "recordSet": [_records(resource) for resource in release.resources.values()],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


def _file(folder: Path, said: Mapping[str, Any]) -> dict[str, Any]:
    """A FileObject of a resource of datapackage.json."""
    return {
        "@type": "cr:FileObject",
        "@id": said["path"],
        "name": said["path"],
        "description": said["description"],
        "contentUrl": said["path"],
        "contentSize": f"{(folder / said['path']).stat().st_size} B",
        "encodingFormat": said["mediatype"],
        "sha256": said["hash"].partition(":")[2],
    }


def _records(resource: Resource) -> dict[str, Any]:
    """A RecordSet of a table."""
    return {
        "@type": "cr:RecordSet",
        "@id": resource.name,
        "name": resource.name,
        "description": resource.description,
        "key": [{"@id": f"{resource.name}/{column}"} for column in resource.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{resource.name}/{column.name}",
                "name": column.name,
                "description": column.description,
                "dataType": _TYPES.get(column.type, "sc:Text"),
                "source": {"fileObject": {"@id": resource.file}, "extract": {"column": column.name}},
            }
            for column in resource.columns
        ],
    }
