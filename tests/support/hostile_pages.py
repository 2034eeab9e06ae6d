"""Pages made to cost more than they say: each a kind of size or repetition, as a function of how many there are of it.

All are reports by their title and chapters, so that every stage has its turn.
"""

from __future__ import annotations

from collections.abc import Callable

TITLE = "大东区2018年政府信息公开工作年度报告"
_ANNEX = (
    "主动公开政府信息数",
    "主动公开规范性文件数",
    "制发规范性文件总数",
    "政府公报公开政府信息数",
    "政府网站公开政府信息数",
)
_APPLICANTS = ("项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def report(inner: str = "", *, around: str = "", title: str = TITLE, head: str = "", body: str = "TRS_Editor") -> str:
    """A report with `inner` among its chapters and `around` before its body."""
    return (
        f"<html><head><title>{title}</title><meta name='ArticleTitle' content='{title}'>{head}</head><body>{around}"
        f"<div class='{body}'><p>一、总体情况</p><p>根据《中华人民共和国政府信息公开条例》编制本年度报告。</p>"
        "<p>二、主动公开政府信息情况</p><p>主动公开政府信息100条。</p><p>三、依申请公开</p><p>收到申请5件。</p>"
        f"<p>四、行政复议</p><p>未发生行政复议、行政诉讼。</p>{inner}<p>五、存在的问题</p><p>无</p></div></body></html>"
    )


def _row(*cells: object) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _each(n: int, make: Callable[[int], str]) -> str:
    return "".join(map(make, range(n)))


def _bare(inner: str) -> str:
    """A page that names its title in no meta tag and whose body has no name."""
    return f"<html><body>{inner}</body></html>"


def _requests(rows: str) -> str:
    return report("<table>" + _row(*_APPLICANTS) + rows + "</table>")


PAGES: dict[str, Callable[[int], str]] = {
    "sentences": lambda n: report("<p>今年收到政府信息公开申请三件，其中公开1件。</p>" * n),
    "numbers without a stop": lambda n: report("<p>" + "收到12件信息公开申请" * n + "</p>"),
    "one paragraph": lambda n: report("<p>" + "全年主动公开政府信息，" * n + "</p>"),
    "lists of numbers": lambda n: report("<p>" + "分别为1件、2件，" * n + "</p>"),
    "one list of numbers": lambda n: report("<p>通过网站分别为" + "1件、" * n + "</p>"),
    "words before a number": lambda n: report("<p>主动公开" + "总数共计" * n + "甲1件</p>"),
    "names before a number": lambda n: report("<p>" + "公开政府政务信息" * n + "甲1件</p>"),
    "clauses of none": lambda n: report("<p>" + "未发生因申请，" * n + "</p>"),
    "causes of none": lambda n: report("<p>未" + "因" * n + "</p>"),
    "reviews upheld": lambda n: report("<p>行政复议1件，" + "复议" * n + "均维持。</p>"),
    "links": lambda n: report(_each(n, lambda i: f"<a href='/a/{i}.html'>大东区{i}</a>")),
    "links by script": lambda n: report(
        _each(n, lambda i: f"<a href='#' onclick=\"location.href='/{i}'\">大东区{i}</a>")
    ),
    "organs without reports": lambda n: _bare(
        "<ul>" + _each(n, lambda i: f"<li><a href='/b/{i}/'>大东区{i}局</a></li>") + "</ul>"
    ),
    "names without an address": lambda n: _bare(
        "<ul><li>" + "<a href='javascript:go(1)'>政府信息公开年报</a>" * n + "</li></ul>"
    ),
    "dated links": lambda n: report(
        "<ul>" + _each(n, lambda i: f"<li><a href='/a/{i}.html'>{TITLE}{i}</a> 2019-01-01</li>") + "</ul>"
    ),
    "pages of a list": lambda n: _bare(_each(n, lambda i: f"<a href='?page={i}'>{i % 900}</a>")),
    "rows": lambda n: report("<table>" + "<tr><td>主动公开</td><td>1</td></tr>" * n + "</table>"),
    "rows of the annex": lambda n: report("<table>" + _each(n, lambda i: _row(_ANNEX[i % 5], "条", i)) + "</table>"),
    "local rows of the annex": lambda n: report(
        "<table>"
        + "".join(_row(a, "条", 1) for a in _ANNEX)
        + _each(n, lambda i: _row(f"甲类{i}", "条", i))
        + "</table>"
    ),
    "rows of requests": lambda n: _requests(_row("（三）其他处理", *range(7)) * n),
    "labels near a row's": lambda n: _requests(_each(n, lambda i: _row(f"本年新收政府信息公开甲乙{i}", *range(7)))),
    "headers of reviews": lambda n: report(
        "<table>" + _row("行政复议", "行政诉讼", "结果维持", "其他结果") * n + "</table>"
    ),
    "cells": lambda n: report("<table><tr>" + "<td>1</td>" * n + "</tr></table>"),
    "spans": lambda n: report(
        "<table>" + ("<tr>" + "<td colspan=60 rowspan=400>1</td>" * 9 + "</tr>") * n + "</table>"
    ),
    "a giant cell": lambda n: report("<table>" + _row("自然人", "总计") + _row("本年新收" * n, "1" * n) + "</table>"),
    "tables": lambda n: report(("<table>" + _row("自然人", "法律服务机构") + _row(1, 2) + "</table>") * n),
    "nested tables": lambda n: report("<table><tr><td>" * n + "甲" + "</td></tr></table>" * n),
    "nested blocks": lambda n: report("<div>" * n + "甲" + "</div>" * n),
    "nested inline": lambda n: report("<b>" * n + "甲" + "</b>" * n),
    "unclosed inline": lambda n: report("<p><font>甲</p>" * n),
    "containers in containers": lambda n: report("<div class='TRS_Editor'>" * 1500 + "<p>长长长</p>" * n),
    "containers": lambda n: report("<div class='TRS_Editor'><p>长</p></div>" * n),
    "deep runs of text": lambda n: report("<div>" * 1000 + _each(n, lambda i: f"<p>{'长' * 30}{i}</p>"), body="x"),
    "tables beside the text": lambda n: report(
        f"<p>{'长' * 30}</p>" * 3 + "<table><tr><td>1</td></tr></table>" * n, body="x"
    ),
    "hidden elements": lambda n: report("<span style='display:none'>甲</span>" * n),
    "hidden in hidden": lambda n: report("<div style='display:none'>" * 1000 + "<b></b>" * n + "长" * n),
    "attributes": lambda n: report("<p " + _each(n, lambda i: f"a{i}='1' ") + ">甲</p>"),
    "attributes with signs of tags": lambda n: report("<p " + _each(n, lambda i: f"a{i}='<>'b<{i} ") + ">甲</p>"),
    "elements of many attributes": lambda n: report(
        "<p>" + ("<i " + _each(n // 20, lambda i: f"a{i} ") + ">甲</i>") * 20
    ),
    "a giant attribute": lambda n: report("<p style='" + "display: none; " * n + "'>甲</p>"),
    "a giant class": lambda n: _bare("<p class='" + "a tit " * n + "'>甲</p>"),
    "a giant address": lambda n: report("<a href='/" + "a" * n + ".pdf'>甲</a>"),
    "a giant title": lambda n: report(title="政府信息公开" * n),
    "a giant title of small words": lambda n: report(title="关于编制工作的" * n),
    "a giant site name": lambda n: report(head="<meta name='SiteName' content='" + "政务" * n + "'>"),
    "a title never closed": lambda n: "<title>" + "大东区信息公开 | 甲 " * n,
    "metas": lambda n: report(head="<meta name='a' content='b'>" * n),
    "headings": lambda n: report(around="<h1>大东区信息公开</h1>" * n),
    "headings in headings": lambda n: report(around="<h3>信息公开" * n),
    "titles in titles": lambda n: _bare("<div class=title>信息公开" * n),
    "links in links": lambda n: report("<a href='/x.pdf'><p>附件" * n),
    "cells in cells": lambda n: report("<table><tr><td>甲<td>" + "<table><tr><td>1<td>2" * n),
    "a giant breadcrumb": lambda n: report(
        around="<div>当前位置：" + "&gt;".join(["<a href='/'>首页</a>"] * n) + "</div>"
    ),
    "breadcrumbs": lambda n: report(around="<div class='crumb'><a>甲</a></div>" * n),
    "breadcrumbs in breadcrumbs": lambda n: report(around="<div class='crumb'>" * 1500 + "<a>首页</a>" * n),
    "blocks named titles": lambda n: _bare("<div class='title'>大东区政府信息公开报告</div>" * n),
    "title words": lambda n: _bare("<div>" + "信息公开" * n + "</div>"),
    "no-break blanks": lambda n: report("<p>收到" + "&nbsp;" * n + "1&nbsp;件</p>"),
    "blanks": lambda n: report("<p>abc\n收到 x" + " " * n + "x1 件</p>"),
    "breaks": lambda n: report("<p>abc" + "\n" * n + "abc</p>"),
    "wide blanks": lambda n: report("<p>完。" + "\u3000" * n + "\n</p>"),
    "digits": lambda n: report("<p>收到申请" + "1" * n + "件。</p>"),
    "groups of digits": lambda n: report("<p>收到" + "111," * n + "件</p>"),
    "numerals": lambda n: report(
        "<p>收到" + "一二" * n + "件</p><table><tr><td>" + "一" * n + "</td><td>1</td></tr></table>"
    ),
    "strokes": lambda n: report("<p>" + "-" * n + "甲</p>"),
    "printed tools": lambda n: report("<p>" + "打印本页T+A-" * n + "甲</p>"),
    "options": lambda n: report("<select>" + "<option>2018年政府信息公开年报</option>" * n + "</select>"),
    "files": lambda n: report(_each(n, lambda i: f"<a href='/a/P0{i}.pdf'>附件{i}.pdf</a>")),
    "pictures": lambda n: report(_each(n, lambda i: f"<p><img src='/a/P0{i}.jpg'></p>")),
    "sections": lambda n: report(_each(n, lambda i: f"<p>一、第{i}</p><p>文</p>")),
    "sources": lambda n: report(around="<span>" + "来源" * n + "</span>"),
    "dates in a line": lambda n: report(around="<span>" + "时间: 2018-01-01 " * n + "</span>"),
    "index numbers": lambda n: report(around="<span>" + "索引号文号" * n + "</span>"),
    "scripts": lambda n: report("<script>document.write('2018-01-01')</script>" * n),
    "comments": lambda n: report("<!-- x -->" * n),
    "open tags": lambda n: report("<" * n),
    "unclosed comments of a script": lambda n: _bare("<script>" + "/*" * n + "</script>"),
    "a refresh of blanks": lambda n: _bare("<meta http-equiv=refresh content=" + " " * n + ">"),
    "metas that never end": lambda n: _bare("<meta http-equiv " * n),
    "rows of a form as text": lambda n: report(
        "<p>新收政府信息公开申请 第二十条第（一）项</p>" + "<p>规章 行政规范性文件</p>" * n
    ),
    "a label spaced out": lambda n: report("<p>新收政府信息公开申请</p><p>本年" + " " * n + "新收</p>"),
    "headers as text": lambda n: report("<p>新收政府信息公开申请</p>" + "<p>结果维持</p>" * n),
    "models of a list": lambda n: _bare("<script>" + "maxStaticIndex:1 prepage:1 " * n + "</script><a>1</a>"),
    "records": lambda n: "<datastore>" + "<record><![CDATA[<li><a href='x'>y</a></li>]]></record>" * n + "</datastore>",
    "marks of the stages": lambda n: report("<p>" + "\ufdd4\ufdd1&#xFDD3;&#64980;" * n + "</p>"),
    "brackets of data": lambda n: '{"a":' + "[" * n,
}
"""Every kind by its name."""
