"""Reports over several pages, in a crawl: every page kept, one text, and told where one is missing."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from pipelines import derive
from tests.servers.living import LivingPortal, html

HEADS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


TABS = ("总体情况", "主动公开情况", "依申请公开情况", "复议诉讼情况", "存在的问题", "其他事项")


def title(place: str, year: int = 2023) -> str:
    return f"沈阳市{place}{year}年政府信息公开工作年度报告"


def chapters(place: str, first: int, end: int) -> str:
    """The chapters from one to another; each names place and chapter, the third has a figure."""
    return "".join(
        f"<p>{HEADS[at]}</p><p>{place}第{at}部分，各项工作按时完成并向社会公布。"
        + ("全年收到政府信息公开申请27件。" if at == 2 else "")
        + "</p>"
        for at in range(first, end)
    )


def leaf(place: str, text: str, pager: str = "", name: str = "") -> str:
    return html(
        f"<h1>{name or title(place)}</h1><p>发布时间：2024-02-01 来源：{place}政府办</p>"
        f"<div class=TRS_Editor>{text}</div><div class=pages>{pager}</div>"
    )


def link(address: str, words: str) -> str:
    return f'<a href="{address}">{words}</a> '


class Pages(LivingPortal):
    """A living portal of reports over several pages alone."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.entries.clear()

    def paged(self, place: str, addresses: tuple[str, str, str], pagers: tuple[str, str, str]) -> None:
        """A report on three pages of two chapters each."""
        self.entries.append((addresses[0], title(place), "2024-02-01"))
        for at, (address, pager) in enumerate(zip(addresses, pagers, strict=True)):
            self.pages[address] = leaf(place, chapters(place, 2 * at, 2 * at + 2), pager)

    def text(self, place: str) -> str:
        ((text,),) = self.rows(f"select text from reports where title = '{title(place)}'")
        return text or ""


def whole(place: str, text: str) -> bool:
    """Whether a text has every chapter, in order, and no pager."""
    places = [text.find(f"{place}第{at}部分") for at in range(6)]
    return -1 not in places and places == sorted(places) and "下一页" not in text and "[2]" not in text


def test_every_page_of_a_report_is_kept_and_they_are_one_text(tmp_path: Path) -> None:
    portal = Pages(tmp_path)
    with portal.serve():
        portal.paged(
            "和平区",
            ("/nb/a/t2023.html", "/nb/a/t2023_1.html", "/nb/a/t2023_2.html"),
            (link("t2023_1.html", "下一页 »"), link("t2023.html", "上一页") + link("t2023_2.html", "下一页 »"), ""),
        )
        portal.paged(
            "沈河区",
            ("/nb/show.jsp?id=7", "/nb/show.jsp?id=7&pageNo=2", "/nb/show.jsp?id=7&pageNo=3"),
            ("".join(link(f"?id=7&pageNo={n}", f"[{n}]") for n in (1, 2, 3)),) * 3,
        )
        portal.paged(
            "大东区",
            ("/nb/a/content_12_1.shtml", "/nb/a/content_12_2.shtml", "/nb/a/content_12_3.shtml"),
            ("".join(link(f"content_12_{n}.shtml", f"第{n}页") for n in (1, 2, 3)),) * 3,
        )
        portal.paged(
            "皇姑区",
            ("/nb/a/55.htm", "/nb/a/55/2.htm", "/nb/a/55/3.htm"),
            ("".join(link(f"/nb/a/55/{n}.htm", str(n)) for n in (2, 3)) + link("/nb/a/55/3.htm", "尾页"),) * 3,
        )
        # the next article is another report, and no page of this one
        for number, place in enumerate(("铁西区", "浑南区")):
            address = f"/nb/a/art_8_{number + 1}.html"
            portal.entries.append((address, title(place), "2024-02-01"))
            portal.pages[address] = leaf(place, chapters(place, 0, 6), link(f"art_8_{2 - number}.html", "下一页"))
        tabs = "".join(link(f"/nb/c/{n}.html", words) for n, words in enumerate(TABS))
        portal.entries.append(("/nb/c/index.html", title("于洪区"), "2024-02-01"))
        portal.pages["/nb/c/index.html"] = leaf("于洪区", "", tabs)
        for at in range(6):
            chapter = chapters("于洪区", at, at + 1)
            portal.pages[f"/nb/c/{at}.html"] = html(f"<h1>{title('于洪区')}</h1>", tabs, chapter)
        # tabs whose panels are on the page
        portal.entries.append(("/nb/a/panels.html", title("辽中区"), "2024-02-01"))
        panels = "".join(f'<a href="#p{at}">{HEADS[at][2:]}</a>' for at in range(6))
        portal.pages["/nb/a/panels.html"] = leaf("辽中区", chapters("辽中区", 0, 6), panels)
        result = portal.crawl()
        places = ("和平区", "沈河区", "大东区", "皇姑区", "铁西区", "浑南区", "于洪区", "辽中区")
        assert {place: whole(place, portal.text(place)) for place in places} == dict.fromkeys(places, True)
        assert portal.rows("select count(*) from reports") == [(8,)]
        assert portal.rows("select kind from problems where kind like '%incomplete' or kind = 'text_shrank'") == []
        assert len(result["asked"]) == len(set(result["asked"]))
        query = "select value from statistics where code = 'req_received' and value = 27"
        assert len(portal.rows(query)) == 8
        before = portal.rows("select id, text, text_sha256 from reports order by id")
        parts = portal.rows("select report_id, url, label, text, capture_id from attachments order by rowid")
        assert len(parts) == 14
        with Archive.read(portal.archive) as archive:
            assert archive.verify(derive, every=True) == []
        done = CliRunner().invoke(cli, ["rebuild", "--all", "--archive", str(portal.archive)])
        assert done.exit_code == 0, done.output
        assert portal.rows("select id, text, text_sha256 from reports order by id") == before
        assert portal.rows("select report_id, url, label, text, capture_id from attachments order by rowid") == parts
        again = portal.crawl("--recheck", "all")
        assert "/nb/a/t2023_2.html" in again["asked"]
        assert portal.rows("select id, text, text_sha256 from reports order by id") == before
        # a further page that says something new is a version of its report
        portal.pages["/nb/a/t2023_2.html"] = leaf("和平区", chapters("和平区", 4, 6) + "<p>另有说明一则。</p>")
        portal.crawl("--recheck", "all")
        assert "另有说明一则。" in portal.text("和平区")
        version = (portal.home + "nb/a/t2023_2.html",)
        assert portal.rows("select url from report_versions where version = 2") == [version]
        with Archive.read(portal.archive) as archive:
            assert archive.verify(derive, every=True) == []
        # redacting a report takes all its pages, those too that only a further page names
        arguments = ("--reason", "a test", "--yes", "--archive", str(portal.archive))
        done = CliRunner().invoke(cli, ["redact", portal.home + "nb/a/t2023.html", *arguments])
        assert done.exit_code == 0, done.output
        tombstones = "select capture_id from redacted_captures"
        assert portal.rows(f"select url from captures where url like '%t2023%' and id not in ({tombstones})") == []
        assert "另有说明一则。" not in str(portal.rows("select * from reports, attachments"))
        with Archive.read(portal.archive) as archive:
            assert archive.verify(derive, every=True) == []


