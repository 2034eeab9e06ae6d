"""The site as an application: Datasette with one archive, its settings, and the guard around it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.reference.population import NOBODY, Population
from crawler.site.database import ArchiveDatabase
from crawler.site.guard import Guard
from crawler.site.plugin import adopt

if TYPE_CHECKING:
    from crawler.archive.corpus.reader import Shelf

SETTINGS: dict[str, Any] = {
    "default_page_size": 50,
    "sql_time_limit_ms": 3_000,
    "facet_time_limit_ms": 1_000,
    "truncate_cells_html": 400,
}
"""Of Datasette: a page of reports is heavy to draw, and a question over all figures may take a second."""
PUBLIC: dict[str, Any] = SETTINGS | {
    "sql_time_limit_ms": 2_000,
    "max_returned_rows": 500,
    "default_cache_ttl": 300,
    "allow_csv_stream": False,
    "max_csv_mb": 10,
}
"""For strangers: a query may keep a process busy for 2 s; 500 rows are drawn in half the time that 1,000 take; a proxy
may keep a page for five minutes; a table goes out page by page, not whole in one request."""
CONCURRENT = 200
"""Requests at once under --public; further ones are answered 503 by uvicorn."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is served and to whom. `archive`: the file; `name`: of the database in addresses; `immutable`: nobody writes
    to it in place; `sql`: whether strangers may write SQL; `download`: whether they may take the file; `base`: the path
    before the site behind a proxy, with a slash at both ends; `population`: the table of people; `shelf`: where the
    archives are whose front the file is, None for an archive."""

    archive: Path
    name: str
    immutable: bool = False
    public: bool = False
    sql: bool = True
    download: bool = False
    base: str = "/"
    population: Population = NOBODY
    shelf: Shelf | None = None

    def application(self) -> Guard:
        """The ASGI application."""
        from datasette.app import Datasette  # type: ignore[import-untyped]

        settings = (PUBLIC if self.public else SETTINGS) | {
            "base_url": self.base,
            "default_allow_sql": self.sql,
            "allow_download": self.download,
        }
        datasette = Datasette(memory=True, settings=settings)
        datasette.remove_database("_memory")
        archive = ArchiveDatabase(
            datasette, str(self.archive), immutable=self.immutable, population=self.population, shelf=self.shelf
        )
        datasette.add_database(archive, name=self.name)
        adopt(datasette)
        return Guard(datasette.app(), public=self.public, base=self.base, name=self.name)
