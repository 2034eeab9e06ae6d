"""A made-up portal in generations: test portals of several makes, each crawled once and moved to hosts of then."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from crawler.archive.archive import Archive
from tests.portals.test_probe import nianbao
from tests.servers import MAKES
from tests.servers.mementos import Held

LOST = (
    'id = "yushe"\nname = "榆社县"\nhome = "http://www.yushe.gov.cn/"\nregion = "140721"\n'
    'former_hosts = ["www.yushe-old.gov.cn", "www.yushe-mid.gov.cn"]\n'
)
GENERATIONS = (
    ("asp", "www.yushe-old.gov.cn", "20090615080000"),
    ("trs", "www.yushe-mid.gov.cn", "20140710080000"),
    ("hanweb", "www.yushe.gov.cn", "20200901080000"),
)
"""Make, host and time of capture of each."""


def generation(folder: Path, make: str, host: str, stamp: str) -> tuple[list[Held], list[dict[str, Any]]]:
    """What a web archive has of a portal of a make, as if it had stood at `host` and been captured at `stamp`, and the
    reports that it had (as TestPortal.truth)."""
    archive, profile = folder / f"{make}.db", folder / f"{make}.toml"
    with MAKES[make]().serve() as portal:
        profile.write_text(portal.profile_toml, "utf-8")
        nianbao("crawl", "--profile", str(profile), "--archive", str(archive))
        address, truth = portal.address, portal.truth
    held = []
    with Archive.read(archive) as reader:
        for row in reader.captures.rows():
            capture = reader.captures.get(row["id"])
            assert capture is not None
            moved = capture.url.replace(address, host)
            dropped = {"content-length", "content-encoding", "connection", "date", "etag", "last-modified"}
            headers = tuple(
                (name, value.replace(address, host)) for name, value in capture.headers if name.lower() not in dropped
            )
            held.append(
                Held(moved, stamp, capture.body.replace(address.encode(), host.encode()), capture.status, headers)
            )
    return held, [made | {"url": made["url"].replace(address, host)} for made in truth]


def rows(archive: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Rows of an archive, in plain SQL."""
    connection = sqlite3.connect(archive)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def backfill(folder: Path, source: str, *more: str) -> subprocess.CompletedProcess[str]:
    """`nianbao backfill` of the portal that folder/portal.toml describes into folder/archive.db, from one web archive
    whose file is given."""
    (folder / "source.toml").write_text(source, "utf-8")
    return nianbao(
        "backfill", "--profile", str(folder / "portal.toml"), "--source", str(folder / "source.toml"),
        "--archive", str(folder / "archive.db"), "--contact", "a@b.example", "--jobs", "1", "--json", *more,
    )  # fmt: skip
