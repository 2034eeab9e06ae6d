"""`nianbao fleet`: many portals on many machines, by a queue in PostgreSQL and archives in a store."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.common import WORDS, check_contact, json_option, print_json, say
from crawler.commands.export import measures
from crawler.fleet import installation
from crawler.portals.notation import load
from crawler.records.errors import EXIT_ATTENTION, EXIT_DONE, NianbaoError
from crawler.runs import files
from crawler.words.durations import parse_at_most

if TYPE_CHECKING:
    from crawler.fleet.database import Connection

database_option = click.option(
    "--database",
    "dsn",
    type=WORDS,
    envvar="NIANBAO_FLEET",
    show_envvar=True,
    required=True,
    metavar="DSN",
    help="The fleet's database: postgresql://user@host/name.",
)
portals_argument = click.argument("portals", nargs=-1, required=True, metavar="PORTAL...", type=WORDS)


@click.group()
def fleet() -> None:
    """Many portals on many machines: PostgreSQL says who asks which portal when, a store keeps the archives.

    See docs/fleet.md. One machine and some dozen portals need none of it.
    """


@contextmanager
def _connected(dsn: str) -> Iterator[Connection]:
    installation.check()
    from crawler.fleet.database import connected

    with connected(dsn) as connection:
        yield connection


@fleet.command()
@click.option(
    "--store",
    "url",
    type=WORDS,
    required=True,
    metavar="URL",
    help="Where archives are kept: a folder that all workers share, file://… or s3://BUCKET/PREFIX.",
)
@database_option
@json_option
def init(url: str, dsn: str, as_json: bool) -> None:
    """Make the fleet's tables in a database of its own, or bring them up to date; doing it twice does no harm."""
    installation.check()
    from crawler.fleet import database
    from crawler.store.store import Store

    if "://" not in url:
        url = str(Path(url).absolute())
    Store.open(url, create=True)
    applied = database.init(dsn, url)
    say(f"the fleet is ready: {', '.join(applied) or 'nothing was to be done'}; archives are kept in {url}")
    if as_json:
        print_json({"applied": applied, "store": url})


@fleet.command()
@click.argument("profiles", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--every", type=WORDS, metavar="TIME", help="Between two rounds: 12h, 30d, 4w. Default: 30d, or as it is."
)
@click.option(
    "--domain",
    type=WORDS,
    default="",
    metavar="NAME",
    help="The politeness domain, where hosts do not say it: portals of one are never asked at a time.",
)
@database_option
@json_option
def add(profiles: tuple[Path, ...], every: str | None, domain: str, dsn: str, as_json: bool) -> None:
    """Take portals up by their profiles, or take a changed profile up; new ones are due at once."""
    installation.check()
    from crawler.fleet import portals
    from crawler.store.names import archive_name

    span = portals.parse_every(every) if every else None
    loaded = []
    for path in profiles:
        profile = load(path)
        archive_name(profile.id, 1)
        loaded.append((path.read_text("utf-8"), profile))
    names = [profile.id for _, profile in loaded]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NianbaoError(f"two profiles have the id {twice[0]!r}; each portal needs its own")
    with _connected(dsn) as connection:
        counts = portals.add(connection, loaded, span, domain)
    say(", ".join(f"{count} {name}" for name, count in counts.items()))
    if as_json:
        print_json(counts)


def _change(name: str, words: str) -> None:
    """A command that changes portals by the function of its name."""

    @fleet.command(name, help=words)
    @portals_argument
    @database_option
    def change(portals: tuple[str, ...], dsn: str) -> None:
        with _connected(dsn) as connection:
            from crawler.fleet import portals as room

            function: Callable[[Connection, tuple[str, ...]], None] = getattr(room, name)
            function(connection, portals)
        say(f"{name}: {', '.join(portals)}")


_change("pause", "Ask nothing of these portals from now on; what runs is stopped within seconds.")
_change("resume", "Go on with portals that were paused, where they were.")
_change("now", "Let these portals be due at once; the next tick, within a minute, begins their round.")
_change("remove", "Let go of these portals. Their archives stay in the store.")


