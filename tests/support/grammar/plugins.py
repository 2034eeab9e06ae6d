"""Pagers that a plugin makes, calls with variables, forms: templates in which capitals are the list's."""

from __future__ import annotations

import re
from functools import partial

from tests.support.grammar.links import numbers, words_and_counts
from tests.support.grammar.tables import PAGERS, SILENT, List, among

CALLS = {
    "laypage": "laypage.render({elem:'p',count:ROWS,limit:PER,curr:PAGE,"
    "jump:function(obj,first){if(!first){location.href=URL(obj.curr);}}});",
    "laypage of old": "laypage({"
    "cont:'p',pages:COUNT,curr:PAGE,jump:function(e,first){if(!first) location.href=URL(e.curr)}})",
    "callback with an interface": "$('.p').pagination({pageCount:COUNT,jump:true,"
    "callback:function(api){window.location.href=URL(api.getCurrent());}});",
    "bootstrap": "$('#p').bootstrapPaginator({currentPage:PAGE,totalPages:COUNT,"
    "pageUrl:function(type,page,current){return URL(page);}});",
    "twbs": "$('#p').twbsPagination({"
    "totalPages:COUNT,startPage:PAGE,onPageClick:function(event,page){location=URL(page)}});",
    "create page": "$('.tcd').createPage({"
    "pageCount:COUNT,current:PAGE,backFn:function(p){window.location.href=URL(p);}});",
    "kkpager": "kkpager.generPageHtml({"
    "pno:PAGE,total:COUNT,totalRecords:ROWS,mode:'link',getLink:function(n){return URL(n);}});",
    "arrow": "new Pagination({el:'#p',pageCount:COUNT,onChange: p => { location.href = URL(p) }});",
    "variables": "var rows=ROWS, size=PER; laypage.render({elem:'p',count:rows,limit:size,"
    "jump:function(o,first){if(!first) window.location.href=URL(o.curr);}});",
    "named callback": "function turn(n){"
    "window.location.href=URL(n);} $('#p').Paging({pagesize:PER,count:ROWS,callback:turn});",
    "jqPaginator": "$.jqPaginator('#p',{"
    "totalPages:COUNT,currentPage:PAGE,onPageChange:function(num,type){location.href=URL(num);}});",
}
"""Calls that say how many pages there are and where each is."""
SERVICES = {
    "plugin of a service": "laypage.render({"
    "elem:'p',count:ROWS,limit:PER,jump:function(o,first){if(!first) load(o.curr);}});",
    "plugin with unknown count": "$('#p').pagination({"
    "totalData:res.total,showData:10,callback:function(api){load(api)}});",
    "count in a variable": "var pageCount = COUNT; showPager(pageCount);",
}
"""Calls that do not say where."""


def _written(call: str, of: List, page: int) -> str:
    call = re.sub(r"URL\(((?:[\w.]|\(\))+)\)", lambda found: of.made(found.group(1)), call)
    for name, value in (("ROWS", of.rows), ("PER", of.per), ("COUNT", of.count), ("PAGE", page)):
        call = call.replace(name, str(value))
    return f"<div id=p class=p></div><script>{call}</script>"


for _table, _calls in ((PAGERS, CALLS), (SILENT, SERVICES)):
    _table |= {name: partial(_written, call) for name, call in _calls.items()}


@among(PAGERS)
def template_of_links(of: List, page: int) -> str:
    """jQuery's pagination with a template of addresses."""
    if not of.plain:
        return numbers(of, page)
    spot = of.spot("__id__")
    call = f"$('#p').pagination({of.rows},{{items_per_page:{of.per},current_page:{page - 1},link_to:'{spot}'}})"
    return f"<script>{call}</script>"


@among(PAGERS)
def create_page_html(of: List, page: int) -> str:
    """TRS's and the shtml family's own, where the addresses are theirs; with variables in the call."""
    if "?" in of.template or ":" in of.template or "_" not in of.template or of.step != 1:
        return numbers(of, page)
    name, ext = of.template.rsplit("/", 1)[1].split("_")[0], of.template.rsplit(".", 1)[1]
    if of.shift:
        return f"<script>var n={of.count};var cur={page - 1};createPageHTML(n, cur, '{name}', '{ext}');</script>"
    call = f"createPageHTML('page', pages, {page}, f, '{ext}', {of.rows});"
    return f"<script>var pages={of.count}, f='{name}';{call}</script>"


@among(PAGERS)
def form_to_jump(of: List, page: int) -> str:
    """A form by GET with a field for the page's number, and the number of pages in words."""
    if "?" not in of.template or not of.plain:
        return words_and_counts(of, page)
    path, _, query = of.template.partition("?")
    pairs = [pair.split("=") for pair in query.split("&")]
    hidden = "".join(f'<input type=hidden name="{name}" value="{value}">' for name, value in pairs if "{" not in value)
    key = next(name for name, value in pairs if "{" in value)
    field = f'第<input name="{key}" size=3>页<input type=submit value=跳转>'
    return f'共{of.count}页 <form action="{path}" method="get">{hidden}{field}</form>'


@among(SILENT)
def element_pagination(of: List, page: int) -> str:
    return f'<el-pagination layout="prev, pager, next" :total="{of.rows}" :page-size="{of.per}"></el-pagination>'
