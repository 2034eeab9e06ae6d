"""Pages that a script asks for by a form which it fills and sends: whatever the form holds goes along."""

from __future__ import annotations

import pytest

from crawler.conventions.functions import Functions
from tests.navigation.test_byways import PLACES, entries, walk

SENDING = {
    "by name": "document.f.pageNo.value=n;document.f.submit();",
    "of all forms": "if(n<1){return}document.forms[0].pageNo.value = n; document.forms[0].submit();",
    "by id": "document.getElementById('pageNo').value=n;document.getElementById('f').submit()",
    "jQuery": "$('#pageNo').val(n);$('#f').submit();",
    "a selector": "$(\"input[name='pageNo']\").val(n);$('#f').trigger('submit')",
    "in a decision": "if(n!=page){document.f.pageNo.value=n;document.f.submit()}",
    "a variable": "var f=document.forms['f'];f.pageNo.value=n;f.submit();",
}
FORM = (
    "<form id=f name=f method={} action='/nb/list.jsp'><input type=hidden name=token value=t77>"
    "<input type=hidden id=pageNo name=pageNo value=1><input type=submit value=go></form>"
)
PAGER = "共3页 <a href='javascript:go(2)'>2</a> <a href='javascript:;' onclick='go(2)'>下一页</a>"


def column(body: str, method: str = "post", form: str = FORM) -> str:
    return f"{entries(2022)}{form.format(method)}{PAGER}<script>function go(n){{{body}}}</script>"


@pytest.mark.parametrize("body", SENDING.values(), ids=SENDING)
def test_the_fields_that_a_call_sends(body: str) -> None:
    functions = Functions(f"<script>function go(n){{{body}}}</script>", "http://x.gov.cn/nb/")
    assert functions.sent("javascript:go(3)") == {"pageNo": "3"}


@pytest.mark.parametrize("code", ["go(3)", "go()", "other(3)", "pageNo=3", "javascript:void(0)"])
def test_what_sends_no_form_fills_none(code: str) -> None:
    html = "<script>function go(n){document.f.pageNo.value=n;document.f.check();}</script>"
    assert Functions(html, "http://x.gov.cn/nb/").sent(code) is None


@pytest.mark.parametrize("body", SENDING.values(), ids=SENDING)
def test_pages_that_a_form_asks_for_are_posted_with_its_other_fields(body: str) -> None:
    pages = {f"/nb/list.jsp?__wb_method=POST&pageNo={number}": entries(2023 - number) for number in (2, 3)}
    came = walk(column(body), **pages)
    assert len(came.reports) == 3 * len(PLACES)
    assert {str(way.form) for way in came.ways if way.why == "paging"} == {"{'token': 't77'}"}
    assert came.kinds() == []


def test_a_form_by_get_asks_with_all_its_fields() -> None:
    pages = {f"/nb/list.jsp?token=t77&pageNo={number}": entries(2023 - number) for number in (2, 3)}
    assert len(walk(column(SENDING["by name"], "get"), **pages).reports) == 3 * len(PLACES)


@pytest.mark.parametrize(
    "form",
    [
        FORM.replace("/nb/list.jsp", "http://other.gov.cn/list.jsp"),
        FORM.replace("/nb/list.jsp", "/search.jsp"),
        FORM.replace("type=submit", "type=password name=p"),
        FORM.replace("pageNo", "row"),
    ],
)
def test_a_form_that_is_not_the_lists_is_not_sent_and_the_pages_are_told(form: str) -> None:
    came = walk(column(SENDING["by name"], form=form))
    assert not any("__wb_method" in path for path in came.asked)
    assert came.kinds() == ["paging_not_understood"]
