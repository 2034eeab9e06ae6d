"""Columns of exported tables: their types, what they hold, and how their values are told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from crawler.archive.schema.comments import COMMENTS
from crawler.archive.schema.panel import MEASURES

Type = Literal["integer", "number", "string", "date", "json"]

Row = tuple[Any, ...]


Measures = Sequence[tuple[str, str]]
"""Code and label of the measures of all forms; the archive itself knows none."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `description`: a sentence of `crawler.archive.schema.comments`, or the label of a measure."""

    name: str
    type: Type
    description: str


_INTEGERS = frozenset(
    {
        "id", "report_id", "capture_id", "run_id", "version", "position", "level", "length", "report_year", "holds",
        "days_late", "status", "conflict", "redacted", "sample", "redaction_id", "row", "since", "until", "valid_from",
        "valid_to",
    }
)  # fmt: skip
_WORDS = {("portals", "id"), ("regions", "level"), ("coverage", "status")}
"""Columns of such a name that hold words."""
_DATES = frozenset({"published_on", "signed_on", "due_on"})
_JSON = {
    "reports": frozenset({"breadcrumb", "trail", "evidence"}),
    "coverage": frozenset({"portals"}),
    "measures": frozenset({"forms", "sums"}),
    "regions": frozenset({"former_names", "predecessors", "successors"}),
}


def type_of(table: str, column: str) -> Type:
    """The type of a column of an archive's table."""
    if column in _INTEGERS and (table, column) not in _WORDS:
        return "integer"
    if column in _DATES:
        return "date"
    if column in _JSON.get(table, ()):
        return "json"
    return "number" if column == "value" or (table == "panel" and column in _MEASURES) else "string"


_MEASURES = frozenset(measure.name for measure in MEASURES)
PLACE = tuple(
    Column(name, type_of("reports", name), COMMENTS["reports"][name])
    for name in ("region_code", "region", "report_year", "organ")
)
"""Where and when a report is of."""


def plain(value: Any, kind: Type) -> Any:
    """A value as JSON has it: what a JSON column holds, and a whole number without a point."""
    if value is None:
        return None
    if kind == "json":
        return json.loads(value)
    return int(value) if kind == "number" and isinstance(value, float) and value.is_integer() else value
