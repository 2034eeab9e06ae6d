"""A profile written down is the profile read."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.portals.notation import parse, toml_of
from crawler.portals.profile import Band, Expect, Profile
from crawler.portals.selection import bundled
from crawler.records.errors import ProfileError

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
LABELS = WORDS.filter(lambda label: not set(label) & set("{}"))
BANDS = st.none() | st.builds(Band, st.integers(0, 9), st.none() | st.integers(9, 99))
PROFILES = st.builds(
    Profile,
    st.from_regex(r"[a-z0-9-]{1,9}", fullmatch=True),
    WORDS,
    st.just("http://a.example/"),
    st.just("210100"),
    st.none() | st.lists(LABELS, min_size=1).map(tuple),
    st.lists(st.sampled_from(["*.a.example", "b.example:8080", "[::1]:80"])).map(tuple),
    st.floats(0, 3600),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.none() | st.builds(int.__mul__, st.integers(1, 31), st.sampled_from([1, 60, 3600, 86400])),
    st.none() | st.sampled_from(["Mozilla/5.0 (x; +mail@y)", "reader"]),
    st.integers(1, 1_000_000),
    requisites=st.booleans(),
    former_hosts=st.lists(st.sampled_from(["old.a.example", "b.example:8080"])).map(tuple),
    verified=st.sampled_from([None, False, "2026-11-23"]),
    expect=st.builds(Expect, BANDS, BANDS, BANDS, st.none() | st.floats(0, 1), st.none() | st.floats(0, 1)),
)


@given(PROFILES, st.lists(st.text()))
def test_what_is_written_is_read(profile: Profile, remarks: list[str]) -> None:
    assert parse(tomllib.loads(toml_of(profile, remarks)), "x") == profile


def test_the_bundled_profiles_come_back() -> None:
    for profile in bundled().values():
        assert parse(tomllib.loads(toml_of(profile)), profile.id) == profile


def test_a_profile_without_a_region_asks_for_it_and_is_refused() -> None:
    text = toml_of(replace(next(iter(bundled().values())), region=""))
    assert "# region = " in text
    with pytest.raises(ProfileError, match="key 'region' is missing"):
        parse(tomllib.loads(text), "x")


def test_a_remark_of_two_lines_stays_a_comment() -> None:
    profile = next(iter(bundled().values()))
    assert toml_of(profile, ["甲\nid = 1\x00"]).startswith("# 甲 id = 1\n")
