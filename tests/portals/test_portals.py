"""Profiles: what is accepted, and one clear sentence for everything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.portals import notation, selection
from crawler.portals.profile import Profile
from crawler.records.errors import ProfileError

LEAST = 'id = "x"\nname = "某市"\nhome = "https://www.shenyang.gov.cn/"\nregion = "210100"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "x.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_four_keys_suffice(tmp_path: Path) -> None:
    profile = notation.load(write(tmp_path, LEAST))
    assert (profile.id, profile.delay, profile.trail, profile.hosts) == ("x", 1.0, None, ())
    assert not profile.allow_private_addresses


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('trail = ["政务公开", ""]', "trail"),
        ('trail = ["", "政务公开"]', "trail"),
        ('trail = ["政务公开", 5]', "trail"),
        ('trail = ["政务公开", "{yeer}"]', "trail"),
        ('trail = ["{yeer}", "{year}"]', "trail"),
        ("trail = []", "trail"),
        ('hosts = ["*.shenyang.gov.cn", "http://a.gov.cn/"]', "hosts"),
        ('hosts = ["http://a.gov.cn/", "*.shenyang.gov.cn"]', "hosts"),
        ('hosts = ["*.shenyang.gov.cn", 5]', "hosts"),
        ("[expect]\nreports = { min = 1, max = -1 }", "expect.reports"),
        ("[expect]\nreports = { min = -1, max = 1 }", "expect.reports"),
        ("[expect]\nlist_pages = { min = 1, max = 2.5 }", "expect.list_pages"),
        ("[expect]\nlist_pages = { min = 1, most = 2 }", "expect.list_pages"),
    ],
)
def test_one_bad_entry_among_good_ones_is_bad(tmp_path: Path, line: str, key: str) -> None:
    with pytest.raises(ProfileError, match=key.replace(".", r"\.")):
        notation.load(write(tmp_path, LEAST + line + "\n"))


def test_marks_and_names_may_stand_side_by_side(tmp_path: Path) -> None:
    profile = notation.load(write(tmp_path, LEAST + 'trail = ["政务公开", "{year}", "{region}"]\n'))
    assert profile.trail is not None
    assert len(profile.trail) == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('colour = "red"', "unknown key 'colour'"),
        ('delay = "fast"', "key 'delay'"),
        ("delay = -1", "key 'delay'"),
        ("delay = true", "key 'delay'"),
        ('trail = "政务公开"', "key 'trail'"),
        ('trail = ["{yeer}"]', "key 'trail'"),
        ('hosts = ["http://a.gov.cn/"]', "key 'hosts'"),
        ("allow_private_addresses = 1", "key 'allow_private_addresses'"),
        ("[expect]\nreports = 3", "expect.reports"),
        ("[expect]\nreports_per_year = { min = 5, max = 2 }", "min above max"),
        ('[expect]\nreports_per_year = { min = "5" }', "whole numbers"),
        ("delay = ", "not valid TOML"),
    ],
)
def test_a_bad_key_is_named_with_the_file(tmp_path: Path, line: str, said: str) -> None:
    path = write(tmp_path, LEAST + line)
    with pytest.raises(ProfileError) as error:
        notation.load(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value).strip()


@pytest.mark.parametrize("key", ["id", "name", "home", "region"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    text = "\n".join(line for line in LEAST.splitlines() if not line.startswith(key))
    with pytest.raises(ProfileError, match=f"'{key}' is missing"):
        notation.load(write(tmp_path, text))


@pytest.mark.parametrize("region", ["999999", "2101", "沈阳市", ""])
def test_a_region_must_exist(tmp_path: Path, region: str) -> None:
    with pytest.raises(ProfileError, match="region"):
        notation.load(write(tmp_path, LEAST.replace("210100", region)))


@pytest.mark.parametrize(
    "home", ["www.shenyang.gov.cn", "ftp://a.gov.cn/", "http://", "https://a b/", "http://a:99999/"]
)
def test_a_home_must_be_an_address(tmp_path: Path, home: str) -> None:
    with pytest.raises(ProfileError, match="'home'"):
        notation.load(write(tmp_path, LEAST.replace("https://www.shenyang.gov.cn/", home)))


def test_no_file_no_utf8(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="no such profile file"):
        notation.load(tmp_path / "none.toml")
    path = tmp_path / "gbk.toml"
    path.write_bytes("name = '沈阳'".encode("gb18030"))
    with pytest.raises(ProfileError, match="UTF-8"):
        notation.load(path)


def profile(home: str, *hosts: str) -> Profile:
    return Profile("x", "x", home, "210100", hosts=hosts)


@pytest.mark.parametrize(
    ("home", "hosts", "url", "allowed"),
    [
        ("https://www.a.gov.cn/", (), "http://www.a.gov.cn/x", True),
        ("https://www.a.gov.cn/", (), "http://b.a.gov.cn/x", True),
        ("https://www.a.gov.cn/", (), "http://a.gov.cn/x", True),
        ("https://a.gov.cn/", (), "http://www.a.gov.cn/x", True),
        ("https://zfxxgk.a.gov.cn/", (), "http://www.a.gov.cn/x", True),
        ("https://www.a.gov.cn/", (), "http://b.a.gov.cn:8080/x", False),
        ("https://www.a.gov.cn/", (), "http://www.b.gov.cn/x", False),
        ("https://www.gov.cn/", (), "http://a.gov.cn/x", False),
        ("https://dd.a.gov.cn/", (), "http://www.a.gov.cn/x", False),
        ("https://www.a.gov.cn/", ("*.a.gov.cn",), "http://b.a.gov.cn/x", True),
        ("https://www.a.gov.cn/", ("*.a.gov.cn",), "http://a.gov.cn.evil.com/", False),
        ("https://www.a.gov.cn/", ("*.a.gov.cn",), "http://evila.gov.cn/", False),
        ("https://www.a.gov.cn/", ("b.gov.cn:8080",), "http://b.gov.cn:8080/", True),
        ("https://www.a.gov.cn/", ("b.gov.cn:8080",), "http://b.gov.cn/", False),
        ("https://www.a.gov.cn/", ("b.gov.cn",), "http://b.gov.cn:8080/", False),
        ("http://127.0.0.1:5000/", (), "http://127.0.0.1:5000/a", True),
        ("http://127.0.0.1:5000/", (), "http://127.0.0.1:5001/a", False),
        ("http://127.0.0.1:5000/", ("127.0.0.1:5001",), "http://127.0.0.1:5001/a", True),
        ("https://www.a.gov.cn/", (), "file:///etc/passwd", False),
        ("https://www.a.gov.cn/", (), "javascript:alert(1)", False),
        ("https://www.a.gov.cn/", (), "http://user@evil.com:80\\@www.a.gov.cn/", False),
    ],
)
def test_hosts(home: str, hosts: tuple[str, ...], url: str, allowed: bool) -> None:
    assert profile(home, *hosts).allows(url) is allowed


@given(st.text())
def test_no_address_makes_it_raise(text: str) -> None:
    assert profile("https://www.a.gov.cn/").allows("http://" + text) in (True, False)


def test_every_profile_that_ships_is_good() -> None:
    shipped = selection.bundled()
    assert "shenyang" in shipped
    for name, one in shipped.items():
        assert one.id == name
        assert one.allows(one.home)
        assert not one.allow_private_addresses


def test_unknown_portal_lists_the_known() -> None:
    with pytest.raises(ProfileError, match=r"no portal 'atlantis'.*shenyang"):
        selection.select(["atlantis"], [])


def test_one_id_twice(tmp_path: Path) -> None:
    path = write(tmp_path, LEAST)
    with pytest.raises(ProfileError, match="two profiles"):
        selection.select([], [path, path])
