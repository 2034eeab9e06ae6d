"""What a report says: its facts, chapters, files, figures, and whether they fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

OrganKind = Literal["government", "government_office", "department", "township", "zone"]
"""What the organ is that a report speaks for (sources/law#who-owes-a-report)."""

Form = Literal["narrative", "f2014", "f2019", "f2021"]
"""Which statistical form a report carries (sources/law#report-years)."""


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of a report: `position` counts from 0, `level` from 1; `heading` None before the first heading.

    `start` and `length` are those of its words, without the heading, in the report's text; `start` counts from 1.
    """

    position: int
    level: int
    heading: str | None
    start: int
    length: int

    def text(self, report: str | None) -> str:
        """Its words, out of the report's text."""
        return (report or "")[self.start - 1 : self.start - 1 + self.length]


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


class Place(NamedTuple):
    """Where a figure is printed: `words`, the sentence; or a table's number in its document, row and column, all
    counted from 1, and the labels of both as printed.

    `row` None: told of the table or a label in it, not of a cell; `column` None: of the row. `page`: the place in a
    document, «page 3» or «sheet 表1»; `file`: the address of the attachment that holds the table, and `name` its label;
    None and "" for the report itself.
    """

    words: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    row_label: str = ""
    column_label: str = ""
    page: str = ""
    file: str | None = None
    name: str = ""

    def in_words(self, raw: str | None) -> str:
        """The sentence, or the place in words with what the cell holds. The view `statistics` says the same."""
        if self.words is not None:
            return self.words
        document = f"attachment «{self.name}», " if self.file is not None else ""
        page = f"{self.page}, " if self.page else ""
        row = f", row {self.row}" if self.row is not None else ""
        label = f" «{self.row_label}»" if self.row_label else ""
        column = ", column" if self.column is not None or self.column_label else ""
        number = f" {self.column}" if self.column is not None else ""
        head = f" «{self.column_label}»" if self.column_label else ""
        cell = f": «{raw or ''}»" if self.column is not None else ""
        return f"{document}{page}table {self.table}{row}{label}{column}{number}{head}{cell}"


@dataclass(slots=True)
class Figure:
    """One figure of a report. `code`: a measure of the form (data/forms), None for a local row kept verbatim.

    `item` and `applicant`: the code's halves, or the row's label where there is no code. `value`: in `unit`; None where
    the cell is blank or says nothing that is a number, `raw` then still holds what is printed. `method`: the rule that
    found it. `start`, counted from 1, and `length`: where the sentence or the cell stands in the text of the report, or
    of the attachment that `place` names; None where it does not stand there.
    """

    form: Form
    code: str | None
    item: str
    applicant: str | None
    value: float | None
    raw: str | None
    unit: str | None
    place: Place
    method: str
    start: int | None = None
    length: int | None = None

    @property
    def evidence(self) -> str:
        """The sentence as printed, or table, row and column with the cell's text."""
        return self.place.in_words(self.raw)


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
