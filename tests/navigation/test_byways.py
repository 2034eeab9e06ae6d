"""What a column has beside its list: older years under any name, a list of letters, boxes that a script fills, trees.

Each is walked where the page's words settle where it leads, and told by name where they do not.
"""

from __future__ import annotations

import json

import pytest

from tests.support.walking import Report, Walked, walked

PLACES = ("和平区", "沈河区", "大东区")


def title(place: str, year: int) -> str:
    return f"{place}人民政府{year}年政府信息公开工作年度报告"


def entries(*years: int) -> str:
    rows = (
        f"<li><a href=/r/{at}{year}.html>{title(place, year)}</a><i>{year + 1}-01-20</i></li>"
        for year in years
        for at, place in enumerate(PLACES)
    )
    return f"<ul>{''.join(rows)}</ul>"


REPORTS = {
    f"/r/{at}{year}.html": Report(title(place, year)) for year in (2020, 2021, 2022) for at, place in enumerate(PLACES)
}


def walk(column: str, **pages: str | Report) -> Walked:
    home = '<a href="/">首页</a> <a href="/nb/">政府信息公开年报</a>'
    return walked({"/": home, "/nb/": f"<html><body>{column}</body></html>", **REPORTS, **pages})


@pytest.mark.parametrize("name", ["往年年报查看", "以前年度", "老版年报", "更早", "公开年报选登", "部门年报一览表"])
@pytest.mark.parametrize("address", ["/nb/old/", "/nb/list.asp?id=4"])
def test_what_stands_beside_the_list_and_speaks_of_reports_is_walked(name: str, address: str) -> None:
    column = f"<div><a href=/nb/>政府信息公开年报</a> <a href='{address}'>{name}</a></div>{entries(2022)}"
    assert len(walk(column, **{address: entries(2021)}).reports) == 2 * len(PLACES)


@pytest.mark.parametrize(
    "name",
    [
        "年报编制范文",
        "统计年报",
        "市场监管简报",
        "年度工作要点",
        "市场主体年报入口",
        "年度报告填报系统",
    ],
)
def test_what_stands_beside_the_list_and_speaks_of_something_else_is_left_alone(name: str) -> None:
    came = walk(f"<div><a href=/nb/>政府信息公开年报</a> <a href=/nb/x/>{name}</a></div>{entries(2022)}")
    assert "/nb/x/" not in came.asked
    assert came.kinds() == []


@pytest.mark.parametrize("signs", ["ABCDEFG", ("A-D", "E-H", "J-M", "N-R"), ("一画", "二画", "三画", "四画", "五画")])
def test_a_row_of_letters_leads_to_the_organs_whose_names_begin_so(signs: str | tuple[str, ...]) -> None:
    row = "".join(f"<a href='/nb/list.asp?szm={at}'>{sign}</a> " for at, sign in enumerate(signs))
    pages = {f"/nb/list.asp?szm={at}": entries(2020 + at) if at < 3 else "暂无" for at in range(len(signs))}
    came = walk(f"<p>按首字母：{row}</p>{entries(2020)}", **pages)
    assert came.reports.keys() == REPORTS.keys()
    assert came.kinds() == []


@pytest.mark.parametrize(
    "row", ["<a href=/nb/a.asp?t=1>A</a> <a href=/nb/a.asp?t=2>B</a>", "<a href=//b.com/>A</a>" * 6]
)
def test_letters_that_are_no_index_are_left_alone(row: str) -> None:
    came = walk(row + entries(2020))
    assert not any("/a.asp" in path or "b.com" in path for path in came.asked)


def test_one_organ_under_a_letter_leads_to_its_list() -> None:
    row = "".join(f"<a href='/nb/list.asp?szm={sign}'>{sign}</a> " for sign in "ABCDEFG")
    organ = row + "<ul><li><a href='/nb/unit.asp?dw=7'>水务局</a></li></ul>"
    came = walk(row, **{"/nb/list.asp?szm=D": organ, "/nb/unit.asp?dw=7": entries(2020)})
    assert len(came.reports) == len(PLACES)


