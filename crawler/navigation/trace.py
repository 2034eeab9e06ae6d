"""What a walk took of all that stood on its pages, and what it did not, with the reason: for a person who looks on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.records.page import Page
from crawler.records.ways import Next, Position, Ways

MOST_NOTES = 40_000
"""Ways that are noted of one walk; the menus of a hundred pages come to as many."""
_LONGEST = 300
"""Characters of a label or an address that are kept."""
_TAKEN, _LATER, _AGAIN = "taken", "looked at where nothing else leads on", "not asked: asked before, or not due"


@dataclass(slots=True)
class Trace:
    """The pages of one walk, each with its ways. `cut`: ways that were not noted any more."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    cut: int = 0
    _count: int = 0

    def note(self, page: Page, position: Position, ways: Ways, taken: Sequence[Next]) -> None:
        """A page from which the walk went on: each way as [label, address, why it was asked or not]."""
        sent = {id(way) for way in taken}
        told = [
            (way.label, way.url, f"{_TAKEN}: {way.why}" if id(way) in sent else _fate(way)) for way in ways.next
        ] + ways.untaken
        room = max(0, MOST_NOTES - self._count)
        self.cut += max(0, len(told) - room)
        self._count += len(told)
        self.pages.append(
            {
                "page": page.capture.url,
                "kind": page.kind,
                "place": [step.label for step in position.trail],
                "in_column": position.in_column,
                "stated_total": ways.stated_total,
                "paging_rule": ways.paging_rule,
                "ways": [[label[:_LONGEST], address[:_LONGEST], why] for label, address, why in told[:room]],
            }
        )


def _fate(way: Next) -> str:
    return _LATER if way.why == "explore" else _AGAIN
