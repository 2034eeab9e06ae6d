"""The page of a search: sorted, filtered with living names, as data, as a feed, and where nothing is found."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote
from uuid import UUID, uuid5

import pytest
from datasette.utils import MultiParams
from lxml import etree

from crawler.archive.archive import Archive
from crawler.records.review import Review
from crawler.site import hits
from tests.support.archive_toy import page as toy_page
from tests.support.serving import get, served

ATOM = {"a": "http://www.w3.org/2005/Atom"}
PLACES = (
    ("350427", 2019, "government"),
    ("350405", 2022, "government"),
    ("350405", 2022, "department"),
    ("620102", 2020, "government"),
    ("542421", 2020, "government"),
)
"""沙县 before and after it became 沙县区, 城关区 in 兰州, a county of 西藏."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hits") / "archive.db"
    with Archive.open(path) as opened:
        opened.begin_run(["somewhere"])
        for number, (code, year, kind) in enumerate(PLACES):
            one = toy_page(
                f"/{number}", f"2026-01-0{number + 1}T00:00:00Z", text=f"公开信息{number}件 <b>\x01", year=year,
                region_code=code, organ_kind=kind, organ=f"机关{number}", title=f"年报{number}",
            )  # fmt: skip
            opened.store(one)
        opened.flush()
        first = opened.search("公开").hits[0]
        opened.keep_review(Review(first.key, None, "wrong", "不是", "甲"))
    return path


@pytest.fixture(scope="module")
def site(archive: Path) -> Iterator[str]:
    with served(archive) as address:
        yield address


def asked(site: str, query: str, ending: str = "") -> str:
    status, body, _ = get(f"{site}/search{ending}?{quote(query, safe='=&+%')}")
    assert status == 200, body
    return body


def titles(body: str) -> list[str]:
    return [re.sub("<[^>]+>", "", title) for title in re.findall(r'<h2><a href="/report/[^"]+">(.*?)</a>', body)]


def facet(body: str, name: str) -> dict[str, str]:
    """Words of a facet's values to their counts."""
    found = re.search(rf"<summary>{name}</summary><ul>(.*?)</ul>", body, re.S)
    assert found
    return dict(re.findall(r"<a[^>]*>([^<]*)</a> <small>([^<]*)</small>", found[1]))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["年报1", "年报2", "年报3", "年报4", "年报0"]),
        ("newest", ["年报1", "年报2", "年报3", "年报4", "年报0"]),
        ("oldest", ["年报0", "年报3", "年报4", "年报1", "年报2"]),
        ("region", ["年报1", "年报2", "年报0", "年报4", "年报3"]),
    ],
)
def test_hits_are_sorted_as_asked(site: str, sort: str, expected: list[str]) -> None:
    body = asked(site, f"q=公开&sort={sort}")
    assert titles(body) == expected
    (current,) = re.findall(r'<nav aria-label="排序">.*?aria-current="true">([^<]+)<', body, re.S)
    assert current == {"": "标题相符在前", "newest": "最新", "oldest": "最早", "region": "地区"}[sort]


def test_a_region_has_its_living_name_and_takes_in_what_it_was(site: str) -> None:
    body = asked(site, "q=公开")
    assert facet(body, "地区")["沙县区"] == "3"
    assert "沙县" not in facet(body, "地区")
    for code in ("350427", "350405"):
        found = asked(site, f"q=公开&region={code}")
        assert sorted(titles(found)) == ["年报0", "年报1", "年报2"]
        assert "沙县区（含沙县） ✕" in found


