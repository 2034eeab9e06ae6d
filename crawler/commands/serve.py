"""`nianbao serve`: the site, Datasette with our pages over one archive, read-only."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.archive.catalogue import Catalogue
from crawler.archive.file.copy import copied
from crawler.commands.common import WORDS, archive_option, sample_notice, say
from crawler.records.errors import NianbaoError
from crawler.reference.population import NOBODY, read
from crawler.words.counts import counted

if TYPE_CHECKING:
    from crawler.archive.corpus.reader import Shelf


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
@click.option(
    "--store",
    "url",
    type=WORDS,
    metavar="STORE",
    help="Serve no archive but all of this store: a folder or s3://BUCKET/PREFIX (docs/store.md).",
)
@click.option(
    "--index",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="What --store is searched by: an index that `nianbao index` made of it.",
)
@click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where --store keeps the file that it serves, and archives out of a bucket.",
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
    url: str | None,
    index: Path | None,
    cache: Path | None,
    archive: Path,
) -> None:
    """The site over the archive: read, search and query it in a browser. Ends with Ctrl-C.

    --public serves a copy that nobody writes to, made beside the archive where the archive was written to since
    (NAME-public.db), or the archive itself where nobody may write to it. --store serves what stood there when it began.
    """
    import uvicorn

    from crawler.site.server import CONCURRENT, Site

    if not public and (copy is not None or download):
        raise click.UsageError("--copy and --download need --public")
    if url is None and (index is not None or cache is not None):
        raise click.UsageError("--index and --cache need --store")
    if url is not None and (cache is None or copy is not None or download):
        raise click.UsageError(
            "--store needs --cache FOLDER, for the file that it serves, and takes no --copy or --download"
        )
    people = NOBODY if population is None else read(population)
    shelf = None
    if url is not None and cache is not None:
        archive, shelf = _front(url, cache, index)
    with Catalogue.read(archive) as reading:  # one clear sentence for what is no archive
        sample = reading.portals.samples()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(128)  # who comes while the copy is made waits for it
        except OSError as error:
            raise NianbaoError(f"--host {host} --port {port}: {error.strerror}; another --port may be free") from error
        file = _copy(archive, copy) if public and shelf is None else archive
        if download and file == archive:
            raise NianbaoError(
                f"--download gives away a copy, and none can be made beside {archive}; name one by --copy"
            )
        said = f"[{host}]" if ":" in host else host
        say(f"the site is at http://{said}:{listening.getsockname()[1]}{base} (Ctrl-C ends it)")
        if sample:
            say(sample_notice(archive, sample))
        allowed = not public if sql is None else sql
        is_copy = file != archive or shelf is not None
        site = Site(file, archive.stem, is_copy, public, allowed, download, base, people, shelf)
        concurrent = CONCURRENT if public else None
        config = uvicorn.Config(
            site.application(), log_level="warning", lifespan="on", limit_concurrency=concurrent, server_header=False
        )
        uvicorn.Server(config).run(sockets=[listening])


def _front(url: str, cache: Path, index: Path | None) -> tuple[Path, Shelf]:
    """The file that a site over a store serves, and where its archives are. Raises NianbaoError."""
    from crawler.archive.corpus.search import SearchIndex
    from crawler.store.front import fronted
    from crawler.store.store import Store

    if index is not None:
        SearchIndex(index)
    file, shelf, is_new, doubtful = fronted(Store.open(url), cache, index)
    if is_new:
        say(f"{file} is made of {url}")
    if doubtful:
        say(f"{', '.join(doubtful[:3])} …: of {counted(len(doubtful), 'report')} `nianbao merge` alone is sure")
    return file, shelf


def _copy(archive: Path, copy: Path | None) -> Path:
    """What --public serves. Raises ArchiveError."""
    if copy is None:
        if not os.access(archive, os.W_OK) and not os.access(archive.parent, os.W_OK):
            return archive
        copy = archive.with_name(f"{archive.stem}-public.db")
    if copied(archive, copy):
        say(f"{archive} is copied to {copy}")
    return copy
