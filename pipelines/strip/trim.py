"""What stands around an article inside its own container: title, publication line, tools, neighbours.

Works on lines, after the container was found: a container by name rarely holds any of it, a container by density often
does. Comments say on what kind of page each rule was learnt.
"""

from __future__ import annotations

import re

from crawler.words.text import squeeze

_HEAD_LABEL = (
    "发布时间|发布日期|发稿时间|发文时间|更新时间|更新日期|公布时间|公开时间|公开日期|时间|日期|"
    "来源|信息来源|文章来源|稿件来源|稿源|作者|浏览次数|浏览量|点击数|点击次数|点击率|阅读次数|阅读量|访问量|访问次数|"
    "字体|字号|文字大小|责任编辑|编辑|审核|撰稿|录入|供稿|信息提供|"
    "索引号|分类|信息分类|主题分类|组配分类|体裁分类|服务对象|发文机关|发布机构|发布单位|公开主体|公开类别|公开方式|公开形式|公开时限|公开范围|"
    "发文日期|成文日期|生成日期|公文生成日期|生效日期|废止日期|文号|发文字号|文件编号|名称|标题|信息名称|文件名称|"
    "有效性|时效|时效性|关键词|主题词|内容概述|信息索引|备注|收藏|分享|分享到|打印|扫一扫"
)
_PUBLICATION = re.compile(
    rf"^[【\[(（]?(?:{_HEAD_LABEL})(?:[:：∶】\])）]|\t)"
    r"|^\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?(?:\d{1,2}[:：∶]\d{2}(?:[:：∶]\d{2})?)?(?:来源|信息来源|作者|浏览|字体|字号|点击)"
    r"|^[^。]{0,80}(?:发布时间|发布日期|信息来源|浏览次数|来源|字体|字号)[:：∶][^。]{0,60}$"
)
"""A line of the head, white space removed: a label with a colon or a cell beside it, or a date with a label after."""
_INDEX_LABEL = (
    "索引号|信息索引号?|信息分类|主题分类|组配分类|体裁分类|服务对象|发文机关|发布机构|发布单位|公开主体|责任部门|责任单位|公开类别|公开方式|公开形式|公开时限|公开范围|"
    "公开日期|公开时间|发布日期|发布时间|发文日期|成文日期|生成日期|公文生成日期|生效日期|废止日期|文号|发文字号|文件编号|信息名称|文件名称|有效性|时效性|"
    "关键词|主题词|内容概述|阅读|浏览|点击|阅读次数|浏览次数|点击数|访问量"
)
_SPACED = re.compile(f"^(?:{_INDEX_LABEL})[ \u3000\xa0][^。；，]{{1,40}}$")
"""A label of the index block with its value behind a blank, the line tidied."""
_LABEL_ALONE = re.compile(f"^(?:{_INDEX_LABEL})[:：∶]?$")
"""A label on a line of its own, white space removed: the next short line is its value."""
_TOOLS = re.compile(
    r"^[【\[(（\s]*(?:大|中|小|打印(?:本页|此页|正文|文章)?|分享(?:至|到)?|转发|转载|朋友圈|复制链接|更多|视力保护色?|背景色|字体大小|手机(?:版|阅读|扫码)|关闭(?:窗口|本页|此页)?|收藏(?:本页)?|分享到?|保存|默认|超大|特大|复制|"
    r"微信|微博|QQ(?:空间)?|朗读|语音播报|全真版|文字版|文件下载|相关链接|返回|字体|A[-+]?|T[-+]?|[|\[\]【】()（）:：、,+-])++$"
)
_DATE_LINE = re.compile(
    r"^[^\d，。；：]{0,20}\d{4}[-年./]\d{1,2}[-月./]\d{1,2}日?(?:\d{1,2}[:：∶]\d{2}(?:[:：∶]\d{2})?)?$"
)
_CRUMB = re.compile(r"^(?:当前位置|您?现在的位置|您?所在的?位置|您?当前(?:所在)?的?位置|首页(?:->|>|»|→|/|＞))")

