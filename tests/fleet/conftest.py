"""One PostgreSQL for the tests of a process, started when the first of them asks; a database of its own for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("procrastinate", reason="the extra `fleet` is not installed: the fleet was not tested")

from crawler.fleet import database
from crawler.fleet.database import Connection
from tests.support.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The server; its database `template1` is a fleet with nothing in it."""
    with cluster() as made:
        database.init(made.dsn("template1"), str(tmp_path_factory.mktemp("store")))
        yield made


@pytest.fixture
def dsn(postgres: Cluster) -> str:
    """A fleet with nothing in it."""
    return postgres.database()


@pytest.fixture
def fleet(dsn: str) -> Iterator[Connection]:
    """A connection to a fleet with nothing in it."""
    with database.connected(dsn) as connection:
        yield connection


def profile(name: str, home: str, keys: str = "") -> str:
    """A profile as text."""
    return f'id = "{name}"\nname = "示例"\nhome = "{home}"\nregion = "210100"\n{keys}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a test keeps profiles."""
    return tmp_path
