"""`portals check --bundle` and `portals replay`: a first contact to send, nothing private in it, walked offline."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crawler.portals import bundle as bundles
from crawler.portals import intake
from crawler.records.errors import NianbaoError
from tests import ROOT
from tests.portals.test_probe import nianbao
from tests.servers import MAKES

FOLDER = ROOT / "tests" / "portals" / "bundles"


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def rewritten(path: Path, to: Path, **changed: bytes | None) -> Path:
    """A copy of a bundle with members changed, by their names without what follows the dot; None: left out."""
    with zipfile.ZipFile(to, "w") as file:
        for name, data in members(path).items():
            new = changed.get(name.partition(".")[0].replace("profiles/", ""), data)
            if new is not None:
                file.writestr(name, new)
    return to


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A bundle of a portal with a dead link, made on a machine with a name, a user and folders, and those words."""
    folder = tmp_path_factory.mktemp("of-the-machine")
    home = folder / "home-of-mrs-private"
    home.mkdir()
    profile = home / "named-by-her.toml"
    private = {
        "HOME": str(home), "USER": "mrs-private", "LOGNAME": "mrs-private", "TMPDIR": str(home),
        "NIANBAO_CONTACT": "mrs@private.example", "SECRET": "of-the-environment",
        "NIANBAO_ARCHIVE": str(home / "own.db"),
    }  # fmt: skip
    portal = MAKES["vsb"]()
    del portal.pages[portal.reports[0].path]
    with portal.serve():
        profile.write_text(portal.profile_toml + "verified = false\n", "utf-8")
        command = [sys.executable, "-m", "crawler", "portals", "check", "--profile", str(profile)]
        command += ["--bundle", str(folder / "contact.zip")]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=300, env=os.environ | private, check=False, cwd=ROOT
        )
    assert done.returncode == 0, done.stderr
    assert "nothing of this machine" in done.stderr
    return folder / "contact.zip", private | {"folder": folder.name, "host": socket.gethostname()}


def test_a_bundle_holds_the_contact_and_nothing_of_the_machine(made: tuple[Path, dict[str, str]]) -> None:
    path, private = made
    held = members(path)
    assert sorted(held) == [
        "bundle.json", "captures.warc.gz", "problems.json", "profiles/vsb.toml", "reports.json", "ways.json"
    ]  # fmt: skip
    about = json.loads(held["bundle.json"])
    assert (about["form"], about["settings"]["NIANBAO_MAX_WAIT"], about["left_out"]["captures"]) == (1, "120.0", 0)
    held["captures.warc.gz"] = gzip.decompress(held["captures.warc.gz"])
    with zipfile.ZipFile(path) as file:
        held["dates"] = str({one.date_time for one in file.infolist()}).encode()
    everything = b"\n".join(held.values())
    words = [*private.values(), "mrs-private", "private.example", str(ROOT), sys.prefix, "named-by-her"]
    assert [word for word in words if len(word) > 3 and word.encode() in everything] == []
    assert held["dates"] == b"{(1980, 1, 1, 0, 0, 0)}"
    problems = json.loads(held["problems.json"])
    assert any(one["kind"] == "dead_link" for one in problems)
    assert len(json.loads(held["reports.json"])) == 26
    ways = [way for page in json.loads(held["ways.json"])["vsb"] for way in page["ways"]]
    assert any(label == "信息公开年报" and why == "taken: step" for label, _, why in ways)
    assert any(
        label == "公开指南" and address.endswith("/zwgk/zn.htm") and why == "off_trail" for label, address, why in ways
    )
    assert {"taken: item", "taken: paging", "other_host"} <= {why for _, _, why in ways}


def replay(path: Path, *more: str) -> tuple[int, dict[str, Any], str]:
    done = nianbao("portals", "replay", str(path), "--json", *more)
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stdout + done.stderr


