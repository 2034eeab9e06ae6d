"""The papers of a release that are no README: how to cite it, what may be done with it, what changed, what is wrong."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from string import Template
from typing import Any

from crawler.archive.exchange.columns import Row
from crawler.archive.release.package import Facts
from crawler.words.text import one_line

TITLE = "nianbao: annual reports of Chinese governments on information disclosure (政府信息公开工作年度报告)"
DESCRIPTION = (
    "Reports that Chinese governments must publish every year on how they disclose information"
    " (政府信息公开工作年度报告), their texts, and the figures read from them, each with its evidence."
)
MADE_UP = "Some reports are made up, and no source of anything: those of the portals {} (sample is 1 in portals.csv)."
MADE_UP_ZH = "部分报告为虚构示例，不可作为任何依据：门户 {}（portals.csv 中 sample 为 1）。"
_NOTHING_GRANTED = "They grant no more than the law does: ask them."


def template(name: str) -> Template:
    """A paper with its gaps, out of `data/release/`."""
    return Template(resources.files("crawler.data.release").joinpath(name).read_text("utf-8"))


def citation(facts: Facts) -> str:
    """How to cite a release, on one line."""
    return f"{'; '.join(facts.authors)} ({facts.day[:4]}). {TITLE}. Version {facts.version}. {facts.uuid}."


def citation_file(facts: Facts) -> str:
    """CITATION.cff (Citation File Format 1.2.0). Strings are written as JSON has them, which YAML reads."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these data, please cite them; cite each report by its own address too.",
        "type: dataset",
        f"title: {_quoted(TITLE)}",
        f"abstract: {_quoted(DESCRIPTION)}",
        "authors:",
        *(f"  - name: {_quoted(name)}" for name in facts.authors),
        f"version: {_quoted(facts.version)}",
        f"date-released: {_quoted(facts.day)}",
        *([f"license: {_quoted(facts.licence)}"] if facts.licence else []),
        "identifiers:",
        "  - type: other",
        f"    value: {_quoted(f'urn:uuid:{facts.uuid}')}",
        "    description: the archive that this is a release of",
        "keywords:",
        *(f"  - {_quoted(word)}" for word in ("freedom of information", "China", "政府信息公开", "年报")),
    ]
    return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def licence_note(facts: Facts) -> str:
    """LICENCE.md."""
    makers = ", ".join(facts.authors)
    grant = f"They put it under {facts.licence} (SPDX)." if facts.licence else _NOTHING_GRANTED
    return template("LICENCE.md").substitute(makers=makers, grant=grant)


def errata(rows: Sequence[Row], places: Mapping[str, int]) -> str:
    """ERRATA.md out of the rows of errata.csv; `places`: where its columns stand in them."""
    reviews = [row for row in rows if row[places["kind"]] == "review"]
    rules = Counter(row[places["verdict"]] for row in rows if row[places["kind"]] == "check")
    lines = [
        "# Errata",
        "",
        "Nothing that was read from a page is changed by hand: what is wrong or disputed is said here, and each row of"
        " it stands in `errata.csv` with the report's address.",
        "",
        "## What people say",
        "",
        *(_reviews(reviews, places) or ["Nobody says that anything is wrong."]),
        "",
        "## Checks that do not hold",
        "",
        "A sum that the report itself gets wrong stays as printed. The rules stand in `codebook.md`.",
        "",
        *([f"- {rule}: {count}" for rule, count in sorted(rules.items())] or ["None."]),
    ]
    return "\n".join(lines) + "\n"


def _reviews(rows: Sequence[Row], places: Mapping[str, int]) -> list[str]:
    return [_review({name: row[at] for name, at in places.items()}) for row in rows]


def _review(row: Mapping[str, Any]) -> str:
    about = f"{row['key']} ({row['organ']} {row['report_year']}), {row['subject'] or 'the report'}"
    return one_line(f"- {about}: {row['verdict']}. {row['note'] or ''} [{row['who']}, {row['at']}]")


def changelog(facts: Facts, changes: Mapping[tuple[str, str], int], loss: Sequence[str], earlier: str | None) -> str:
    """CHANGELOG.md: this release on top of what the `earlier` one says. `changes`: how many rows by table and kind of
    change; `loss`: what was lost, and published all the same."""
    head = "# Changelog of the corpus\n"
    lines = [head, f"## {facts.version}", "", f"As of {facts.day}; written by nianbao {facts.program}."]
    if facts.since is None:
        lines += ["", "The first release of its line."]
    else:
        lines += ["", f"Since {facts.since}; every row of it in `delta.parquet`.", "", *_table(changes)]
        lines += [f"\nLost, and published all the same: {sentence}." for sentence in loss]
    before = (earlier or "").partition(head)[2].strip("\n")
    return "\n".join([*lines, *(["", before] if before else [])]) + "\n"


def _table(changes: Mapping[tuple[str, str], int]) -> Iterator[str]:
    yield "| table | ADD | MOD | DEL |"
    yield "| --- | --- | --- | --- |"
    for table in sorted({table for table, _ in changes}):
        yield f"| {table} | " + " | ".join(str(changes.get((table, kind), 0)) for kind in ("ADD", "MOD", "DEL")) + " |"
