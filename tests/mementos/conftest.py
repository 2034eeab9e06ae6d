"""The captures of a made-up portal's lost generations, made once for all tests here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.servers.mementos import Held
from tests.support.generations import GENERATIONS, generation


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Held], list[dict[str, Any]]]:
    """All captures of the generations, and all reports that they had."""
    held: list[Held] = []
    truth: list[dict[str, Any]] = []
    for make, host, stamp in GENERATIONS:
        captures, reports = generation(tmp_path_factory.mktemp(make), make, host, stamp)
        held += captures
        truth += reports
    return held, truth