WRITES = "".join(f"document.write('{row}</li>');" for row in entries(2021)[4:-5].split("</li>") if row)
BOXES = {
    "written by a script": ("<h3>部门年报</h3><ul><script src=/jsfile/c2.js></script></ul>", "/jsfile/c2.js", WRITES),
    "written by a service": (
        "<div class=l><script src='/plus/js.php?tid=9' type='text/javascript'></script></div>",
        "/plus/js.php?tid=9",
        WRITES,
    ),
    "loaded": ("<div id=b></div><script>$('#b').load('/nb/bm.html')</script>", "/nb/bm.html", entries(2021)),
    "asked for": ("<div id=b></div><script>fetch('bm.json')</script>", "/nb/bm.json", entries(2021)),
    "framed": ("<iframe src=bm.html></iframe>", "/nb/bm.html", entries(2021)),
}


@pytest.mark.parametrize(("box", "address", "content"), BOXES.values(), ids=BOXES)
@pytest.mark.parametrize("own", [entries(2022), "<p>本栏目</p>"], ids=["beside a list", "alone"])
def test_a_box_that_is_filled_from_elsewhere_is_looked_into(box: str, address: str, content: str, own: str) -> None:
    came = walk(f"<h3>区县年报</h3>{own}{box}", **{address: content})
    assert {path for path in came.reports if "2021" in path} == {path for path in REPORTS if "2021" in path}
    assert came.kinds() == []


def test_a_list_that_is_called_back_with_is_looked_into() -> None:
    said = [{"title": title(place, 2021), "url": f"/r/{at}2021.html"} for at, place in enumerate(PLACES)]
    script = "<script src='/api/content?channel=88&callback=show'></script>"
    came = walk(f"<div id=l></div>{script}", **{"/api/content?channel=88&callback=show": f"show({json.dumps(said)});"})
    assert len(came.reports) == len(PLACES)


@pytest.mark.parametrize(
    "box",
    [
        "<div><script src=/js/common.js></script></div>",
        "<div>访问量：<script src=/js/abc.js></script></div>",
        "<div><script src=/tongji/count.js></script></div>",
        "<div><p>通知</p><script src=/js/abc.js></script></div>",
        "<script src=/nb/static/article.js></script><script src=/nb/content_xxgk.js></script>",
        "<h3>部门年报</h3><div><script src=/js/unit.js url=/rest/list queryData='{}'></script></div>",
        "<h3>友情链接</h3><div class=foot><script src=/script/0/4711.js></script></div>",
        "<iframe src=/other/weather.html></iframe>",
        "<script>$.get('/other/list.html')</script>",
    ],
)
def test_what_fills_no_box_of_the_column_is_left_alone(box: str) -> None:
    came = walk(entries(2022) + box)
    assert len(came.asked) == 2 + len(PLACES)
    assert came.kinds() == []


PAGER = "<div id=pager></div><script src=/js/page.js></script>"
FIGURES = {
    "a box": "<div class=fy data-total=30 data-pagesize=15></div>",
    "a field": "<input type=hidden id=totalPage value=2>",
    "an object": '<script>var info={"pageNum":1,\'pages\':2,"total":30};</script>',
}


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_pages_that_a_list_has_by_its_own_figures_are_told(figure: str) -> None:
    assert walk(entries(2022) + figure + PAGER).kinds() == ["paging_not_understood"]
    one = figure.replace("30", "9").replace("value=2", "value=1").replace(":2,", ":1,")
    assert walk(entries(2022) + one + PAGER).kinds() == []


@pytest.mark.parametrize(
    "figure",
    ["<script>var book={title:'公报',pages:48};</script>", "<i data-count=900>浏览</i>", "<input name=totalPage>"],
)
def test_figures_of_something_else_say_nothing_of_pages(figure: str) -> None:
    assert walk(entries(2022) + figure).kinds() == []


def test_a_plugin_that_asks_a_service_for_its_pages_is_followed() -> None:
    script = (
        "$('#p').paging({pageNo:1,totalPage:2,callback:function(n){turn(n)}});"
        "function turn(n){$.ajax({url:'/web/rows.do',type:'get',data:{lm:'nb',currentPage:n}})}"
    )
    pages = {f"/web/rows.do?lm=nb&currentPage={n}": entries(year) for n, year in ((2, 2021), (3, 2022))}
    came = walk(f"{entries(2022)}<div id=p></div><script>{script}</script>", **pages)
    assert len(came.reports) == 2 * len(PLACES)
    assert came.kinds() == []


TREES = {
    "flat": "var zNodes=[{id:1,pId:0,name:'市直部门'},{id:2,pId:1,name:'财政局',url:'/nb/c/'},"
    "{id:3,pId:1,name:'教育局',url:'/nb/j/'}];",
    "nested": 'var tree=[{"text":"市直部门","children":[{"text":"财政局","href":"/nb/c/"},'
    '{"text":"教育局","href":"/nb/j/"}]}];',
    "added": "d=new dTree('d');d.add(0,-1,'单位');d.add(1,0,'财政局','/nb/c/');d.add(2,0,'教育局','/nb/j/','',1);",
}


