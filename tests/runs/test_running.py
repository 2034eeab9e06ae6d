"""Run by a timer: the log, the feed, what is said, who asks, and the files that start it."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner
from lxml import etree

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.records.errors import NianbaoError
from crawler.runs import feed
from tests import ROOT
from tests.servers.living import LivingPortal, living, report
from tests.support.archive_toy import page

TOP = "/nb/a/20200.html"
NIL = "00000000-0000-4000-8000-000000000000"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingPortal]:
    """Two runs: fifteen reports, then a new one and a correction, written to a feed and logged as JSON."""
    with living(tmp_path_factory.mktemp("running")) as served:
        served.first = served.crawl("--feed", str(served.folder / "feed.xml"))  # type: ignore[attr-defined]
        served.publish("/nb/a/20210.html", "和平区", 2021, at=0)
        served.pages[TOP] = report("和平区", 2020, "更正：收到申请8件。")
        options = ("--recheck", "all", "--contact", "archive@example.org", "--log-json")
        served.second = served.crawl(*options, "--feed", str(served.folder / "feed.xml"))  # type: ignore[attr-defined]
        yield served


def nianbao(*arguments: str) -> str:
    done = CliRunner().invoke(cli, list(arguments))
    if done.exception is not None:
        raise done.exception
    return done.output


def test_the_log_says_what_each_run_found(portal: LivingPortal) -> None:
    lines = nianbao("log", "--archive", str(portal.archive)).splitlines()
    assert re.match(r"run 2  \S+Z  finished in 0:00:\d\d  living", lines[0])
    found = [line.strip().split("  ")[0] for line in lines[2:4]]
    assert found == ["new: 沈阳市和平区人民政府 2021", "changed: 沈阳市和平区人民政府 2020"]
    assert "    new: and 5 more" in lines
    assert lines[-1].startswith("living: last run without anything that wants a person: 20")
    assert len(nianbao("log", "--all", "--runs", "1", "--archive", str(portal.archive)).splitlines()) == 5


def test_the_log_as_json(portal: LivingPortal) -> None:
    told = json.loads(nianbao("log", "--json", "--archive", str(portal.archive)))
    assert [run["id"] for run in told["runs"]] == [2, 1]
    assert [event["kind"] for event in told["runs"][0]["found"]] == ["new", "changed"]
    assert set(told["last_good"]) == {"living"}


def test_a_portal_without_a_good_run_says_never(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.begin_run(["somewhere"])
    assert "somewhere: last run without anything that wants a person: never" in nianbao(
        "log", "--archive", str(tmp_path / "a.db")
    )


def test_the_summary_says_what_was_found(portal: LivingPortal) -> None:
    told: dict[str, Any] = portal.second  # type: ignore[attr-defined]
    assert [(event["kind"], event["report_year"]) for event in told["found"]] == [("new", 2021), ("changed", 2020)]


def test_the_feed_tells_the_newest_first_and_is_valid(portal: LivingPortal) -> None:
    path = portal.folder / "feed.xml"
    root = etree.parse(path).getroot()
    assert root.tag == ATOM + "feed"
    entries = root.findall(ATOM + "entry")
    assert len(entries) == 17
    assert entries[0].findtext(ATOM + "title") == "更正 changed: 沈阳市和平区2020年政府信息公开工作年度报告"
    link = entries[1].find(ATOM + "link")
    assert link is not None
    assert link.get("href") == f"http://{portal.address}/nb/a/20210.html"
    assert root.findtext(ATOM + "updated") == entries[0].findtext(ATOM + "updated")
    for element in (root, *entries):
        assert all(element.find(ATOM + name) is not None for name in ("id", "title", "updated"))
    ids = [entry.findtext(ATOM + "id") for entry in entries]
    assert len(set(ids)) == len(ids)
    before = path.read_bytes()
    portal.crawl("--feed", str(path))
    assert path.read_bytes() == before
    assert [one.name for one in portal.folder.iterdir() if one.name.startswith("feed")] == ["feed.xml"]


def test_a_feed_holds_whatever_a_title_does(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        archive.begin_run(["somewhere"])
        archive.store(page("/a?x=1&y=<2>", title="大东区\x0b2018 & <年报> \ufffe", text="一"))

        written = feed.atom(archive.uuid(), archive.events.newest(5))
    title = etree.fromstring(written).findtext(f".//{ATOM}entry/{ATOM}title")
    assert title == "新增 new: 大东区\ufffd2018 & <年报> \ufffd"
    assert etree.fromstring(feed.atom(NIL, [])).findtext(ATOM + "updated") == "2008-05-01T00:00:00Z"


def test_a_feed_that_cannot_be_written_is_told_before_anything_is_fetched(portal: LivingPortal, tmp_path: Path) -> None:
    before = len(portal.requests)
    for path in (tmp_path, tmp_path / "no" / "feed.xml"):
        code, out, said = portal.run("--feed", str(path))
        assert (code, out, len(said.splitlines())) == (2, "", 1)
        assert said.startswith("nianbao: --feed")
    assert len(portal.requests) == before


def test_a_feed_that_fails_at_the_end_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "feed.xml"
    path.write_text("as it was")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(NianbaoError, match="could not be written: No space left on device"):
        feed.write(path, NIL, [])
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("feed.xml", "as it was")]


def test_the_log_as_json_lines(portal: LivingPortal) -> None:
    told: dict[str, Any] = portal.second  # type: ignore[attr-defined]
    lines = [json.loads(line) for line in told["said"].splitlines()]
    assert all({"at", "event", "message"} <= set(line) for line in lines)
    events = [line["event"] for line in lines]
    assert events[0] == "run_begins"
    assert events.count("page") == 6
    assert events.count("unchanged") == 15
    assert events[-4:] == ["pages", "reports", "found", "found"]
    (new,) = [line for line in lines if line.get("url", "").endswith("/nb/a/20210.html")]
    assert (new["kind"], new["status"], new["portal"]) == ("report", 200, "living")


def test_problems_are_lines_of_the_json_log(portal: LivingPortal) -> None:
    _, _, said = portal.run("--log-json", "--profile", str(unreachable(portal.folder)))
    lines = [json.loads(line) for line in said.splitlines()]
    (problem,) = [line for line in lines if line["event"] == "problem"]
    assert (problem["portal"], problem["kind"]) == ("nowhere", "unreachable")
    assert [line["kind"] for line in lines if line["event"] == "wants_a_person"] == ["unreachable"]


def unreachable(folder: Path) -> Path:
    path = folder / "nowhere.toml"
    path.write_text(
        'id = "nowhere"\nname = "nowhere"\nhome = "http://127.0.0.1:9/"\nregion = "210100"\n'
        "delay = 0\nallow_private_addresses = true\n"
    )
    return path


def test_the_user_agent_names_project_and_contact_and_its_lack_is_said_once(
    portal: LivingPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NIANBAO_CONTACT", raising=False)
    heard: list[str] = []

    def answer(asked: Any) -> str:
        heard.append(asked.headers["user-agent"])
        return report("和平区", 2020)

    kept, portal.pages[TOP] = portal.pages[TOP], answer
    said = portal.crawl("--recheck", "all")["said"]
    assert said.splitlines()[0].startswith("no contact is set")
    assert said.count("contact") == 2  # the sentence names the option, too
    said = portal.crawl("--recheck", "all", "--contact", "https://example.org/archive")["said"]
    assert "contact" not in said
    portal.pages[TOP] = kept
    assert re.fullmatch(r"Mozilla/5\.0 \(compatible; nianbao/\S+; no contact set\)", heard[0])
    assert heard[1].endswith("; +https://example.org/archive)")


@pytest.mark.parametrize("contact", ["me", "a@b", "a@b.c\r\nX-Evil: 1", "ftp://x.y", "写信@给我.cn"])
def test_a_contact_that_is_none_is_one_sentence(portal: LivingPortal, contact: str) -> None:
    code, _, said = portal.run("--contact", contact)
    assert (code, len(said.splitlines())) == (2, 1)
    assert "expected an e-mail address or a web page's address" in said


def commands_in(text: str) -> Iterator[list[str]]:
    """What follows `nianbao` in a file, up to where the shell or the line ends the command."""
    for match in re.finditer(r"(?:\.venv/bin/|\bdo |\bexec |- )nianbao ([^\n)|;&]*)", text):
        yield shlex.split(match[1].split(" 2>")[0])


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "deploy").iterdir()))
def test_what_the_files_call_exists(name: str) -> None:
    found = list(commands_in((ROOT / "deploy" / name).read_text("utf-8")))
    assert found or name in ("nianbao.timer", "Dockerfile", "Dockerfile.dockerignore")
    for command in found:
        called: click.Command = cli
        for word in command:
            if not isinstance(called, click.Group):
                break
            called = called.commands[word]
        options = {option for one in called.params for option in one.opts if isinstance(one, click.Option)}
        assert {word for word in command if word.startswith("--")} <= options


def test_the_units_say_what_a_run_needs() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "deploy" / "nianbao.service")
    assert unit["Service"]["SuccessExitStatus"] == "130"
    unit.read(ROOT / "deploy" / "nianbao.timer")
    assert unit["Timer"]["Persistent"] == "true"
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    done = subprocess.run(
        ["systemd-analyze", "verify", ROOT / "deploy" / "nianbao.timer"], capture_output=True, check=False
    )
    assert b"Unknown" not in done.stderr, done.stderr


def test_the_workflow_is_one() -> None:
    flow = yaml.safe_load((ROOT / "deploy" / "hosted-ci.yml").read_text("utf-8"))
    assert flow[True]["schedule"][0]["cron"].count(" ") == 4
    assert all("run" in step or "uses" in step for step in flow["jobs"]["crawl"]["steps"])
