"""The section of docs/bench.md on bytes: of each kind of pages the last that were measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.bench.markdown import spread, table, wanted

KINDS = {
    "real": ("Pages like real ones", "file"),
    "dense": ("Dense pages", "dense file"),
    "texts": ("Real pages", None),
}
"""What the pages are, in the order of the page, and the name of what is wanted of the compacted file."""
_OF_TEXTS = (
    "Pages of many portals that readers of the project labelled, a few of each, so that a page is seldom packed against"
    " another of its portal; imported from the WARC that they are held against. They are not in the repository: without"
    " them (`NIANBAO_GOLD`) the last figures stay."
)


def in_bytes(figures: Mapping[str, Any]) -> list[str]:
    """The section's paragraphs and tables out of a run's figures."""
    parts = [
        "## Bytes",
        "`python -m tests.bench --parts bytes --write` measures this alone, with `--shape` each shape; the responses in"
        " .warc.gz have true digests. By table: SQLite's `dbstat`, each table with its indexes, those above a hundredth"
        " of the file.",
    ]
    for kind, (title, target) in KINDS.items():
        if found := figures["bytes"].get(kind):
            head = f"### {title}\n\n{found['pages']:,} pages, measured on {found['date']} at commit {found['commit']}."
            told = f"{head} {_OF_TEXTS}" if kind == "texts" else head
            parts += [told, _whole(found["sizes"], target), _tables(found["sizes"])]
    return parts


def _whole(sizes: Mapping[str, Any], target: str | None) -> str:
    rows = []
    for name, label, bound in (
        ("bodies", "bodies", "bodies" if target else None),
        ("file", "whole archive", None),
        ("compacted", "after `nianbao compact`", target),
    ):
        ratio = [sizes[name] / sizes["warc"]]
        rows.append([label, _megabytes(sizes[name]), _megabytes(sizes["warc"]), spread(ratio),
                     wanted(bound, ratio) if bound else ""])  # fmt: skip
    return table(("", "MB", "the same responses in .warc.gz, MB", "ratio", "wanted"), rows)


def _tables(sizes: Mapping[str, Any]) -> str:
    before, after, small = sizes["tables"], sizes["tables_compacted"], sizes["compacted"]
    shares = [(name, size, after[name]) for name, size in before.items() if size > sizes["file"] / 100]
    rows = [
        (f"`{name}`", _megabytes(size), f"{size / sizes['file']:.0%}", _megabytes(packed), f"{packed / small:.0%}")
        for name, size, packed in shares
    ]
    return table(("table", "MB", "of the file", "compacted, MB", "of the file"), rows)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.2f}"