def test_a_bundle_is_walked_again_and_says_what_differs(made: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    path, _ = made
    code, told, said = replay(path)
    assert "vsb\t26 reports\tas the bundle found" in said
    assert (told["gained"], told["lost"], told["changed"]) == ([], [], [])
    assert (code, told["wants_a_person"]) == (0, [])
    rows = json.loads(members(path)["reports.json"])
    altered = [{**rows[0], "organ": "别的政府"}, *rows[2:], {**rows[1], "url": rows[1]["url"] + "x"}]
    other = rewritten(path, tmp_path / "other.zip", reports=json.dumps(altered).encode())
    code, told, said = replay(other, "--test", str(tmp_path / "case"))
    assert code == 1
    assert "vsb\t26 reports\t1 gained, 1 lost, 1 changed" in said
    assert f"lost: {rows[1]['url']}x" in said
    assert told["changed"] == [{"portal": "vsb", "url": rows[0]["url"], "organ": ["别的政府", rows[0]["organ"]]}]
    code, told, _ = replay(tmp_path / "case")
    assert (code, told["gained"], told["lost"], told["changed"]) == (0, [], [], [])
    profile = tmp_path / "vsb.toml"
    profile.write_text(members(path)["profiles/vsb.toml"].decode() + "budget = 1\n", "utf-8")
    code, told, said = replay(path, "--profile", str(profile))
    assert (code, told["wants_a_person"]) == (1, ["budget_spent"]), said
    assert len(told["lost"]) == 26
    profile.write_text(profile.read_text("utf-8").replace('"vsb"', '"else"'), "utf-8")
    done = nianbao("portals", "replay", str(path), "--profile", str(profile))
    assert done.returncode == 2
    assert "the bundle has no portal 'else'; it has vsb" in done.stderr


@pytest.mark.parametrize("folder", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_every_bundle_that_is_kept_finds_what_it_found(folder: Path, tmp_path: Path) -> None:
    """`portals replay FILE.zip --test tests/portals/bundles/NAME` makes a test of a bundle; review its reports.json."""
    copy = shutil.copytree(folder, tmp_path / folder.name)
    _, told, said = replay(copy)
    assert (told["gained"], told["lost"], told["changed"]) == ([], [], []), said
    then = json.loads((folder / "problems.json").read_text("utf-8"))
    assert sorted((row["kind"], row["url"]) for row in told["problems"]) == sorted(
        (row["kind"], row["url"]) for row in then
    )


def test_what_is_no_bundle_is_one_sentence(made: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    path, _ = made
    held = members(path)
    bomb = b"[" + b" " * (17 << 20) + b"]"
    bad = {
        "no ZIP": tmp_path / "no.zip",
        "does not exist": tmp_path / "none.zip",
        "has no captures.warc.gz": rewritten(path, tmp_path / "a.zip", captures=None),
        "it has no profile": rewritten(path, tmp_path / "b.zip", vsb=None),
        r"of form 2, made by nianbao 9; this program \(.*\) reads form 1": rewritten(
            path, tmp_path / "c.zip", bundle=b'{"form": 2, "program": 9}'
        ),
        "bundle.json is no JSON": rewritten(path, tmp_path / "d.zip", bundle=b"\xff{"),
        "reports.json is longer than": rewritten(path, tmp_path / "e.zip", reports=bomb),
        "problems.json is not what": rewritten(path, tmp_path / "f.zip", problems=b'[{"kind": 3}]'),
        "key 'home' is missing": rewritten(path, tmp_path / "g.zip", vsb=b'id = "vsb"\nname = "x"'),
        "is no profile": rewritten(path, tmp_path / "h.zip", vsb=b"= ="),
    }
    bad["no ZIP"].write_bytes(b"PK nothing")
    for words, one in bad.items():
        with pytest.raises(NianbaoError, match=words) as raised:
            intake.read(one)
        assert "\n" not in str(raised.value)
    damaged = bytearray(path.read_bytes())
    at = damaged.find(held["captures.warc.gz"][100:140])
    at = len(damaged) // 2 if at < 0 else at
    damaged[at : at + 40] = b"\0" * 40
    (tmp_path / "i.zip").write_bytes(damaged)
    for one in (tmp_path / "i.zip", rewritten(path, tmp_path / "j.zip", captures=b"no WARC"), bad["no ZIP"]):
        done = nianbao("portals", "replay", str(one))
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    done = nianbao("portals", "check", "--bundle", str(path))
    assert done.returncode == 2
    assert "exists already" in done.stderr


def test_a_bundle_stays_small_and_keeps_what_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MOST_BODIES", 100)
    monkeypatch.setattr(bundles, "MOST_BODY", 60)
    sizes = [(1, "/f.pdf", "attachment", 40), (2, "/", "home", 30), (3, "/r", "report", 50), (4, "/l", "list", 30)]
    kept, left = bundles._within([*sizes, (5, "/scan", "home", 61)])
    assert kept == {2, 4, 1}
    assert left == [("/scan", 61), ("/r", 50)]


def test_a_bundle_that_unpacks_to_too_much_is_refused(made: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    from crawler.fetching.source import Source

    path, _ = made
    (tmp_path / "captures.warc.gz").write_bytes(members(path)["captures.warc.gz"])
    with pytest.raises(NianbaoError, match=r"captures\.warc\.gz unpacks to more than 1,000 bytes"):
        Source(tmp_path / "captures.warc.gz", 1000)
