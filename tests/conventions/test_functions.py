"""Where a call in a link leads, by the functions that stand on the page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.conventions.functions import Functions

LISTED = "http://www.example.gov.cn/xxgk/nb/index.html"

RESOLVED = {
    "text and argument": ("function kan(id){window.open('/zw/'+id+'.shtml')}", "javascript:kan('18')", "/zw/18.shtml"),
    "a name between": ("function kan(id){var u='view.jsp?i='+id;window.open(u,'_blank');}", "kan(18)", "view.jsp?i=18"),
    "a constant outside": ("var dir = '/zw/';\nfunction kan(n){location.href = dir + n;}", "kan('b')", "/zw/b"),
    "a template": ("const kan = (n, lm) => { location.href = `/${lm}/${n}.html` }", "kan(4,'zw')", "/zw/4.html"),
    "a function as value": ("kan = function(n){ if(!n) return; top.location.href='/z/'+n; }", "kan(4)", "/z/4"),
    "a method of an object": ("var zw={kan:function(n){location.href='/z/'+n}}", "zw.kan(9);return false", "/z/9"),
    "encoded": ("function kan(n){location.href='v?c='+encodeURIComponent(n)}", "kan('年报')", "v?c=%E5%B9%B4%E6%8A%A5"),
    "decided": ("function p(n){location.href=n==1?'index.html':'index_'+(n-1)+'.html'}", "p(3)", "index_2.html"),
    "decided by if": ("function p(n){if(n<2){location='a.html'}else{location='a_'+n+'.html'}}", "p(1)", "a.html"),
    "one calls another": ("function a(n){b(n,'zw')} function b(n,d){open('/'+d+'/'+n)}", "a(2)", "/zw/2"),
    "the element": ("function go(e){location.href=$(e).attr('data-at')}", "go(this)", "/nb/7.html"),
    "its dataset": ("function go(e){window.open(e.dataset.at)}", "go(this)", "/nb/7.html"),
    "a frame": ("function f(n){document.getElementById('main').src='l.asp?p='+n}", "f(2)", "l.asp?p=2"),
    "loaded": ("function f(n){$('#list').load('l.asp?p='+n)}", "f(2)", "l.asp?p=2"),
    "a layer": ("function f(n){layer.open({type:2,content:'/d/'+n+'.html'})}", "f(2)", "/d/2.html"),
    "parts of its own address": ("", "location.href='//'+location.host+'/d/2'", "//www.example.gov.cn/d/2"),
    "an option": ("", "if(this.value!='')location=this.options[this.selectedIndex].value", "/nb/2019/"),
}


@pytest.mark.parametrize(("script", "code", "address"), RESOLVED.values(), ids=RESOLVED)
def test_a_call_leads_where_its_function_says(script: str, code: str, address: str) -> None:
    element = {"data-at": "/nb/7.html", "value": "/nb/2019/"}
    assert Functions(f"<script>{script}</script>", LISTED).address(code, element) == address


@pytest.mark.parametrize(
    ("script", "code"),
    {
        "": "kan(3)",  # stands in no script of the page
        "function kan(n){for(;;){} location.href=n}": "kan(3)",
        "function kan(n){location.href=base()+n}": "kan(3)",
        "function kan(n){if(login()){location.href='/a'}else{location.href='/b'}}": "kan(3)",
        "function kan(n){kan(n)}": "kan(3)",
        "function other(){var dir='/x/'} function kan(n){location.href=dir+n}": "kan(3)",
        "function kan(n){document.forms[0].submit()}": "kan(3)",
    }.items(),
)
def test_what_is_not_settled_by_words_leads_nowhere(script: str, code: str) -> None:
    assert Functions(f"<script>{script}</script>", LISTED).address(code) is None


def test_a_function_of_another_block_of_its_own_goes_not_before_the_pages() -> None:
    page = "<script>$(function(){function kan(n){open('/inner/'+n)}})</script><script>function kan(n){open('/z/'+n)}"
    assert Functions(f"{page}</script>", LISTED).address("kan(1)") == "/z/1"


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="(){}[];,.=+-*/?:'\"`$ifvarfunctionlocationhref\n\\ 0", max_size=300),
    st.text(alphabet="kan(){}';,+'\"`0", max_size=60),
)
def test_no_script_however_wild_ends_in_an_error(script: str, code: str) -> None:
    Functions(f"<script>function kan(n){{{script}</script>", LISTED).address(code)
    Functions(f"<script>{script}</script>", LISTED).address(script)
