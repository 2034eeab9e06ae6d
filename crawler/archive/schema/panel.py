"""The view `panel`: one row a region and year, the main measures as columns, each from the best source that has it.

The sources, best first: the tables of 2021 and 2019, the annex of 2014, the text. A measure that is a sum of rows of
the form (不予公开 in all) is added from those that are stated; a total left blank over filled columns is their sum.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One column: `rows` of section 三 or `cells` of section 四, added; `annex`: its code in f2014 and in the text."""

    name: str
    meaning: str
    unit: str
    rows: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    annex: str | None = None


_DENIED = (
    "state_secret", "law_forbidden", "security_stability", "third_party", "internal", "process", "enforcement_file",
    "admin_query",
)  # fmt: skip

MEASURES: tuple[Measure, ...] = (
    Measure("disclosed", "主动公开政府信息数", "条", annex="disc_total"),
    Measure("received", "新收（f2014、正文：收到）申请", "件", ("new_received",), annex="req_received"),
    Measure("carried_in", "上年结转申请", "件", ("carried_in",)),
    Measure("processed", "办理（答复）总数", "件", ("total_processed",), annex="req_answered"),
    Measure("granted", "予以公开", "件", ("granted",), annex="req_ans_granted"),
    Measure("partial", "部分公开", "件", ("partial",), annex="req_ans_partial"),
    Measure("denied", "不予公开", "件", tuple(f"denied_{row}" for row in _DENIED), annex="req_ans_denied"),
    Measure("not_held", "无法提供（f2014、正文：信息不存在）", "件",
            ("unable_not_held", "unable_need_create", "unable_unclear"), annex="req_ans_not_exist"),
    Measure("refused", "不予处理", "件",
            ("refused_petition", "refused_repeat", "refused_publication", "refused_abusive", "refused_confirm")),
    Measure("other", "其他处理", "件", ("other", "other_no_correction", "other_fee_unpaid", "other_other")),
    Measure("carried_out", "结转下年度", "件", ("carried_out",)),
    Measure("reviews", "行政复议", "件", cells=("review_total",), annex="review_total"),
    Measure("reviews_corrected", "行政复议被纠正", "件", cells=("review_corrected",), annex="review_corrected"),
    Measure("lawsuits", "行政诉讼", "件", cells=("suit_direct_total", "suit_after_review_total"), annex="suit_total"),
    Measure("lawsuits_corrected", "行政诉讼被纠正", "件",
            cells=("suit_direct_corrected", "suit_after_review_corrected"), annex="suit_corrected"),
)  # fmt: skip


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _sum(forms: tuple[str, ...], items: tuple[str, ...]) -> str:
    """The sum of some items of one report; of each its total, else what is stated of it by applicant."""
    # A code is its item and the applicant, and the index of a report's codes ends a search after a few rows: so a page
    # of the panel reads the figures of its own reports alone.
    total = "max(case when applicant is null or applicant = 'total' then value end)"
    parts = "sum(case when applicant <> 'total' then value end)"
    return (
        f"(select sum(value) from (select coalesce({total}, {parts}) as value from statistics"
        f" where report_id = chosen.id and form in ({_quoted(forms)})"
        f" and code >= '{min(items)}' and code < '{max(items)}~' and item in ({_quoted(items)}) group by form, item))"
    )


def _candidates(measure: Measure) -> str:
    """What each source states of a measure."""
    # Codes of f2014 and of the newer tables share some names (review_total): a table's value is of its own form.
    items = tuple(f"req_{row}" for row in measure.rows) or measure.cells
    table = _sum(("f2019", "f2021"), items) if items else "null"
    annex, text = (_sum((form,), (measure.annex,)) if measure.annex else "null" for form in ("f2014", "narrative"))
    return f"{table} as {measure.name}_table, {annex} as {measure.name}_annex, {text} as {measure.name}_text"


def _column(measure: Measure) -> str:
    """The best of the candidates, and the source that gave it."""
    table, annex, text = (f"{measure.name}_{source}" for source in ("table", "annex", "text"))
    return (
        f"    coalesce({table}, {annex}, {text}) as {measure.name},\n"
        f"    case when {table} is not null then form when {annex} is not null then 'f2014'"
        f" when {text} is not null then 'narrative' end as {measure.name}_source"
    )


CONFLICT = (
    "how many other texts claim the same organ, kind, region and year (problem identity_conflict); 0: none. Nothing "
    "says which of them holds: shown is the one that stands on the web, else the one met first"
)
SAMPLE = "1: made up, of the sample portal (nianbao demo); a real report always goes before it"

_CANDIDATES = ",\n    ".join(_candidates(measure) for measure in MEASURES)
_COLUMNS = ",\n".join(_column(measure) for measure in MEASURES)


def view(chosen: str, further: str = "") -> str:
    """The statement that makes the view: `chosen`, the tables `with` which it begins, has a table of that name with a
    row for each report to show; `further`: more columns of it, after a comma."""
    return f"""
create view panel as{chosen},
measured as (
    select chosen.*,
    {_CANDIDATES}
    from chosen
)
select
    id as report_id, portal, region_code, region, report_year, organ, url, published_on,
{_COLUMNS}{further}
from measured
"""


def comments() -> dict[str, str]:
    """What each column of the view holds."""
    texts = {
        "": "One row a region and report year, the main measures as columns, each from the best source that has "
        "it: the tables of 2019 and 2021, else the annex of 2014, else the text. The report is that of the view "
        "government_reports. Kept up to date by each run.",
        "report_id": "the report",
        "portal": "id of the portal",
        "region_code": "GB/T 2260 code of the region",
        "region": "name of that region",
        "report_year": "the year reported on",
        "organ": "the organ that reports",
        "url": "the address to cite",
        "published_on": "ISO date of publication",
        "conflict": CONFLICT,
        "sample": SAMPLE,
        "break": "where the form of its source is another than that of the region's year before, both: f2014 → f2019; "
        "NULL: no, or there is no year before",
    }
    for measure in MEASURES:
        texts[measure.name] = f"{measure.meaning}, in {measure.unit}; NULL: not stated"
        texts[f"{measure.name}_source"] = "which source gave it: f2021, f2019, f2014 or narrative; NULL: none"
    return texts
