"""The modules that are measured, and the tests that are to hold each: few, and quick."""

from __future__ import annotations

_WALK = "tests/navigation/test_walk.py"

MEASURED: dict[str, tuple[str, ...]] = {
    "crawler/runs/recheck.py": ("tests/runs/test_recheck.py",),
    "crawler/archive/write/placement.py": ("tests/archive/test_placement.py",),
    "crawler/archive/write/reportaddresses.py": ("tests/archive/test_placement.py",),
    "crawler/archive/file/identity.py": ("tests/archive/test_identity.py",),
    "crawler/reference/placenames.py": ("tests/reference/test_placenames.py", "tests/reference/test_divisions.py"),
    "crawler/navigation/walk.py": (_WALK,),
    "crawler/navigation/gate.py": (_WALK,),
    "crawler/navigation/columnpages.py": (_WALK,),
    "crawler/navigation/progress.py": (_WALK,),
    "crawler/navigation/detours.py": (_WALK,),
    "crawler/navigation/parts.py": (_WALK,),
    "crawler/navigation/lists.py": ("tests/navigation/test_lists.py",),
    "crawler/navigation/itinerary.py": (_WALK,),
    "crawler/navigation/positions.py": ("tests/navigation/test_positions.py",),
}
"""By the module's path; `make mutants` walks over all of them."""
