"""Tests, a folder a room of the house; what they share is in `support` and `servers`."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The folder of the project."""