@fleet.command()
@click.option("--slots", type=click.IntRange(1, 512), default=4, show_default=True, help="Crawls at a time.")
@click.option(
    "--scratch",
    type=click.Path(file_okay=False, path_type=Path),
    default="data/scratch",
    show_default=True,
    help="A folder of this machine, with room for the archives of all portals.",
)
@click.option(
    "--at-most", default="55m", show_default=True, metavar="DURATION", help="The length of a slice of a round."
)
@click.option(
    "--contact",
    default="",
    envvar="NIANBAO_CONTACT",
    show_envvar=True,
    metavar="ADDRESS",
    type=WORDS,
    help="As of `crawl`; {attempt} in it is the attempt's number, by which a line of a portal's log is found again.",
)
@click.option(
    "--name", type=WORDS, default="", metavar="NAME", help="How the worker is called; default: host and process."
)
@click.option("--tick/--no-tick", default=True, show_default=True, help="Look at the schedule once a minute as well.")
@click.option("--until-idle", is_flag=True, help="End when nothing is left to do now.")
@click.option(
    "--pace",
    type=click.FloatRange(0, 10, min_open=True),
    default=1.0,
    show_default=True,
    help="All times of the fleet by this factor, the same for every worker; for trials.",
)
@database_option
def work(
    slots: int,
    scratch: Path,
    at_most: str,
    contact: str,
    name: str,
    tick: bool,
    until_idle: bool,
    pace: float,
    dsn: str,
) -> None:
    """Be a worker: take portals that are due, crawl each into its archive, keep it. SIGTERM ends it in order."""
    installation.check()
    from crawler.fleet import worker
    from crawler.fleet.scratch import open_folder
    from crawler.fleet.task import Times

    parse_at_most(at_most)
    check_contact(contact.replace("{attempt}", "1"))
    name = name or f"{socket.gethostname()}:{os.getpid()}"
    bench = worker.bench(dsn, name, open_folder(scratch.absolute()), at_most, contact, measures())
    worker.Worker(dsn, bench, slots, Times.at(pace), say).run(ticks=tick, until_idle=until_idle)


@fleet.command()
@click.option(
    "--prometheus",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write metrics as Prometheus's node_exporter reads them from a file.",
)
@database_option
@json_option
def status(prometheus: Path | None, dsn: str, as_json: bool) -> None:
    """What runs, waits, is late and failed, on one screen; exit code 1 where something wants a person."""
    if prometheus is not None:
        files.check(prometheus, "--prometheus")
    with _connected(dsn) as connection:
        from crawler.fleet import status as room

        state = room.status(connection)
    if prometheus is not None:
        files.put(prometheus, room.exposition(state), "the metrics")
    if as_json:
        print_json(room.as_json(state))
    else:
        for line in room.screen(state):
            click.echo(line)
    sys.exit(EXIT_ATTENTION if room.alarms(state) else EXIT_DONE)


@fleet.command()
@click.argument("portal", metavar="PORTAL", type=WORDS)
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@database_option
@json_option
def get(portal: str, file: Path, dsn: str, as_json: bool) -> None:
    """Write the archive of a portal that counts now to FILE, which must not exist: then every command works on it."""
    if file.exists():
        raise NianbaoError(f"{file} exists already; expected a file to be made")
    files.check(file, "FILE")
    with _connected(dsn) as connection:
        from crawler.fleet.commit import current
        from crawler.fleet.database import store_of
        from crawler.store.store import Store

        sealed = current(connection, portal)
        url = store_of(connection)
    if sealed is None:
        raise NianbaoError(f"no archive of {portal!r} yet; `nianbao fleet status --json` says how far each portal is")
    name, content = sealed.archive
    Store.open(url).get(name, file, content)
    say(f"{file}: generation {sealed.generation} of {portal}, {content.bytes:,} bytes")
    if as_json:
        facts: dict[str, Any] = {"portal": portal, "generation": sealed.generation, "sha256": content.sha256}
        print_json(facts | {"bytes": content.bytes, "file": str(file)})