def test_a_page_that_could_not_be_had_is_told_and_no_other_report_is_joined(tmp_path: Path) -> None:
    portal = Pages(tmp_path)
    with portal.serve():
        portal.paged(
            "和平区",
            ("/nb/a/1.html", "/nb/a/1_1.html", "/nb/a/1_2.html"),
            ("".join(link(f"1_{n}.html", str(n + 1)) for n in (1, 2)),) * 3,
        )
        del portal.pages["/nb/a/1_1.html"]
        portal.entries.append(("/nb/a/2.html", title("沈河区"), "2024-02-01"))
        portal.pages["/nb/a/2.html"] = leaf("沈河区", chapters("沈河区", 0, 6), link("2_1.html", "下一页"))
        portal.pages["/nb/a/2_1.html"] = leaf("沈河区", "<p>上一年度的文字。</p>", name=title("沈河区", 2022))
        portal.crawl(code=1)
        text = portal.text("和平区")
        assert "和平区第0部分" in text
        assert "和平区第2部分" not in text
        assert "和平区第4部分" in text
        ((url, detail),) = portal.rows("select url, detail from problems where kind = 'report_incomplete'")
        assert url == portal.home + "nb/a/1.html"
        assert "1_1.html" in detail
        assert "上一年度" not in portal.text("沈河区")
        ((detail,),) = portal.rows("select detail from problems where kind = 'document_unread'")
        assert "another report" in detail
        with Archive.read(portal.archive) as archive:
            assert archive.verify(derive, every=True) == []


def test_the_rest_of_a_report_behind_tabs_is_joined_and_behind_a_script_told(tmp_path: Path) -> None:
    portal = Pages(tmp_path)
    with portal.serve():
        addresses = ("/nb/a/1.html", "/nb/a/1_b.html", "/nb/a/1_c.html")
        names = ("总体情况", "申请办理情况", "存在的问题")
        tabs = "".join(link(address, name) for address, name in zip(addresses, names, strict=True))
        portal.paged("和平区", addresses, (tabs,) * 3)
        numbers = "".join(f'<a href="javascript:;" data-page="{n}">{n}</a>' for n in (1, 2, 3))
        menu = (
            link("/nb/b/x.html", "机构概况") + link("/nb/b/y.html", "主动公开信息") + link("/nb/b/z.html", "统计数据")
        )
        for number, (place, end) in enumerate((("沈河区", 3), ("大东区", 6))):
            portal.entries.append((f"/nb/b/{number}.html", title(place), "2024-02-01"))
            portal.pages[f"/nb/b/{number}.html"] = leaf(place, chapters(place, 0, end), menu + numbers)
        portal.crawl()
        assert whole("和平区", portal.text("和平区"))
        query = "select url, detail from problems where kind in ('file_without_address', 'dead_link')"
        ((url, detail),) = portal.rows(query)
        assert url == portal.home + "nb/b/0.html"
        assert "pages 1 to 3" in detail
        with Archive.read(portal.archive) as archive:
            assert archive.verify(derive, every=True) == []
