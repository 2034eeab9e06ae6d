"""博达 VSB: articles /info/1037/6799.htm, bodies vsb_content; its lists are numbered downwards and paged by links."""

from __future__ import annotations

from crawler.conventions.system import System

SYSTEM = System(
    name="VSB",
    # bodies and counters of xjbl.gov.cn/info/1037/6799.htm; downloads below /system/_content/ are unverified
    source="sources/systems#vsb",
    server="vsb",
    marks=(r"vsb_content|_showDynClicks|/system/_content/|id=[\"']?line_u\d",),
    articles=(r"/info/\d+/\d+\.htm",),
    ids=("vsb_content", "vsb_content_2", "vsb_content_4", "vsb_content_100"),
    classes=("v_news_content",),
)
