"""A portal is redesigned between two runs: the step is told, and the proposed profile finds every report."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from crawler.portals.notation import load
from tests.portals.test_probe import nianbao
from tests.servers import MAKES, TestPortal
from tests.servers.base import Answer

RENAMED = {
    "政府信息公开年报": "年度情况汇编", "信息公开年报": "年度情况汇编", "政府信息公开年度报告": "年度情况汇编",
    "政务公开": "便民园地",
}  # fmt: skip


def renamed(answer: Answer) -> Answer:
    """A page whose menus and places have other words; titles of reports stay."""
    text = answer.decode("gbk") if isinstance(answer, bytes) else answer
    if not isinstance(text, str):
        return answer
    for old, new in RENAMED.items():
        for left, right in ((">", "<"), ('"', '"'), ("> ", "<")):
            text = text.replace(f"{left}{old}{right}", f"{left}{new}{right}")
    return text.encode("gbk") if isinstance(answer, bytes) else text


def crawl(profile: Path, archive: Path) -> tuple[int, dict[str, Any], str]:
    done = nianbao("crawl", "--profile", str(profile), "--archive", str(archive), "--json")
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stderr


def reports(archive: Path, since: int = 0) -> set[str]:
    connection = sqlite3.connect(archive)
    try:
        query = "select report_urls.url from report_urls join captures on captures.id = capture_id where run_id > ?"
        return {url for (url,) in connection.execute(query, (since,))}
    finally:
        connection.close()


def test_labels_addresses_and_make_change_and_the_proposal_finds_every_report(tmp_path: Path) -> None:
    old, new = MAKES["asp"](), MAKES["vsb"]()
    profile, archive = tmp_path / "own.toml", tmp_path / "a.db"
    with old.serve():
        profile.write_text(old.profile_toml + 'trail = ["政务公开", "政府信息公开年度报告"]\nbudget = 400\n', "utf-8")
        code, summary, said = crawl(profile, archive)
        assert (code, summary["outlooks"]) == (0, [])
        before = profile.read_bytes()
        truth = {f"http://{old.address}{report.path}" for report in new.reports}
        # The old addresses are gone, the new ones of another make, the menus in other words.
        old.pages = {path: renamed(answer) for path, answer in new.pages.items()}
        code, summary, said = crawl(profile, archive)
        assert code == 1
        assert "wants a person: trail_broken" in said
        (outlook,) = summary["outlooks"]
        proposed = tmp_path / "a.db.proposed" / f"{old.name}.toml"
        assert f"Proposed, and not applied: {proposed}" in said
        said_so = "after '首页' no '政务公开' stands any more; labels that stood there: 便民园地"
        assert outlook["detail"].startswith(said_so), said
        assert (outlook["path"], outlook["trail"]) == (str(proposed), ["便民园地", "年度情况汇编"])
        assert profile.read_bytes() == before
        assert reports(archive, since=1) == set(), "nothing of it is applied"
        told = load(proposed)
        assert (told.id, told.region, told.budget) == (old.name, old.region, 400)
        assert (told.trail, told.verified) == (("便民园地", "年度情况汇编"), False)
        code, summary, said = crawl(proposed, tmp_path / "new.db")
        assert reports(tmp_path / "new.db") == truth, said


def test_a_trail_that_moved_is_told_though_the_usual_names_led_on(tmp_path: Path) -> None:
    """And a portal without reports before is a matter for `portals probe`, one whose column is empty is looked at."""
    portal = MAKES["vsb"]()
    profile, archive = tmp_path / "own.toml", tmp_path / "a.db"
    with portal.serve():
        text = portal.profile_toml
        profile.write_text(text + 'trail = ["政务公开", "信息公开年报"]\n', "utf-8")
        crawl(profile, archive)
        portal.pages = {
            path: page.decode("gbk").replace("政务公开", "政府信息公开").encode("gbk")
            if isinstance(page, bytes)
            else page
            for path, page in portal.pages.items()
        }
        code, summary, said = crawl(profile, archive)
        (outlook,) = summary["outlooks"]
        assert "the step '政务公开' of the profile's trail stood on no page any more" in said
        assert outlook["trail"] == ["政府信息公开", "信息公开年报"]
        assert outlook["reports"] == len(portal.reports)
        # All is gone but the reports themselves, which still answer: that they do says nothing of the way there.
        portal.pages = {path: page for path, page in portal.pages.items() if path.startswith("/info/")}
        portal.pages["/"] = "<html><title>海城市人民政府</title><a href='/new/'>新闻</a></html>"
        code, summary, said = crawl(profile, archive)
        assert code == 1
        assert "trail_broken" in summary["problem_kinds"]
        assert summary["outlooks"][0]["path"] is None
        assert "no report was seen" in said
    with TestPortal({"/": "<html><title>海城市人民政府</title></html>"}, region="210381").serve() as bare:
        profile.write_text(bare.profile_toml, "utf-8")
        code, summary, said = crawl(profile, tmp_path / "b.db")
        assert (code, summary["outlooks"]) == (1, [])
        code, summary, said = crawl(profile, tmp_path / "b.db")
        assert (code, summary["outlooks"]) == (1, [])
