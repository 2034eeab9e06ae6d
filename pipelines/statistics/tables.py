"""The figures of a page's statistical tables: sections 二, 三 and 四 of f2019 and f2021, and the annex of f2014."""

from __future__ import annotations

import re
from collections import Counter

from crawler.records.page import Page
from crawler.records.report import Attachment, Check, Figure, Form, Place
from crawler.reference.measures import form_of
from pipelines.statistics import article20, requests, reviews
from pipelines.statistics.annex import read_annex
from pipelines.statistics.columnsums import drop_misplaced
from pipelines.statistics.figures import Found, figure_of, place_of
from pipelines.statistics.grid import MAX_CELLS, MAX_ROWS, Grid, grids_in, grids_of
from pipelines.statistics.lost import tell_numbers
from pipelines.statistics.parts import parts_of
from pipelines.statistics.tablefigures import OTHER_YEAR, Seen, of_other_year, other_year, put_row, settle
from pipelines.statistics.textlines import read_text
from pipelines.statistics.turned import upright

_SECTION = {"requests": re.compile("收到和处理|依申请公开"), "reviews": re.compile("行政复议|行政诉讼")}


def read_tables(page: Page) -> list[Figure]:
    """The figures of all statistical tables of a report, in the order of its tables; problems go to the page.

    Those of its attachments come after its own. A measure that both state is the page's; whether they agree is a check
    (D1) of the page.
    """
    year = page.report.report_year if page.report else None
    found = Found()
    element = page.body if page.body is not None else page.tree
    grids = grids_in(page.marked) if page.marked else grids_of(element)
    missing = read_grids(found, grids, year)
    figures = placed(found.figures, grids)
    for file, marked in page.documents:
        there = Found()
        grids = grids_in(marked)
        missing &= read_grids(there, grids, year)
        figures += _not_told(page, figures, placed(there.figures, grids, file))
        for kind, detail in there.problems:
            page.problem(kind, f"attachment «{file.label or file.url}», {detail}")
    if page.text and missing:
        found.figures = []
        read_text(found, page.text, year, missing)
        figures += found.figures
    for kind, detail in found.problems:
        page.problem(kind, detail)
    return figures


def placed(figures: list[Figure], grids: list[Grid], file: Attachment | None = None) -> list[Figure]:
    """Figures whose places name where each table stands: the file, and the page or sheet in it."""
    pages = {grid.number: grid.place for grid in grids}
    if file is None and not any(pages.values()):
        return figures
    address, name = (file.url, file.label or file.url) if file is not None else (None, "")

    def whole(match: re.Match[str]) -> str:
        document = f"attachment «{name}»" if file is not None else ""
        return ", ".join(part for part in (document, pages.get(int(match[1]), ""), match[0]) if part)

    for figure in figures:
        place = figure.place
        if place.words is not None:  # several tables that do not agree
            figure.place = place._replace(words=_TABLE.sub(whole, place.words))
        else:
            figure.place = place._replace(page=pages.get(place.table or 0, ""), file=address, name=name)
    return figures


_TABLE = re.compile(r"\btable (\d+)\b")


def _not_told(page: Page, told: list[Figure], more: list[Figure]) -> list[Figure]:
    """Those of `more` that are not told already; each of the others is compared with what is."""
    known = {figure.code: figure for figure in told if figure.code is not None}
    new = []
    for figure in more:
        own = known.get(figure.code) if figure.code is not None else None
        if own is None:
            if figure.code is not None or not told:
                new.append(figure)
        elif own.value is not None or figure.value is not None:
            both = own.value is not None and figure.value is not None
            holds = own.value == figure.value if both else None
            page.checks.append(Check("D1", own.code or "", holds, own.raw, figure.raw))
    return new


def read_grids(found: Found, grids: list[Grid], year: int | None) -> frozenset[str]:
    """Read the grids of one report about `year` (None: not known) into `found`; the sections that were not there."""
    section2, section3, section4 = article20.Reader(), requests.Reader(), reviews.Reader(year)
    annexes: set[int] = set()
    for grid in grids:
        if read_annex(found, grid, year):
            annexes.add(grid.number)
            continue
        grid = upright(grid)
        headless = _SECTION["reviews"].search(grid.heading) is not None and reviews.is_headless(grid)
        for part in parts_of(grid, "reviews" if section4.waiting or headless else None):
            if part.kind == "article20":
                section2.read(grid, part.rows)
            elif part.kind == "requests":
                section3.read(grid, part.rows)
            else:
                section4.read(grid, part.rows)
    for grid in grids:
        if grid.cut:
            most = f"{MAX_ROWS} rows or {MAX_CELLS} fields"
            found.problem("page_cut", f"table {grid.number}: {most} of tables; no more are read")
    for number, why in section3.unread:
        found.problem("table_unread", f"table {number}, {why}")
    for reader in (section2, section4):
        if reader.tables and not reader.found:
            found.problem("table_unread", f"table {reader.tables[0].number}: a header of the form and no numbers read")
    own2 = section2.form()
    _article20(found, section2, own2 or _by_year(year), year)
    form3 = _requests(found, section3.found, own2, year)
    if section3.tables and form3 is None and not section3.unread:
        found.problem("table_unread", f"table {section3.tables[0]}: rows or heads of requests and no numbers read")
    _reviews(found, section4, own2 or form3 or _by_year(year), year)
    tell_numbers(found, [grid for grid in grids if grid.number not in annexes])
    annex = bool(annexes)
    there = {"article20": annex or section2.found, "requests": annex or form3, "reviews": annex or section4.found}
    return frozenset(section for section, read in there.items() if not read)


