"""Canned queries: questions a researcher asks of any archive, by name, with parameters.

They stand here and not with the site, which only hands them to Datasette: their SQL changes with the tables.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """One question. Parameters stand in the SQL as `:name`; an empty one asks for all. `reads_texts`: it asks for what
    reports say, in their texts or in the evidence of figures."""

    name: str
    title: str
    description: str
    sql: str
    reads_texts: bool = False


_IN_REGION = "(:region = '' or region_code = :region)"

QUERIES = (
    Query(
        "refusal_rate",
        "Refusal rate by region and year 不予公开率",
        "不予公开 and 不予处理 of all requests processed. region: a code of GB/T 2260, or empty.",
        "select region, report_year, denied + coalesce(refused, 0) as refused_in_all, processed,"
        " round(100.0 * (denied + coalesce(refused, 0)) / processed, 1) as percent, denied_source, report_id"
        f" from panel where processed > 0 and denied is not null and {_IN_REGION} order by percent desc",
    ),
    Query(
        "reasons",
        "Reasons for refusal in one year 不予公开的理由",
        "Rows of section 三 in total, from report year 2019. year: a report year, or empty.",
        "select item, sum(value) as requests, count(distinct report_id) as reports from statistics"
        " join reports on reports.id = statistics.report_id where applicant = 'total' and"
        " (item like 'req_denied_%' or item like 'req_unable_%' or item like 'req_refused_%')"
        " and (:year = '' or report_year = cast(:year as integer)) group by item order by requests desc",
    ),
    Query(
        "late",
        "Who publishes late 逾期公布",
        "Days after the deadline: 31 March, for departments 31 January from report year 2019.",
        "select organ, report_year, due_on, published_on, days_late, report_id from deadlines"
        f" where days_late > 0 and {_IN_REGION} order by days_late desc",
    ),
    Query(
        "text_against_table",
        "Where text and table disagree 正文与表格不一致",
        "Check A7, with the sentence.",
        "select reports.organ, reports.report_year, checks.subject, checks.expected as table_says,"
        " checks.actual as text_says, statistics.evidence as sentence, reports.url from checks"
        " join reports on reports.id = checks.report_id join statistics on statistics.report_id = reports.id"
        " and statistics.form = 'narrative' and statistics.code = checks.subject"
        f" where checks.rule = 'A7' and checks.holds = 0 and {_IN_REGION}",
        reads_texts=True,
    ),
    Query(
        "measure",
        "One measure over the years 某项指标",
        "code: a code of the codebook, as req_granted__total or disc_total.",
        "select reports.region, reports.report_year, statistics.value, statistics.unit, statistics.form,"
        " statistics.evidence, statistics.method, reports.url from statistics"
        " join reports on reports.id = statistics.report_id where statistics.code = :code"
        f" and {_IN_REGION} order by reports.region_code, reports.report_year",
        reads_texts=True,
    ),
    Query(
        "search",
        "Search titles and texts 全文检索",
        "q: any words, found exactly as they stand.",
        "select id, title, region, report_year, url from reports where id in"
        " (select rowid from reports_fts where reports_fts match nianbao_match(:q)) order by report_year desc, id",
        reads_texts=True,
    ),
)

EXAMPLE = "select region, report_year, title, published_on from reports order by report_year, region_code limit 9"
"""What `nianbao demo` proposes to ask by sqlite-utils."""
