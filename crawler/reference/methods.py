"""The ways in which figures are found, by the names that an archive keeps of them, and what each means."""

from __future__ import annotations

TABLE_METHODS = {
    "label+header": "row by its label, column by its header",
    "label+position": "row by its label, column counted from the right: the header does not fit the row or is missing",
    "label+sum": "row by its label, its numbers beside their columns: the one order that keeps the row's sum",
    "position": "row or column by its place between those that are known",
    "header": "column by the path of its headers (section 四 has no row labels)",
    "sums": "digits printed without gaps, cut in the only way in which the sums of the form hold",
    "digits": "digits printed without gaps that can be cut in one way only",
    "text line": "row by its label in the text, numbers counted after it",
    "words for none": "a word that says there was none",
    "ambiguous": "several readings; no value",
    "several reports": "the page holds the reports of several years or organs; no value",
    "other year": "the table says that it is about another year; no value",
}
"""How a figure of a table was found; «, …» after the name: 元 to 万元, signed words, implausible, unread."""

OUTSIDE = {
    "other time": "the sentence counts another time than the report's year: since a day, several years, a quarter",
    "other organs": "the sentence counts some of the organs only (县直部门, 各乡镇), and no sum of all is stated",
    "other topic": "the sentence counts one topic or field only (就业, 义务教育)",
    "other channel": "the sentence counts what one channel published and states no total",
    "other kind": "the sentence speaks of reviews or lawsuits of any kind, not of those on disclosure",
    "unread": "words that may name the measure stand before the number, and no rule reads them",
    "bound": "the sentence states an aim, a bound or a rate (不少于, 力争, 每月, 以上) and no count",
}
"""Why a number of a measure is not the report's own figure of it."""

SENTENCE_METHODS = {
    "sentence": "a number beside the words that name its measure",
    "list": "numbers in the order of the measures named before («分别为»)",
    "all of them": "words that say that all were so («均予维持», «按时办结率100%»)",
    "parts add up": "the outcomes that the text states add up to the requests received; the total itself is not stated",
    "words for none": "words that say that there was none («未收到», «没有发生»)",
    "ambiguous": "sentences of the same scope disagree; no value, each number in `raw`, each sentence in `evidence`",
    **{name: f"{meaning}; no value" for name, meaning in OUTSIDE.items()},
}
"""How a figure of the text was found, or why it has no value."""
