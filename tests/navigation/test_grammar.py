"""Random portals out of a grammar: every report is archived, or a problem row names its list.

`NIANBAO_PORTALS` says how many (1,000 where nothing is said), `NIANBAO_SEED` from which seed on (0).
"""

from __future__ import annotations

import os
import re

from crawler.conventions.registry import PAGING
from crawler.records.problemkinds import PROBLEM_KINDS
from tests import ROOT
from tests.support.grammar import Portal, portal
from tests.support.walking import HOST, Walked, walked

PORTALS = int(os.environ.get("NIANBAO_PORTALS", "1000"))
FIRST = int(os.environ.get("NIANBAO_SEED", "0"))
_SHOWN = 15
"""Faults printed in full."""


def fault(made: Portal, came: Walked) -> str | None:
    """What is wrong with a walk: a report lost without a word, another list asked for, a page asked twice."""
    lost = made.reports - came.reports.keys()
    named = {problem.url.removeprefix(HOST) for problem in came.problems}
    if lost and named.isdisjoint(made.places):
        return f"{len(lost)} of {len(made.reports)} reports lost and nothing said"
    if asked := [path for path in came.asked if any(path.startswith(decoy) or decoy in path for decoy in made.decoys)]:
        return f"asked for what is no page of the list: {asked[:3]}"
    if len(set(came.asked)) < len(came.asked):
        return "an address asked twice"
    return None


def test_every_report_is_archived_or_a_problem_row_names_its_list() -> None:
    faults = []
    whole = 0
    for seed in range(FIRST, FIRST + PORTALS):
        made = portal(seed)
        came = walked(made.pages)
        whole += made.reports == came.reports.keys()
        if (said := fault(made, came)) is not None:
            faults.append(f"seed {seed}, {' | '.join(made.made_of)}: {said}; {came.kinds()}")
    print(f"seeds {FIRST} to {FIRST + PORTALS - 1}: {whole} archived whole, {len(faults)} faults")
    assert not faults, "\n".join(["", *faults[:_SHOWN], f"{len(faults)} in all"])


def test_the_ledger_of_what_leads_on_names_rules_and_kinds_that_there_are() -> None:
    page = (ROOT / "docs" / "leading-on.md").read_text("utf-8")
    for row in (line for line in page.splitlines() if line.startswith("| ") and "`" in line):
        kinds = re.findall(r"`([a-z]+_[a-z_]+)`", row.split(" | ")[-1])
        assert set(kinds) <= PROBLEM_KINDS.keys(), row
    generic = {rule.name for rule in PAGING[[rule.name for rule in PAGING].index("?page=N") :]}
    assert {name for name in generic if name not in page} == set()
    for path in re.findall(r"`((?:crawler|tests)/[\w/.]+)`", page):
        assert (ROOT / path).exists(), path
