"""WCAG 2.2 AA by axe-core, no page wider than the window, and the keyboard's ways: our pages and Datasette's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.site.test_site import CHROMIUM, needs_browser
from tests.site.test_skin import FAULTS, OURS, THEIRS
from tests.support.serving import served

PAGES = [*OURS, *THEIRS, *FAULTS]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def site(sample: Path) -> Iterator[str]:
    with served(sample) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@needs_browser
@pytest.mark.parametrize(("width", "scheme", "code"), [(1280, "light", "zh"), (390, "dark", "en")])
def test_axe_finds_nothing_serious(site: str, browser: Any, width: int, scheme: str, code: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    found = {}
    for path in PAGES:
        page.goto(f"{site}{quote(path, safe='/?&=+_')}{'&' if '?' in path else '?'}lang={code}")
        page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        told = axe.Axe().run(page, options={"runOnly": RULES, "iframes": False, "resultTypes": ["violations"]})
        for one in told.response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found[path, one["id"]] = [node["html"][:200] for node in one["nodes"]][:3]
    assert found == {}
    context.close()


@needs_browser
@pytest.mark.parametrize(("width", "code"), [(390, "zh"), (390, "en"), (1280, "zh"), (1280, "en")])
def test_no_page_is_wider_than_the_window(site: str, browser: Any, width: int, code: str) -> None:
    page = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True).new_page()
    for path in PAGES:
        page.goto(f"{site}{quote(path, safe='/?&=+_')}{'&' if '?' in path else '?'}lang={code}")
        page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@needs_browser
@pytest.mark.parametrize(("path", "skip", "past"), [("/", "-map", ".map"), ("/province/210000", "1", ".grid")])
def test_the_keyboard_goes_past_the_header_the_map_and_the_grid(
    site: str, browser: Any, path: str, skip: str, past: str
) -> None:
    page = browser.new_context(java_script_enabled=True).new_page()
    page.goto(site + path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == f"#after{skip}":
            break
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"#after{skip}"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("([past]) => !document.activeElement.closest(past)", [past])
    assert page.evaluate(
        "([past]) => document.querySelector(past).compareDocumentPosition(document.activeElement)"
        " === Node.DOCUMENT_POSITION_FOLLOWING",
        [past],
    )


@needs_browser
def test_what_is_pressed_is_as_large_as_a_finger_needs(site: str, browser: Any) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels for what stands apart from running text."""
    page = browser.new_context(viewport={"width": 390, "height": 900}).new_page()
    for path in ("/", "/province/210000", "/portal/sample", "/archive/reports", "/compare"):
        page.goto(site + path)
        small = page.evaluate(
            "[...document.querySelectorAll('header a, .grid td a, a.tile, .forms a, button, [type=checkbox],"
            " summary, thead a')]"
            ".filter(one => one.checkVisibility())"
            ".map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])"
            ".filter(([, box]) => box.width > 0 && box.left > -900 && (box.width < 24 || box.height < 24))"
            ".map(([name, box]) => [name, box.width, box.height])"
        )
        assert small == [], path
