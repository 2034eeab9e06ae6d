"""The sample's made-up reports in an archive: how they are known, and that they do not mix with real ones unasked.

A portal is marked in table `portals`, by its profile (`sample = true`) or by what its answers say of themselves.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from crawler.records.capture import Capture
from crawler.records.errors import ArchiveError

PORTAL = "sample"
"""Id of the sample portal."""
HEADER = "X-Nianbao-Sample"
"""A response header of every page of the sample portal: it stays with the page through any crawler's WARC."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

KEEP = (
    "insert into portals (id, sample) values (?, ?)"
    " on conflict (id) do update set sample = excluded.sample where excluded.sample > sample"
)
"""Note a portal; what was marked as made up once stays so."""


def is_sample(capture: Capture) -> bool:
    """Whether a capture is of the sample portal: its header says so, or, as version 0.1 served it, id and host do."""
    if capture.header(HEADER) is not None:
        return True
    if capture.portal != PORTAL:
        return False
    try:
        return urlsplit(capture.url).hostname in _LOOPBACK
    except ValueError:
        return False


def sample_portals(connection: sqlite3.Connection) -> list[str]:
    """Ids of the portals whose reports are made up, sorted; empty for an archive without the sample."""
    return [row[0] for row in connection.execute("select id from portals where sample order by id")]


def sample_ports(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """The ports of the sample's two hosts, the city's first, at which an archive last met them; None for none.

    A report's address has the port in it: at other ports every one of them would be a report that has moved.
    """
    query = "select url from captures where portal = ? and kind {} 'home' order by id desc"
    homes = [urlsplit(url).port for (url,) in connection.execute(query.format("="), (PORTAL,))]
    rest = (urlsplit(url).port for (url,) in connection.execute(query.format("<>"), (PORTAL,)))
    further = next((port for port in rest if port is not None and port not in homes), None)
    return (homes[0], further) if homes and homes[0] is not None and further is not None else None


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an archive holds, or a run brings: something of real portals, something of the sample."""

    real: bool
    sample: bool

    @property
    def mixed(self) -> bool:
        """Whether both are there."""
        return self.real and self.sample


_REAL = " or ".join(
    f"exists (select 1 from {table} left join portals on portals.id = portal where coalesce(sample, 0) = 0)"
    for table in ("captures", "expected")
)


def holdings(connection: sqlite3.Connection) -> Holdings:
    """What an archive holds; an empty one nothing of either."""
    return Holdings(bool(connection.execute(f"select {_REAL}").fetchone()[0]), bool(sample_portals(connection)))


def keep_apart(path: Path, archive: Holdings, run: Holdings) -> None:
    """Raise ArchiveError where a run would put the sample's made-up reports and real ones into one archive."""
    if run.real and archive.sample:
        raise ArchiveError(
            f"{path} holds the sample's made-up reports; name another file by --archive (or mix them by --with-sample)"
        )
    if run.sample and archive.real:
        raise ArchiveError(
            f"{path} holds reports of real portals; the sample's made-up ones go into a file of their own,"
            " data/demo.db where `nianbao demo` is given no --archive"
        )
    if run.mixed:
        raise ArchiveError(
            "the sample portal and real ones are named together; crawl them into two files (or mix them by"
            " --with-sample)"
        )
