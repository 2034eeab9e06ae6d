"""What is used of Scrapy's inside stands in one list, and Scrapy still has it."""

from __future__ import annotations

import ast
import importlib
import tomllib
from pathlib import Path

from scrapy.core.downloader import Slot

from crawler.fetching.internals import INTERNALS
from tests import ROOT


def test_scrapy_has_every_private_name() -> None:
    for dotted in INTERNALS:
        module, owner, name = dotted.rsplit(".", 2)
        if owner[0].islower():
            assert hasattr(importlib.import_module(f"{module}.{owner}"), name), dotted
        elif name == "transferring":
            assert hasattr(Slot(1, 0), name), dotted
        else:
            kind = getattr(importlib.import_module(module), owner)
            assert hasattr(kind, name) or name in Path(importlib.import_module(module).__file__ or "").read_text(), (
                dotted
            )


def test_no_private_name_of_scrapy_is_imported_elsewhere() -> None:
    found = []
    for top in ("crawler", "spiders", "pipelines"):
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "scrapy":
                    found += [f"{node.module}.{name.name}" for name in node.names if name.name.startswith("_")]
    assert set(found) <= INTERNALS.keys()
    assert found == ["scrapy.utils.defer._schedule_coro"]


def test_scrapy_is_pinned_below_what_was_not_tried() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert "scrapy>=2.19,<2.20" in wanted
