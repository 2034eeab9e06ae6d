"""Tests of readers start them as the program does."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _as_the_program_does(readers_afresh: None) -> None:
    """Not as copies of a reader that stands ready."""
