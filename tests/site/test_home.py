"""The start page, the page of a province and of a portal: what they say, how they are sorted, how large they get."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reference.regions import region_codes
from crawler.site.language import words
from crawler.site.province import runs_of_years
from crawler.site.provinces import PLACES, Tile, percent
from crawler.site.sorting import ordered
from tests.support.archive_country import EXPECTED, expectation
from tests.support.serving import get, served

MOST = 200_000
"""Bytes of a page of 400 portals."""


@pytest.fixture(scope="module")
def site(sample: Path) -> Iterator[str]:
    with served(sample) as address:
        yield address


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site of 400 portals of ten regions each, of which nothing is held."""
    path = tmp_path_factory.mktemp("large") / "archive.db"
    expectation(path, 400)
    with served(path) as address:
        yield address


def test_each_province_has_a_place_of_its_own_and_words() -> None:
    codes = {one.code for one in region_codes() if one.level == "province"}
    assert set(PLACES) == codes
    assert len(set(PLACES.values())) == len(codes)
    assert list(PLACES.values()) == sorted(PLACES.values())
    for kind in ("province", "tile"):
        assert {key for key in words() if key.startswith(f"{kind}.")} - {"tile.none", "tile.held"} == {
            f"{kind}.{code}" for code in codes
        }


def test_a_share_is_nothing_or_whole_only_where_it_is() -> None:
    assert [percent(share) for share in (None, 0.0, 0.004, 0.5, 0.996, 1.0)] == [
        "–",
        "0%",
        "<1%",
        "50%",
        ">99%",
        "100%",
    ]
    steps = [Tile("210000", 0, 0, 100, held).step for held in (0, 1, 19, 20, 79, 80, 100)]
    assert steps == [0, 1, 1, 2, 4, 5, 5]
    assert Tile("210000", 0, 0, 0, 0).share is None


class _Asked:
    """A request with parameters."""

    def __init__(self, **values: str) -> None:
        self.args = self
        self._values = values

    def getlist(self, name: str) -> list[str]:
        return [self._values[name]] if name in self._values else []


@given(st.lists(st.none() | st.integers()), st.sampled_from(["asc", "desc"]))
def test_what_is_not_known_comes_last_either_way(values: list[int | None], order: str) -> None:
    rows = [{"a": value} for value in values]
    found = [row["a"] for row in ordered(_Asked(sort="a", order=order), rows, {"a": True})]
    known = [value for value in values if value is not None]
    assert found == [*sorted(known, reverse=order == "desc"), *[None] * (len(values) - len(known))]


@given(st.sets(st.integers(1990, 2060)))
def test_years_are_folded_into_runs_and_none_is_lost(years: set[int]) -> None:
    runs = runs_of_years(sorted(years))
    assert {year for first, last in runs for year in range(first, last + 1)} == years
    assert all(one[1] + 1 < other[0] for one, other in pairwise(runs))


def test_the_map_leads_to_the_province_and_says_its_share(site: str) -> None:
    body = get(site)[1]
    tile = re.search(r'<a class="tile s(\d)" href="/province/210000" title="([^"]+)" aria-label="([^"]+)">', body)
    assert tile
    (row,) = json.loads(get(f"{site}/provinces.json")[1])
    assert tile[2] == tile[3] == f"辽宁：应有 {row['due']} 份，已存 {row['held']} 份（{row['share']:.0%}）"
    assert tile[1] == str(int(row["share"] * 5) + 1)
    assert body.count('class="tile"') - body.count('<i class="tile"') == 33


def test_a_column_sorts_and_sorts_the_other_way_by_links_alone(site: str) -> None:
    def column(address: str) -> tuple[list[str], str]:
        body = get(address)[1]
        link = re.search(r'aria-sort="(\w+)"><a href="([^"]+)" rel="nofollow">待核', body)
        assert link
        table = body[body.index('class="sorted"') :].partition("</table>")[0]
        return [row.rpartition(">")[2] for row in re.findall(r'<td class="n">\d+(?=</td></tr>)', table)], unescape(
            link[2]
        )

    usual, link = column(site + "/")
    falling, back = column(urljoin(site + "/", link))
    rising, _ = column(urljoin(site + "/", back))
    assert falling == sorted(usual, key=int, reverse=True) != usual
    assert rising == sorted(usual, key=int)
    rows = json.loads(get(f"{site}/regions.json?sort=open_checks&order=asc")[1])
    assert [str(row["open_checks"]) for row in rows] == rising


def test_years_of_which_nothing_is_held_are_folded(site: str) -> None:
    for page in ("/province/210000", "/portal/sample"):
        body = get(site + page)[1]
        heads = re.findall(r'<th scope="col">(\d{4})</th>', body)
        folded = re.search(r"<details><summary>无一份报告的年度：([^<]+)</summary>", body)
        assert folded
        assert heads[0] == "2014"
        assert folded[1].startswith("2008–2013")


def test_a_portal_shows_what_the_last_run_met_and_leads_there(site: str) -> None:
    body = get(f"{site}/portal/sample")[1]
    rows = json.loads(get(f"{site}/portal/sample/problems.json")[1])
    kind = rows[0]["kind"]
    link = re.search(rf'<a href="([^"]+)">{kind}</a> (\d+)', body)
    assert link
    assert int(link[2]) == sum(row["kind"] == kind for row in rows)
    status, table, _ = get(site + unescape(link[1]).replace("/problems", "/problems.json") + "&_shape=array")
    assert (status, len(json.loads(table))) == (200, int(link[2]))
    assert "TRS" in body


@pytest.mark.parametrize("path", ["/province/219900", "/province/210100", "/province/110000", "/portal/nothing"])
def test_what_the_archive_does_not_know_is_said_in_one_sentence(site: str, path: str) -> None:
    status, body, _ = get(site + path)
    assert status == 404
    name = path.rpartition("/")[2]
    (sentence,) = (line for line in re.findall(r"<p>([^<]*)</p>", body) if name in line)
    assert sentence.count("。") == 1
    status, body, _ = get(f"{site}{path}.json")
    assert (status, json.loads(body)["error"]) == (404, sentence)


def test_four_hundred_portals_are_a_small_page(large: str) -> None:
    body = get(large)[1]
    assert len(body.encode()) < MOST
    assert body.count('<th scope="row">') == 50
    pages = re.search(r"1 / (\d+) <a rel=\"next\" href=\"([^\"]+)\"", body)
    assert pages
    last = get(f"{large}/?page={pages[1]}")[1]
    assert 'rel="next"' not in last
    rows = json.loads(get(f"{large}/regions.json")[1])
    assert len(rows) == 4_000
    assert {(row["due"], row["held"], row["latest_year"]) for row in rows} == {(len(EXPECTED), 0, None)}
    assert len(get(f"{large}/province/510000")[1].encode()) < MOST
    assert len(get(f"{large}/portal/p7")[1].encode()) < MOST
