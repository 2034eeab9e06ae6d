"""The title of a page: what a reader sees above the text, told by the meta tags, the headings and `<title>` together.

Three of four pages name their title in `meta ArticleTitle` (sources/pages#page-tags); `<title>`
equals it on every fifth page only, elsewhere the column and the site follow, lead or stand alone
(sources/pages#body). Lists show their column's name, which `ColumnName` often has wrong and the breadcrumb right.
"""

from __future__ import annotations

import re

from crawler.records.capture import Evidence
from crawler.records.page import Page
from crawler.words.breadcrumb import read_breadcrumb
from crawler.words.crumbs import LEAD
from crawler.words.display import Seen, seen_of
from crawler.words.entries import CUT, is_organ
from crawler.words.labels import read_label, tidy
from crawler.words.text import clean, squeeze
from pipelines.describe.caption import caption, has_chapters, line_in_window, lines_of, reads_like_report, report_line
from pipelines.describe.heading import displayed_title

_MARKUP = re.compile(r"<[a-zA-Z/][^<>]{0,80}>|&nbsp;?")
_WRAP = "[ \\t\\u3000\\xa0]*[\\r\\n]\\s*"
_WRAPPED = re.compile(f"(?<=[\u2e80-\uffef]){_WRAP}(?=[\u2e80-\uffef\\d])|(?<=\\d){_WRAP}(?=[\u2e80-\uffef])")
_PLACEHOLDER = re.compile(
    r"(?:网站名称|站点名称|栏目名称|标题|信息标题|文章标题|无标题|无|null|none|undefined|document|untitled|title|首页|网站首页|"
    r"(?:.{0,6})(?:详情|详细|内容|文章|信息)(?:页面?|页)|正文|\{\{.*|\$\{.*|<%.*|\[?(?:title|标题)\]?)",
    re.I,
)
_CHAIN = re.compile("[\\[【]?(?:网站|返回|本站)?首页[\\]】]?(?:[>＞》»›→]|&gt;)")
"""A breadcrumb without a lead-in."""
_SITE = re.compile(
    r"(?:网|网站|门户|官网|平台|首页|人民政府|欢迎您[!！]?|www\..*|.*\.gov\.cn)$|欢迎(?:访问|光临)|门户网站"
)
_CUT = re.compile(r"[_|｜]+|\s+-+\s+|-{2,}|——+|\s*::\s*")
_CUT_TIGHT = re.compile(r"\s*[-–]\s*")
_MAX_SOURCE = 2000
"""Characters of a title as written that are looked at; a `<title>` that is never closed holds the whole page."""
_MAX_HEADING = 200
_BEGUN = 6
"""Characters of a title that was cut off by which its whole is known."""
_MAX_LINKS = 3000
"""Links whose words are known as such when the lines of a page are read."""
_TELLING = 12
"""Characters of a link's words that make them a title: no name of a step (各区县市, 2018年) is as long."""


Title = tuple[str, Evidence]


def headline(page: Page, crumbs: list[str] | None = None) -> tuple[str | None, Evidence | None]:
    """The page's title as displayed (white space tidied, <br> joined) with its evidence; (None, None) without one.

    Needs `page.tree`. `crumbs`: the page's breadcrumb, where it has been read. Never raises on a wild tree. The order
    of belief: the meta tag; a heading that `<title>` or the breadcrumb has, too; the part of `<title>` that is the
    page's own; the lines of the page; the words of the link; the breadcrumb. On a page with a report's chapters the
    name of a column is no title as long as a line or the link names the report. One that was cut off is made whole by
    the link's words or a line of the page that go on as it does.
    """
    if page.tree is None:
        return None, None
    title, evidence = _displayed(page, crumbs)
    if title is None or not title.endswith(CUT):
        return title, evidence
    stem = squeeze(title).rstrip("".join(CUT))
    led = page.capture.trail[-1].label if page.capture.trail else ""
    for words in (led, *lines_of(seen_of(page).words)):
        flat = squeeze(words)
        longer = len(stem) >= _BEGUN and flat.startswith(stem) and len(stem) < len(flat) <= _MAX_HEADING
        if longer and not flat.endswith(CUT) and reads_like_report(words):
            return clean(words), Evidence("the whole of a title that was cut", title)
    return title, evidence


