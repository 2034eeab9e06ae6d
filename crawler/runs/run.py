"""One run of the spider from Python: what `nianbao crawl` and `nianbao demo` do."""

from __future__ import annotations

import gc
import logging
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# First: it asks Python for the source of every module and every caller so far, twice (scrapy.utils.deprecate).
import scrapy.core.downloader.handlers.http11  # noqa: F401
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.archive.archive import Archive
from crawler.fetching.settings import user_agent, without
from crawler.fetching.state import error_of, state_of
from crawler.navigation.trace import Trace
from crawler.portals.profile import Profile
from crawler.portals.selection import select
from crawler.reading.pool import check_threads, default_jobs
from crawler.records.errors import EXIT_ATTENTION, EXIT_DONE, EXIT_INTERRUPTED, NianbaoError
from crawler.records.problems import attention_kinds
from crawler.runs import redesign
from crawler.runs.logs import JsonFormatter

_ABOVE_COMMAND_LINE = 50
"""Scrapy's priority of a setting that those of the process do not take the place of."""

_FOR_COMMANDS = "scrapy.extensions.feedexport.FeedExporter"
"""What only Scrapy's own command has an option for (`scrapy crawl -o FILE`); it would import a client for FTP."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `nianbao crawl` is asked for beside portals and archive; see its help. `contact`: for the user agent.

    `at_most`: end the run after so long (words.durations); empty: when it is done. `with_sample`: made-up reports may
    come among real ones. `offline`: an archive or a WARC file whose captures answer in the network's place,
    at most so many bytes of a WARC.
    `traces`: filled with what each portal's walk took and did not take. `look_on`: look once more at portals that broke
    (crawler.runs.redesign). `jobs`: readers; 0: one for each core but one. `requisites`: what pages need to look as
    they did is fetched as well.
    """

    years: str = ""
    recheck: str = ""
    retry_problems: bool = False
    contact: str = ""
    log_json: bool = False
    at_most: str = ""
    with_sample: bool = False
    offline: Path | None = None
    most_unpacked: int | None = None
    traces: dict[str, Trace] | None = None
    look_on: bool = False
    jobs: int = 0
    requisites: bool = False


def crawl(
    archive: Path,
    ids: Sequence[str],
    profiles: Sequence[Path],
    options: Options = Options(),
) -> dict[str, Any]:
    """Walk the portals and return the run's summary (see `summary`), with `source_broken`, the records of the source
    that could not be used, `outlooks`, what looking on at portals that broke gave (redesign.Outlook), and `more`,
    whether the run's time was up while something was left to ask.

    Raises NianbaoError before anything is fetched where profile, years or archive are no good.
    """
    chosen = select(ids, profiles)
    source = None
    if options.offline is not None:
        from crawler.fetching.source import Source  # with the readers of WARC files, which few runs need

        source = Source(options.offline, options.most_unpacked)
    settings = settings_of(archive, options, asked=source is None)
    check_threads(options.jobs or default_jobs())
    process = process_of(settings)
    crawler = process.create_crawler("annual_reports")
    task = process.crawl(
        crawler,
        profiles=chosen,
        years=options.years,
        recheck=options.recheck,
        retry="1" if options.retry_problems else "",
        at_most=options.at_most,
        requisites="1" if options.requisites else "",
        source=source,
        traces=options.traces,
    )
    with tempfile.TemporaryDirectory() as folder:
        looked = Path(folder) / "looked.db"
        found: list[redesign.Break] = []
        if options.look_on and source is None:
            task.add_done_callback(lambda _: found.extend(_look_on(process, crawler, archive, chosen, looked)))
        process.start()
        outlooks = _concluded(found, looked, archive)
    if source is not None:
        source.close()
    if not task.done():
        # A second signal: nothing was waited for. The next run finds the row and marks it as broken off.
        raise KeyboardInterrupt
    error = error_of(crawler, task)
    if isinstance(error, NianbaoError | MemoryError):
        raise error
    if error is not None:
        logging.getLogger(__name__).debug("the run failed", exc_info=error)
        raise NianbaoError(f"the run failed: {type(error).__name__}: {error}") from error
    assert crawler.stats is not None
    run_id = crawler.stats.get_value("nianbao/run_id")
    if run_id is None:
        # A signal before the run had begun.
        raise KeyboardInterrupt
    result = summary(archive, run_id)
    return result | {
        "more": state_of(crawler).time_up and "budget_spent" in result["problem_kinds"],
        "source_broken": source.broken if source is not None else 0,
        "outlooks": [asdict(one) | {"path": str(one.path) if one.path else None} for one in outlooks],
    }


