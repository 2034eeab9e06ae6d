"""What a report says: its facts, chapters, files, figures, and whether they fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OrganKind = Literal["government", "government_office", "department", "township", "zone"]
"""What the organ is that a report speaks for (sources/law#who-owes-a-report)."""

Form = Literal["narrative", "f2014", "f2019", "f2021"]
"""Which statistical form a report carries (sources/law#report-years)."""


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of a report: `position` counts from 0, `level` from 1; `heading` None before the first heading."""

    position: int
    level: int
    heading: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or picture that belongs to a report: absolute URL and the link's words.

    `media_type`: what its bytes are, else what its name suggests. `text`: its words, once it is here and was read.
    `part`: a further page of the report itself, whose words are the report's and stand behind those of its page.
    """

    url: str
    label: str | None
    media_type: str | None
    text: str | None = None
    part: bool = False


@dataclass(slots=True)
class Figure:
    """One figure of a report. `code`: a measure of the form (data/forms), None for a local row kept verbatim.

    `item` and `applicant`: the code's halves, or the row's label where there is no code. `value`: in `unit`; None where
    the cell is blank or says nothing that is a number, `raw` then still holds what is printed. `evidence`: the sentence
    as printed, or table, row and column with the cell's text. `method`: the rule that found it.
    """

    form: Form
    code: str | None
    item: str
    applicant: str | None
    value: float | None
    raw: str | None
    unit: str | None
    evidence: str
    method: str


@dataclass(slots=True)
class Check:
    """A sum or comparison that a report's figures must meet. `holds` None: it cannot be told."""

    rule: str
    subject: str
    holds: bool | None
    expected: str | None
    actual: str | None


@dataclass(slots=True)
class Report:
    """The facts of one report; field by field the columns of table `reports`. None: not stated."""

    title: str | None = None
    organ: str | None = None
    organ_kind: OrganKind | None = None
    region_code: str | None = None
    region: str | None = None
    report_year: int | None = None
    published_on: str | None = None
    signed_on: str | None = None
    source: str | None = None
    index_no: str | None = None
    doc_no: str | None = None
    form: Form | None = None