def _displayed(page: Page, crumbs: list[str] | None) -> tuple[str | None, Evidence | None]:
    """The title as it stands on the page."""
    seen = seen_of(page)
    metas, titles = seen.head.metas, seen.head.titles
    stated = tidy_title(metas.get("articletitle", "")[:_MAX_SOURCE])
    if stated is not None:
        return stated, Evidence("meta ArticleTitle", stated)
    window = tidy_title(titles[0][:_MAX_SOURCE]) if titles else None
    crumbs = read_breadcrumb(page.tree, seen) if crumbs is None else crumbs
    site = squeeze(metas.get("sitename", "")[:_MAX_SOURCE])
    named = _in_heading(seen, window, crumbs, site)
    if named is not None and not _is_column(named[0]):
        return named
    lines = lines_of(seen.words)
    own = named or _in_window(window, lines, crumbs, site)
    sure = own is not None and not _is_column(own[0]) and squeeze(own[0]) not in crumbs
    if own is not None and sure and (named is not None or _stands(own[0], seen)):
        return own
    led = page.capture.trail[-1].label if page.capture.trail else ""
    found = _of_a_report(seen, lines, led)
    if found is None:
        found = named or _above_text(page, lines, led, own)
    if found is None and len(crumbs) > 1:
        return crumbs[-1], Evidence("breadcrumb", " > ".join(crumbs))
    if found is None and window is not None and squeeze(window) != site:
        return window, Evidence("<title>", window)
    return found or (None, None)


def _in_heading(seen: Seen, window: str | None, crumbs: list[str], site: str) -> Title | None:
    """A heading that `<title>` has as a part or the breadcrumb as its end; a long h1."""
    flat = squeeze(window or "")
    shown = [(tag, text) for tag, text in _headings(seen) if squeeze(text) != site]
    inside = [(tag, text) for tag, text in shown if len(squeeze(text)) > 1 and squeeze(text) in flat]
    inside = [one for one in inside if not _SITE.search(one[1]) or squeeze(one[1]) == flat]
    if inside:
        tag, text = max(inside, key=lambda one: len(one[1]))
        if len(squeeze(text)) >= 4 or squeeze(text) == flat or (crumbs and squeeze(text) == crumbs[-1]):
            return text, Evidence("heading and <title>", f"{tag}: {text}")
    for tag, text in shown:
        if (tag == "h1" and len(squeeze(text)) >= 8 and not _SITE.search(text)) or (
            crumbs and squeeze(text) == crumbs[-1]
        ):
            return text, Evidence("heading", f"{tag}: {text}")
    return None


def _in_window(window: str | None, lines: list[str], crumbs: list[str], site: str) -> Title | None:
    """The part of `<title>` that is the page's own, or the longer line of the page that is a part of it."""
    if window is None:
        return None
    part = _own_part(window, crumbs, site)
    line = line_in_window(lines, window, [site, *crumbs])
    if line is not None and not _SITE.search(line):
        longer = len(squeeze(line)) > len(squeeze(part or "")) or (part is not None and squeeze(part) in crumbs)
        within = part is not None and reads_like_report(line) and squeeze(line) in squeeze(part)
        if within or (longer and not (part is not None and reads_like_report(part))):
            return line, Evidence("<title> and a line of the page", window)
    return (part, Evidence("<title>", window)) if part is not None else None


def _of_a_report(seen: Seen, lines: list[str], led: str) -> Title | None:
    """On a page with a report's chapters: the lines above them that are a report's title, else the link's words."""
    if not has_chapters(seen.flat):
        return None
    words = tidy_title(report_line(lines, seen) or "")
    if words is not None:
        return words, Evidence("lines above the text", words)
    shared = tidy_title(seen.head.metas.get("og:title", "")[:_MAX_SOURCE])
    if shared is not None and reads_like_report(shared):
        return shared, Evidence("meta og:title", shared)
    return (led, Evidence("words of the link that led here", led)) if reads_like_report(led) else None


