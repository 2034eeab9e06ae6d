"""`python -m tests.bench.figures`: CPU of reading a 2021 report's figures beside lxml's parse of its page, in turn.

Best of several rounds each, on the bench's own report pages (as many elements as the median real one) with all tables.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from lxml import html as lxml_html

from crawler.records.capture import Context
from crawler.records.page import Page
from pipelines import derive
from pipelines.statistics import read_statistics
from tests.bench.stages import captures

TARGET = 1.0
"""What reading a page's figures may cost: at most as much as the parse."""


def pages(count: int = 20) -> list[Page]:
    """Derived reports on the form of 2021 with at least 150 figures."""
    found = [derive(capture, Context(trusted_host=True)) for capture in captures(200)]
    told = [page for page in found if page.report and page.report.form == "f2021" and len(page.figures) > 150]
    assert told, "the bench's portal has no report on the form of 2021"
    return told[:count]


def _seconds(work: Callable[[Page], object], told: list[Page]) -> float:
    at = time.process_time()
    for page in told:
        work(page)
    return (time.process_time() - at) / len(told)


def measure(rounds: int = 15) -> dict[str, float]:
    """`statistics_ms` and `parse_ms` a page, `statistics`: the one to the other."""
    told = pages()
    pairs = [
        (_seconds(read_statistics, told), _seconds(lambda page: lxml_html.document_fromstring(page.capture.body), told))
        for _ in range(rounds)
    ]
    own, parse = (min(pair[at] for pair in pairs) * 1000 for at in (0, 1))
    return {"statistics_ms": own, "parse_ms": parse, "statistics": own / parse}


if __name__ == "__main__":
    print(
        "statistics {statistics_ms:.2f} ms, lxml's parse {parse_ms:.2f} ms, ratio {statistics:.2f}".format(**measure())
    )
