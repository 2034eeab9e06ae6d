"""Where no request may go: addresses that are not public, however they are written or found; schemes but http(s)."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.portals.profile import HostIndex, Profile
from crawler.words.hosts import host_key, is_public, literal
from tests.navigation.test_trails import html, menu, rows
from tests.servers.faults import FaultyServer, reply
from tests.support.crawling import crawl, page, portal

PRIVATE = {
    "127.1": "127.0.0.1",
    "0x7f.1": "127.0.0.1",
    "2130706433": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "127.0.0.1": "127.0.0.1",
    "0.0.0.0": "0.0.0.0",
    "0": "0.0.0.0",
    "10.1.2.3": "10.1.2.3",
    "192.168.1.1": "192.168.1.1",
    "172.16.0.1": "172.16.0.1",
    "100.64.0.1": "100.64.0.1",
    "169.254.169.254": "169.254.169.254",
    "224.0.0.1": "224.0.0.1",
    "255.255.255.255": "255.255.255.255",
    "::1": "::1",
    "::": "::",
    "::ffff:127.0.0.1": "::ffff:127.0.0.1",
    "64:ff9b::7f00:1": "64:ff9b::7f00:1",
    "2002:7f00:1::": "2002:7f00:1::",
    "fe80::1": "fe80::1",
    "fe80::1%eth0": "fe80::1",
    "fd00::1": "fd00::1",
}
"""As a host may be written, and the address that is meant."""


@pytest.mark.parametrize("host", PRIVATE)
def test_an_address_that_is_not_public_is_told_however_it_is_written(host: str) -> None:
    address = literal(host)
    assert address == ipaddress.ip_address(PRIVATE[host])
    assert not is_public(address)


@pytest.mark.parametrize("host", ["202.107.28.5", "8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_public_addresses(host: str) -> None:
    address = literal(host)
    assert address is not None
    assert is_public(address)


@pytest.mark.parametrize("host", ["www.shenyang.gov.cn", "localhost", "1.2.3.4.gov.cn", "0x7g.1", ""])
def test_names_are_no_addresses(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://A.gov.cn/x", "a.gov.cn"),
        ("https://a.gov.cn:443/", "a.gov.cn"),
        ("http://a.gov.cn:80", "a.gov.cn"),
        ("http://a.gov.cn:443/", "a.gov.cn:443"),
        ("http://[::1]:8080/", "[::1]:8080"),
    ],
)
def test_one_host_has_one_key(url: str, key: str) -> None:
    assert host_key(url) == key


HOMES = [
    "127.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "127.0.0.1",
    "localhost",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
]


@pytest.fixture
def listening() -> Iterator[FaultyServer]:
    with FaultyServer(portal(1)).serve() as server:
        yield server


def test_no_home_page_on_this_machine_or_its_network_is_asked(tmp_path: Path, listening: FaultyServer) -> None:
    elsewhere = ["169.254.169.254", "100.64.0.1", "10.255.255.1", "[fe80::1]", "[fd00::1]"]
    homes = [f"http://{host}:{listening.port}/" for host in HOMES] + [f"http://{host}/" for host in elsewhere]
    crawled = crawl(tmp_path, homes, "delay = 0\n")
    assert listening.asked == []
    for number, home in enumerate(homes):
        told = [(kind, detail) for owner, kind, _, detail in crawled.problems if owner == f"p{number}"]
        assert [kind for kind, _ in told] == ["trail_broken", "host_not_allowed"], (home, told)
        assert "private or loopback" in told[1][1]
    assert crawled.code == 1
    assert crawled.reports == []


REBINDING = """
import socket
import sys

# A name that is public when first asked and this machine ever after; one that always is this machine.
asked = []


def gethostbyname(name):
    asked.append(name)
    first = asked.count(name) == 1
    return {"rebinds.test": "198.41.0.4" if first else "127.0.0.1", "inner.test": "127.0.0.1"}[name]


socket.gethostbyname = gethostbyname
connect = socket.socket.connect_ex


def refused(self, address):
    print("connect", *address, file=sys.stderr)
    if not address[0].startswith("127."):
        return 111
    return connect(self, address)


socket.socket.connect_ex = refused
sys.argv[0] = "nianbao"
from crawler.commands.cli import main