@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
def test_a_tree_of_organs_in_a_script_is_walked(tree: str) -> None:
    pages = {"/nb/c/": entries(2020), "/nb/j/": entries(2021)}
    came = walk(f"<ul id=tree></ul>{entries(2022)}<script>{tree}</script>", **pages)
    assert came.reports.keys() == REPORTS.keys()
    assert came.kinds() == []


CHOICES = {
    "links": "<a href='javascript:;' data-id=1>财政局</a><a href='javascript:;' data-id=2>教育局</a>",
    "calls": "<a href='javascript:to(1)' onclick='to(1)'>财政局</a><a onclick='to(2)'>教育局</a>",
    "options": "<select id=d><option>请选择</option><option value=1>财政局</option><option value=2>教育局</select>",
    "nodes": "<script>var zNodes=[{id:1,pId:0,name:'财政局'},{id:2,pId:0,name:'教育局'}]</script>",
}


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
def test_organs_that_nothing_leads_to_are_told_by_name(choice: str) -> None:
    came = walk(f"<div>{choice}</div>{entries(2022)}<script src=/js/d.js></script>")
    assert len(came.reports) == len(PLACES)
    told = [one.detail for one in came.problems if one.kind == "entry_no_report"]
    assert [detail.partition(":")[0] for detail in told] == ["'财政局'", "'教育局'"]
    assert "entries_no_report" in came.kinds()


@pytest.mark.parametrize(
    "choice",
    [
        "<a href='javascript:;'>国家林草局</a><a href='javascript:;'>国家文物局</a>",
        "<a href='javascript:;' data-id=1>和平区人民政府</a><a href='javascript:;' data-id=2>沈河区人民政府</a>",
        "<form><input name=q><select><option value=1>财政局</option><option value=2>教育局</option></select></form>",
        "<a href='javascript:;' data-id=1>政务服务中心</a>",
        "<select><option value=1>北京市</option><option value=2>上海市</option></select>",
        "<form><select><option>财政局</option><option>教育局</option></select><input type=password></form>",
    ],
)
def test_organs_of_a_menu_a_search_or_the_list_itself_are_not_told(choice: str) -> None:
    assert walk(f"<div>{choice}</div>{entries(2022)}").kinds() == []


@pytest.mark.parametrize("code", ["href='#/list?id=3'", "href='javascript:toList(3)'", "href='#' onclick='toList(3)'"])
def test_a_name_of_the_column_that_a_script_alone_follows_is_told_beside_another(code: str) -> None:
    home = f"<a {code}>政府信息公开年报</a> <a href=/bm/>部门信息公开年报</a><script src=/js/app.js></script>"
    came = walked({"/": home, "/bm/": entries(2022), **REPORTS})
    assert len(came.reports) == len(PLACES)
    assert [(one.kind, "政府信息公开年报" in one.detail) for one in came.problems] == [("trail_broken", True)]


@pytest.mark.parametrize(
    "menu",
    [
        "<li><a href='javascript:void(0)'>政府信息公开年报</a><a href=/bm/>部门信息公开年报</a></li>",
        "<li><a href='#' onclick='to(this)'>政府信息公开年报</a><ul><li><a href=/bm/>部门信息公开年报</a></ul></li>",
        "<a href='#' onclick='go(1)'>部门信息公开年报</a><a href=/bm/>部门信息公开年报</a>",
    ],
)
def test_a_name_that_opens_a_menu_or_stands_there_twice_is_not_told(menu: str) -> None:
    assert walked({"/": menu, "/bm/": entries(2022), **REPORTS}).kinds() == []


@pytest.mark.parametrize("name", ["部门年报", "镇街年报", "区县（市）年度报告"])
def test_the_reports_of_a_group_stand_beside_the_column_under_their_own_name(name: str) -> None:
    home = f"<a href=/nb/>政府信息公开年报</a> <a href=/bm/>{name}</a>"
    came = walked({"/": home, "/nb/": entries(2022), "/bm/": entries(2021), **REPORTS})
    assert len(came.reports) == 2 * len(PLACES)


