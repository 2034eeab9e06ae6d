"""Spans of time as a person writes them: 90s, 45m, 6h, 30d, 2w."""

from __future__ import annotations

import re
from datetime import timedelta

from crawler.records.errors import NianbaoError

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
RUN_UNITS = "smhd"
"""What the length of a run is given in; more than a month of it is a slip of the pen."""
_LONGEST_RUN = timedelta(days=31)


def duration(text: str, units: str) -> timedelta | None:
    """A whole number of one of `units` (letters of smhdw) without a space; None for anything else."""
    match = re.fullmatch(rf"([0-9]{{1,5}})([{units}])", text)
    return None if match is None else int(match[1]) * _UNITS[match[2]]


def written(seconds: int) -> str:
    """A number of seconds as a person writes it, in the largest unit of RUN_UNITS that it is a multiple of."""
    units = {unit: int(_UNITS[unit].total_seconds()) for unit in reversed(RUN_UNITS)}
    return next(f"{seconds // length}{unit}" for unit, length in units.items() if seconds % length == 0)


def run_length(text: str) -> timedelta | None:
    """How long a run may last: a second to 31 days; None for anything else."""
    length = duration(text, RUN_UNITS)
    return length if length is not None and timedelta(seconds=1) <= length <= _LONGEST_RUN else None


def parse_at_most(text: str) -> int:
    """The seconds that `--at-most` names, 0 where it is empty. Raises NianbaoError."""
    length = run_length(text) if text else timedelta(0)
    if length is None:
        raise NianbaoError(f"--at-most is {text!r}; expected a length as in 90s, 45m, 6h or 2d, at most 31d")
    return int(length.total_seconds())
