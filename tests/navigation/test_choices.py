"""What a reader chooses on a list's page: an organ's report of a year out of a table, a year, more of an answer.

Each is read where the page's words settle it, and told by name where they do not.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from crawler.navigation.lists import MAX_VAIN
from crawler.records.problems import attention_kinds
from tests.navigation.test_trails import html, menu, report, rows
from tests.servers.faults import Act, FaultyServer, in_turn, reply
from tests.support.crawling import Crawled, crawl
from tests.support.walking import HOST, Report, Walked, walked

PLACES = ("和平区", "沈河区", "大东区")
YEARS = (2018, 2019, 2020, 2021, 2022)
OWN = [(place, year) for place in PLACES for year in YEARS]


def title(place: str, year: int) -> str:
    return f"{place}人民政府{year}年政府信息公开工作年度报告"


REPORTS = {f"/d/{at}.html": Report(title(*own)) for at, own in enumerate(OWN)}
HOME = '<a href="/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/nb/">政府信息公开年报</a>'


def at(place: str, year: int) -> str:
    return f"/d/{OWN.index((place, year))}.html"


def listed(year: int) -> str:
    return (
        "<ul>" + "".join(f"<li><a href={at(place, year)}>{title(place, year)}</a></li>" for place in PLACES) + "</ul>"
    )


def walk(column: str, **pages: str | Report) -> Walked:
    return walked({"/": HOME, "/nb/": f"<html><body>{column}</body></html>", **REPORTS, **pages})


def table(heads: str, row: str, cell: str, end: str = "</tr>") -> str:
    """A row for each place; `row`: what goes before its cells, with the place."""
    return f"<table>{heads}" + "".join(
        row.format(place, number) + "".join(cell.format(at(place, year)) for year in YEARS) + end
        for number, place in enumerate(PLACES, 1)
    ) + "</table>"  # fmt: skip


HEADS = "".join(f"<th>{year}年</th>" for year in YEARS)
SEE = "<td><a href={0}>查看</a></td>"
TABLES = {
    "organs by years": table(f"<tr><th>单位</th>{HEADS}</tr>", "<tr><td>{0}</td>", SEE),
    "pictures": table(f"<tr><th>单位</th>{HEADS}</tr>", "<tr><td>{0}</td>", "<td><a href={0}><img src=/i></a></td>"),
    "ticks": table(f"<tr><th>单位</th>{HEADS}</tr>", "<tr><td>{0}人民政府</td>", "<td><a href={0}>√</a></td>"),
    "numbered": table(f"<tr><th>序号</th><th>单位</th>{HEADS}</tr>", "<tr><td>{1}</td><td>{0}</td>", SEE),
    "heads of two rows": table(
        f"<tr><td rowspan=2>单位</td><td colspan=5>年度</td></tr><tr>{HEADS}</tr>", "<tr><td>{0}</td>", SEE
    ),
    "a group over its rows": table(f"<tr><th>类别</th><th>单位</th>{HEADS}</tr>", "<tr><td>{0}</td>", SEE).replace(
        "<td>和平区", "<td rowspan=3>区县</td><td>和平区"
    ),
    "no table": table(
        f"<p><i>单位</i>{HEADS.replace('th', 'i')}</p>", "<p><i>{0}</i>", "<i><a href={0}>详情</a></i>", "</p>"
    ),
    "years by organs": "<table><tr><th>年度</th>"
    + "".join(f"<th>{place}</th>" for place in PLACES)
    + "".join(
        f"<tr><td>{year}年</td>" + "".join(SEE.format(at(place, year)) for place in PLACES) + "</tr>" for year in YEARS
    )
    + "</table>",
}  # fmt: skip


@pytest.mark.parametrize("column", TABLES.values(), ids=TABLES)
def test_every_cell_of_a_table_of_organs_and_years_is_a_report(column: str) -> None:
    came = walk(column)
    assert came.reports.keys() == REPORTS.keys()
    assert came.kinds() == []


def test_a_file_beside_a_report_is_not_called_by_the_title() -> None:
    row = "<tr><td>{0}</td><td><a href={1}>查看</a> <a href=/f/{2}.pdf>下载</a></td></tr>"
    rows = "".join(row.format(title(place, 2022), at(place, 2022), number) for number, place in enumerate(PLACES))
    came = walk(f"<table>{rows}</table>")
    assert len(came.reports) == len(PLACES)
    assert {way.label for way in came.ways if way.url.endswith(".pdf")} == {"下载"}


def test_titles_that_leave_the_organ_to_their_row_are_entries() -> None:
    entries = "".join(
        f"<tr><td><a href={at(place, 2022)}>2022年政府信息公开工作年度报告</a></td><td>{place}</td></tr>"
        for place in PLACES
    )
    assert len(walk(f"<table>{entries}</table>").reports) == len(PLACES)


CALLS = {
    "get": "$.get('/nb/by?nd='+y,function(h){$('#l').html(h)})",
    "ajax": "$.ajax({type:'get',url:'/nb/by',data:{nd:y},success:function(h){}})",
    "fetch": "fetch(`/nb/by?nd=${y}`).then(r=>r.text())",
    "counted first": "$.get('/count?nd='+y);$('#l').load('/nb/by?nd='+y)",
}
SHAPES = {
    "select": "<select onchange='to(this.value)'><option value=2022>2022年</option>"
    "<option value=2021>2021年</option></select>",
    "rows": "<ul><li onclick='to(2022)'>2022年</li><li onclick='to(2021)'>2021年</li></ul>",
    "links": "<a href='javascript:;' onclick=\"to('2022')\">2022年</a> <a href='javascript:to(2021)'>2021年</a>",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_year_that_a_script_asks_for_is_a_step(shape: str, call: str) -> None:
    column = f"{shape}<div id=l>{listed(2022)}</div><script>function to(y){{{call}}}</script>"
    came = walk(column, **{f"/nb/by?nd={year}": listed(year) for year in (2021, 2022)})
    assert len(came.reports) == 2 * len(PLACES)
    assert came.kinds() == []


@pytest.mark.parametrize(
    "form",
    [
        "".join(f"<label><input type=radio name=nd value={year}>{year}年</label>" for year in (2021, 2022)),
        "".join(f"<input type=radio name=nd id=y{y} value={y}><label for=y{y}>{y}</label>" for y in (2021, 2022)),
        "".join(f"<button name=nd value={year}>{year}年</button>" for year in (2021, 2022)),
        "".join(f"<input type=submit name=nd value={year}>" for year in (2021, 2022)),
    ],
)  # fmt: skip
def test_a_year_that_a_form_is_sent_with_is_a_step(form: str) -> None:
    column = f"<form action=/nb/by>{form}</form>{listed(2022)}"
    assert len(walk(column, **{f"/nb/by?nd={year}": listed(year) for year in (2021, 2022)}).reports) == 2 * len(PLACES)


@pytest.mark.parametrize(
    "choice",
    [
        "<ul><li onclick=to(2022)>2022年</li><li onclick=to(2021)>2021年</li></ul><script src=/x.js></script>",
        "<ul><li data-y=2022 class=on>2022年</li><li data-y=2021>2021年</li></ul>",
        "<select><option>2022年</option><option>2021年</option></select>",
        "<div><span>2022</span><span>2021</span></div>",
    ],
)
def test_a_year_that_nothing_leads_to_is_told_by_name(choice: str) -> None:
    came = walk(choice + listed(2022))
    assert len(came.reports) == len(PLACES)
    assert [problem.kind for problem in came.problems] == ["entry_no_report", "entries_no_report"]
    assert "2021" in came.problems[0].detail


@pytest.mark.parametrize(
    "column",
    [
        f"<ul><li>2022年</li><li>2021年</li></ul><div><div>{listed(2022)}</div><div>暂无</div></div>",
        f"<a href=#a>2022年</a> <a href=#b>2021年</a><div id=a>{listed(2022)}</div><div id=b>暂无</div>",
        f"<h3>2022年</h3>{listed(2022)}<h3>2021年</h3>{listed(2021)}",
    ],
)
def test_a_year_that_the_page_shows_is_not_told(column: str) -> None:
    assert walk(column).kinds() == []


def answer(year: int, **said: object) -> str:
    entries = [{"title": title(place, year), "url": at(place, year)} for place in PLACES]
    return json.dumps({"code": 0, "data": {"rows": entries, **said}}, ensure_ascii=False)


ANSWERS = {
    "entries": ("/s?page=1", "/s?page=2", {"total": 6}),
    "entries as text": ("/s?pageNum=1&size=3", "/s?pageNum=2&size=3", {"totalCount": "6"}),
    "pages": ("/s?pageNo=1&id=7", "/s?pageNo=2&id=7", {"pages": 2, "current": 1}),
    "from nought": ("/s?id=7&page=0", "/s?id=7&page=1", {"totalPages": 2, "totalElements": 6}),
    "rows before": ("/s?offset=0&limit=3", "/s?offset=3&limit=3", {"hasMore": True}),
    "an address": ("/s", "/s?from=abc", {"next": "/s?from=abc"}),
    "a table's count": ("/s?page=1&limit=3", "/s?page=2&limit=3", {"count": 6}),
    "found": ("/s?pn=1", "/s?pn=2", {"numFound": 6}),
    "not the last": ("/s?page=0&sort=day", "/s?page=1&sort=day", {"last": False}),
}


@pytest.mark.parametrize(("first", "second", "said"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_says_there_is_more_leads_on(first: str, second: str, said: dict[str, object]) -> None:
    column = f"<div id=l></div><script>fetch('{first}')</script>"
    came = walk(column, **{first: answer(2022, **said), second: answer(2021, total=6)})
    assert len(came.reports) == 2 * len(PLACES)
    assert came.kinds() == []


@pytest.mark.parametrize("said", [{"hasNext": True}, {"nextCursor": "Zm9v"}, {"total": 6}, {"pageCount": 3}])
def test_an_answer_whose_address_does_not_count_is_told(said: dict[str, object]) -> None:
    came = walk("<div id=l></div><script>fetch('/s?cid=7')</script>", **{"/s?cid=7": answer(2022, **said)})
    assert came.kinds() == ["paging_not_understood"]


@pytest.mark.parametrize("said", [{"hasMore": False, "next": None}, {"total": 3}, {"pages": 1, "nextPage": 0}, {}])
def test_an_answer_that_is_whole_is_left_at_that(said: dict[str, object]) -> None:
    came = walk("<div id=l></div><script>fetch('/s?page=1')</script>", **{"/s?page=1": answer(2022, **said)})
    assert came.kinds() == []
    assert "/s?page=2" not in came.asked


@pytest.mark.parametrize("bare", [False, True])
def test_an_answer_with_as_many_rows_as_were_asked_for_may_have_more(bare: bool) -> None:
    def rows_of(year: int) -> str:
        return json.dumps(json.loads(answer(year))["data"]["rows"]) if bare else answer(year)

    column = "<div id=l></div><script>fetch('/s?page=1&pageSize=3')</script>"
    pages = {f"/s?page={number}&pageSize=3": rows_of(year) for number, year in ((1, 2022), (2, 2021))}
    came = walk(column, **pages, **{"/s?page=3&pageSize=3": "[]" if bare else '{"code": 0, "data": {"rows": []}}'})
    assert len(came.reports) == 2 * len(PLACES)
    assert came.kinds() == []
    assert "/s?page=4&pageSize=3" not in came.asked


def test_an_answer_with_fewer_rows_than_were_asked_for_is_whole() -> None:
    came = walk("<script>fetch('/s?page=1&pageSize=9')</script>", **{"/s?page=1&pageSize=9": answer(2022)})
    assert "/s?page=2&pageSize=9" not in came.asked


@pytest.mark.parametrize("beyond", [None, answer(2022), "<h1>404</h1>"], ids=["gone", "the same", "a page"])
def test_a_count_that_is_wrong_costs_a_few_pages_and_is_told(beyond: str | None) -> None:
    pages = {"/s?page=1": answer(2022, total=999_999), "/s?page=2": answer(2021)}
    pages |= {f"/s?page={number}": beyond for number in range(3, 600) if beyond is not None}
    came = walk("<script>fetch('/s?page=1')</script>", **pages)
    assert len(came.reports) == 2 * len(PLACES)
    assert len(came.asked) == 4 + len(came.reports) + MAX_VAIN
    (told,) = (one for one in came.problems if "488 more were not asked" in one.detail)
    assert (told.kind, told.url) == ("paging_not_understood", f"{HOST}/nb/")


def test_a_server_that_fails_for_a_while_ends_no_list() -> None:
    pages: dict[str, str | Report] = {"/": HOME, "/nb/": "<script>fetch('/s?page=1')</script>", **REPORTS}
    pages |= {"/s?page=1": answer(2022, pages=2 * MAX_VAIN), f"/s?page={MAX_VAIN + 5}": answer(2021)}
    busy = {f"/s?page={number}" for number in range(2, MAX_VAIN + 5)}
    came = walked(pages, failing=busy)
    assert len(came.reports) == 2 * len(PLACES)
    assert busy.issubset(came.asked)


def test_a_page_in_the_midst_of_a_list_that_is_gone_ends_nothing() -> None:
    pages = {f"/s?page={number}": answer(year) for number, year in ((MAX_VAIN + 1, 2021), (2 * MAX_VAIN + 1, 2020))}
    came = walk("<script>fetch('/s?page=1')</script>", **{"/s?page=1": answer(2022, pages=30)}, **pages)
    assert len(came.reports) == 3 * len(PLACES)


def test_a_further_page_that_shows_the_first_again_is_told() -> None:
    page = f"{listed(2022)} 共2页 <a href=/nb/?page=2>下一页</a>"
    came = walk(page, **{"/nb/?page=2": page})
    assert [(one.kind, one.detail[:11]) for one in came.problems] == [("paging_not_understood", "page 2 of 2")]
    assert attention_kinds(Counter(came.kinds())) == ["paging_not_understood"]


def portal(column: str, **more: str) -> dict[str, Act]:
    """A portal of six reports at /r/2018和平区 … that are pages of their own."""
    pages = {"/": html(menu(("/nb/", "政府信息公开年报"))), "/nb/": html(column), **more}
    pages |= {f"/r/{number}{year}": report(place, year) for number, place in enumerate(PLACES) for year in (2017, 2018)}
    return {path: reply(200, page.encode()) for path, page in pages.items()}


def run(folder: Path, *portals: dict[str, Act]) -> Crawled:
    with ExitStack() as stack:
        servers = [stack.enter_context(FaultyServer(acts).serve()) for acts in portals]
        return crawl(folder, [f"http://127.0.0.1:{server.port}/" for server in servers])


@pytest.mark.crawl
def test_a_crawl_archives_what_is_chosen_and_names_what_is_not(tmp_path: Path) -> None:
    def of(year: int) -> str:
        return rows(
            *((f"/r/{at}{year}", f"沈阳市{place}{year}年政府信息公开工作年度报告") for at, place in enumerate(PLACES))
        )

    seen = "".join(
        f"<tr><td>{place}</td><td><a href=/r/{at}2017>查看</a></td><td><a href=/r/{at}2018>查看</a></td></tr>"
        for at, place in enumerate(PLACES)
    )
    matrix = f"<table><tr><th>单位</th><th>2017年</th><th>2018年</th></tr>{seen}</table>"
    chosen = (
        "<select onchange=to(this.value)><option value=2018>2018年</option><option value=2017>2017年</option></select>"
    )
    script = "<script>function to(y){$.get('/by/'+y,function(h){})}</script>"
    by = {f"/by/{year}": html(of(year)) for year in (2017, 2018)}
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir(), second.mkdir()
    whole = run(first, portal(matrix), portal(chosen + of(2018) + script, **by))
    assert whole.code == 0
    assert len(whole.reports) == 12
    lost = run(second, portal("<ul><li data-y=2018>2018年</li><li data-y=2017>2017年</li></ul>" + of(2018)))
    assert lost.code == 1
    assert lost.kinds() == ["entries_no_report", "entry_no_report"]
    assert any("2017年" in detail for *_, detail in lost.problems)


@pytest.mark.crawl
def test_a_crawl_asks_no_hundreds_of_pages_that_are_not_there(tmp_path: Path) -> None:
    entries = [
        {"title": f"沈阳市{place}2018年政府信息公开工作年度报告", "url": f"/r/{at}2018"}
        for at, place in enumerate(PLACES)
    ]
    said = json.dumps({"rows": entries, "total": 999_999}, ensure_ascii=False).encode()
    acts = portal("<script>$.getJSON('/s?page=1',show)</script>")
    with FaultyServer({**acts, "/s": in_turn(reply(200, said), reply(404, b"404"))}).serve() as server:
        came = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/"])
    assert len(came.reports) == len(PLACES)
    assert server.paths().count("/s") == 1 + MAX_VAIN
    assert came.code == 1
    assert "paging_not_understood" in came.kinds()