@pytest.mark.parametrize("name", ["事业单位年报", "事业单位年度报告", "部门预算", "市直部门"])
def test_what_is_no_report_of_a_group_is_left_alone(name: str) -> None:
    home = f"<a href=/nb/>政府信息公开年报</a> <a href=/sy/>{name}</a>"
    assert "/sy/" not in walked({"/": home, "/nb/": entries(2022), **REPORTS}).asked


def _entry(address: str, name: str, atom: bool) -> str:
    day = "2023-01-20T08:00:00Z"
    if atom:
        return f"<entry><title>{name}</title><link href='{address}'/><updated>{day}</updated></entry>"
    return f"<item><title>{name}</title><link>{address}</link><pubDate>{day}</pubDate></item>"


@pytest.mark.parametrize("atom", [False, True])
def test_a_feed_is_read_where_the_page_offers_nothing(atom: bool) -> None:
    said = "".join(_entry(f"/r/{at}2022.html", title(place, 2022), atom) for at, place in enumerate(PLACES))
    space = "xmlns='http://www.w3.org/2005/Atom'"
    feed = f"<feed {space}>{said}</feed>" if atom else f"<rss><channel>{said}</channel></rss>"
    link = f"<link rel=alternate type='application/{'atom' if atom else 'rss'}+xml' href=/feed/12>"
    pages = {"/feed/12": f"<?xml version='1.0' encoding='utf-8'?>{feed}"}
    assert len(walk(f"{link}<p>年报</p>", **pages).reports) == len(PLACES)
    assert "/feed/12" not in walk(link + entries(2021), **pages).asked


@pytest.mark.parametrize("close", ["}}({0}));", "}})({0});", ";}}({0}));"])
def test_data_that_a_function_with_arguments_returns_are_read(close: str) -> None:
    rows = ",".join(f"{{title:t{at},url:u{at},top:z}}" for at, _ in enumerate(PLACES))
    values = ",".join(f"'{title(place, 2022)}','/r/{at}2022.html'" for at, place in enumerate(PLACES))
    names = ",".join(f"t{at},u{at}" for at, _ in enumerate(PLACES))
    script = (
        f"window.__STATE__=(function(z,{names}){{return {{data:[{{rows:[{rows}]}}]}}{close.format('void 0,' + values)}"
    )
    assert len(walk(f"<div id=app></div><script>{script}</script>").reports) == len(PLACES)


@pytest.mark.parametrize(
    "menu",
    [
        "<dl><dt><a href='javascript:show(3)'>政府信息公开年报</a></dt><dd>{0}</dd></dl>",
        "<h3><a href='#' onclick='show(3)'>政府信息公开年报</a></h3><ul><li>{0}</li></ul>",
        "<div><a href='javascript:show(3)'>政府信息公开年报</a><ul><li>{0}</li></ul></div>",
        "<ul><li><a href='javascript:show(3)'>政府信息公开年报</a>{0}</li></ul>",
    ],
)
def test_a_name_of_the_column_that_opens_what_stands_under_it_is_not_told(menu: str) -> None:
    inner = "<a href=/bm/>部门信息公开年报</a> <a href=/zf/>市政府信息公开年报</a>"
    home = f"<a href='/'>首页</a>{menu.format(inner)}"
    came = walked({"/": home, "/bm/": entries(2021), "/zf/": entries(2022), **REPORTS})
    assert len(came.reports) == 2 * len(PLACES)
    assert came.kinds() == []


def test_a_name_of_the_column_without_an_address_is_told_once() -> None:
    names = "<p><a href='javascript:to(3)'>政府信息公开年报</a></p>" * 3
    came = walked({"/": f"{names}<a href=/bm/>部门信息公开年报</a>", "/bm/": entries(2021), **REPORTS})
    assert [one.kind for one in came.problems] == ["trail_broken"]


def test_a_page_that_is_gone_and_stands_apart_from_the_steps_was_asked_as_no_step() -> None:
    came = walk(f"{entries(2022)}<iframe src=/nb/more.html></iframe>")
    assert [one.detail for one in came.problems] == ["status 404 where '政府信息公开年报' led"]


def test_a_year_with_a_host_of_its_own_is_a_step_and_other_front_doors_are_none() -> None:
    hosts = "".join(f"<a href='http://{host}/'>2019年</a>" for host in ("2019.example.gov.cn", "www.b20190.gov.cn"))
    came = walk(f"<p>{hosts}</p>{entries(2022)}")
    ((kind, detail),) = [(problem.kind, problem.detail) for problem in came.problems]
    assert kind == "host_not_allowed"
    assert "http://2019.example.gov.cn/" in detail
