"""Comments of the lists of codes, of the archive's name and of what a merge needs."""

from __future__ import annotations

COMMENTS: dict[str, dict[str, str]] = {
    "forms": {
        "": "The statistical forms, and the text. Filled from the program's data (docs/codebook.md).",
        "id": "number of the form in this file",
        "name": "f2014, f2019, f2021 (tables) or narrative (a sentence)",
        "since": "first report year; NULL for narrative",
        "until": "last report year; NULL: in use, or narrative",
    },
    "measures": {
        "": "Every code of a figure, over all forms. Filled from the program's data (docs/codebook.md).",
        "id": "number of the measure in this file",
        "code": "item and applicant, as req_granted__natural_person",
        "item": "the line of the form, as req_granted",
        "applicant": "the column of the form, as natural_person; NULL where the form has none",
        "forms": "JSON list of the forms that print it; sentences state those of f2014",
        "section": "二, 三, 四 or annex: the part of the form; empty for a code of another version of the program",
        "row": "place among the section's rows, from 1",
        "label_zh": "as the newest form prints it",
        "label_en": "the same in English",
        "unit": "条, 件, 人, 次, 万元 …; NULL: the form prints none",
        "series": "the question over the years that it answers (docs/codebook.md)",
        "comparable": "how it compares with what the newest form asks: same, broader, narrower, other",
        "since": "first report year of its forms",
        "until": "last report year of its forms; NULL: in use",
        "sums": "JSON list: each sum of the forms whose whole it is, as a list of the codes of the parts",
    },
    "methods": {
        "": "The ways in which figures were found, as far as this archive has any by them.",
        "id": "number of the method in this file",
        "name": "as in statistics.method",
        "meaning": "what it means (docs/codebook.md); NULL for one of another version of the program",
    },
    "regions": {
        "": "Codes of GB/T 2260 that held at any time since 2008; of townships those of counties of which one's report "
        "is here. Filled from the program's data; a code that no list has is there with its name alone.",
        "code": "six digits; nine for a township",
        "name": "the latest name under that code",
        "full_name": "with the names of what it lies in",
        "parent": "code of what it lies in; NULL for a province",
        "level": "province, prefecture, county or township; NULL for a code that no list has",
        "valid_from": "the year from which it holds; NULL: before 2008",
        "valid_to": "the last year in which it held; NULL: it still does",
        "former_names": "JSON list of the names that the code had before, the oldest first",
        "predecessors": "JSON list of the codes that became this one",
        "successors": "JSON list of the codes that this one became",
    },
    "archive": {
        "": "The archive itself, one row. Observed.",
        "uuid": "its name everywhere, given when it was made; ids in feeds begin with it",
        "form": "of the tables: 2",
        "made_at": "UTC, when it was made, or brought to this form",
        "program": "version of nianbao that filled the lists of codes",
    },
    "sources": {
        "": "Archives that were merged into this one. Observed.",
        "id": "number of the source",
        "uuid": "its archive.uuid",
        "name": "name of its file",
        "state": "how far it had come when it was merged",
        "merged_at": "UTC",
    },
    "merged_ids": {
        "": "What the rows of merged archives are numbered here. Observed.",
        "source_id": "the source",
        "name": "name of the table",
        "source_key": "number of the row there",
        "id": "number of the row here",
    },
}
