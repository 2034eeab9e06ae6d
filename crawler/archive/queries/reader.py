"""The reading half of an archive: its subjects, each with the questions that are asked of it."""

from __future__ import annotations

import sqlite3

from crawler.archive import schema
from crawler.archive.queries.addresses import Addresses
from crawler.archive.queries.captures import Captures
from crawler.archive.queries.country import Country
from crawler.archive.queries.coverage import Coverage, Panel
from crawler.archive.queries.events import Events
from crawler.archive.queries.kin import Kin
from crawler.archive.queries.lists import Lists
from crawler.archive.queries.mementos import Mementos
from crawler.archive.queries.observations import Observations
from crawler.archive.queries.places import EVERYTHING, Sieve
from crawler.archive.queries.portals import Portals
from crawler.archive.queries.reports import Reports
from crawler.archive.queries.requisites import Requisites
from crawler.archive.queries.reviews import Reviews
from crawler.archive.queries.runs import Runs
from crawler.archive.queries.search import Hit, Results, latest, search
from crawler.archive.queries.submissions import Submissions
from crawler.archive.queries.timelines import Timelines
from crawler.archive.queries.visits import Visits
from crawler.reference.population import NOBODY, Population


class Reader:
    """What may be asked of an archive. Rooms above this one ask here, and know no SQL and no connection.

    `connection`: one whose rows are sqlite3.Row and that has our functions (crawler.archive.file.functions).
    `population`: the table of people that whoever asks was given.
    """

    def __init__(self, connection: sqlite3.Connection, population: Population = NOBODY) -> None:
        self.connection = connection
        self.population = population
        self.addresses = Addresses(connection)
        self.captures = Captures(connection)
        self.country = Country(connection)
        self.coverage = Coverage(connection)
        self.events = Events(connection)
        self.lists = Lists(connection)
        self.mementos = Mementos(connection)
        self.observations = Observations(connection)
        self.panel = Panel(connection)
        self.portals = Portals(connection)
        self.reports = Reports(connection)
        self.kin = Kin(connection, self.reports.text)
        self.requisites = Requisites(connection)
        self.reviews = Reviews(connection)
        self.runs = Runs(connection)
        self.visits = Visits(connection)
        self.submissions = Submissions(connection)
        self.timelines = Timelines(connection)

    def search(
        self, query: str, *, sieve: Sieve = EVERYTHING, sort: str = "relevance", limit: int = 20, offset: int = 0
    ) -> Results:
        """Reports by what they say; see `crawler.archive.queries.search.search`."""
        return search(self.connection, query, sieve=sieve, sort=sort, limit=limit, offset=offset)

    def latest(self, query: str, sieve: Sieve, count: int) -> list[tuple[str, Hit]]:
        """The hits of a search that were new or changed last; see `crawler.archive.queries.search.latest`."""
        return latest(self.connection, query, sieve, count)

    def unindexed(self) -> list[str]:
        """Portals whose reports a search may not know as the rest of the site does; an archive has its own index."""
        return []

    def uuid(self) -> str:
        """The archive's own name, which no other has."""
        return str(self.connection.execute("select uuid from archive").fetchone()[0])

    def tables(self) -> dict[str, list[str]]:
        """Every table and view with its columns; see `crawler.archive.schema.tables`."""
        return schema.tables(self.connection)
