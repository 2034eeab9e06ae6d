"""How a followed link changes the position: what a step says of year, region and organs, and what it replaces.

A position never holds two years (nor two groups, nor two regions side by side): a year page shows all the other years
in its navigation, and following one of them replaces the year on the trail and all that came after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.navigation.places import place_named
from crawler.records.capture import Step
from crawler.records.report import OrganKind
from crawler.records.ways import Group, Position
from crawler.words.addresses import canonical, host_of
from crawler.words.labels import Label, read_label


@dataclass(frozen=True, slots=True)
class Facts:
    """What one label says of where it leads; None: nothing."""

    year: int | None = None
    region: str | None = None
    group: Group | None = None
    organ_kind: OrganKind | None = None


def facts_of(label: str, region: str) -> Facts:
    """What a tidied label says, in a portal of the region with this code.

    A year step names one year; a place's name inside the region is a region step; the region's own name or 市政府 is
    the city; the rest are groups (sources/pages#names-of-columns).
    """
    said: Label = read_label(label)
    year = said.years[0] if said.kind == "year" and len(said.years) == 1 else None
    if said.group is not None:
        return Facts(year, None, said.group, said.organ_kind)
    place = place_named(label, region)
    if place is not None:
        own = place == region
        return Facts(year, None if own else place, "city" if own else None, "government" if own else None)
    return Facts(year)


def entered(position: Position, label: str, url: str, region: str) -> Position:
    """The position on the column's page, reached by a link with this label."""
    facts = facts_of(label, region)
    return replace(
        position,
        trail=(*position.trail, Step(label, url)),
        in_column=True,
        year=facts.year if facts.year is not None else position.year,
        region=facts.region or position.region,
        group=facts.group or position.group,
        organ_kind=facts.organ_kind or position.organ_kind,
        list_url=None,
        page_no=1,
        column_url=url,
    )


def stepped(position: Position, label: str, url: str, region: str) -> Position:
    """The position after a step inside the column. A step of a kind that the trail already has replaces the earlier
    one."""
    facts = facts_of(label, region)
    base = _before(position, facts, region)
    moved_host = base.column_url is None or host_of(base.column_url) != host_of(url)
    year = None if moved_host else base.year  # a district's own column, linked from one year's page, has all years
    return replace(
        base,
        trail=(*base.trail, Step(label, url)),
        year=facts.year if facts.year is not None else year,
        region=facts.region or base.region,
        group=facts.group or base.group,
        organ_kind=facts.organ_kind or base.organ_kind,
        list_url=None,
        page_no=1,
        column_url=url if moved_host else base.column_url,
    )


def _before(position: Position, facts: Facts, region: str) -> Position:
    """The position before the first step, inside the column, of a kind that the new step has too."""
    if not (
        (facts.year is not None and position.year is not None)
        or (facts.region is not None and position.region is not None)
        or (facts.group is not None and position.group is not None)
    ):
        return position
    first = _first_inside(position)
    for at in range(first, len(position.trail)):
        own = facts_of(position.trail[at].label, region)
        if (
            (facts.year is not None and own.year is not None)
            or (facts.region is not None and own.region is not None)
            or (facts.group is not None and own.group is not None)
        ):
            return _replayed(position, first, at, region)
    return position


def _first_inside(position: Position) -> int:
    """The index of the first step after the one that entered the column."""
    if position.column_url is not None:
        key = canonical(position.column_url)
        for at, step in enumerate(position.trail):
            if canonical(step.url) == key:
                return at + 1
    for at, step in enumerate(position.trail):
        if read_label(step.label).kind == "column":
            return at + 1
    return len(position.trail)


def _replayed(position: Position, first: int, end: int, region: str) -> Position:
    """The position as it was after the steps before `end`, of which the one before `first` entered the column."""
    base = replace(position, trail=position.trail[:end], year=None, region=None, group=None, organ_kind=None)
    for step in position.trail[first - 1 : end]:
        facts = facts_of(step.label, region)
        base = replace(
            base,
            year=facts.year if facts.year is not None else base.year,
            region=facts.region or base.region,
            group=facts.group or base.group,
            organ_kind=facts.organ_kind or base.organ_kind,
        )
    return base


def to_item(position: Position, label: str, url: str, region: str) -> Position:
    """The position of a list's entry. A title that is only a place's name tells the region; a title's year is the
    report's own and not the column's."""
    place = place_named(label, region)
    return replace(
        position,
        trail=(*position.trail, Step(label, url)),
        region=place if place not in (None, region) else position.region,
        list_url=None,
        page_no=1,
    )