def settings_of(archive: Path, options: Options, *, asked: bool) -> Settings:
    """Scrapy's settings for a run; `asked`: the network is."""
    settings = Settings()
    settings.setmodule("crawler.fetching.settings", priority="project")
    settings.set("NIANBAO_ARCHIVE", str(archive), priority="cmdline")
    settings.set("NIANBAO_WITH_SAMPLE", options.with_sample, priority="cmdline")
    if options.jobs:
        settings.set("NIANBAO_JOBS", options.jobs, priority="cmdline")
    if not asked:
        from crawler.fetching import offline

        settings.setdict(offline.settings(), priority="cmdline")
    if options.contact:
        settings.set("USER_AGENT", user_agent(options.contact), priority="cmdline")
    settings.set("EXTENSIONS_BASE", without(settings["EXTENSIONS_BASE"], _FOR_COMMANDS), priority="cmdline")
    if options.log_json:
        settings.set("EXTENSIONS", {"crawler.runs.logs.JsonLog": 500}, priority="cmdline")
        handler = logging.StreamHandler()
        handler.setFormatter(JsonFormatter())
        handler.setLevel(settings["LOG_LEVEL"])
        logging.getLogger().addHandler(handler)
        logging.captureWarnings(True)
        settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
    return settings


def process_of(settings: Settings) -> AsyncCrawlerProcess:
    """The one process in which all crawls of a command run."""
    # A page makes few cycles and many objects: look for cycles a seventh as often, and never among the modules.
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    return AsyncCrawlerProcess(settings)


def _concluded(found: list[redesign.Break], looked: Path, archive: Path) -> list[redesign.Outlook]:
    """What looking on gave; where that cannot be had it is said, and the run stands."""
    try:
        return redesign.conclude(found, looked, archive) if looked.exists() else []
    except NianbaoError as error:
        logging.getLogger(__name__).warning("no profile could be proposed: %s", error)
        return []


def _look_on(
    process: AsyncCrawlerProcess, crawler: Crawler, archive: Path, chosen: Sequence[Profile], looked: Path
) -> list[redesign.Break]:
    """When a run is over, and before its process ends: look on at the portals that broke, into the archive `looked`.

    Nothing that goes wrong here is the run's.
    """
    # Where the spider itself could not be made, there are no stats to ask.
    run_id = crawler.stats.get_value("nianbao/run_id") if crawler.spider and crawler.stats else None
    if run_id is None:
        return []
    try:
        found = redesign.breaks(archive, run_id, chosen)
        if found:
            settings = process.settings.copy()
            settings.set("NIANBAO_ARCHIVE", str(looked), priority=_ABOVE_COMMAND_LINE)
            further = Crawler(crawler.spidercls, settings)
            profiles = redesign.outposts(found)
            process.crawl(further, profiles=profiles, at_most=f"{redesign.SECONDS}s", wide=True)
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        logging.getLogger(__name__).warning("the portals that broke could not be looked at once more (%s)", said)
        return []
    return found


def summary(archive: Path, run_id: int) -> dict[str, Any]:
    """The run's row of `runs`, with pages by kind, problems by kind, reports in all, what the run `found` (events),
    what of the archive is `damaged`, and the exit code it earns."""
    with Archive.read(archive) as reading:
        damaged = reading.glance()
        run = reading.runs.get(run_id)
        kinds = reading.runs.problem_kinds(run_id)
        result: dict[str, Any] = {
            **run,
            "archive": str(archive),
            "pages": reading.runs.page_kinds(run_id),
            "problem_kinds": kinds,
            "reports": reading.reports.count(),
            "found": reading.events.of_run(run_id),
            "damaged": damaged,
        }
    if run["status"] == "interrupted":
        result["exit_code"] = EXIT_INTERRUPTED
    else:
        result["exit_code"] = EXIT_ATTENTION if damaged or attention_kinds(kinds) else EXIT_DONE
    return result
