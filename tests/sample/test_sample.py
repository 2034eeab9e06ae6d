"""The sample portal keeps its own promises: deterministic, complete, sums that hold, links that lead somewhere."""

from __future__ import annotations

import http.client
import re
from collections import Counter
from importlib import resources
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html as lxml_html

from crawler.reference import divisions
from crawler.sample import SamplePortal
from crawler.sample.figures import APPLICANTS, OTHER_ROWS, OUTCOMES, REVIEW_GROUPS, REVIEW_RESULTS

COLUMNS = (*APPLICANTS, "total")


@pytest.fixture(scope="module")
def portal() -> SamplePortal:
    return SamplePortal()


def page_of(portal: SamplePortal, url: str) -> bytes:
    host, path = re.fullmatch(r"http://\{\{host(\d)\}\}(.*)", url).groups()  # type: ignore[union-attr]
    return portal.pages[int(host), path][0]


def tree_of(body: bytes) -> Any:
    text = body.decode("gb18030" if b"charset=gb2312" in body else "utf-8")
    return lxml_html.fromstring(text)


def test_two_builds_are_the_same_bytes(portal: SamplePortal) -> None:
    again = SamplePortal()
    assert again.pages == portal.pages
    assert again.truth() == portal.truth()


def test_every_page_says_that_it_is_sample_data(portal: SamplePortal) -> None:
    for (host, path), (body, headers) in portal.pages.items():
        if headers["Content-Type"].startswith("text/html"):
            words = tree_of(body).text_content()
            assert "示例数据" in words, (host, path)
            assert "sample data" in words, (host, path)


def test_each_year_has_every_district_as_it_was_called_then(portal: SamplePortal) -> None:
    for year in range(2014, 2025):
        reports = [report for report in portal.truth() if report["report_year"] == year]
        districts = [(r["region_code"], r["region"]) for r in reports if r["region_code"] != "210100"]
        assert sorted(districts) == [(region.code, region.name) for region in divisions.children("210100", year)]
        assert len(districts) == 13
        assert Counter(r["organ"] for r in reports)["沈阳市人民政府"] == 1


def test_no_two_reports_share_an_identity_or_address(portal: SamplePortal) -> None:
    truth = portal.truth()
    assert len({report["url"] for report in truth}) == len(truth)
    keys = {(r["organ"], r["organ_kind"], r["region_code"], r["report_year"]) for r in truth}
    assert len(keys) == len(truth)


def test_standard_figures_satisfy_the_sums(portal: SamplePortal) -> None:
    checked = 0
    for report in portal.truth():
        if report["form"] not in ("f2019", "f2021"):
            continue
        figures = {code: value or 0 for code, value in report["figures"].items()}
        rows = (*OUTCOMES, *OTHER_ROWS[report["form"]])
        for column in COLUMNS:
            value = {row: figures[f"req_{row}__{column}"] for row in (*rows, "new_received", "carried_in")}
            processed, out = figures[f"req_total_processed__{column}"], figures[f"req_carried_out__{column}"]
            assert value["new_received"] + value["carried_in"] == processed + out
            assert processed == sum(value[row] for row in rows)
        for row in (*rows, "new_received", "carried_in", "total_processed", "carried_out"):
            parts = (figures[f"req_{row}__{applicant}"] for applicant in APPLICANTS)
            assert figures[f"req_{row}__total"] == sum(parts)
        for group in REVIEW_GROUPS:
            parts = (figures[f"{group}_{result}"] for result in REVIEW_RESULTS)
            assert figures[f"{group}_total"] == sum(parts)
        checked += 1
    assert checked > 100


def test_annex_figures_satisfy_the_sums_of_its_labels(portal: SamplePortal) -> None:
    table = resources.files("crawler.data.sample").joinpath("f2014.tsv").read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in table]
    annexes = [report for report in portal.truth() if report["form"] == "f2014"]
    assert len(annexes) > 20
    for report in annexes:
        figures = {code: value or 0 for code, value in report["figures"].items()}
        assert {code for code, *_ in rows if code != "-"} == figures.keys()
        for total in {into for *_, into in rows if into[0] not in "-⊂"}:
            assert figures[total] == sum(figures[code] for code, *_, into in rows if into == total), total


def test_a_year_carries_in_what_the_last_one_carried_out(portal: SamplePortal) -> None:
    by_key = {(r["organ"], r["report_year"]): r["figures"] for r in portal.truth()}
    for (organ, year), figures in by_key.items():
        before = by_key.get((organ, year - 1), {})
        for applicant in APPLICANTS:
            if f"req_carried_out__{applicant}" in before:
                carried_out = before[f"req_carried_out__{applicant}"] or 0
                assert carried_out == (figures[f"req_carried_in__{applicant}"] or 0)


def grid(table: Any) -> list[list[str]]:
    """A table's cells with spans filled in."""
    cells: dict[tuple[int, int], str] = {}
    for row, tr in enumerate(table.iter("tr")):
        column = 0
        for td in tr.iter("td"):
            while (row, column) in cells:
                column += 1
            text = re.sub(r"\s", "", td.text_content())
            for down in range(int(td.get("rowspan", 1))):
                for across in range(int(td.get("colspan", 1))):
                    cells[row + down, column + across] = text
    height, width = (max(key[axis] for key in cells) + 1 for axis in (0, 1))
    assert len(cells) == height * width, "the spans leave holes"
    return [[cells[row, column] for column in range(width)] for row in range(height)]