_TAIL = re.compile(
    r"^[【\[(（]?(?:责任编辑|责编|编辑|审核|校对|作者|撰稿|供稿|信息来源|来源|稿源|浏览次数|点击数|点击次数|阅读次数|访问量|发布日期|发布时间|录入时间|"
    r"分享到|分享|网站纠错|我要纠错|纠错|字体|打印|收藏)[:：∶\]】)）]"
    r"|^(?:相关)?(?:附件|链接|文件|附件下载|文件下载|相关附件|相关文档|文档附件|附件列表)[:：]?$"
    r"|^(?:×|x|X|返回顶部|返回列表|回到顶部|TOP|我要纠错|网站纠错|无障碍浏览)$"
    r"|^(?:您?是?第?位访问者)"
)
"""A last line that is no text of the article, white space removed."""
_STOP = re.compile(
    r"^[【\[(（<]*(?:上一?[篇条页]|下一?[篇条页]|前一[篇条]|后一[篇条])(?:文章|信息)?[:：】\])）]?"
    r"|^(?:附件[:：])?(?:相关(?:文章|信息|链接|阅读|稿件|解读|新闻|报道|文件|内容|推荐|政策|资讯)|推荐阅读|延伸阅读|热点(?:文章|新闻|推荐))[:：]?(?:$|\t)"
    r"|^(?:用手机)?扫(?:一扫|描|码)[^。]{0,25}$|^版权所有|^主办单位[:：]|^(?:网站)?标识码[:：]|^友情链接"
)
"""From such a line on, near the end, nothing belongs to the article."""

_HEAD_LINES, _TAIL_LINES = 24, 14
"""How many lines are looked at from either end."""


def trim(lines: list[str], title: str | None, *, title_is_chrome: bool) -> list[str]:
    """The lines of the article alone.

    `title_is_chrome`: the title repeated as first paragraph is dropped even when no publication line follows it. It is
    dropped from every report (its title is a column of its own) and from bodies found by density; it stays in an
    article whose named body begins with it, as printed documents do.
    """
    wanted = squeeze(title or "")
    keep = _head(lines, wanted, title_is_chrome)
    lines = lines[keep:]
    end = _tail(lines, wanted)
    return lines[:end]


def _head(lines: list[str], title: str, title_is_chrome: bool) -> int:
    """How many lines at the top are not the article's."""
    cut = 0
    dates: set[str] = set()
    short = 0
    alone = False
    for number, line in enumerate(lines[:_HEAD_LINES]):
        flat = squeeze(line)
        if len(flat) > 160 or (len(flat) > 30 and flat[-1] in "。；！"):
            break
        bare = line.replace(" ", "") if "\t" in line else flat
        if cut == number and alone and len(flat) <= 40:  # the value of the label above
            cut, alone, short = number + 1, False, 0
            continue
        alone = _LABEL_ALONE.match(flat) is not None
        if alone or _SPACED.match(line):
            cut, short = number + 1, 0
            dates.update(_digits(flat))
        elif _PUBLICATION.search(bare) or _CRUMB.match(flat):
            cut = number + 1
            short = 0
            dates.update(_digits(flat))
        elif cut == number and (_TOOLS.match(flat) or (dates and _DATE_LINE.match(flat) and dates & _digits(flat))):
            cut = number + 1
        else:
            short += 1
            if short > 4:
                break
    while cut < len(lines) and _TOOLS.match(squeeze(lines[cut])):
        cut += 1
    if title and (cut or title_is_chrome):
        cut += _title_lines(lines[cut:], title)
        if dates and cut < len(lines):
            flat = squeeze(lines[cut])
            if _DATE_LINE.match(flat) and dates & _digits(flat):
                cut += 1
    return cut


def _title_lines(lines: list[str], title: str) -> int:
    """How many of the first lines together are the title: it may be broken over up to four, or stand there twice."""
    joined = ""
    for number, line in enumerate(lines[:4]):
        joined += squeeze(line)
        if joined == title:
            again = _title_lines(lines[number + 1 :], title)
            return number + 1 + again
        if not title.startswith(joined):
            return 0
    return 0


_DATE = re.compile(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})")


def _digits(text: str) -> set[str]:
    return {f"{int(year)}-{int(month)}-{int(day)}" for year, month, day in _DATE.findall(text)}


def _tail(lines: list[str], title: str) -> int:
    """Where the article ends: the number of lines that remain."""
    end = len(lines)
    for number in range(max(end - _TAIL_LINES, 1), end):
        if _STOP.match(squeeze(lines[number])):
            end = number
            break
    while end > 1:
        flat = squeeze(lines[end - 1])
        if not (_TAIL.match(flat) and len(flat) < 60) and not _TOOLS.match(flat) and not _own_download(flat, title):
            break
        end -= 1
    return end


_FILE_NAME = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|et|zip|rar)$", re.I)


def _own_download(flat: str, title: str) -> bool:
    """A last line that is nothing but the file of this very page, named by its title."""
    return bool(title) and title in flat and len(flat) < len(title) + 20 and bool(_FILE_NAME.search(flat))
