"""Where scripts send the reader when the page is loaded, and which do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.words.scripts import sent_to, submits

URL = "http://h.gov.cn:81/a/b.html"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("location.href='a.html'", "a.html"),
        ("window.location.href = 'http://' + window.location.host + '/x/'", "http://h.gov.cn:81/x/"),
        ("location = location.protocol + '//' + document.domain + '/x'", "http://h.gov.cn/x"),
        ("var p='/m'; p += '/n'; self.location = p + '.htm';", "/m/n.htm"),
        ("window.onload=function(){location.replace('/q')}", "/q"),
        ("window.onload=go; function go(){location.replace('/q')}", "/q"),
        ("$(document).ready(function(){ location.href='/z'; })", "/z"),
        ("setTimeout('go()',50);function go(){self.location='/s'}", "/s"),
        ("setTimeout(() => {location.assign('/s')}, 50)", "/s"),
        ("(function(){top.location.href='/i'})()", "/i"),
        ("document.addEventListener('DOMContentLoaded', function(){location.href='/i'})", "/i"),
        ("try{location.href='/i'}catch(e){location.href='/j'}", "/i"),
        ("<!--\nlocation.href='\\/i'\n//-->", "/i"),
        ("if(/Android|iPhone/.test(navigator.userAgent)){location='/m/'}else{location='/pc/'}", "/pc/"),
        ("if(top!=self) top.location='/x'\nlocation='/y'", "/y"),
        ("window.navigate('/n')", "/n"),
        # what does not run by itself
        ("function up(){ location.href='/index.html'; }", None),
        ("if(top.location!=self.location){top.location='/index.html';}", None),
        ("top!=self && (top.location='/x')", None),
        ("q=a ? location='/1' : 2", None),
        ("document.addEventListener('click', function(){location.href='/i'})", None),
        ("box.onclick=function(){location.href='/i'}", None),
        ("$('#b').click(function(){location.href='/i'})", None),
        ("for(;;){location='/i'}", None),
        # what is not the page's own, or not told
        ("frames[0].location='/x'; map.location='/y'", None),
        ("location.href='/d?id='+id", None),
        ("location.href=location.pathname+location.search", None),
        ("location.href=`/d/${id}`", None),
        ("document.cookie='a=1';location.href='/x'", None),
    ],
)
def test_where_to(source: str, target: str | None) -> None:
    assert sent_to(source, URL) == target


def test_forms_that_are_sent_by_themselves() -> None:
    assert submits("document.forms[0].submit()")
    assert submits("window.onload=function(){document.getElementById('f').submit()}")
    assert not submits("function send(){document.forms[0].submit()}")
    assert not submits("document.cookie='a';document.forms[0].submit()")


PARTS = ["location", ".href", "=", "'", '"', "/a", "(", ")", "{", "}", "if", "else", "function f", "=>", "+", ";", "/*"]


@given(st.lists(st.sampled_from([*PARTS, "\n", "setTimeout", "f", ",", "\\"]), max_size=80).map("".join))
def test_nothing_raises(source: str) -> None:
    sent_to(source, URL)
    submits(source)


@pytest.mark.parametrize(
    "source",
    [
        "if(a)" * 4000,
        "if(a){}else " * 1600,
        "location=" + "(" * 9000 + "1" + ")" * 9000,
        ";".join(f"function f{n}(){{f{n + 1}()}}" for n in range(900)) + ";f0()",
        "setTimeout('" * 1000,
        "a=a+a;" * 3000,
        "()=>{}" * 3000,
        "/*" * 9000,
    ],
)
def test_deep_and_long_scripts_end(source: str) -> None:
    assert sent_to(source, URL) is None
