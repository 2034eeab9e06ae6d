"""Publishing systems: one file each, and what is derived from their registry."""

from __future__ import annotations

import pytest

from crawler.commands.reference import CONVENTIONS, conventions
from crawler.conventions import registry
from crawler.conventions.registry import SYSTEMS, is_article, makes_of
from crawler.conventions.system import System
from tests import ROOT
from tests.servers import MAKES

ARTICLES = {
    "TRS WCM": "/zwgk/202112/t20211201_1701386.html",
    "32-hex shtml": "/zfb/201802/a21fdc42a21fdc42a21fdc42a21fdc42.shtml",
    "Hanweb JCMS": "/art/2024/1/10/art_29411_1207098.html",
    "Hanweb JPaaS": "/zwgk/art/2022/art_185127c4318a4fd1bb991113aa3ac771.html",
    "Lonsun": "/OpennessContent/show/2277958.html",
    "VSB": "/info/1037/6799.htm",
    "gkmlpt": "/gkmlpt/content/0/963/post_963149.html",
    "ASP(.NET)": "/show.asp?id=12",
}


def test_every_system_has_a_test_portal_and_is_in_the_registry() -> None:
    for system in SYSTEMS:
        assert system is registry.generic.SYSTEM or system.server in MAKES, system.name
    for path in (ROOT / "crawler" / "conventions").glob("*.py"):
        if path.stem not in ("system", "registry") and " = System(" in path.read_text("utf-8"):
            module = getattr(registry, path.stem)
            made = [value for value in vars(module).values() if isinstance(value, System)]
            assert made
            assert all(system in SYSTEMS for system in made), path
    assert len({system.name for system in SYSTEMS}) == len(SYSTEMS)


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_of_a_system_tells_the_system_and_is_an_article(name: str) -> None:
    address = "http://www.x.gov.cn" + ARTICLES[name]
    assert is_article(address)
    assert [make for make, _ in makes_of(address, b"")] == [name]


@pytest.mark.parametrize("make", MAKES)
def test_a_portal_shows_the_marks_of_its_system(make: str) -> None:
    system = next(system for system in SYSTEMS if system.server == MAKES_OF.get(make, make))
    with MAKES[make]().serve() as portal:
        told = set()
        for path, answer in portal.pages.items():
            body = answer if isinstance(answer, bytes) else answer.encode() if isinstance(answer, str) else b""
            told |= {name for name, _ in makes_of(f"http://{portal.address}{path}", body)}
    assert system.name in told


MAKES_OF = {
    "hanweb_only_page": "hanweb",
    "aspnet_steps": "aspnet",
    "hexindex": "shtml",
    "lonsun_type_4": "lonsun",
    "jpaas_uncounted": "jpaas",
    "gkmlpt_picked": "gkmlpt",
    "gkmlpt_one_page": "gkmlpt",
}


def test_the_page_on_conventions_is_what_the_registry_says() -> None:
    """`make docs` writes it."""
    assert (ROOT / CONVENTIONS).read_text("utf-8") == conventions()
