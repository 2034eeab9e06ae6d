"""`nianbao import`: captures of other crawlers enter the archive with their own times and pass the same stages."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.archive.exchange.intake import read
from crawler.archive.exchange.records import check
from crawler.archive.file.captures import IMPORT
from crawler.commands.common import (
    archive_option,
    damage_under_run,
    jobs_option,
    json_option,
    print_json,
    profile_option,
    sample_notice,
    say,
    with_sample_option,
)
from crawler.commands.importer import Importer
from crawler.portals.notation import load
from crawler.portals.selection import bundled
from crawler.records.errors import EXIT_ATTENTION
from crawler.records.problems import attention_kinds
from crawler.words.counts import counted


@click.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@profile_option
@with_sample_option
@jobs_option
@archive_option
@json_option
def import_(
    files: tuple[Path, ...], profiles: tuple[Path, ...], with_sample: bool, jobs: int, archive: Path, as_json: bool
) -> None:
    """The answers and resources in WARC files (Heritrix, Browsertrix, wget, Common Crawl, or our own export).

    Each keeps its own time; reports among them become rows. A record that is broken is a problem row, and the exit code
    is 1. What the archive has already is left as it is, so the same file may be given again. Pages of the sample portal
    (`nianbao demo`) do not come into an archive of real ones, nor those into the sample's: left out, and exit code 1.
    """
    from crawler.fetching.codings import undone  # with Scrapy, which no other command waits for
    from crawler.reading.derivation import Derivation
    from crawler.reading.pool import Pool

    for path in files:
        check(path)
    chosen = [load(path) for path in profiles] or list(bundled().values())
    counts: Counter[str] = Counter()
    with Archive.open(archive) as writing, Pool(jobs) as pool:
        writing.lock()
        derive = writing.cautious(Derivation(pool))
        writing.take_in(derive)
        run = writing.begin_run([f"{IMPORT}{path.name}" for path in files])
        importer = Importer(writing, run, chosen, derive, counts, with_sample)
        try:
            for path in files:
                importer.take_all(path, read(path, undone))
            importer.conclude()
        except BaseException:
            writing.finish_run(run, "interrupted")
            raise
        writing.settle(run, importer.derive)
        writing.finish_run(run, "finished")
        row = writing.runs.get(run)
        attention = attention_kinds(writing.runs.problem_kinds(run))
        sample = writing.portals.samples()
    with Archive.read(archive) as reading:
        damaged = reading.glance()
    for failure in damaged:
        say(damage_under_run(failure))
    outcomes = ", ".join(
        f"{counts[name]} {words}"
        for name, words in (
            ("new", "new"),
            ("again", "known already"),
            ("older", "older than what stands there"),
            ("withheld", "redacted and kept out"),
        )
        if counts[name] or name != "withheld"
    )
    say(
        f"{counted(counts['responses'], 'response')}: {outcomes}; {counted(row['reports_new'], 'report')} new,"
        f" {row['reports_changed']} changed"
    )
    if importer.omissions:
        say(f"passed over: {', '.join(f'{number} {kind}' for kind, number in sorted(importer.omissions.items()))}")
    if counts["doubtful"]:
        say(f"{counted(counts['doubtful'], 'record')} taken with a doubt; see the problems of run {run}")
    if counts["broken"]:
        say(f"{counted(counts['broken'], 'record')} could not be used; see the problems of run {run}")
    if counts["apart"]:
        what = "real portals" if importer.holdings.sample else "the sample portal, made up,"
        say(f"{counted(counts['apart'], 'response')} of {what} left out of {archive}; --with-sample takes them in")
    for kind in attention:
        say(f"wants a person: {kind}; see the problems of run {run}")
    if sample:
        say(sample_notice(archive, sample))
    if as_json:
        names = ("responses", "new", "again", "older", "withheld", "tombstones", "apart", "broken", "doubtful")
        figures = {name: counts[name] for name in names}
        figures |= {name: row[name] for name in ("reports_new", "reports_changed", "problems")}
        passed_over = dict(sorted(importer.omissions.items()))
        print_json({"archive": str(archive), "run": run, **figures, "passed_over": passed_over})
    wanting = counts["broken"] or counts["doubtful"] or counts["apart"] or attention or damaged
    sys.exit(EXIT_ATTENTION if wanting else 0)
