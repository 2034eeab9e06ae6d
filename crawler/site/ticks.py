"""Where the lines of a scale stand: numbers that are read at a glance."""

from __future__ import annotations

import math
from collections.abc import Sequence

_STEPS = (1.0, 2.0, 5.0, 10.0)


def levels(least: float, most: float, number: int = 4, *, whole: bool = False) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten, in order, the first at or below `least`, the last at or above
    `most`, 0 among them; about `number` steps. `whole`: no fractions, for what is counted."""
    low, high = min(least, 0.0), max(most, 0.0)
    if low == high:
        high = 1.0
    step = _step((high - low) / number)
    if whole:
        step = max(1.0, step)
    # The division may miss a whole number by its last digit; what is tiny beside a step of 1 still needs a level.
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    first, last = min(first, -int(low < 0)), max(last, int(high > 0))
    return [float(f"{place * step:.12g}") for place in range(first, last + 1)]


def _step(least: float) -> float:
    """The next of 1, 2, 5 times a power of ten that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next((power * factor for factor in _STEPS if power * factor >= least * (1 - 1e-9)), power * 10)


def years(first: int, last: int, most: int) -> list[int]:
    """Report years to be named below a chart: at most so many, equally apart, the last among them."""
    step = max(1, math.ceil((last - first + 1) / most))
    return sorted(range(last, first - 1, -step))


def numeral(value: float, digits: int | None = None) -> str:
    """A number with its thousands apart; rounded to `digits` where it is a quotient."""
    if digits is None:
        return f"{value:,.15g}"
    return f"{value:,.{digits}f}"


def widest(values: Sequence[float]) -> int:
    """Characters of the longest of some numerals."""
    return max((len(numeral(value)) for value in values), default=1)
