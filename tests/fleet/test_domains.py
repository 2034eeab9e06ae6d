"""Politeness domains: whoever may ask a common host is in one; who may not, is not joined for nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fleet.domains import domains
from crawler.portals.profile import Profile

LABELS = st.sampled_from(["a", "b", "www", "gov", "cn", "xxgk"])
HOSTS = st.lists(LABELS, min_size=2, max_size=4).map(".".join)
PORTS = st.sampled_from(["", ":80", ":443", ":8080", ":81"])
PATTERNS = st.tuples(st.sampled_from(["", "*."]), HOSTS, PORTS).map("".join)


def named(name: str, home: str, *hosts: str) -> Profile:
    """A portal with these hosts beside its home's."""
    return Profile(name, "示例", home, "210100", hosts=hosts)


@st.composite
def fleets(draw: st.DrawFn) -> list[Profile]:
    """Up to six portals whose hosts and patterns are drawn from few names, so that many overlap."""
    homes = draw(st.lists(st.tuples(st.sampled_from(["http", "https"]), HOSTS, PORTS), min_size=1, max_size=6))
    return [
        named(f"p{number}", f"{scheme}://{host}{port}/", *draw(st.lists(PATTERNS, max_size=2)))
        for number, (scheme, host, port) in enumerate(homes)
    ]


@settings(max_examples=60)
@given(fleets(), st.lists(st.tuples(st.sampled_from(["http", "https"]), HOSTS, PORTS), min_size=5, max_size=30))
def test_no_host_is_in_two_domains(profiles: list[Profile], addresses: list[tuple[str, str, str]]) -> None:
    placed = domains(profiles)
    homes = [profile.home for profile in profiles]
    for url in [*homes, *(f"{scheme}://{host}{port}/x" for scheme, host, port in addresses)]:
        assert len({placed[profile.id] for profile in profiles if profile.allows(url)}) <= 1, url


@settings(max_examples=40)
@given(fleets())
def test_the_order_of_portals_does_not_matter(profiles: list[Profile]) -> None:
    assert domains(profiles) == domains(reversed(profiles))


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (("http://www.x.gov.cn/", ()), ("http://www.y.gov.cn/", ()), False),
        (("http://www.x.gov.cn/", ()), ("http://q.x.gov.cn/", ()), True),
        (("http://www.x.gov.cn/", ()), ("https://x.gov.cn/", ()), True),
        (("http://www.x.gov.cn/", ("*.p.gov.cn",)), ("http://www.y.gov.cn/", ("a.b.p.gov.cn",)), True),
        (("http://www.x.gov.cn/", ("*.p.gov.cn",)), ("http://www.y.gov.cn/", ("p.gov.cn",)), False),
        (("http://www.x.gov.cn/", ("*.p.gov.cn",)), ("http://www.y.gov.cn/", ("*.q.p.gov.cn",)), True),
        (("http://www.x.gov.cn/", ("p.gov.cn:81",)), ("http://www.y.gov.cn/", ("p.gov.cn:82",)), False),
        (("http://127.0.0.1:81/", ()), ("http://127.0.0.2:81/", ()), False),
    ],
)
def test_who_is_joined(first: tuple[str, tuple[str, ...]], second: tuple[str, tuple[str, ...]], joined: bool) -> None:
    placed = domains(named(name, home, *hosts) for name, (home, hosts) in (("a", first), ("b", second)))
    assert (len(set(placed.values())) == 1) is joined


def test_a_chain_is_one_domain() -> None:
    hosts = [(), ("x0.org", "x1.org"), ("x1.org", "x2.org"), ("x2.org", "www.y.net")]
    homes = ["http://x0.org/", "http://b.org/", "http://c.org/", "http://d.org/"]
    profiles = [named(f"p{n}", home, *more) for n, (home, more) in enumerate(zip(homes, hosts, strict=True))]
    assert set(domains(profiles).values()) == {"p0"}
