"""Writes the pages of docs/ that are made of the code: nothing that a user meets is undocumented.

`make docs` writes it; a test fails when the page is not what the code says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

import click

from crawler.archive.schema.comments import COMMENTS
from crawler.conventions.registry import SYSTEMS
from crawler.manual import codebook
from crawler.records.problemkinds import PROBLEM_KINDS
from crawler.records.problems import ATTENTION_ABOVE
from crawler.records.ways import SKIP_REASONS
from crawler.site import register
from pipelines.recognise.stage import RULES
from pipelines.recognise.titles import RULES as TITLE_RULES

PAGE = Path("docs/reference.md")
CONVENTIONS = Path("docs/conventions.md")


def reference() -> str:
    """The whole page as Markdown."""
    parts = [
        "# Reference",
        "Written by `make docs` out of the code; do not edit.",
        *_commands(),
        *_settings(),
        "## Problems",
        "Rows of table `problems`. Those marked * end a run with exit code 1, those with a number behind it only where"
        " the run met more of them.",
        _table(
            ("kind", "meaning"),
            ((f"`{k}`{_attention(k)}", v.meaning) for k, v in PROBLEM_KINDS.items()),
        ),
        "## Links not followed",
        "Keys of `captures.links_skipped`.",
        _table(("reason", "meaning"), ((f"`{k}`", v) for k, v in SKIP_REASONS.items())),
        "## Rules of recognition",
        "In the order in which they are asked; `nianbao extract` shows those that spoke.",
        _table(("rule", "source"), ((f"`{rule.name}`", _linked(rule.source)) for rule in RULES)),
        "Titles are judged by these, the first that fits:",
        _table(("rule", "source"), ((f"`{rule.name}`", _linked(rule.source)) for rule in TITLE_RULES)),
        "## Tables",
        *_tables(COMMENTS),
    ]
    return "\n\n".join(parts) + "\n"


def _attention(kind: str) -> str:
    above = ATTENTION_ABOVE.get(kind)
    return "" if above is None else f"* > {above}" if above else "*"


def conventions() -> str:
    """The page on publishing systems as Markdown: how each is told, where its articles stand, how its lists go on."""
    parts = [
        "# Publishing systems",
        "Written by `make docs` out of `crawler/conventions`; do not edit. Systems are asked in this order; a rule is "
        "asked of every page, whatever system the portal is of.",
    ]
    for system in SYSTEMS:
        rows = [
            ("learnt from", _linked(system.source)),
            ("told by its pages", " ".join(f"`{mark}`" for mark in system.marks)),
            ("told by addresses", " ".join(f"`{shape}`" for shape in (*system.addresses, *system.modules))),
            ("addresses of articles", " ".join(f"`{shape}`" for shape in system.articles)),
            ("bodies", " ".join(f"`{name}`" for name in (*system.ids, *system.classes))),
            ("paging", "; ".join(f"{rule.name} ({_linked(rule.source)})" for rule in system.paging)),
            ("rows from a service", "yes" if system.answer else ""),
            ("rows as data in a page", "yes" if system.embedded else ""),
            ("test portal", f"`tests/servers/{system.server}.py`" if system.server else "all of them"),
        ]
        parts += [f"## {system.name}", _table(("", ""), [row for row in rows if row[1]])]
    return "\n\n".join(parts) + "\n"


def _linked(source: str) -> str:
    """A source with its citations as links to the pages beside docs/reference.md."""
    return re.sub(r"\bsources/([\w-]+)#([\w-]+)", r"[\1: \2](sources/\1.md#\2)", source)


def _commands() -> Iterable[str]:
    from crawler.commands.cli import cli

    yield "## Commands"
    for name, command in sorted(cli.commands.items()):
        context = click.Context(command, info_name=f"nianbao {name}")
        yield f"### {name}"
        yield "```\n" + command.get_help(context) + "\n```"


def _settings() -> Iterable[str]:
    yield "## Settings"
    yield "Of Scrapy, as set in `crawler/fetching/settings.py`; override with `scrapy crawl -s NAME=VALUE`."
    source = resources.files("crawler.fetching").joinpath("settings.py").read_text("utf-8")
    rows = []
    reason: list[str] = []
    before = ""
    for line in source.splitlines():
        if line.startswith("# "):
            # A comment goes for the settings below it, until the next one or an empty line.
            reason = [*(reason if before.startswith("# ") else ()), line[2:]]
        elif match := re.match(r"([A-Z_]+) = (.*)", line):
            value = match[2] if not match[2].endswith(("{", "(")) else "see the file"
            rows.append((f"`{match[1]}`", f"`{value}`", " ".join(reason)))
        elif not line.strip():
            reason = []
        before = line
    yield _table(("setting", "value", "reason"), rows)


def _tables(comments: Mapping[str, Mapping[str, str]]) -> Iterable[str]:
    for table, columns in comments.items():
        yield f"### {table}"
        if "" in columns:
            yield columns[""]
        yield _table(("column", "what it holds"), ((f"`{k}`", v) for k, v in columns.items() if k))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
    CONVENTIONS.write_text(conventions(), encoding="utf-8")
    register.PAGE.write_text(register.manual(), encoding="utf-8")
    codebook.PAGE.write_text(codebook.codebook(), encoding="utf-8")
