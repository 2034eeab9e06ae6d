"""`nianbao serve`: the site, Datasette with our pages over one archive, read-only."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.archive.file.copy import copied
from crawler.commands.common import archive_option, sample_notice, say
from crawler.records.errors import NianbaoError
from crawler.reference.population import NOBODY, read


def _base(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    base = f"/{value.strip('/')}/" if value.strip("/") else "/"
    if not re.fullmatch(r"/(?:[A-Za-z0-9._~-]+/)*", base):
        raise click.BadParameter(f"{value!r}; expected a path of letters, digits, . _ ~ and -, as /nianbao/")
    return base


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--base-url", "base", callback=_base, default="/", show_default=True, help="Its path behind a proxy.")
@click.option("--public", is_flag=True, help="For strangers: serve a copy, with the limits of docs/public.md.")
@click.option("--copy", type=click.Path(dir_okay=False, path_type=Path), help="Where --public puts the copy.")
@click.option("--sql/--no-sql", default=None, help="Whether visitors may write SQL; not under --public by default.")
@click.option("--download", is_flag=True, help="Whether visitors of --public may take the whole copy.")
@click.option(
    "--population",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV with region_code, year, population: rates per 100,000 people are told by it.",
)
@archive_option
def serve(
    port: int,
    host: str,
    base: str,
    public: bool,
    copy: Path | None,
    sql: bool | None,
    download: bool,
    population: Path | None,
    archive: Path,
) -> None:
    """The site over the archive: read, search and query it in a browser. Ends with Ctrl-C.

    --public serves a copy that nobody writes to, made beside the archive where the archive was written to since
    (NAME-public.db), or the archive itself where nobody may write to it.
    """
    import uvicorn

    from crawler.site.server import CONCURRENT, Site

    if not public and (copy is not None or download):
        raise click.UsageError("--copy and --download need --public")
    people = NOBODY if population is None else read(population)
    with Archive.read(archive) as reading:  # one clear sentence for what is no archive
        sample = reading.portals.samples()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(128)  # who comes while the copy is made waits for it
        except OSError as error:
            raise NianbaoError(f"--host {host} --port {port}: {error.strerror}; another --port may be free") from error
        file = _copy(archive, copy) if public else archive
        if download and file == archive:
            raise NianbaoError(
                f"--download gives away a copy, and none can be made beside {archive}; name one by --copy"
            )
        said = f"[{host}]" if ":" in host else host
        say(f"the site is at http://{said}:{listening.getsockname()[1]}{base} (Ctrl-C ends it)")
        if sample:
            say(sample_notice(archive, sample))
        allowed = not public if sql is None else sql
        site = Site(file, archive.stem, file != archive, public, allowed, download, base, people)
        concurrent = CONCURRENT if public else None
        config = uvicorn.Config(
            site.application(), log_level="warning", lifespan="on", limit_concurrency=concurrent, server_header=False
        )
        uvicorn.Server(config).run(sockets=[listening])


def _copy(archive: Path, copy: Path | None) -> Path:
    """What --public serves. Raises ArchiveError."""
    if copy is None:
        if not os.access(archive, os.W_OK) and not os.access(archive.parent, os.W_OK):
            return archive
        copy = archive.with_name(f"{archive.stem}-public.db")
    if copied(archive, copy):
        say(f"{archive} is copied to {copy}")
    return copy
