"""By what name portals are asked."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from crawler.fetching.settings import user_agent
from crawler.sample.serving import Asked, Reply
from tests.navigation.test_trails import html, menu, report, rows
from tests.servers.base import Answer, TestPortal
from tests.support.crawling import crawl


def gated(page: str, agents: list[str], wanted: str) -> Answer:
    """A page for those agents alone that have `wanted` in their name."""

    def answer(asked: Asked) -> Reply | bytes | str:
        agents.append(asked.headers.get("user-agent", ""))
        return page if wanted in agents[-1] else Reply(b"<h1>Forbidden</h1>", 403)

    return answer


def portal(agents: list[str], wanted: str) -> TestPortal:
    pages = {
        "/robots.txt": "User-agent: *\nDisallow: /x/",
        "/": html(menu(("/nb/", "政府信息公开年报"))),
        "/nb/": html(rows(("/a/1.html", "沈阳市大东区2018年政府信息公开工作年度报告"))),
        "/a/1.html": report("大东区", 2018),
    }
    return TestPortal({path: gated(page, agents, wanted) for path, page in pages.items()})


def test_an_honest_name_that_begins_as_browsers_do() -> None:
    assert user_agent("ann@example.org").startswith("Mozilla/5.0 (compatible; nianbao/")
    assert user_agent("ann@example.org").endswith("; +ann@example.org)")
    assert "no contact" in user_agent("")


def test_portals_are_asked_by_the_name_that_their_profile_has(tmp_path: Path) -> None:
    agents: list[list[str]] = [[], [], []]
    keys = "delay = 0\nallow_private_addresses = true\n"
    with ExitStack() as stack:
        served = [
            stack.enter_context(portal(*pair).serve())
            for pair in zip(agents, ["Mozilla", "ours", "nobody"], strict=True)
        ]
        (tmp_path / "own").mkdir()
        usual = crawl(tmp_path, [served[0].home, served[2].home], keys)
        agreed = crawl(tmp_path / "own", [served[1].home], keys + 'user_agent = "ours/1 (agreed)"\n')
    assert len(usual.reports) == 1
    assert any("refused our agent or address" in detail for _, _, _, detail in usual.problems)
    assert len(agreed.reports) == 1
    assert set(agents[1]) == {"ours/1 (agreed)"}
    assert all("nianbao/" in agent for agent in agents[0] + agents[2])
