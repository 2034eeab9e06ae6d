"""What stands behind the numbers of the panel and of a measure: figures, failed checks, whole years of governments."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from crawler.archive.queries.rows import Subject
from crawler.archive.schema.panel import MEASURES, Measure
from crawler.reference.proportions import WHOLE

_NAMES = frozenset(measure.name for measure in MEASURES)

# The reports go first: each reads the short range of its own figures, whatever the planner knows of the measures.
_STATED = """select figures.report_id, forms.name as form, figures.position, measures.code, measures.item,
        measures.applicant, figures.value, figures.document
    from json_each(?) as wanted
    cross join figures on figures.report_id = wanted.value
    cross join measures on measures.id = figures.measure
    cross join forms on forms.id = figures.form
    where figures.measure in (select id from measures where item in (select value from json_each(?)))
    order by figures.report_id, figures.position"""
_FAILED = """select checks.report_id, rule, subject from json_each(?) as wanted
    cross join checks on checks.report_id = wanted.value where holds = 0"""
_COLUMN = f"""select report_id, region_code, report_year, {{name}} as value, {{name}}_source as form,
        {WHOLE} as whole, {WHOLE}_source as whole_form from panel where {{name}} is not null"""
# The panel has no index by report: it is set aside, where SQLite makes one for the moment. Numbers of forms rise with
# what they are worth, sentences are 0 (crawler.archive.file.codes).
_CODE = """with heads as materialized (select report_id, region_code, report_year from panel)
    select heads.*, figures.value, (select name from forms where id = figures.form) as form, figures.form as worth,
        null as whole, null as whole_form
    from figures cross join heads on heads.report_id = figures.report_id
    where measure = (select id from measures where code = ?) and value is not null"""


def items_of(measure: Measure) -> tuple[str, ...]:
    """The items of every form that a column of the panel may be made of."""
    rows = tuple(f"req_{row}" for row in measure.rows) or measure.cells
    return (*rows, *((measure.annex,) if measure.annex else ()))


def items_in(measure: Measure, form: str) -> tuple[str, ...]:
    """The items that a form has of a column of the panel."""
    if form in ("f2014", "narrative"):
        return (measure.annex,) if measure.annex else ()
    return tuple(f"req_{row}" for row in measure.rows) or measure.cells


class Observations(Subject):
    """Numbers to be drawn or ranked, with what they were read from."""

    def stated(
        self, reports: Collection[int], measures: Iterable[Measure]
    ) -> dict[tuple[int, str, str], list[dict[str, Any]]]:
        """The figures of some reports by report, column of the panel and form: `code`, `position`, `item`, `applicant`,
        `value` (None for a blank), `document` (None: the page itself), as they stand in the report."""
        columns: dict[str, list[Measure]] = defaultdict(list)
        for measure in measures:
            for item in items_of(measure):
                columns[item].append(measure)
        found: dict[tuple[int, str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in self._execute(_STATED, (json.dumps(sorted(reports)), json.dumps(sorted(columns)))):
            for measure in columns[row["item"]]:
                if row["item"] in items_in(measure, row["form"]):
                    found[row["report_id"], measure.name, row["form"]].append(dict(row))
        return found

    def figures(self, reports: Collection[int], code: str) -> dict[tuple[int, str], dict[str, Any]]:
        """The first figure of a code by report and form, with the columns of `stated`; one with a value goes first."""
        item = code.partition("__")[0]
        found: dict[tuple[int, str], dict[str, Any]] = {}
        for row in self._execute(_STATED, (json.dumps(sorted(reports)), json.dumps([item]))):
            if row["code"] == code:
                place = row["report_id"], row["form"]
                if place not in found or (found[place]["value"] is None and row["value"] is not None):
                    found[place] = dict(row)
        return found

    def failed(self, reports: Collection[int]) -> dict[int, set[tuple[str, str]]]:
        """By report the checks that do not hold: rule (without what qualifies it) and subject."""
        found: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for number, rule, subject in self._execute(_FAILED, (json.dumps(sorted(reports)),)):
            found[number].add((rule.partition(" ")[0], subject))
        return found

    def column(self, name: str) -> list[sqlite3.Row]:
        """What the governments of the panel state of one of its columns, in no order: `report_id`, `region_code`,
        `report_year`; `value` and `form`; `whole` and `whole_form`, the requests processed. Raises KeyError for what is
        no column."""
        if name not in _NAMES:
            raise KeyError(name)
        return self._execute(_COLUMN.format(name=name)).fetchall()

    def code(self, code: str) -> list[sqlite3.Row]:
        """What they state of one code, with the columns of `column`; of a report the best form, tables before
        sentences. No code has a whole."""
        best: dict[int, sqlite3.Row] = {}
        for row in self._execute(_CODE, (code,)):
            held = best.get(row["report_id"])
            if held is None or row["worth"] > held["worth"]:
                best[row["report_id"]] = row
        return list(best.values())
