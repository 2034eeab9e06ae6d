"""Two versions of a report held against each other."""

from __future__ import annotations

from typing import Any

from crawler.words.difference import compare

_FACTS = (
    "title", "organ", "organ_kind", "region_code", "report_year", "published_on", "signed_on", "source", "index_no",
    "doc_no", "form",
)  # fmt: skip


def difference(report: int, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What two versions (crawler.archive.queries.reports.Reports.version) say: where each was seen, and what differs.

    `facts`: {field: [old, new]}; `attachments`: {"removed", "added", "changed"} of {url, label}; `text`: Changes.
    """
    before = {file["url"]: file["sha256"] for file in old["attachments"] if file["sha256"]}
    files = [{(file["url"], file["label"]) for file in version["attachments"]} for version in (old, new)]
    return {
        "report_id": report,
        "from": old["seen"],
        "to": new["seen"],
        "facts": {name: [old[name], new[name]] for name in _FACTS if old[name] != new[name]},
        "attachments": {
            "removed": [{"url": url, "label": label} for url, label in sorted(files[0] - files[1], key=str)],
            "added": [{"url": url, "label": label} for url, label in sorted(files[1] - files[0], key=str)],
            "changed": [
                {"url": file["url"], "label": file["label"]}
                for file in new["attachments"]
                if file["sha256"] and before.get(file["url"], file["sha256"]) != file["sha256"]
            ],
        },
        "text": compare(old["text"] or "", new["text"] or ""),
    }
