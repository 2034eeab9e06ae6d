"""Fourth stage: the facts about a report (table `reports`), each with the rule and words it came from.

Order of belief and its reasons stand with each reader: `publication` for what surrounds the text, `reportyear`,
`organs`. A value that is not stated stays None; a date that cannot be what its label says is kept and is a problem.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import islice
from urllib.parse import urlsplit

from crawler.records.capture import Evidence
from crawler.records.page import Page
from crawler.records.report import OrganKind, Report
from crawler.reference import divisions
from crawler.reference.history import Region
from crawler.reference.sitenames import region_of_host
from crawler.words.display import seen_of
from crawler.words.text import dates_in, squeeze
from pipelines.describe.opening import compiler_in
from pipelines.describe.organs import Organ, in_full, is_name, is_place, kind_of, locate
from pipelines.describe.publication import Publication, read_publication
from pipelines.describe.publisher import read_keeper
from pipelines.describe.title_organ import organ_in_title
from pipelines.describe.way import leads_to_others, organ_on_the_way
from pipelines.describe.year import read_form, read_year

_SIGN_OFF_LINES, _TOP_LINES = 8, 4
_SEAL = re.compile("[（(](?:盖?章|公章|印章?)[)）]$")
_SIGNED = re.compile(r"^[（(【]?(?P<organ>[^，。；：:！？]{0,40}?)[（(]?$")
_WEBSITE = re.compile(r"(?:门户网站|政府网站|官方网站|政务网站|信息网|门户网|网站|网)$|^中国·?")
_MAX_SITE = 200
"""Characters of a site's name that are read; the longest real one has forty."""
_SITE_TAIL = re.compile(
    r"(?:人民政府|政府)?(?:政务|信息公开|政府信息公开|政府门户|门户|官方)*(?:网站?|平台|门户|专栏)+.*$"
)


def describe(page: Page) -> None:
    """Fill `page.report` and `page.report_evidence`. Needs decode, recognise and strip to have run.

    Articles get title, publication date, source, index and document number; lists their title; reports everything.
    Problems: `year_unknown`, `year_disagrees`, `region_unknown`, `date_implausible`.
    """
    if (page.tree is None and page.document is None) or page.kind not in ("report", "article", "list", "column"):
        return
    report = page.report = Report(title=page.title)
    if page.kind in ("list", "column"):
        return
    seen = seen_of(page)
    metas = seen.head.metas
    around = read_publication(seen.words, page.title, metas, page.text, seen.stamps)
    report.published_on, report.source = around.published_on, around.source
    report.index_no, report.doc_no = around.index_no, around.doc_no
    page.report_evidence.update(
        {
            name: told
            for name, told in around.evidence.items()
            if name in ("published_on", "source", "index_no", "doc_no")
        }
    )
    if page.kind != "report":
        return
    report.form, marks = read_form(page.text)
    if report.form is not None:
        page.report_evidence["form"] = Evidence("marks of the form", marks)
    signed_by = _read_signature(page, report)
    _read_year(page, report)
    _read_organ(page, report, around, signed_by, metas)
    _check_dates(page, report)


def _read_year(page: Page, report: Report) -> None:
    told = read_year(page.title, page.context.column_year, page.breadcrumb, page.text)
    report.report_year = told.year
    if told.year is None:
        page.problem("year_unknown", f"neither title, column nor text of {page.title!r} names a year")
        return
    page.report_evidence["report_year"] = Evidence(f"{told.rule} names the year", told.words)
    if told.contradiction:
        page.problem("year_disagrees", told.contradiction)


def _read_signature(page: Page, report: Report) -> str | None:
    """Fill `signed_on` from the date under the text, else from the one in brackets over it; returns who signed."""
    lines = (page.text or "").split("\n")
    # An annex of tables may follow the signature (the 统计表 of 2014 to 2018 does): its rows are no lines of prose.
    prose = (at for at in range(len(lines) - 1, -1, -1) if "\t" not in lines[at])
    tail = list(islice(prose, _SIGN_OFF_LINES))
    for number in [*tail, *range(min(_TOP_LINES, len(lines)))]:
        line = lines[number].strip()
        if len(line) > 70 or "\t" in line:
            continue
        found = dates_in(line)
        if not found:
            continue
        iso, start, end = found[-1]
        before, after = squeeze(line[:start]), squeeze(line[end:])
        if after.strip("）)】。日") or not _SIGNED.match(before):
            continue
        if number in range(_TOP_LINES) and len(lines) > _TOP_LINES + _SIGN_OFF_LINES and len(before.strip("（(")) > 20:
            continue
        report.signed_on = iso
        page.report_evidence["signed_on"] = Evidence("date of the signature", line)
        name = before.strip("（(【")
        if not name and number > 0:
            name = squeeze(lines[number - 1])
        name = _SEAL.sub("", name)
        return name if 3 <= len(name) <= 40 and not re.search("[，。；：]", name) and kind_of(name) else None
    last = _SEAL.sub("", squeeze(lines[-1])) if lines and lines[0] else ""
    return last if 4 <= len(last) <= 30 and kind_of(last) and locate(last, None, page.context.region) else None


