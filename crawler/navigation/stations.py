"""The trail as a profile gives it: the labels of each step, and which of a page's links are the next one."""

from __future__ import annotations

from dataclasses import replace

from crawler.navigation.emitter import Emitter
from crawler.navigation.places import place_named
from crawler.navigation.positions import entered
from crawler.records.capture import Step
from crawler.records.ways import Plan, Position
from crawler.words.labels import read_label
from crawler.words.link import Link
from crawler.words.text import squeeze

MAX_COLUMNS = 12
"""Columns entered from one page: the city's, its departments', the districts', each under its own name."""
MARKS = frozenset({"{year}", "{region}"})


def column_step(plan: Plan) -> int:
    """The index of the profile's label that enters the column: the one named like it, else the last before the
    marks."""
    labels = plan.labels or ()
    for at, step in enumerate(labels):
        if any(read_label(squeeze(label)).kind == "column" for label in step):
            return at
    last = -1
    for at, step in enumerate(labels):
        if set(step) <= MARKS:
            if last >= 0:
                return last
        else:
            last = at
    return last


def by_profile(links: list[Link], position: Position, plan: Plan, emitter: Emitter) -> list[Link]:
    """Follow the links that fit the furthest step of the profile's trail up to the column; return the others."""
    if not plan.labels:
        return links
    column = column_step(plan)
    taken = _taken(position, plan)
    best, chosen = -1, []
    for at in range(taken, column + 1):
        fitting = [link for link in links if _fits(link.label, plan.labels[at], plan)]
        if fitting:
            best, chosen = at, fitting
    for link in chosen[:MAX_COLUMNS]:
        if best == column:
            where = entered(position, link.label, link.url, plan.region)
        else:
            years = read_label(link.label).years
            year = years[0] if "{year}" in plan.labels[best] and years else position.year
            if year is not None and year not in plan.years:
                emitter.ways.skip("wrong_year", link.label, link.url)
                continue
            where = replace(position, trail=(*position.trail, Step(link.label, link.url)), year=year)
        emitter.emit(link.url, link.label, where, "step")
    taken_ids = set(map(id, chosen))
    return [link for link in links if id(link) not in taken_ids]


def _taken(position: Position, plan: Plan) -> int:
    """How many of the profile's steps the trail has behind it."""
    taken = 0
    for step in position.trail:
        for at in range(taken, len(plan.labels or ())):
            if _fits(step.label, (plan.labels or ())[at], plan):
                taken = at + 1
                break
    return taken


def _fits(label: str, step: tuple[str, ...], plan: Plan) -> bool:
    for wanted in step:
        if wanted == "{year}":
            if read_label(label).kind == "year":
                return True
        elif wanted == "{region}":
            if place_named(label, plan.region) is not None:
                return True
        elif label == squeeze(wanted):
            return True
    return False