def number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) else None


def test_tables_are_rectangular_and_print_the_true_figures(portal: SamplePortal) -> None:
    for report in portal.truth():
        if report["form"] not in ("f2019", "f2021"):
            continue
        article20, requests, reviews = tree_of(page_of(portal, report["url"])).xpath('//table[.//td and @border="1"]')
        figures = report["figures"]
        assert len(grid(article20)[0]) == (5 if report["form"] == "f2019" else 4)
        rows = ["new_received", "carried_in", *OUTCOMES, *OTHER_ROWS[report["form"]], "total_processed", "carried_out"]
        for row, printed in zip(rows, grid(requests)[3:], strict=True):
            assert [number(cell) for cell in printed[-7:]] == [figures[f"req_{row}__{c}"] for c in COLUMNS], row
        wanted = [figures[f"{group}_{result}"] for group in REVIEW_GROUPS for result in (*REVIEW_RESULTS, "total")]
        assert [number(cell) for cell in grid(reviews)[3]] == wanted


def test_some_cells_are_blank_and_blank_is_not_zero(portal: SamplePortal) -> None:
    values = [value for report in portal.truth() for value in report["figures"].values()]
    assert values.count(None) > 100
    assert values.count(0) > 100


def test_the_real_report_stands_as_it_stood(portal: SamplePortal) -> None:
    report = next(r for r in portal.truth() if (r["region"], r["report_year"]) == ("大东区", 2018))
    assert report["url"].endswith("/zwgk/zfxxgkndgzbg/2018n/gqxszfxxgkgzndbg/202111/t20211102_628771.html")
    real = resources.files("crawler.data.sample").joinpath("dadong-2018.txt").read_text("utf-8")
    shown = re.sub(r"\s", "", tree_of(page_of(portal, report["url"])).text_content())
    at = 0
    for line in real.split("\n"):
        squeezed = re.sub(r"\s", "", line)
        assert squeezed in shown[at:], line
        at = shown.index(squeezed, at) + len(squeezed)


def test_one_page_is_gbk_and_says_gb2312(portal: SamplePortal) -> None:
    odd = [body for body, _ in portal.pages.values() if b"charset=gb2312" in body]
    assert len(odd) == 1
    with pytest.raises(UnicodeDecodeError):
        odd[0].decode("gb2312")
    with pytest.raises(UnicodeDecodeError):
        odd[0].decode("utf-8")
    assert "陶镕" in odd[0].decode("gb18030")


def test_links_of_the_portal_lead_somewhere(portal: SamplePortal) -> None:
    for (host, path), (body, headers) in portal.pages.items():
        if not headers["Content-Type"].startswith("text/html"):
            continue
        base = f"http://host{host}.test{path}"
        text = body.decode("gb18030" if b"charset=gb2312" in body else "utf-8")
        text = text.replace("{{host0}}", "host0.test").replace("{{host1}}", "host1.test")
        for href in re.findall(r"""<a[^>]*? href=["']([^"'#]+)""", text):
            if href.startswith("javascript:") or "dataproxy.jsp" in href or "rili.html" in href:
                continue
            parts = urlsplit(urljoin(base, href))
            if parts.netloc.endswith(".example"):
                continue
            target = parts.path + ("index.html" if parts.path.endswith("/") else "")
            assert (int(parts.netloc[4]), target) in portal.pages, (path, href)


def fetch(address: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_served_pages_can_be_asked_conditionally(portal: SamplePortal) -> None:
    with portal.serve() as running:
        home = urlsplit(running.home).netloc
        status, headers, body = fetch(home, "/")
        assert status == 200
        assert int(headers["content-length"]) == len(body)
        assert b"{{" not in body
        assert fetch(home, "/", {"If-None-Match": headers["etag"]})[::2] == (304, b"")
        assert fetch(home, "/", {"If-Modified-Since": headers["last-modified"]})[::2] == (304, b"")
        assert fetch(home, "/", {"If-None-Match": '"other"'})[0] == 200
        assert fetch(home, "/no/such/page.html")[0] == 404
        assert running.home in running.profile_toml
        assert running.hosts[0] in running.profile_toml


def test_the_districts_own_host_hands_out_its_list_in_batches(portal: SamplePortal) -> None:
    with portal.serve() as running:
        proxy = "/module/web/jpage/dataproxy.jsp"
        _, _, column = fetch(running.hosts[0], "/col/col1467/index.html")
        _, _, second = fetch(running.hosts[0], f"{proxy}?page=1&columnid=1467&unitid=13521")
        _, _, everything = fetch(running.hosts[0], f"{proxy}?startrecord=1&endrecord=100&perpage=100")
        found = [set(re.findall(rb"/art/[^']+", part)) for part in (column, second, everything)]
        assert not found[0] & found[1]
        assert found[0] | found[1] == found[2]
        total = re.search(rb"<totalrecord>(\d+)<", everything)
        assert total is not None
        assert int(total[1]) == len(found[2])
        own = {report["url"] for report in running.truth if running.hosts[0] in report["url"]}
        assert {urlsplit(url).path.encode() for url in own} < found[2]
        assert any(urlsplit(url).path.encode() in found[1] for url in own)
