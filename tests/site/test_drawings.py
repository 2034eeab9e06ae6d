"""Region, compare, measure: rates, what is drawn stands in the table, every link has its evidence, data and SVG."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from datasette.utils.asgi import Request  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from crawler.archive.catalogue import Catalogue
from crawler.archive.schema.panel import MEASURES
from crawler.reference.population import Population
from crawler.reference.proportions import PARTS
from crawler.site import comparison, measures, pictures, regions
from crawler.site.observations import BY_NAME, CASES, failing
from tests.support import program
from tests.support.serving import get, served

REGIONS = ("210100", "210102", "210103", "210104", "210105")
PEOPLE = {("210104", 2020): 700_000, ("210102", 2020): 900_000, ("210104", 2021): 0}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def site(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    table = tmp_path_factory.mktemp("people") / "people.csv"
    table.write_text("region_code,year,population\n210104,2020,700000\n210102,2020,900000\n", "utf-8")
    with served(sample, "--population", str(table)) as address:
        yield address


@pytest.fixture(scope="module")
def archive(sample: Path) -> Iterator[Catalogue]:
    with Catalogue.read(sample) as held:
        held.population = Population(PEOPLE, "people.csv", "x")
        yield held


def asking(address: str, **parts: str) -> Any:
    return Request.fake(address, url_vars=parts)


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from(REGIONS), min_size=1, max_size=4, unique=True),
    st.sampled_from([measure.name for measure in MEASURES]),
    st.sampled_from(["count", "processed", "people"]),
    st.sampled_from(["lines", "multiples"]),
    st.integers(2012, 2026),
)
def test_every_point_is_a_number_of_the_table_and_every_number_a_point(
    archive: Catalogue, codes: list[str], measure: str, per: str, layout: str, first: int
) -> None:
    if (per == "processed" and measure not in PARTS) or (per == "people" and measure not in CASES):
        per = "count"
    chosen = "&".join(f"region={code}" for code in codes)
    address = f"/compare?{chosen}&measure={measure}&per={per}&layout={layout}&from={first}"
    shown = comparison.contents(archive, asking(address), str)
    tabled = {
        (shown["names"][one.region_code], one.year, one.value)
        for one in shown["cells"].values()
        if one.value is not None
    }
    for chart in (chart for picture in shown["pictures"] for chart in picture.charts):
        lines = [line for line in chart.lines if not line.is_muted]
        points = [(line.name, point.entry.year, point.entry.value) for line in lines for point in line.points]
        assert set(points) <= tabled
        assert len(points) == len(set(points))
    drawn = {
        (line.name, point.entry.year, point.entry.value)
        for picture in shown["pictures"]
        for line in picture.charts[0].lines
        if not line.is_muted
        for point in line.points
    }
    assert drawn == tabled
    assert dict(parse_qsl(shown["query"]))["measure"] == measure
    again = comparison.contents(archive, asking("/compare?" + shown["query"]), str)
    assert (again["query"], again["cells"]) == (shown["query"], shown["cells"])


def test_rates_are_the_quotients_of_the_panel(archive: Catalogue) -> None:
    rows = archive.connection.execute("select * from panel").fetchall()
    places = {(row["region_code"], row["report_year"]): row for row in rows}
    told = 0
    for name in PARTS:
        for code in REGIONS:
            shown = comparison.contents(archive, asking(f"/compare?region={code}&measure={name}&per=processed"), str)
            for one in shown["cells"].values():
                row = places[code, one.year]
                same = row[name] is not None and row[f"{name}_source"] == row["processed_source"]
                if same and row["processed"]:
                    assert one.value == pytest.approx(100 * row[name] / row["processed"])
                    told += 1
                else:
                    assert one.value is None
                    assert one.lack
    assert told > 50


def test_every_link_has_its_evidence(site: str, archive: Catalogue) -> None:
    pages: dict[str, set[str]] = {}
    links: set[str] = set()
    for path in (
        "/region/210104",
        "/compare?measure=denied&per=processed",
        "/compare?measure=lawsuits",
        "/measure/received",
        "/measure/req_granted__total?year=2020",
        "/measure/disclosed?year=2017",
    ):
        links |= {unescape(link) for link in re.findall(r'href="(/report/[0-9a-f]{16}#[^"]+)"', get(site + path)[1])}
    assert len(links) > 100
    for link in sorted(links)[::7]:
        address, _, anchor = link.partition("#")
        if address not in pages:
            pages[address] = set(re.findall(r'\bid="([^"]+)"', get(site + address)[1]))
        assert anchor in pages[address], link
    known = {
        f"/report/{key}#{form}.{code}"
        for key, form, code in archive.connection.execute(
            "select key, statistics.form, code from statistics join reports on reports.id = report_id"
        )
    }
    assert {link for link in links if "#row." not in link} <= known


def test_data_are_the_numbers_of_the_page(site: str) -> None:
    query = "measure=denied&per=processed&region=210102&region=210104&from=2019"
    page = html.fromstring(get(f"{site}/compare?{query}")[1])
    rows = json.loads(get(f"{site}/compare.json?{query}")[1])
    table = list(csv.DictReader(io.StringIO(get(f"{site}/compare.csv?{query}")[1])))
    assert len(rows) == len(table) == 12
    assert list(rows[0]) == list(pictures.COLUMNS)
    told = {f"{row['value']:.1f}" for row in rows if row["value"] is not None}
    assert told == {link.text for link in page.cssselect("td.n a")} - {"–"}
    assert all(row["whole"] >= row["count"] and row["value"] <= 100 for row in rows if row["value"] is not None)
    assert {row["break"] for row in rows if row["report_year"] == 2021} == {"f2019 → f2021"}
    hrefs = [link.get("href") for link in page.cssselect("#download a")]
    assert [urlsplit(href).path for href in hrefs] == ["/compare.csv", "/compare.json", "/compare.svg"]
    assert json.loads(get(site + hrefs[1])[1]) == rows


def test_a_region_has_counts_and_rates_beside_each_other(site: str) -> None:
    page = html.fromstring(get(site + "/region/210104?lang=en")[1])
    assert [one.text for one in page.cssselect("main h2")][:3] == [
        "Counts", "Shares of requests processed", "Per 100,000 people",
    ]  # fmt: skip
    row = next(one for one in page.cssselect("tbody tr") if one.text_content().strip().startswith("2020"))
    assert re.search(r"[0-9.]+%", row.text_content())
    assert "per 100,000" in row.text_content()
    changed = next(one for one in page.cssselect("tbody tr.change") if "2021" in one.text_content())
    assert "form of 2019 → form of 2021" in changed.text_content()
    rows = json.loads(get(site + "/region/210104.json")[1])
    assert {row["per"] for row in rows} == {"count", "processed", "people"}
    dense = [row for row in rows if row["per"] == "people" and row["value"] is not None]
    assert {row["report_year"] for row in dense} == {2020}
    assert all(row["value"] == pytest.approx(row["count"] / 7) for row in dense)


@pytest.mark.parametrize(
    "path",
    ["/region/210104.svg", "/compare.svg?layout=multiples", "/compare.svg?measure=denied", "/measure/received.svg"],
)
@pytest.mark.parametrize("code", ["zh", "en"])
def test_what_is_drawn_is_a_file_that_stands_alone(site: str, path: str, code: str) -> None:
    status, body, headers = get(f"{site}{path}{'&' if '?' in path else '?'}lang={code}")
    assert status == 200
    assert headers["Content-Type"].startswith("image/svg+xml")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    root = etree.fromstring(body.encode())
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}desc").count("http://127.0.0.1") == 2
    assert not root.xpath("//@href | //@src | //*[local-name() = 'script']")
    assert all(float(text.get("y")) <= float(root.get("height")) for text in root.findall(f"{SVG}text"))
    assert get(f"{site}{path}", "GET")[2]["ETag"]


def test_a_citation_has_title_archive_day_and_the_whole_address(site: str, archive: Catalogue) -> None:
    page = html.fromstring(get(site + "/compare?measure=granted&region=210104&per=processed&from=2020")[1])
    chinese, english = (one.text_content() for one in page.cssselect("#cite .citation"))
    address = page.cssselect("#cite a")[0].get("href")
    assert address == f"{site}/compare?measure=granted&per=processed&layout=lines&region=210104&from=2020"
    for text in (chinese, english):
        assert address in text
        assert archive.uuid() in text
        assert "大东区" in text
        assert "2020" in text
    assert chinese.startswith("［虚构示例")
    assert english.startswith("[Made up, no source]")
    assert "Granted, % of requests processed" in english
    assert get(address)[0] == 200


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/compare?per=nothing", "per"),
        ("/compare?measure=lawsuits&per=processed", "per"),
        ("/compare?layout=round", "layout"),
        ("/compare?from=x", "from"),
        ("/compare?from=2021&to=2019", "to"),
        ("/compare?province=99", "province"),
        ("/compare?add=nowhere", "add"),
        ("/compare?add=区", "add"),
        ("/measure/received?year=1999", "year"),
        ("/measure/received?page=9", "page"),
        ("/measure/received?order=up", "order"),
        ("/measure/received?per=processed", "per"),
        ("/measure/received?yaer=2020", "yaer"),
        ("/region/210104?x=1", "x"),
    ],
)
def test_what_cannot_be_meant_is_said_on_the_page_in_the_data_and_for_the_file(site: str, path: str, told: str) -> None:
    address, _, query = path.partition("?")
    for ending in ("", ".svg", ".json"):
        if ending == ".json" and told in ("page",):
            continue
        status, body, _ = get(f"{site}{address}{ending}?{query.replace('区', '%E5%8C%BA')}&lang=en")
        assert status == 400, ending
        assert f"Parameter {told}" in body


@pytest.mark.parametrize(
    "path", ["/measure/nothing", "/measure/nothing.svg", "/measure/nothing.csv", "/region/999999.svg"]
)
def test_what_is_not_there_is_said(site: str, path: str) -> None:
    status, body, _ = get(site + path)
    assert status == 404
    assert "nothing" in body or "999999" in body


def test_a_region_is_added_by_its_name(site: str) -> None:
    body = get(site + "/compare?region=210102&add=%E5%A4%A7%E4%B8%9C%E5%8C%BA")[1]
    assert "region=210102&amp;region=210104" in body


def test_every_code_and_column_has_a_page(archive: Catalogue) -> None:
    for name in [*BY_NAME, *list(pictures.BY_CODE)[::9]]:
        shown = measures.contents(archive, asking(f"/measure/{name}", measure=name), str)
        assert shown is not None
        assert set(shown["names"]) == {"zh", "en"}
        assert shown["printed"] or shown["codes"]
        assert all(place.rank <= number for number, place in enumerate(shown["places"], start=1))
    assert measures.contents(archive, asking("/measure/none", measure="none"), str) is None


def test_a_ranking_is_in_order_and_the_spread_has_every_government(archive: Catalogue) -> None:
    shown = measures.contents(archive, asking("/measure/granted?per=processed", measure="granted"), str)
    assert shown is not None
    values = [place.entry.value for place in shown["places"]]
    assert values == sorted(values, reverse=True)
    assert len(values) == shown["number"] == next(s.number for s in shown["spreads"] if s.year == shown["asked"].year)
    least = measures.contents(archive, asking("/measure/granted?per=processed&order=least", measure="granted"), str)
    assert least is not None
    assert [place.entry.value for place in least["places"]] == sorted(values)


def test_a_rate_is_marked_where_a_sum_of_its_report_does_not_hold(sample: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(sample, copy)
    connection = sqlite3.connect(copy)
    (report,) = connection.execute(
        "select report_id from panel where region_code = '210104' and report_year = 2022"
    ).fetchone()
    connection.execute(
        "update findings set holds = 0 where report_id = ?"
        " and criterion = (select id from criteria where (rule, subject) = ('A2', 'total'))",
        (report,),
    )
    connection.execute("update panel set granted = processed + 1 where region_code = '210104' and report_year = 2021")
    connection.commit()
    connection.close()
    with Catalogue.read(copy) as archive:
        shown = comparison.contents(archive, asking("/compare?region=210104&measure=granted&per=processed"), str)
        cells = {one.year: one for one in shown["cells"].values()}
        assert [year for year, one in cells.items() if one.is_failed] == [2022]
        assert (cells[2021].value, cells[2021].lack) == (None, "above")
        marked = [point.entry.year for point in shown["pictures"][0].charts[0].lines[0].points if point.entry.is_marked]
        assert 2022 in marked
        assert any("✗" in note for note in shown["notes"])
        counts = comparison.contents(archive, asking("/compare?region=210104&measure=granted"), str)
        assert not any(one.is_failed for one in counts["cells"].values())


def test_checks_belong_to_what_rests_on_them() -> None:
    assert ("A3", "granted") in failing(BY_NAME["granted"], "f2021")
    assert failing(BY_NAME["processed"], "f2019") == {("A1", "total"), ("A2", "total"), ("A3", "total_processed")}
    assert failing(BY_NAME["lawsuits"], "f2019") == {("A4", "suit_direct"), ("A4", "suit_after_review")}
    assert failing(BY_NAME["processed"], "f2014") == {("F1", "req_answered"), ("A7", "req_answered")}
    assert failing(BY_NAME["refused"], "narrative") == set()
    assert failing(BY_NAME["granted"], None) == set()


def test_a_region_without_reports_has_its_page(archive: Catalogue) -> None:
    assert regions.contents(archive, "999999", str) is None


def test_a_table_of_people_that_cannot_be_read_ends_in_one_sentence(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("region_code,year\n", "utf-8")
    table = str(tmp_path / "people.csv")
    done = program.run("serve", "--archive", str(sample), "--population", table, "--port", "0")
    assert done.returncode == 2
    assert "people.csv, line 1: no column population" in done.stderr
    assert len(done.stderr.splitlines()) == 1
