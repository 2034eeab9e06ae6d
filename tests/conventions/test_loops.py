"""Links that a loop of a script writes by counting: gone through where its bounds are settled, else told."""

from __future__ import annotations

import pytest

from crawler.conventions.functions import Functions
from crawler.conventions.loops import unread_loop, written_by_loops

URL = "http://www.x.gov.cn/nb/"
WRITES = "document.write('<a href=\"list_'+i+'.html\">'+i+'</a>')"
LINKS = "".join(f'<a href="list_{number}.html">{number}</a>' for number in (1, 2, 3))


def read(script: str) -> tuple[str, bool]:
    """What loops write, and whether one is left unread."""
    html = f"<ul></ul><script>{script}</script>"
    functions = Functions(html, URL)
    return written_by_loops(html, functions), unread_loop(html, functions) is not None


@pytest.mark.parametrize(
    "script",
    [
        f"for(i=1;i<=3;i++) {WRITES}",
        f"for (var i = 1; i < 4; ++i) {{ {WRITES}; }}",
        f"var n=3; for(let i=1;i<=n;i+=1){{{WRITES}}}",
        f"var rows=41, size=15; for(var i=1;i<=Math.ceil(rows/size);i++){{{WRITES}}}",
        'for(var i=0;i<3;i++){document.writeln("<a href=\\"list_"+(i+1)+".html\\">"+(i+1)+"</a>");}',
        "var s='';for(var i=1;i<=3;i++){s+='<a href=\"list_'+i+'.html\">'+i+'</a>'}p.innerHTML=s;",
        "for(var i=1;i<=3;i++){document.getElementById('p').innerHTML+='<a href=\"list_'+i+'.html\">'+i+'</a>'}",
        "for(var i=1;i<=3;i++){$('#p').append('<a href=\"list_'+i+'.html\">'+i+'</a>')}",
        f"var now=7; for(i=1;i<=3;i++) if(i==now) document.write('<b>'+i+'</b>'); else {WRITES}",
    ],
)
def test_a_loop_whose_bounds_the_page_says_is_gone_through(script: str) -> None:
    assert read(script) == (LINKS, False)


@pytest.mark.parametrize(
    "script",
    [
        f"for(i=1;i<=pages;i++) {WRITES}",
        f"function show(n){{for(var i=1;i<=n;i++){{{WRITES}}}}} show(total())",
        f"for(i=1;i<=9999;i++) {WRITES}",
        f"for(i=1;i<=3;i++) if(i==now()) document.write(i); else {WRITES}",
    ],
)
def test_a_loop_that_is_not_settled_is_told(script: str) -> None:
    assert read(script) == ("", True)


@pytest.mark.parametrize(
    "script",
    [
        "for(var i=0;i<d.length;i++){h+='<a href=\"'+d[i].url+'\">'+d[i].title+'</a>'}",
        "for(var i=0;i<d.length;i++){h+='<a href=\"'+d[i].url+'\">'+(i+1)+'</a>'}",
        "for(i in d){h+='<a href=\"'+i+'\">'+i+'</a>'}",
        "for(i=9;i>0;i--){document.write('<a href=\"'+i+'.html\">'+i+'</a>')}",
        "for(i=1;i<=3;i++){document.write('<option>'+i+'</option>')}",
        "for(i=1;i<=3;i++){t[i]=i}",
        "for(",
    ],
)
def test_other_loops_write_nothing_and_say_nothing(script: str) -> None:
    written, unread = read(script)
    assert (written, unread) == ("", "i--" in script)