def _above_text(page: Page, lines: list[str], led: str, own: Title | None) -> Title | None:
    """What stands above the text, where `<title>` has nothing sure: the link's words, a block named after a title, the
    line above the publication line; else `own`."""
    if own is None and len(led) >= _TELLING and led in (page.html or ""):
        return led, Evidence("words of the link that led here", led)
    above = tidy_title(caption(lines, seen_of(page)) or "")
    if own is not None and above is None:
        return own
    block = displayed_title(page.tree, page.html or "", seen_of(page))
    if block is not None and (named := tidy_title(block[0])) is not None:
        return named, Evidence("block above the text", block[1])
    return (above, Evidence("line above the publication line", above)) if above is not None else own


def _is_column(words: str) -> bool:
    """Whether words are the name of a column or of a step to it, which no report is called by."""
    label = read_label(tidy(words))
    return label.kind in ("column", "group", "upper", "year", "years")


def _stands(words: str, seen: Seen) -> bool:
    """Whether a part of `<title>` is the page's title for certain: a report's, one that the page shows, or one that
    is long and no organ's or site's name."""
    flat = squeeze(words)
    bare = re.sub("[（(][^（）()]{0,40}[）)]$", "", flat)
    if is_organ(bare) or is_organ(flat):
        return False
    return reads_like_report(words) or flat in seen.flat or len(flat) >= _TELLING


def tidy_title(text: str) -> str | None:
    """A title for display, or None for a placeholder or a breadcrumb: mark-up and <br> out, a line wrapped inside
    Chinese joined."""
    tidy = clean(_WRAPPED.sub("", _MARKUP.sub(" ", text) if "<" in text or "&" in text else text))
    flat = squeeze(tidy)
    return None if not tidy or _PLACEHOLDER.fullmatch(flat) or LEAD.match(flat) or _CHAIN.match(flat) else tidy


def _headings(seen: Seen) -> list[tuple[str, str]]:
    """The headings for display, by tag; overlong ones, which are text set in large letters, left out."""
    shown: list[tuple[str, str]] = []
    for tag, text in seen.head.headings:
        tidy = tidy_title(text) if len(text) < _MAX_HEADING * 3 else None
        if tidy is not None and len(tidy) <= _MAX_HEADING and len(shown) < 40:
            shown.append((tag, tidy))
    return shown


def _apart(part: str) -> list[str]:
    """A part of `<title>` that is a report's title with the site's name tied to it, as the two; any other as it is."""
    head, mark, tail = re.sub(_CUT_TIGHT, "\n", part).rpartition("\n")
    return [head, tail] if mark and _SITE.search(tail) and reads_like_report(head) else [part]


def _own_part(window: str, crumbs: list[str], site: str) -> str | None:
    """The part of `<title>` that is the page's own, not the site's or a column's above; None if nothing is left."""
    if site and squeeze(window).endswith(site) and window.endswith(site[-4:]) and len(window) > len(site):
        window = re.sub(r"[\s_|｜\-–—]+$", "", window[: len(window) - len(site)]) or window
    parts = [part.strip() for part in _CUT.split(window) if part.strip()]
    if len(parts) == 1:
        tight = _CUT_TIGHT.split(parts[0])
        if len(tight) > 1 and (_SITE.search(tight[-1]) or _SITE.search(tight[0]) or (crumbs and crumbs[-1] in tight)):
            parts = tight
    else:  # 标题-网站_关键词: the words for search engines stand behind the site's name
        parts = [own for part in parts for own in _apart(part)]
    own = [
        part
        for part in parts
        if squeeze(part) != site
        and squeeze(part) not in crumbs[:-1]
        and not (len(parts) > 1 and _SITE.search(part))
        and tidy_title(part)
    ]
    if crumbs and crumbs[-1] in (flat := [squeeze(part) for part in own]):
        return own[flat.index(crumbs[-1])]
    if len(parts) == 1 and own and (_SITE.search(own[0]) or (crumbs and len(own[0]) < 10)):
        return None
    if not own:
        return None
    longest = max(own, key=len)
    return longest if len(own[0]) < 14 and len(longest) >= len(own[0]) + 6 else own[0]
