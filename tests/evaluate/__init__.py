"""How well the program reads pages that a careful reader has read: `python -m tests.evaluate [FOLDER]`.

The folder of gold holds third parties' pages and stays out of the repository. Every part returns scores; the table is
printed by `tests.evaluate.__main__`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Score:
    """One line of the table: how many of `total` are exact, and a sentence for every one that is not."""

    name: str
    right: int = 0
    total: int = 0
    misses: list[str] = field(default_factory=list)

    def check(self, where: str, got: object, expected: object) -> bool:
        """Count one comparison; a miss is noted as `where: got …, expected …`."""
        self.total += 1
        if got == expected:
            self.right += 1
            return True
        self.misses.append(f"{where}: got {got!r}, expected {expected!r}")
        return False


def gold_folder(argument: str | None = None) -> Path | None:
    """Where the gold is: the argument, else NIANBAO_GOLD, else `gold/` in the checkout; None if absent."""
    stated = argument or os.environ.get("NIANBAO_GOLD")
    folder = Path(stated) if stated else Path(__file__).resolve().parents[2] / "gold"
    return folder if (folder / "pages.jsonl").is_file() else None
