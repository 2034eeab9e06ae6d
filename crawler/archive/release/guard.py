"""What a release must not lose without anybody saying that it may: rows, and provinces."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.archive.release.package import Release
from crawler.records.errors import NianbaoError

LEAST = 0.98
"""The share of a table's rows that the next release has at least."""


def losses(old: Release, new: Release) -> Iterator[str]:
    """A sentence for each table that shrinks by more than 2 %, and for each province that vanishes."""
    rows = new.rows()
    for table, before in sorted(old.rows().items()):
        if rows[table] < LEAST * before:
            yield f"{table} shrinks from {before} to {rows[table]} rows"
    for province in sorted(_provinces(old) - _provinces(new)):
        yield f"no report of province {province} is there any more"


def check_losses(old: Release, new: Release) -> None:
    """Raise NianbaoError where there are any."""
    sentences = list(losses(old, new))
    if sentences:
        raise NianbaoError(
            f"since release {old.version} {'; '.join(sentences)}; --force publishes it all the same (nothing was"
            " written)"
        )


def _provinces(release: Release) -> set[str]:
    """The first two digits of the regions of a release's reports."""
    resource = release.resources.get("reports.parquet")
    if resource is None:
        return set()
    at = [column.name for column in resource.columns].index("region_code")
    return {row[at][:2] for row in resource.read(release.folder) if row[at] is not None}
