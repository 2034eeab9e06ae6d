"""What every test shares: retries that do not wait, a contact, so that a run has nothing to say about its lack, and
one crawl of the sample portal for all tests that look at what came of it."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from crawler.sample import SamplePortal
from tests.support import blank_archives, copied_readers

# What a property test finds out must not hang on what else the machine has to do.
settings.register_profile("any_load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_load")

os.environ.setdefault("NIANBAO_RETRY_WAITS", "0,0")
os.environ.setdefault("NIANBAO_CONTACT", "tests@example.org")


@pytest.fixture(scope="session", autouse=True)
def readers_at_hand() -> None:
    """Readers are copies of one that stands ready, but where a test has them started afresh."""
    copied_readers.copy_from(copied_readers.ready().end)


@pytest.fixture
def readers_afresh() -> Iterator[None]:
    """Readers are started as the program does."""
    copied_readers.start_afresh()
    yield
    copied_readers.copy_from(copied_readers.ready().end)


@pytest.fixture(scope="session", autouse=True)
def blank_archive_at_hand() -> None:
    """Archives are copies of an empty one, but where a test has them made afresh."""
    blank_archives.copy_blank()


@pytest.fixture
def archives_afresh() -> Iterator[None]:
    """Archives are made as the program does."""
    blank_archives.make_afresh()
    yield
    blank_archives.copy_blank()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The archive of a crawl of the sample portal, its profile beside it; the portal answers until the last test.

    On free ports, not those of `nianbao demo`: tests run side by side.
    """
    path = tmp_path_factory.mktemp("sample") / "archive.db"
    profile = path.with_name("sample.toml")
    with SamplePortal().serve((0, 0)) as running:
        profile.write_text(running.profile_toml, "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "crawler", "crawl", "--archive", str(path), "--profile", str(profile)],
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        yield path


_CRAWLS = (
    "import subprocess",
    "tests.support.crawling",
    "tests.support.program",
    "tests.support.serving",
    "tests.servers.living",
    "CliRunner",
)
"""Words of a test module that starts the program, a portal or the site."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by what they need: `crawl`, `browser`, `gold`; `make quick` leaves these and the slow ones out. Files
    that take long come first, so that at the end no core is left with a long one while the others have nothing."""
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        module, test = inspect.getsource(item.module), inspect.getsource(item.function)
        if "playwright" in module or "chromium" in module:
            item.add_marker(pytest.mark.browser)
        if "sample" in item.fixturenames or any(words in module for words in _CRAWLS):
            item.add_marker(pytest.mark.crawl)
        if "GOLD" in test or "gold" in test:
            item.add_marker(pytest.mark.gold)
    long = {item.path for item in items if any(map(item.get_closest_marker, ("browser", "crawl", "slow")))}
    items.sort(key=lambda item: item.path not in long)
