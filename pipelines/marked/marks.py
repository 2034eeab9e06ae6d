"""The marks themselves: noncharacters of Unicode, legal in XML, never in a text."""

from __future__ import annotations

BLOCK, TABLE, TABLE_END, ROW, CELL, CELL_END = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5"
PAGE = "\ufdd6"
"""Before the name of the place from which on the words of a document stand: a block of its own, no paragraph."""
