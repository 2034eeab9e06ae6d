"""Whether the columns of a table of requests are those that its rows were read by: the sums of all its rows tell.

A header whose spans are wrong, or that is a picture, names other columns than stand under it. One row whose sum does
not hold is a slip of who filled it in; where each row adds up to another column than the total, the columns are others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from crawler.reference.measures import form_of
from pipelines.statistics.requests import Line, Requests
from pipelines.statistics.shift import value_of


def drop_misplaced(table: Requests) -> list[int]:
    """Leave no number to the lines whose columns are not those they were read by, as the sums of the others beside
    them tell; the numbers of the tables they stand in."""
    together: dict[tuple[int, int], list[Line]] = {}
    for line in table.lines:
        together.setdefault((line.table, id(line.heads)), []).append(line)
    misplaced = []
    for (number, _), lines in together.items():
        codes = [head.code for head in lines[0].heads]
        applicants = [at for at, code in enumerate(codes) if code is not None]
        if "total" not in codes or len(applicants) < len(form_of("f2021").request_columns):
            continue
        rows = [[value_of(line.cells.cells[at]) for at in applicants] for line in lines if None not in line.cells.cells]
        headed = any(head.label for head in lines[0].heads)
        if is_misplaced(rows, applicants.index(codes.index("total")), headed):
            misplaced.append(number)
            for line in lines:
                line.cells = line.cells._replace(cells=[None] * len(codes))
    return misplaced


def is_misplaced(rows: Iterable[Sequence[float | None]], total: int, headed: bool) -> bool:
    """Whether the columns of a table are not those that its rows were read by: `total` is the place of the total.

    Under a header that is so where another column is the sum of the rest in each row that has numbers, and the total is
    not in two; without one (`headed` False) where the total is not in most.
    """
    holds: Counter[int] = Counter()
    stated = 0
    for values in rows:
        printed = [value or 0 for value in values]
        if values[total] is None or not any(printed):
            continue
        stated += 1
        whole = sum(printed)
        holds.update(at for at, value in enumerate(printed) if 2 * value == whole)
    if not headed:
        return 2 * holds[total] < stated
    return stated - holds[total] >= 2 and any(count == stated for at, count in holds.items() if at != total)
