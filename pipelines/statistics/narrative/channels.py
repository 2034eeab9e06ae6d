"""The channels by which information is published, by the words for them."""

from __future__ import annotations

import re

CHANNELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("site", re.compile("网站|官网|门户网|政府网|政务网|信息网|网上|(?<!互联)网(?=公开|发布|主动)")),
    ("media", re.compile("微信|公众号|微博|[新自]媒体|客户端|抖音|头条|APP")),
    ("paper", re.compile("公报")),
    ("board", re.compile("公[告开示]栏|电子屏|显示屏|宣传栏|板报")),
    ("press", re.compile("报纸|报刊|电视|广播|(?<![新自])媒体|简报|手册")),
)
_SEVERAL = re.compile(
    r"等(?:其[他它]|多种|各种|各类|公开|信息|\s)*(?:渠道|方式|载体|途径|形式|媒介|平台)|等(?:已|共|累计)?(?=公开|发布|主动)|各类平台|各种|多种|多渠道|其[他它]|为主|主渠道|第一平台"
    r"|(?:网站|栏|专栏|栏目)[^，,。]{0,3}(?:及(?!时)|和|与|、)"
)


def channel_of(words: str) -> str:
    """The only channel that words name; empty for none or several, or where the words say that there are more."""
    named = [name for name, pattern in CHANNELS if pattern.search(words)]
    return named[0] if len(named) == 1 and not _SEVERAL.search(words) else ""
