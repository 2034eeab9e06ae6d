"""`nianbao portals probe` and `check`: a profile proposed from a home page finds every report; profiles are tried."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from crawler.portals import notation, selection
from crawler.portals.probe import id_of, own_hosts
from crawler.records.errors import ProfileError
from crawler.reference import divisions
from crawler.sample import SamplePortal
from tests.conventions.test_makes import crawl, rows
from tests.servers import MAKES, TestPortal
from tests.support.program import run
from tests.support.thorough import THOROUGH


def nianbao(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    done = run(*arguments, env=environment)
    assert "Traceback" not in done.stderr
    return done


SERVERS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "sample": lambda: SamplePortal().serve(),
    **{name: (lambda make=make: make().serve()) for name, make in MAKES.items()},  # type: ignore[misc]
}


VARIANTS = {"sample", *(name for name in MAKES if "_" in name)}
"""Of these tests/conventions/test_makes.py and the demo have it that a profile finds every report, and a profile is
proposed for them by what it is for the others."""


@pytest.mark.parametrize("name", [name for name in SERVERS if THOROUGH or name not in VARIANTS])
def test_the_proposed_profile_finds_every_report(name: str, tmp_path: Path) -> None:
    with SERVERS[name]() as portal:
        saved = tmp_path / "proposed.toml"
        done = nianbao("portals", "probe", portal.home, "--private", "--delay", "0", "--save", str(saved), "--json")
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout.splitlines()[-1])
        assert told["toml"] == saved.read_text("utf-8")
        assert (told["make"] is not None, told["region"] is not None) == (True, True)
        crawl(tmp_path, told["toml"])
        found = {url for (url,) in rows(tmp_path, "select url from reports")}
        assert found == {report["url"] for report in portal.truth}


def test_what_is_not_sure_is_said_and_stands_in_the_profile(tmp_path: Path) -> None:
    with MAKES["vsb"]().serve() as portal:
        done = nianbao("portals", "probe", portal.home, "--private", "--delay", "0")
    assert "not sure: region 210381 is only by the name of the site: «海城市人民政府»" in done.stderr
    assert "which is left out" in done.stderr
    profile = done.stdout
    assert "# Make: VSB" in profile
    assert "Paging: next link." in profile
    assert 'trail = ["政务公开", "信息公开年报"]' in profile
    assert "verified = false" in profile


def test_a_portal_that_does_not_answer_and_one_without_reports(tmp_path: Path) -> None:
    done = nianbao("portals", "probe", "http://127.0.0.1:9/", "--private", "--delay", "0")
    assert done.returncode == 1
    assert "the home page could not be had" in done.stderr
    with TestPortal({"/": "<html><title>某市人民政府</title><p>欢迎</p></html>"}).serve() as portal:
        done = nianbao("portals", "probe", portal.home, "--private", "--delay", "0")
    assert done.returncode == 1
    assert "no report was seen" in done.stderr
    assert "which region the portal is of" in done.stderr
    (tmp_path / "proposed.toml").write_text(done.stdout, "utf-8")
    with pytest.raises(ProfileError, match="key 'region' is missing; expected a GB/T 2260 code"):
        notation.load(tmp_path / "proposed.toml")


@pytest.mark.parametrize("url", ["gopher://x/", "nonsense", ""])
def test_an_address_that_is_none_is_one_sentence(url: str) -> None:
    done = nianbao("portals", "probe", url)
    assert done.returncode == 2
    assert "expected the address of the home page" in done.stderr


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("mine")
    done = nianbao("portals", "probe", "http://127.0.0.1:9/", "--save", str(tmp_path / "mine.toml"))
    assert done.returncode == 2
    assert "exists already" in done.stderr
    assert (tmp_path / "mine.toml").read_text() == "mine"
    done = nianbao("portals", "probe", "http://127.0.0.1:9/", "--save", str(tmp_path / "none" / "mine.toml"))
    assert done.returncode == 2
    assert f"{tmp_path / 'none'} is no directory" in done.stderr


def test_check_tries_profiles_and_writes_the_day(tmp_path: Path) -> None:
    """Each portal is judged by what was found on itself: the one without a report stands beside two full ones."""
    bare = TestPortal({"/": "<html><title>欢迎</title><a href='/a.html'>政务公开</a></html>"})
    nameless = MAKES["vsb"]()
    nameless.pages["/"] = nameless.pages["/index.htm"] = "<title>欢迎</title><a href='/zwgk.htm'>政务公开</a>"
    with MAKES["vsb"]().serve() as good, MAKES["asp"]().serve() as other, bare.serve(), nameless.serve():

        def profile(name: str, home: str, region: str) -> str:
            return (
                f'id = "{name}"\nname = "x"\nhome = "{home}"\nregion = "{region}"\n'
                "allow_private_addresses = true\ndelay = 0\n"
            )

        texts = {
            "good": profile("good", good.home, "210381") + "verified = false\n",
            "other": profile("other", other.home, "210100"),
            "nameless": profile("nameless", nameless.home, "210381"),
            "bare": profile("bare", bare.home, "210100"),
            "dead": profile("dead", "http://127.0.0.1:9/", "210100"),
        }
        arguments = []
        for name, text in texts.items():
            (tmp_path / f"{name}.toml").write_text(text, "utf-8")
            arguments += ["--profile", str(tmp_path / f"{name}.toml")]
        done = nianbao("portals", "check", *arguments, "--save", "--json")
        assert done.returncode == 1
        told = {one["id"]: one for one in json.loads(done.stdout.splitlines()[-1])["portals"]}
        assert [name for name, one in told.items() if one["holds"]] == ["good", "nameless"]
        counts = {name: one["reports"] for name, one in told.items()}
        full = len(good.truth)
        assert counts == {"good": full, "other": len(other.truth), "nameless": full, "bare": 0, "dead": 0}
        assert told["good"]["trail"] == ["政务公开", "信息公开年报"]
        assert (told["good"]["make"], told["bare"]["make"]) == ("VSB", None)
        assert "the portal is of region 140721" in told["other"]["why"][0]
        assert told["bare"]["why"] == ["no report was seen"]
        assert "could not be had" in told["dead"]["why"][0]
        assert any("nothing says which region" in one for one in told["nameless"]["uncertain"])
        assert not any("nothing says which region" in one for one in told["good"]["uncertain"])
        verified = notation.load(tmp_path / "good.toml").verified
        assert isinstance(verified, str)
        assert notation.load(tmp_path / "dead.toml").verified is None
        done = nianbao("portals", "check", "--profile", str(tmp_path / "nameless.toml"))
    assert f"nameless\tholds\t{full} reports\t政务公开 → 信息公开年报" in done.stdout
    assert "nameless: not sure: nothing says which region the portal is of" in done.stderr


def test_the_profiles_that_ship() -> None:
    shipped = selection.bundled()
    assert len(shipped) > 40
    assert list(shipped) == [selection.select([name], [])[0].id for name in shipped]
    for profile in shipped.values():
        region = divisions.latest(profile.region, 2024)
        assert region is not None
        assert profile.name == f"{region.name}人民政府", profile.id
        assert region.level in ("province", "prefecture"), profile.id
        assert profile.allows(profile.home)
    assert [profile.id for profile in selection.select([], [])] == ["shenyang"]


def test_the_list_says_which_nobody_has_tried() -> None:
    lines = nianbao("portals").stdout.splitlines()
    assert "wuhan\t420100\t武汉市人民政府\thttps://www.wuhan.gov.cn/\tunverified" in lines
    assert len([line for line in lines if line.endswith("unverified")]) == len(lines) - 1


def test_ids_and_hosts_of_an_unknown_portal() -> None:
    assert id_of("https://www.shenyang.gov.cn/") == "shenyang"
    assert id_of("http://zwgk.changchun.gov.cn/x") == "zwgk-changchun"
    assert own_hosts("https://www.shenyang.gov.cn/") == ("*.shenyang.gov.cn",)
    assert own_hosts("http://127.0.0.1:80/") == ()
