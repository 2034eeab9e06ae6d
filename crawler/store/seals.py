"""Seals: what says of a portal's generation that it is whole, and what is in it. Written last; the newest holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from crawler.records.errors import StoreError
from crawler.store.names import CURRENT, archive_name, place_of_seal, seal_name
from crawler.store.store import Content, Store

_AT_ONCE = 16
"""Seals that are asked for at a time: each is a request to S3."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed generation. `objects`: what each holds, by name; `uuid`: the archive's; `program`: the version that
    made it; `made_at`: UTC."""

    portal: str
    generation: int
    uuid: str
    program: str
    made_at: str
    objects: Mapping[str, Content]

    @property
    def archive(self) -> tuple[str, Content]:
        """Name and content of the archive."""
        name = archive_name(self.portal, self.generation)
        return name, self.objects[name]


def seal(store: Store, sealed: Seal) -> None:
    """Say that a generation is whole. Raises StoreError, and where that generation has another seal."""
    words = json.dumps(asdict(sealed), ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    store.put(seal_name(sealed.portal, sealed.generation), words.encode())


def current(store: Store, portal: str | None = None) -> dict[str, Seal]:
    """The newest sealed generation of each portal, or of one, by portal in order. Raises StoreError."""
    newest: dict[str, int] = {}
    for entry in store.list(CURRENT if portal is None else f"{CURRENT}/{portal}"):
        place = place_of_seal(entry.name)
        if place is not None:
            newest[place[0]] = max(place[1], newest.get(place[0], 0))
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        seals = list(threads.map(lambda place: read_seal(store, *place), sorted(newest.items())))
    return {sealed.portal: sealed for sealed in seals}


def read_seal(store: Store, portal: str, generation: int) -> Seal:
    """The seal of one generation. Raises StoreError where there is none, or none that can be read."""
    name = seal_name(portal, generation)
    body = store.read(name)
    try:
        sealed = seal_of(json.loads(body))
        if (sealed.portal, sealed.generation) != (portal, generation) or archive_name(
            portal, generation
        ) not in sealed.objects:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StoreError(
            f"{name} in {store.url} is no seal; expected JSON with portal {portal}, generation {generation} and"
            " objects, the archive among them"
        ) from None
    return sealed


def seal_of(fields: Mapping[str, Any]) -> Seal:
    """A seal by its fields as JSON has them. Raises ValueError, KeyError, TypeError or AttributeError."""
    objects = {key: Content(str(value["sha256"]), int(value["bytes"])) for key, value in fields["objects"].items()}
    return Seal(
        str(fields["portal"]), int(fields["generation"]), str(fields["uuid"]), str(fields["program"]),
        str(fields["made_at"]), objects,
    )  # fmt: skip
