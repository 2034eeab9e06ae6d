"""Published rates are those that the evaluation pins."""

from __future__ import annotations

from crawler.reference.rates import rates
from tests import ROOT
from tests.evaluate import rates as pinned


def test_the_published_rates_are_the_floors_of_the_evaluation() -> None:
    """`python -m tests.evaluate.rates` writes the file."""
    assert (ROOT / pinned.PAGE).read_text("utf-8") == pinned.page()
    assert list(rates()) == pinned.rates()


def test_every_form_era_and_measure_that_was_measured_is_there() -> None:
    rows = {(subject, material): (exact, stated) for subject, material, exact, stated in rates()}
    assert rows["f2021", "tables in PDF with text"] == (389, 389)
    assert {subject for subject, _ in rows} > {
        "f2014",
        "f2019",
        "2008–2013",
        "from 2021",
        "disc_total",
        "every measure",
    }
    assert all(0 <= exact <= stated for exact, stated in rows.values())
