"""Comments of the views over reports."""

from __future__ import annotations

from crawler.archive.schema import panel

COMMENTS: dict[str, dict[str, str]] = {
    "coverage": {
        "": "View: a row for each region and year of which a report is expected, whatever the number of portals that "
        "should have it, and whether the archive holds it (view government_reports). Where a real portal should have "
        "it, made-up reports do not count.",
        "portal": "id of the portal that has the report, where it is one of `portals`; else the first of these",
        "region_code": "GB/T 2260 code as of the year",
        "region": "name of the region",
        "report_year": "the year reported on",
        "status": "archived; gone (archived, and since gone from the web; what only a web archive has "
        "is archived); missing; blocked (missing, and in its "
        "latest run each of the portals was refused by its own host, or by one that other reports of the region stand "
        "on); not_due",
        "report_id": "the report; NULL if there is none",
        "published_on": "ISO date of its publication",
        "days_late": "days from due_on to published_on, 0 if in time; NULL if the page gives no date",
        "portals": "JSON list of the ids of the portals that should have it, sorted",
        "conflict": f"{panel.CONFLICT}; NULL if there is no report",
        "sample": "1: made up, or expected of the sample portal alone (nianbao demo)",
        "via": "name of the web archive that alone has the report; NULL: it was fetched where it stood, or there is "
        "none",
        "archives": "JSON list of the web archives that were asked (nianbao backfill), each as source, asked_at and "
        "mementos: how many captures of the portals' addresses it has from after the report year; NULL: none was asked",
        "redacted": "1: what the report shows was removed on a legal demand (nianbao redact), its status stays; 0: "
        "no, or there is no report",
    },
    "government_reports": {
        "": "View: the report that stands for a region and year in coverage and panel. Of several it is a real one "
        "before one made up, then the government's before its office's, then one that stands on the web, then one with "
        "a text, then the one met first; other texts of the same organ are counted in `conflict`.",
        "report_id": "the report",
        "portal": "id of the portal",
        "region_code": "GB/T 2260 code of the region",
        "region": "name of that region",
        "report_year": "the year reported on",
        "organ": "the organ that reports",
        "url": "the address to cite",
        "published_on": "ISO date of publication",
        "gone_at": "since when it is gone from the web; NULL: it is not",
        "sample": panel.SAMPLE,
        "conflict": panel.CONFLICT,
    },
    "deadlines": {
        "": "View: each report with the day it was due. Departments owe theirs by 31 January from report year 2019 "
        "(条例 2019 第四十九条), all others by 31 March.",
        "report_id": "the report",
        "portal": "id of the portal",
        "organ": "the organ that reports",
        "organ_kind": "government, government_office, department, township, zone",
        "region_code": "GB/T 2260 code of the region",
        "region": "name of that region",
        "report_year": "the year reported on",
        "due_on": "ISO date by which it had to be published",
        "published_on": "ISO date of its publication; NULL if the page gives none",
        "days_late": "days from due_on to published_on, 0 if in time; NULL if the page gives no date",
    },
}