main()
"""
"""`nianbao` where names lead where the test says, and no connection leaves the machine."""


def test_a_name_that_turns_to_this_machine_is_not_followed(tmp_path: Path, listening: FaultyServer) -> None:
    driver = tmp_path / "driver.py"
    driver.write_text(REBINDING)
    names = ["rebinds.test", "inner.test"]
    homes = [f"http://{name}:{listening.port}/" for name in names]
    crawled = crawl(tmp_path, homes, "delay = 0\n", command=(sys.executable, str(driver)), PYTHONPATH=".")
    assert listening.asked == []
    assert "connect 127." not in crawled.said
    assert "connect 198.41.0.4" in crawled.said, "the public address is the one that is connected to"
    assert crawled.kinds("p1") == ["host_not_allowed", "trail_broken"]
    assert crawled.kinds("p0")[0] in ("host_resting", "unreachable")
    assert crawled.code == 1


def test_links_and_redirects_lead_nowhere_else(tmp_path: Path, listening: FaultyServer) -> None:
    decoy = listening.port
    targets = [
        *(f"http://{host}:{decoy}/" for host in HOMES),
        "file:///etc/passwd",
        f"ftp://127.0.0.1:{decoy}/a",
        f"gopher://127.0.0.1:{decoy}/a",
        "data:text/html,<h1>沈阳市大东区2018年政府信息公开工作年度报告</h1>",
        "javascript:location='/a/0'",
        "http://169.254.169.254/latest/meta-data/",
    ]
    title = "沈阳市大东区{}镇2018年政府信息公开工作年度报告"
    linked = [(target, title.format(f"甲{number}")) for number, target in enumerate(targets)]
    moved = [(f"/m/{number}", title.format(f"乙{number}")) for number in range(len(targets))]
    acts = {
        "/": reply(200, html(menu(("/nb/", "政府信息公开年报"))).encode()),
        "/nb/": reply(200, html(rows(("/a/0", title.format("丙")), *linked, *moved)).encode()),
        "/a/0": page(0),
    } | {f"/m/{number}": reply(302, b"", f"Location: {target}") for number, target in enumerate(targets)}
    with ExitStack() as stack:
        server = stack.enter_context(FaultyServer(acts).serve())
        crawled = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/"])
    assert listening.asked == []
    assert crawled.reports == [f"http://127.0.0.1:{server.port}/a/0"]
    assert sorted(server.paths()[3:]) == sorted(["/a/0", *(path for path, _ in moved)])


NAMES = ("a.gov.cn", "b.a.gov.cn", "c.b.a.gov.cn", "gov.cn", "ba.gov.cn", "10.0.0.1", "[::1]", "x-y.a.gov.cn")
named = st.sampled_from(NAMES)
addresses = st.builds(
    "{}://{}{}/{}".format,
    st.sampled_from(["http", "https", "ftp"]),
    named,
    st.sampled_from(["", ":8080", ":80"]),
    named,
)
patterns = st.builds("{}{}{}".format, st.sampled_from(["", "*."]), named, st.sampled_from(["", ":8080"])).filter(
    lambda pattern: "*.[" not in pattern
)
profiles_made = st.builds(
    Profile,
    id=st.uuids().map(str),
    name=st.just("示例"),
    home=st.builds("http://{}{}/".format, named, st.sampled_from(["", ":8080"])),
    region=st.just("210100"),
    hosts=st.lists(patterns, max_size=3).map(tuple),
)


@given(st.lists(profiles_made, max_size=6), addresses)
def test_the_index_of_hosts_finds_whom_asking_each_profile_would(profiles: list[Profile], url: str) -> None:
    found = {profile.id for profile in HostIndex(profiles).allowing(url)}
    assert found == {profile.id for profile in profiles if profile.allows(url)}


def test_a_request_asks_few_profiles_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = [
        Profile(f"p{n}", "示例", f"https://www.p{n}.gov.cn/", "210100", hosts=(f"*.p{n}.gov.cn",)) for n in range(400)
    ]
    index, asked = HostIndex(profiles), list[str]()
    allows = Profile.allows

    def counted(self: Profile, url: str) -> bool:
        asked.append(self.id)
        return allows(self, url)

    monkeypatch.setattr(Profile, "allows", counted)
    assert index.allowing("https://xxgk.p7.gov.cn/nb/") == [profiles[7]]
    assert index.allowing("https://www.elsewhere.gov.cn/") == []
    assert index.allowing("https://[broken") == []
    assert asked == ["p7"]


def test_a_profile_is_found_wherever_its_file_lies(tmp_path: Path) -> None:
    """Profiles go to the spider as they are; a comma in a folder's name once cut the address of the file in two."""
    folder = tmp_path / "x,y"
    folder.mkdir()
    with FaultyServer(portal(1)).serve() as server:
        crawled = crawl(folder, [f"http://127.0.0.1:{server.port}/"])
    assert len(crawled.reports) == 1, crawled