def _home(page: Page, report: Report, hints: list[str], metas: dict[str, str]) -> Region | None:
    """The region the page's organ lies in, when its own words do not say: column, hints, site code, portal."""
    year, context = report.report_year, page.context
    if context.column_region:
        return divisions.at(context.column_region, year)
    stated = divisions.latest(code, year) if (code := metas.get("siteidcode", "").strip()[:6]).isdigit() else None
    portal = divisions.latest(context.region, year) if context.region else None
    outer = portal.code if portal else context.region or (stated.code if stated else None)
    for hint in hints:
        found = locate(squeeze(hint), year, outer) if hint else None
        if found is not None and (outer is None or divisions.is_within(found.region.code, outer)):
            return found.region
    if stated is not None and (portal is None or divisions.is_within(stated.code, portal.code)):
        return stated
    if portal is not None and (named := region_of_host(_host(page.capture.url), portal.code, year)) is not None:
        return named
    return portal or stated


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _read_organ(page: Page, report: Report, around: Publication, signer: str | None, metas: dict[str, str]) -> None:
    """Fill organ, organ_kind, region_code and region: by the title, else the first of signature, opening sentences,
    publisher, source, crumb, way, site and footer that names one; of a group of others neither site nor footer is."""
    year, context = report.report_year, page.context
    site = _SITE_TAIL.sub("", squeeze(metas.get("sitename", "")[:_MAX_SITE]))
    hints = [around.source or "", signer or "", around.publisher or "", *reversed(page.breadcrumb), site]
    home = _home(page, report, hints, metas)
    within = context.column_region or context.region or (home.code if home else None)
    said: str | None = organ_in_title(page.title or "")
    bare = said is None or _organ(squeeze(said), home, year, within) is None
    candidates: list[tuple[str, str | None]] = [
        ("title", said),
        ("signature", signer),
        ("text", compiler_in(page.text) if bare else None),
        ("publisher", around.publisher),
        ("source", around.source if around.source and not _WEBSITE.search(around.source) else None),
        ("breadcrumb", next((label for label in reversed(page.breadcrumb) if _names_organ(label)), None)),
        ("way", organ_on_the_way(page.capture.trail, context.region)),
    ]
    if not leads_to_others(page.capture.trail, context.region):
        candidates += [
            ("site", site if _names_organ(site) or locate(site, year, within) else None),
            ("footer", read_keeper(seen_of(page).words) if bare else None),
        ]
    rule, words, organ = "", "", Organ("", None, None)
    for source, named in candidates:
        told = _organ(squeeze(named), home, year, within) if named is not None else None
        if named is not None and told is not None:
            rule, words, organ = source, named, told
            break
    # without an organ the page's own evidence (column, crumbs, host) says a region, the portal's alone does not
    narrower = home is not None and home.code != context.region and bool(context.region or context.column_region)
    region = organ.region or (home if narrower and not organ.name else None)
    if organ.name:
        report.organ = organ.name
        page.report_evidence["organ"] = Evidence(f"{rule} names the organ", words)
    report.organ_kind = organ.kind or context.column_kind
    if report.organ_kind is not None:
        kind_rule = "ending of the name" if organ.kind else "column"
        page.report_evidence["organ_kind"] = Evidence(kind_rule, organ.name or str(context.column_kind))
    if region is not None:
        report.region_code, report.region = region.code, region.name
        page.report_evidence["region"] = Evidence("name in a division table", f"{organ.name or words} in {region.code}")
    else:
        page.problem("region_unknown", f"{organ.name or page.title!r} names no division of {year}")


def _organ(words: str, home: Region | None, year: int | None, within: str | None) -> Organ | None:
    """The organ that words name; None where they are none in form: a sentence, or no ending of an organ's name and no
    place."""
    if not is_name(words):
        return None
    organ = in_full(words, home, year, within)
    return organ if organ.kind is not None or is_place(words) else None


def _names_organ(label: str) -> bool:
    kind: OrganKind | None = kind_of(label) if 3 <= len(label) <= 24 else None
    return kind is not None and not re.search("公开|报告|年报|部门$|街道$(?<=各街道)|专栏|首页|网", label)


_EARLY, _LATE = timedelta(days=61), 3
"""Reports are signed from November of their year on (临洮 published on 25 December, 四川教育厅 counts to 20 November);
one signed more than three years later is a slip or another document."""


def _check_dates(page: Page, report: Report) -> None:
    year = report.report_year
    if year is None:
        return
    first = (date(year, 12, 31) - _EARLY).isoformat()
    for name, value in (("signed", report.signed_on), ("published", report.published_on)):
        if value is not None and value < first:
            page.problem("date_implausible", f"a report on {year} {name} on {value}, before that year was over")
    if report.signed_on is not None and report.signed_on[:4] > str(year + _LATE):
        page.problem("date_implausible", f"a report on {year} signed on {report.signed_on}")
    if report.signed_on and report.published_on and report.signed_on > report.published_on:
        page.problem(
            "date_implausible", f"signed on {report.signed_on}, after it was published on {report.published_on}"
        )
