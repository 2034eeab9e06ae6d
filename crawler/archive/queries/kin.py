"""Reports that a report may have been copied from: that of the same organ on the year before, and its neighbours'."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from crawler.archive.file.neighbours import neighbours
from crawler.archive.queries.rows import Subject

MOST_NEIGHBOURS = 30
"""Neighbours whose texts are read; a province has up to 21 prefectures, most prefectures fewer than 20 counties."""
_COLUMNS = "id, key, title, organ, region, region_code, report_year"
_NEIGHBOURS = f"""select {_COLUMNS} from reports where region_code between ?1 and ?2 and report_year = ?3
    and organ_kind = ?4 and region_code glob ?5 and id <> ?6 and text_sha256 is not null and gone_at is null
    and coalesce((select sample from portals where portals.id = reports.portal), 0) = ?7
    order by abs(cast(region_code as integer) - cast(?8 as integer)), region_code, id limit ?9"""


class Kin(Subject):
    """Rows of reports: id, key, title, organ, region, region_code, report_year, text. `text`: what gives that of a
    report by its number."""

    def __init__(self, connection: sqlite3.Connection, text: Callable[[int], str | None]) -> None:
        super().__init__(connection)
        self._text = text

    def _told(self, row: sqlite3.Row) -> dict[str, Any]:
        return dict(row) | {"text": self._text(row["id"])}

    def year_before(self, report_id: int) -> dict[str, Any] | None:
        """The report of the same organ on the year before, the one that was found first where several claim to be it;
        None where the archive has none with a text."""
        for number in sorted(neighbours(self._connection, [report_id], -1)):
            row = self._execute(
                f"select {_COLUMNS} from reports where id = ? and text_sha256 is not null", (number,)
            ).fetchone()
            if row is not None:
                return self._told(row)
        return None

    def neighbours(self, report: dict[str, Any]) -> list[dict[str, Any]]:
        """The reports of neighbours on the same year, at most MOST_NEIGHBOURS, those of the nearest codes first.

        Neighbours are organs of the same kind in regions right below the same one (counties of a prefecture,
        prefectures of a province, provinces); of a department or township those of its own region. `report`: a row with
        id, region_code, report_year, organ_kind and sample.
        """
        code, year, kind = report["region_code"], report["report_year"], report["organ_kind"]
        if code is None or year is None or kind is None:
            return []
        least, most, pattern = _around(code, kind)
        rows = self._execute(
            _NEIGHBOURS,
            (least, most, year, kind, pattern, report["id"], report["sample"], code, MOST_NEIGHBOURS),
        )
        return [self._told(row) for row in rows.fetchall()]


def _around(code: str, kind: str) -> tuple[str, str, str]:
    """The least and the greatest code of neighbours, and the pattern that theirs have."""
    if kind not in ("government", "government_office"):
        return code, code, "*"
    if code.endswith("0000"):
        return "110000", "820000", "??0000"
    if code.endswith("00"):
        return code[:2] + "0100", code[:2] + "9900", "????00"
    return code[:4] + "01", code[:4] + "99", "??????"
