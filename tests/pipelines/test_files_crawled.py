"""Files behind redirects, viewers, login pages and on other hosts, and pages behind 全文, in one crawl."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.sample.serving import Reply
from pipelines import derive
from tests.pipelines.test_attached import word
from tests.pipelines.test_parts_crawled import Pages, chapters, leaf, link, title
from tests.servers.living import html

WORD = "application/msword"


def to(place: str) -> Reply:
    return Reply(b"", 302, headers={"Location": place})


def test_files_are_joined_from_wherever_they_are_and_told_where_they_are_not(tmp_path: Path) -> None:
    portal = Pages(tmp_path)
    with portal.serve():

        def landing(number: int, place: str, text: str) -> None:
            address = f"/nb/a/{number}.html"
            portal.entries.append((address, title(place), "2024-02-01"))
            portal.pages[address] = leaf(place, text)

        # redirects to a store, the second with Chinese in it; linked twice
        landing(1, "和平区", link("年报 终稿.doc#1", "附件：年报.doc") + link("年报%20终稿.doc", "下载"))
        portal.pages["/nb/a/" + quote("年报 终稿.doc")] = to("/go?to=7")
        portal.pages["/go?to=7"] = to("/store/" + quote("甲") + ".bin")
        portal.pages["/store/" + quote("甲") + ".bin"] = Reply(word(title("和平区")), content_type=WORD)
        # an entry that is a viewer's address
        portal.entries.append(("/v/view.html?file=/f/b.doc", title("沈河区"), "2024-02-01"))
        portal.pages["/f/b.doc"] = Reply(word(title("沈河区")), content_type=WORD)
        # a session that ended: a login page in the file's place, once over a redirect
        landing(2, "大东区", chapters("大东区", 0, 6) + link("/f/c.xls", "附件：统计表.xls"))
        portal.pages["/f/c.xls"] = to("/login.html")
        portal.pages["/login.html"] = html("<form>请登录<input type=password></form>")
        # another host
        landing(3, "皇姑区", chapters("皇姑区", 0, 6) + link("http://{{decoy}}/f/d.xls", "附件：表"))
        # an abstract with the whole text behind a link
        landing(4, "铁西区", "<p>铁西区公布年度报告，全文如下所附。</p>" * 6 + link("/nb/full/4.html", "【查看全文】"))
        portal.pages["/nb/full/4.html"] = html(f"<div>{chapters('铁西区', 0, 6)}</div>")
        portal.crawl()
        assert portal.decoy_requests == []

        def told() -> tuple[dict[str, str], list[tuple[str, str]]]:
            texts = dict(portal.rows("select title, text from reports order by id"))
            return texts, portal.rows("select url, text from attachments where capture_id is not null order by url")

        texts, files = told()
        assert {name for name, text in texts.items() if text and "收到和处理政府信息公开申请" in text} == {
            title(place) for place in ("和平区", "沈河区", "大东区", "皇姑区", "铁西区")
        }
        assert "第5部分" in texts[title("铁西区")]
        at_home = f"http://{portal.address}"
        assert [url for url, _ in files] == [
            f"{at_home}/f/c.xls", f"{at_home}/nb/a/" + quote("年报 终稿.doc"), f"{at_home}/nb/full/4.html",
        ]  # fmt: skip
        problems = portal.rows("select kind, url, detail from problems order by kind")
        unread = [(url, detail) for kind, url, detail in problems if kind == "document_unread"]
        assert [url for url, _ in unread] == [f"{at_home}/f/c.xls"]
        assert "请登录" in unread[0][1]
        assert [url for kind, url, _ in problems if kind == "host_not_allowed"] == [f"http://{portal.decoy}/f/d.xls"]
        assert [kind for kind, _, _ in problems if kind.startswith("file_")] == []
        with Archive.read(portal.archive) as archive:
            assert archive.verify(derive, every=True) == []
        done = CliRunner().invoke(cli, ["rebuild", "--all", "--archive", str(portal.archive)])
        assert done.exit_code == 0, done.output
        assert told() == (texts, files)
        # what stands behind the redirects says something new
        changed = word(title("和平区"), "9", "1", "0", "2", "12")
        portal.pages["/store/" + quote("甲") + ".bin"] = Reply(changed, content_type=WORD)
        portal.crawl("--recheck", "all")
        assert "9\t1\t0\t2\t12" in told()[0][title("和平区")]
        assert portal.rows("select count(*) from report_versions where version = 2") == [(1,)]
        with Archive.read(portal.archive) as archive:
            assert archive.verify(derive, every=True) == []
