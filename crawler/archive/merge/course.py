"""What the merge of one source has found so far: by which numbers its rows go here, and what is touched by them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Course:
    """`runs`, `captures`, `redactions`, `reports`: numbers there to numbers here.

    `fresh`: captures of which nothing was here. `touched`: those here that say something else now. `moved`: numbers
    that captures had here, to those that they have now that they were met earlier. `shared`: addresses of which
    captures were here before. `tombstones`: captures that came without their bytes. `source_id`: the row of `sources`.
    """

    source_id: int
    runs: dict[int, int] = field(default_factory=dict)
    captures: dict[int, int] = field(default_factory=dict)
    redactions: dict[int, int] = field(default_factory=dict)
    reports: dict[int, int] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    tombstones: set[int] = field(default_factory=set)