def _by_year(year: int | None) -> Form:
    return "f2019" if year is not None and year <= 2020 else "f2021"


def _article20(found: Found, reader: article20.Reader, form: Form, year: int | None) -> None:
    late = {grid.number: other_year(grid, year) for grid in reader.tables}
    seen: Seen = {}
    for entry in reader.found:
        heads = entry.heads
        if not heads:
            continue
        if heads[0].label:
            codes = [article20.column_of(form, entry.caption, head.label) for head in heads]
        else:
            columns = next((one.columns for one in form_of(form).captions if one.code == entry.caption), ())
            if len(columns) != len(heads):
                found.problem("table_unread", f"table {entry.table} «{entry.label}»: no header, {len(heads)} numbers")
                continue
            codes = [column.code for column in columns]
        method = "label+position" if entry.cells.by_position else "label+header"
        put_row(found, seen, form, f"{entry.caption}_{entry.row}_", codes, entry, method, late[entry.table])
    settle(found, seen)


def _requests(found: Found, tables: list[requests.Requests], form2: Form | None, year: int | None) -> Form | None:
    tables = [table for table in tables if any(line.code for line in table.lines)]
    if not tables:
        return None
    forms = Counter(form for table in tables if (form := table.form) is not None)
    form = forms.most_common(1)[0][0] if forms else form2 or _by_year(year)
    tables = _chosen(tables, year)
    seen: Seen = {}
    for table in tables:
        own = table.form or form
        requests.fill_gaps(table, own)
        for number in drop_misplaced(table):
            found.problem("table_unread", f"table {number}: its rows add up to another column than the total")
        late = any(other_year(grid, year) for grid in table.tables)
        for line in table.lines:
            if line.code is None:
                if any(cell is not None and cell.raw for cell in line.cells.cells):
                    found.problem("table_unread", f"table {line.table} «{line.label}»: a row of no form")
                continue
            codes = [head.code for head in line.heads]
            by_place = "label+position" if line.cells.by_position else "label+header"
            method = line.method or ("label+sum" if line.cells.by_sum else by_place)
            put_row(found, seen, own, f"req_{line.code}__", codes, line, method, late)
    settle(found, seen)
    return form


def _chosen(tables: list[requests.Requests], year: int | None) -> list[requests.Requests]:
    """Of several tables of requests those of this year, and of these the one under section 三, if they are told."""
    if len(tables) < 2:
        return tables
    tables = [table for table in tables if _filled(table)] or tables
    now = [table for table in tables if not any(other_year(grid, year) for grid in table.tables)] or tables
    under = [table for table in now if _SECTION["requests"].search(table.tables[0].heading)]
    return under if len(under) == 1 else now


def _filled(table: requests.Requests) -> bool:
    return any(cell is not None and cell.raw for line in table.lines for cell in line.cells.cells)


def _reviews(found: Found, reader: reviews.Reader, form: Form, year: int | None) -> None:
    grids = {grid.number: grid for grid in reader.tables}
    late = {number: other_year(grid, year) for number, grid in grids.items()}
    tables = reader.found
    if len(tables) > 1:
        now = [table for table in tables if not late[table[0].table]] or tables
        under = [table for table in now if _SECTION["reviews"].search(grids[table[0].table].heading)]
        tables = under if len(under) == 1 else now
    seen: Seen = {}
    for table in tables:
        for entry in table:
            if entry.cell is None:
                found.problem("table_unread", f"table {entry.table}: no telling which number stands under which header")
                figure = figure_of(found, form, entry.code, None, Place(None, entry.table), "ambiguous")
            else:
                place = place_of(entry.table, entry.cell, "", entry.label)
                figure = figure_of(found, form, entry.code, entry.cell.raw, place, entry.method)
            other = late[entry.table] or entry.method == OTHER_YEAR
            seen.setdefault(entry.code, []).append(of_other_year(found, figure) if other else figure)
    settle(found, seen)
