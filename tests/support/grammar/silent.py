"""Pagers that lead nowhere by what their page says."""

from __future__ import annotations

from tests.support.grammar.links import link
from tests.support.grammar.tables import SILENT, List, among


@among(SILENT)
def plugin_of_a_service(of: List, page: int) -> str:
    return f"<script>laypage.render({{count:{of.rows},limit:{of.per},jump:function(o){{load(o.curr)}}}})</script>"


@among(SILENT)
def element_pagination(of: List, page: int) -> str:
    return f'<el-pagination layout="prev, pager, next" :total="{of.rows}" :page-size="{of.per}"></el-pagination>'


@among(SILENT)
def plugin_with_unknown_count(of: List, page: int) -> str:
    return "<script>$('#p').pagination({totalData: res.total, callback: function(api){load(api)}});</script>"


@among(SILENT)
def select_for_a_script(of: List, page: int) -> str:
    options = "".join(f"<option value={k}>{k}</option>" for k in range(1, of.count + 1))
    return f'<select id="pageSelect">{options}</select>'


@among(SILENT)
def data_page(of: List, page: int) -> str:
    return " ".join(f'<a href="#" data-page="{k}">{of.label(k)}</a>' for k in range(1, of.count + 1))


@among(SILENT)
def function_elsewhere(of: List, page: int) -> str:
    return " ".join(link(f"javascript:showPage({k})", of.label(k)) for k in range(1, of.count + 1))


@among(SILENT)
def counts_alone(of: List, page: int) -> str:
    return f"<div id=pager>共 {of.count} 页 {of.rows} 条记录</div><script src=/js/page.js></script>"


@among(SILENT)
def dead_next(of: List, page: int) -> str:
    return (
        f'<a href="javascript:void(0)" class=prev>{of.words[1]}</a> <a href="javascript:void(0)" id=n>{of.words[2]}</a>'
    )


@among(SILENT)
def load_more(of: List, page: int) -> str:
    return '<div class="load" id="loadmore">加载更多</div><script src=/js/list.js></script>'


@among(SILENT)
def spans(of: List, page: int) -> str:
    return "<div class=pages>" + "".join(f"<span>{k}</span>" for k in range(1, of.count + 1)) + "</div>"
