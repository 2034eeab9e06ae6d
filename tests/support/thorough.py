"""How many of the moments, limits and examples of a kind the tests try: docs/testing.md says where it counts."""

from __future__ import annotations

import os

THOROUGH = bool(os.environ.get("NIANBAO_THOROUGH"))
"""All of them, however long it takes; else those of which each shows something that no other does."""
