"""What the page of a report shows: its text with figures marked, checks and reviews beside them, and what it shares
with the reports it may have been copied from."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import quote

from crawler.archive.queries.reader import Reader
from crawler.archive.queries.versions import difference
from crawler.records.capture import RENDERED
from crawler.records.errors import RedactedError
from crawler.site.checks import sentences
from crawler.site.citation import bibtex, citation
from crawler.site.evidence import Block, blocks, names
from crawler.site.language import DEFAULT, language
from crawler.words import copying
from crawler.words.difference import compare


def report(archive: Reader, key: str) -> dict[str, Any] | None:
    """A report with its text in blocks, figures by form, failed checks, citation and links."""
    number = archive.reports.find(key)
    entry = None if number is None else archive.reports.get(number)
    if number is None or entry is None:
        return None
    capture = archive.captures.facts(entry["capture_id"])
    assert capture is not None
    live = entry["url"].removesuffix(RENDERED)
    files = archive.reports.files_read(number)
    figures = entry["statistics"]
    headings = [section["heading"] for section in entry["sections"]]
    parts = blocks(entry["text"] or "", headings, (figure for figure in figures if figure["document"] is None))
    read = _files(entry["attachments"], figures)
    shown = [*parts, *(block for _, inner in read for block in inner)]
    pieces = [piece for block in shown for piece in [*block.pieces, *(cell for row in block.rows for cell in row)]]
    placed = {position for piece in pieces for position in piece.figures}
    said = sentences(entry["checks"], figures)
    reviews = [review for review in entry["reviews"] if review["stands"]]
    return {
        "report": entry,
        "capture": capture,
        "live": live,
        "served": archive.captures.served(capture),
        "blocks": parts,
        "files": read,
        "names": names(figures),
        "figure_count": len(figures),
        "figures": [(form, list(group)) for form, group in groupby(figures, key=lambda figure: figure["form"])],
        "labels": _labels(figures),
        "placed": placed,
        "checks": {
            state: [check for check in said if check.holds is holds]
            for state, holds in (("failed", False), ("untold", None), ("held", True))
        },
        "failures": {
            position: [check for check in said if check.holds is False and check.position == position]
            for position in {check.position for check in said if check.holds is False}
        },
        "headings": [(block.anchor, "".join(piece.text for piece in block.pieces)) for block in parts if block.anchor],
        "standing": reviews,
        "former": len(entry["reviews"]) - len(reviews),
        "reviewed": {review["measure"]: review for review in reviews},
        "copied": _copied(archive, entry),
        "citation": citation(entry, capture, files),
        "bibtex": bibtex(entry, capture, files),
        "web_archive": "https://web.archive.org/web/*/" + live,
        "archive_today": "https://archive.ph/" + quote(live, safe=":/"),
        "days_late": archive.reports.days_late(number),
    }


def _copied(archive: Reader, entry: dict[str, Any]) -> dict[str, Any] | None:
    """How many sentences stand in the report of the same organ on the year before, and in those of neighbours on the
    same year (crawler.words.copying), with the neighbour that has the most of them; None for a text without any."""
    subject = copying.sentences(entry["text"] or "")
    if not subject:
        return None
    before, around = archive.kin.year_before(entry["id"]), archive.kin.neighbours(entry)
    theirs = [frozenset(copying.sentences(other["text"])) for other in around]
    shares = [copying.share(subject, others) for others in theirs]
    nearest = max(range(len(around)), key=lambda at: shares[at].copied, default=None)
    return {
        "before": before,
        "from_before": before and copying.share(subject, frozenset(copying.sentences(before["text"]))),
        "neighbours": len(around),
        "from_neighbours": copying.share(subject, frozenset().union(*theirs)),
        "nearest": None if nearest is None else around[nearest],
        "from_nearest": None if nearest is None else shares[nearest],
    }


def comparison(archive: Reader, key: str, other_key: str) -> dict[str, Any] | None:
    """Two reports held against each other, paragraph by paragraph: the other one first."""
    numbers = [archive.reports.find(item) for item in (key, other_key)]
    entries = [None if number is None else archive.reports.get(number) for number in numbers]
    report, other = entries
    if report is None or other is None:
        return None
    changes = compare(other["text"] or "", report["text"] or "")
    share = copying.share(copying.sentences(report["text"] or ""), frozenset(copying.sentences(other["text"] or "")))
    return {"report": report, "other": other, "changes_made": changes, "share": share}


def _files(
    attachments: list[dict[str, Any]], figures: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], list[Block]]]:
    """The attachments in which figures stand, with their texts."""
    documents = []
    for file in attachments:
        of_file = [figure for figure in figures if figure["document"] == file["position"]]
        if of_file and file["text"]:
            documents.append((file, blocks(file["text"], (), of_file)))
    return documents


def redacted(archive: Reader, number: int) -> dict[str, Any]:
    """What is left of a capture that was redacted."""
    return {"capture": archive.captures.facts(number), "redaction": archive.captures.redaction(number)}


def _labels(figures: list[dict[str, Any]]) -> dict[int, tuple[str, str | None]]:
    """By its position what a figure is of: its measure's name in the language at hand, and the printed label where that
    is another; a local row is its own label."""
    from crawler.reference.measures import form_of

    labels: dict[int, tuple[str, str | None]] = {}
    for figure in figures:
        form = "f2014" if figure["form"] == "narrative" else figure["form"]
        measure = form_of(form).measures.get(figure["code"] or "")
        if measure is None:
            labels[figure["position"]] = figure["item"], None
        elif language.get() == DEFAULT:
            labels[figure["position"]] = measure.label, None
        else:
            labels[figure["position"]] = measure.english, measure.label
    return labels


def versions(archive: Reader, key: str, older: int | None, newer: int | None) -> dict[str, Any] | None:
    """What two versions of a report differ in; by default the last two."""
    from pipelines import derive

    number = archive.reports.find(key)
    report = None if number is None else archive.reports.get(number)
    if number is None or report is None:
        return None
    numbers = [row["version"] for row in report["versions"]]
    newer = newer or max(numbers)
    older = older or max(newer - 1, 1)
    if newer not in numbers or older not in numbers:
        return None
    try:
        old, new = (archive.reports.version(number, version, derive) for version in (older, newer))
    except RedactedError as error:
        return {"report": report, "difference": None, "redacted": str(error)}
    return {"report": report, "difference": difference(number, old, new)}
