"""One skin and two languages: Datasette's pages and ours alike, links in cells, parameters that are said, ETags."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote

import pytest

from crawler.archive.archive import Archive
from crawler.archive.schema.panel import MEASURES
from crawler.site import cells
from crawler.site.language import LANGUAGES, chosen, kept, language, words
from tests import ROOT
from tests.support.archive_toy import page as toy_page
from tests.support.serving import get, served

OURS = (
    "/",
    "/?sort=open_checks&order=asc",
    "/province/210000",
    "/portal/sample",
    "/report/1",
    "/report/1/versions",
    "/report/1/comparison/2",
    "/region/210104",
    "/compare",
    "/compare?layout=multiples&measure=denied&per=processed",
    "/measure/denied?per=processed",
    "/measure/req_granted__total",
    "/search?q=申请",
    "/search",
    "/search?q=申请&kind=government",
    "/search?q=申请 没有这样的词&year=2018",
    "/tables",
)
THEIRS = (
    "/archive",
    "/archive/reports?_size=9",
    "/archive/statistics?_facet=form&form=f2021&_size=9",
    "/archive/panel?_size=9",
    "/archive/reports/1",
    "/archive/late?region=",
    "/archive?sql=select+1+as+one",
    "/-/versions",
)
FAULTS = {
    "/nothing": 404,
    "/report/99999": 404,
    "/province/219900": 404,
    "/portal/nothing": 404,
    "/archive/nothing": 404,
    "/archive/reports/99999": 404,
    "/archive/reports?_sort=nothing": 400,
    "/archive?sql=select+nothing": 400,
    "/archive?sql=delete+from+reports": 400,
    "/search?year=x": 400,
}
TEMPLATES = ROOT / "crawler" / "site"
_KEY = re.compile(r"\b(word|label)\(\s*[\"']([\w.]+)[\"']")


@pytest.fixture(scope="module")
def site(sample: Path) -> Iterator[str]:
    with served(sample) as address:
        yield address


def asked(address: str) -> tuple[int, str]:
    return get(quote(address, safe=":/?&=+%._-"))[:2]


def sources() -> Iterator[str]:
    for path in TEMPLATES.rglob("*"):
        if path.suffix in (".html", ".py"):
            yield path.read_text("utf-8")


def test_no_word_lacks_a_language() -> None:
    names = {name for text in words().values() for name in text}
    assert names == set(LANGUAGES)
    assert [key for key, text in words().items() if not all(text.values())] == []
    lines = (TEMPLATES / "words.tsv").read_text("utf-8").splitlines()
    keys = [line.split("\t")[0] for line in lines if line and not line.startswith("#")][1:]
    assert sorted(keys) == sorted(set(keys))


def test_the_same_values_stand_in_both_languages() -> None:
    differing = [
        key
        for key, text in words().items()
        if len({frozenset(re.findall(r"\{(\w+)\}", side)) for side in text.values()}) > 1
    ]
    assert differing == []


def test_every_key_that_is_asked_for_is_there_and_none_is_left_over() -> None:
    asked_for = {key for text in sources() for kind, key in _KEY.findall(text) if kind == "word"}
    parts = {key for key in asked_for if key.endswith(".")}
    assert asked_for - parts - set(words()) == set()
    kinds = {f"{key}." for text in sources() for kind, key in _KEY.findall(text) if kind == "label"}
    named = {*re.findall(r"[\"'](\w+)[\"']", " ".join(sources()))}
    unused = {key for key in set(words()) - asked_for if not key.startswith((*parts, *kinds)) and key not in named}
    assert unused == set()


def test_measures_have_the_words_of_the_panel() -> None:
    assert {f"measure.{one.name}": one.meaning for one in MEASURES} == {
        key: text["zh"] for key, text in words().items() if key.startswith("measure.")
    }
    assert {f"unit.{one.unit}" for one in MEASURES} <= set(words())


def test_no_template_has_words_of_its_own() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"[\u4e00-\u9fff]", path.read_text("utf-8")), path


@pytest.mark.parametrize("path", [*OURS, *THEIRS, *FAULTS])
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_has_one_frame_in_the_language_asked_for(site: str, path: str, code: str) -> None:
    status, body = asked(f"{site}{path}{'&' if '?' in path else '?'}lang={code}")
    assert status == FAULTS.get(path, 200)
    assert f'<html lang="{LANGUAGES[code]}">' in body
    assert "site.css" in body
    assert "app.css" not in body
    assert "<script" not in body
    assert ('aria-label="Search titles and texts"' in body) is (code == "en")
    assert ('aria-label="检索标题与全文"' in body) is (code == "zh")
    assert len(re.findall("<h1", body)) == 1


@pytest.mark.parametrize("path", [*OURS, *THEIRS, "/nothing"])
def test_the_language_is_kept_in_every_link_and_form(site: str, path: str) -> None:
    body = asked(f"{site}{path}{'&' if '?' in path else '?'}lang=en")[1]
    links = [unescape(link) for link in re.findall(r'<a [^>]*?href="([/?][^"]*)"', body)]
    assert links
    data = re.compile(r"/raw$|\.(?:json|csv|atom|db)(?:\?|$)")
    assert [link for link in links if "lang=" not in link and not data.search(link)] == []
    forms = re.findall(r"<form\b[^>]*>(?:<input[^>]*>)?", body)
    assert all('name="lang" value="en"' in form for form in forms)
    assert "lang=en" not in asked(site + path)[1].replace("lang=en&", "").split("</header>")[1]


def test_another_language_is_chosen_where_one_reads(site: str) -> None:
    header = asked(f"{site}/search?q=a&lang=en")[1]
    tongues = re.findall(r'<a href="([^"]*)" lang="', header)
    assert [unescape(link) for link in tongues] == ["/search?q=a&lang=zh", "/search?q=a&lang=en"]


def test_pages_as_served_and_data_are_the_same_in_any_language(site: str) -> None:
    number = json.loads(get(site + "/archive/reports.json?_shape=array&_size=1")[1])[0]["capture_id"]
    for path in (f"/capture/{number}/raw", "/archive/runs.json?_shape=array"):
        plain, other = (get(f"{site}{path}{mark}")[1] for mark in ("", ("&" if "?" in path else "?") + "lang=en"))
        assert plain == other


def test_a_filter_keeps_the_language_and_is_none_itself(site: str) -> None:
    query = "_filter_column=region_code&_filter_op=exact&_filter_value=210104&lang=en"
    with urllib.request.urlopen(f"{site}/archive/reports?{query}") as answer:
        assert "lang=en" in answer.url
        assert "region_code__exact=210104" in answer.url
        assert '<html lang="en">' in answer.read().decode()


def test_a_query_s_own_parameter_of_that_name_is_left_to_it(site: str) -> None:
    path = "/archive.json?_shape=array&lang=en&sql=" + quote("select :lang as a")
    assert json.loads(get(site + path)[1]) == [{"a": "en"}]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/x?a=1", "/x?a=1&amp;lang=en"),
        ("?a=1#f", "?a=1&amp;lang=en#f"),
        ("/x", "/x?lang=en"),
        ("/x?", "/x?lang=en"),
        ("/x#y", "/x?lang=en#y"),
        ("/x?lang=zh", "/x?lang=zh"),
        ("/x?a=1&amp;lang=zh", "/x?a=1&amp;lang=zh"),
        ("/x?slang=1", "/x?slang=1&amp;lang=en"),
        ("#f1", "#f1"),
        ("//other/x", "//other/x"),
        ("https://other/x", "https://other/x"),
        ("/x.csv?_size=max", "/x.csv?_size=max"),
        ("/-/static-plugins/nianbao/site.css", "/-/static-plugins/nianbao/site.css"),
    ],
)
def test_an_address_takes_the_language_along(address: str, told: str) -> None:
    token = language.set("en")
    try:
        assert chosen(address) == told
        assert kept(f'<a href="{address}">') == f'<a href="{told}">'
    finally:
        language.reset(token)
    assert chosen(address) == address


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/search?q=1&page=0", "page"),
        ("/search?q=1&page=99999999999", "page"),
        ("/search?q=报告&page=999", "page"),
        ("/search?q=1&year=x", "year"),
        ("/search?q=1&year=1900", "year"),
        ("/search?q=1&region=x", "region"),
        ("/search?q=1&q=2", "q"),
        ("/search?q=1&yaer=2020", "yaer"),
        ("/compare?measure=nothing", "measure"),
        ("/?sort=nothing", "sort"),
        ("/?order=up", "order"),
        ("/?page=2", "page"),
        ("/province/210000?page=0", "page"),
        ("/portal/sample?sort=url", "sort"),
        ("/compare?region=999999", "region"),
        ("/compare?" + "&".join(f"region=2101{number:02d}" for number in (2, 3, 4, 5, 6, 11, 12, 13, 14)), "region"),
        ("/report/1/versions?from=x", "from"),
        ("/report/1/versions?to=0", "to"),
        ("/report/1?lang=fr", "lang"),
        ("/archive/reports?lang=fr", "lang"),
        ("/?lang=en&lang=zh", "lang"),
        ("/archive/reports?_timelimit=x", "_timelimit"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_named(site: str, path: str, name: str) -> None:
    status, body = asked(site + path)
    assert status == 400
    assert re.search(rf"参数 {name}：«[^»]+» 不可用；应为.+。", body)
    assert '<header class="top">' in body


@pytest.mark.parametrize("path", ["/search?q=&region=&year=&page=", "/compare?measure=", "/search?q=1&region=999999"])
def test_an_empty_parameter_is_as_none(site: str, path: str) -> None:
    assert asked(site + path)[0] == 200


def again(address: str, tag: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers={"If-None-Match": tag})) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_a_page_that_a_visitor_has_is_not_sent_again(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with Archive.open(archive) as opened:
        opened.begin_run(["somewhere"])
        opened.store(toy_page("/1.html", text="公开1件", year=2020))
    with served(archive) as address:
        tags = {path: get(address + path)[2]["ETag"] for path in ("/", "/?lang=en", "/report/1", "/search?q=1")}
        assert len(set(tags.values())) == 4
        assert all(tag.startswith('W/"') for tag in tags.values())
        for path, tag in tags.items():
            assert again(address + path, tag) == 304, path
            assert again(address + path, f'"other", {tag}') == 304
            assert again(address + path, '"other"') == 200
            assert again(address + path, "*") == 200
        for path in ("/report/9", "/search?year=x", "/nothing"):
            assert get(address + path)[2]["ETag"] is None
        with Archive.open(archive) as opened:
            opened.begin_run(["somewhere"])
            opened.store(toy_page("/2.html", text="公开2件", year=2021))
        assert again(address + "/", tags["/"]) == 200


def test_cells_are_links_to_our_pages(site: str) -> None:
    body = asked(f"{site}/archive/statistics?_size=3&form=f2021")[1]
    link = re.search(r'<td[^>]*><a href="(/report/\d+)#(f2021\.[a-z0-9_]+)">[a-z]', body)
    assert link
    assert f'id="{link[2]}"' in get(site + link[1])[1]
    reports = asked(f"{site}/archive/reports?_size=2")[1]
    assert re.search(r'<a href="/report/\d+">[^<]*年度报告</a>', reports)
    assert re.search(r'<a href="/report/\d+">[0-9a-f]{16}</a>', reports)
    assert re.search(r'<a href="/region/\d{6}">\d{6}</a>', reports)
    assert re.search(r'<a href="/capture/\d+/raw">\d+</a>', reports)
    sql = "select id as report_id, region_code, capture_id from reports limit 1"
    found = asked(f"{site}/archive?sql={quote(sql)}")[1]
    for start in ("/report/", "/region/", "/capture/"):
        assert f'<td class="n"><a href="{start}' in found


def test_a_public_id_leads_to_its_report() -> None:
    row = {"id": 7, "key": "0123456789abcdef", "title": "年报"}
    assert cells.link(row, row["key"], "key", "reports") == "report/7"
    assert cells.link({"report_id": 3, "key": "0123456789abcdef"}, "0123456789abcdef", "key", None) == "report/3"
    assert cells.link({"key": "0123456789abcdef"}, "0123456789abcdef", "key", None) is None
    assert cells.link({"region_code": "x"}, "x", "region_code", None) is None


def test_long_words_are_cut_and_stand_last(site: str) -> None:
    body = asked(f"{site}/archive/reports?_size=5")[1]
    heads = [re.sub(r"<[^>]+>|[▲▼ ]", "", head) for head in re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", body)]
    assert heads[0] == "id"
    assert heads[-1] == "text"
    assert heads.index("gone_at") < heads.index("trail") < heads.index("evidence")
    texts = [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", body, re.S)]
    assert max(map(len, texts)) <= cells.LONGEST + len("… 全文") or all(
        text.startswith("http") for text in texts if len(text) > cells.LONGEST + 4
    )
    whole = re.search(r'…</?[^>]*> ?<a href="([^"]+)">全文|… <a href="([^"]+)">全文', body)
    assert whole
    number, text = json.loads(get(f"{site}/archive/reports.json?_shape=arrays&_size=1&_col=text")[1])["rows"][0]
    assert text[-30:] in unescape(get(f"{site}/archive/reports/{number}")[1])


def test_descriptions_are_folded(site: str) -> None:
    body = asked(f"{site}/archive/reports")[1]
    assert body.index("<details") < body.index("What one organ says")
    assert "<details open" not in body


def test_people_meet_views_before_raw_tables(site: str) -> None:
    body = asked(f"{site}/archive")[1]
    assert body.index("/archive/panel") < body.index("/archive/reports") < body.index("/archive/blobs")
    assert body.index("常用视图") < body.index("原始数据表")