def test_namesakes_have_the_name_above(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as opened:
        opened.begin_run(["somewhere"])
        for code in ("620102", "540102", "210104"):
            opened.store(toy_page(f"/{code}", text="公开", region_code=code, year=2020))
        opened.flush()
        regions = {name for _, name, _ in dict(hits._facets(opened.search("公开")))["region"]}
    assert regions == {"兰州市城关区", "拉萨市城关区", "大东区"}


def test_filters_are_links_that_keep_each_other(site: str) -> None:
    body = asked(site, "q=公开&kind=government&sort=oldest")
    assert facet(body, "年度") == {"2022": "1", "2020": "2", "2019": "1"}
    assert facet(body, "机关类别") == {"政府": "4", "部门": "1"}
    (link,) = [unescape(link) for link in re.findall(r'href="([^"]+)">2020</a>', body)]
    assert link == "/search?q=%E5%85%AC%E5%BC%80&kind=government&year=2020&sort=oldest"
    found = get(site + link)[1]
    assert titles(found) == ["年报3", "年报4"]
    assert len(re.findall('class="filter"', found)) == 2


def test_filters_alone_are_a_search(site: str) -> None:
    assert titles(asked(site, "kind=department")) == ["年报2"]
    assert titles(asked(site, "region=350000&kind=government&sort=newest")) == ["年报1", "年报0"]


def test_hits_as_data_are_those_of_the_page_with_what_people_say(site: str) -> None:
    query = "q=公开信息&sort=oldest"
    found = json.loads(asked(site, query, ".json"))
    assert [row["title"] for row in found] == titles(asked(site, query))
    assert list(found[0]) == list(hits.COLUMNS)
    assert {row["title"]: row["verdict"] for row in found if row["verdict"]} == {"年报1": "wrong"}
    assert found[0]["snippet"] == "公开信息0件 <b>\x01"
    table = list(csv.DictReader(io.StringIO(asked(site, query, ".csv"), newline="")))
    assert [row["key"] for row in table] == [row["key"] for row in found]
    body = asked(site, query)
    assert f'href="/search.csv?{quote(query, safe="=&")}"' in unescape(body)


def test_more_hits_than_can_be_given_are_refused_and_not_cut(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "MOST_ROWS", 4)
    asking = SimpleNamespace(args=MultiParams({"q": ["公开"]}))
    with Archive.read(archive) as reading:
        with pytest.raises(hits.ParameterError, match="至多 4 份的检索（此检索有 5 份）"):
            hits.rows(reading, asking)
        some = SimpleNamespace(args=MultiParams({"q": ["公开"], "kind": ["government"]}))
        assert len(hits.rows(reading, some)) == 4


def test_the_feed_of_a_search_has_ids_that_stay(site: str, archive: Path) -> None:
    query = "q=公开&kind=government"
    body = asked(site, query + "&sort=region", ".atom")
    feed = etree.fromstring(body.encode())
    with Archive.read(archive) as reading:
        uuid, keys = UUID(reading.uuid()), {hit.title: hit.key for hit in reading.search("公开").hits}
    asked_for = quote(query, safe="=&")
    assert feed.findtext("a:id", namespaces=ATOM) == f"urn:uuid:{uuid5(uuid, 'search/' + asked_for)}"
    entries = feed.findall("a:entry", ATOM)
    assert [entry.findtext("a:title", namespaces=ATOM) for entry in entries] == ["年报4", "年报3", "年报1", "年报0"]
    for entry in entries:
        key = keys[entry.findtext("a:title", namespaces=ATOM)]
        assert entry.findtext("a:id", namespaces=ATOM) == f"urn:uuid:{uuid5(uuid, 'report/' + key)}"
        links = {link.get("rel"): link.get("href") for link in entry.findall("a:link", ATOM)}
        assert links["alternate"] == f"{site}/report/{key}"
        assert links["via"].startswith("https://www.somewhere.gov.cn/")
    assert feed.findtext("a:updated", namespaces=ATOM) == "2026-01-05T00:00:00Z"
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links == {"self": f"{site}/search.atom?{asked_for}", "alternate": f"{site}/search?{asked_for}"}
    assert f'<link rel="alternate" type="application/atom+xml" title="订阅此检索" href="/search.atom?{asked_for}">' in (
        unescape(asked(site, query))
    )


@pytest.mark.parametrize("ending", ["", ".json", ".csv", ".atom"])
@pytest.mark.parametrize("query", ["q=1&kind=x", "q=1&form=x", "q=1&sort=x", "q=1&year=x", "q=1&word=2", "q=1&q=2"])
def test_what_cannot_be_meant_is_named_in_every_form(site: str, query: str, ending: str) -> None:
    status, body, _ = get(f"{site}/search{ending}?{query}")
    assert status == 400
    told = json.loads(body)["error"] if ending == ".json" else body
    assert f"参数 {query.split('&')[1].partition('=')[0]}：" in told


@pytest.mark.parametrize("code", ["zh", "en"])
def test_where_nothing_is_found_it_says_what_finds_something(site: str, code: str) -> None:
    body = asked(site, f"q=公开 没有&kind=department&year=2022&lang={code}")
    assert {"zh": "没有找到", "en": "Nothing found"}[code] in body
    assert {"zh": "只查“公开”：1 份", "en": "only «公开»: 1"}[code] in body
    without = asked(site, f"q=公开&kind=department&year=2019&lang={code}")
    found = dict(re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', without))
    counts = {name: get(site + unescape(link))[1] for link, name in found.items()}
    assert {
        "zh": {"去掉「机关类别：部门」：1 份", "去掉「年度：2019」：1 份", "去掉全部筛选：5 份"},
        "en": {"without «Kind of organ: department»: 1", "without «Year: 2019»: 1", "without any filter: 5"},
    }[code] == {unescape(name) for name in counts}
    for name, page in counts.items():
        assert len(titles(page)) == int(re.findall(r"(\d+)(?: 份)?$", name)[0])


@pytest.mark.parametrize("code", ["zh", "en"])
def test_examples_can_be_followed(site: str, code: str) -> None:
    body = asked(site, f"lang={code}")
    section = body[body.index('class="examples"') :]
    links = re.findall(r'<li><a href="([^"]+)">', section)
    assert len(links) == 5
    assert all(get(site + unescape(link))[0] == 200 for link in links)
    assert {"zh": "档案共有 5 份报告", "en": "The archive has 5 reports"}[code] in body
