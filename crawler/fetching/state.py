"""The state of a run: one object, made by the spider, that middlewares, pipelines and extensions are handed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.crawler import Crawler

from crawler.archive.archive import Archive
from crawler.archive.write.deaths import Deaths
from crawler.fetching.shields import Shields
from crawler.navigation.walk import Walk
from crawler.portals.profile import HostIndex, Profile
from crawler.reading.pool import Desk, LocalDesk
from crawler.records.capture import Capture, Context
from crawler.records.errors import NianbaoError
from crawler.records.ways import Years, years_of

if TYPE_CHECKING:
    from crawler.fetching.source import Answers  # with the readers of WARC files, which few runs need


@dataclass(slots=True)
class RunState:
    """What all parts of a run share.

    `years`: report years that the run is about; `single`: those of them that are wanted, None: all. `at_most`: seconds
    that the run may last, 0: until it is done. `requisites`: what pages need to look as they did is asked for, of every
    portal. `walks`: by id of the portal. `shields`: challenges that were met. `rest`: asks nothing of an address's host
    for some seconds. `fatal_error`: what ended the run before its time. `desk`: where pages are read; `arrive`: keeps
    what came before it is read; `flush`: commits what was stored; `write`: has written what is no page; `deaths`: what
    is not to be read; pipelines.store.Store sets these when it has the archive. `reader`: the archive as the spider
    reads it. `source`: what answers in the network's place; None: the network is asked. `time_up`: `at_most` has
    passed.
    """

    profiles: list[Profile]
    years: range
    at_most: int = 0
    requisites: bool = False
    walks: dict[str, Walk] = field(default_factory=dict)
    shields: Shields = field(default_factory=Shields)
    rest: Callable[[str], None] = lambda url: None
    fatal_error: NianbaoError | None = None
    desk: Desk = field(default_factory=LocalDesk)
    arrive: Callable[[Capture, Context, bool], None] = lambda capture, context, leaf: None
    flush: Callable[[], None] = lambda: None
    deaths: Deaths = field(default_factory=lambda: Deaths([]))
    reader: Archive | None = None
    source: Answers | None = None
    single: frozenset[int] | None = None
    write: Callable[[Callable[[Archive], None]], None] = lambda work: None
    time_up: bool = False
    hosts: HostIndex = field(init=False)

    def __post_init__(self) -> None:
        self.hosts = HostIndex(self.profiles)

    @property
    def archive(self) -> Archive:
        """The archive as the spider reads it, in a run that has begun."""
        assert self.reader is not None
        return self.reader

    @property
    def wanted(self) -> Years:
        """The report years that walks are after."""
        return self.years if self.single is None else years_of(self.single)

    def walk(self, profile: Profile) -> Walk:
        """The walk through a portal."""
        return self.walks[profile.id]

    def walks_of(self, portal: str | None) -> Iterable[Walk]:
        """The walk through a portal; all where none is named."""
        return self.walks.values() if portal is None else [self.walks[portal]]

    def fail(self, error: NianbaoError) -> None:
        """The run ends with this error; the first counts."""
        self.fatal_error = self.fatal_error or error

    def let_go(self) -> None:
        """Close the archive as the spider reads it."""
        if self.reader is not None:
            self.reader.close()


class StatefulSpider(Spider):
    """A spider whose run has a state; Scrapy's own attribute of that name is for runs that are paused."""

    run: RunState


def state_of(crawler: Crawler) -> RunState:
    """The state of the run that a crawler carries out."""
    assert isinstance(crawler.spider, StatefulSpider)
    return crawler.spider.run


def error_of(crawler: Crawler, task: asyncio.Task[Any]) -> BaseException | None:
    """What ended the crawl of `task`, which is done: the run's own fatal error, else what was raised; None for none."""
    # Where the spider itself could not be made, there is no state to ask.
    fatal_error = state_of(crawler).fatal_error if isinstance(crawler.spider, StatefulSpider) else None
    return fatal_error or (None if task.cancelled() else task.exception())
