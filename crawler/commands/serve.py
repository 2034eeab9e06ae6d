"""`nianbao serve`: the site, Datasette with our pages over one archive, read-only."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.commands.common import archive_option, sample_notice, say
from crawler.errors import NianbaoError

SETTINGS = {
    "default_page_size": 50,
    "sql_time_limit_ms": 3_000,
    "facet_time_limit_ms": 1_000,
    "truncate_cells_html": 400,
}
"""Of Datasette: a page of reports is heavy to draw, and a question over all figures may take a second."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@archive_option
def serve(port: int, host: str, archive: Path) -> None:
    """The site over the archive: read, search and query it in a browser. Ends with Ctrl-C."""
    import uvicorn
    from datasette.app import Datasette  # type: ignore[import-untyped]

    with Archive.read(archive) as reading:  # one clear sentence for what is no archive
        sample = reading.sample_portals()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(128)
        except OSError as error:
            raise NianbaoError(f"--host {host} --port {port}: {error.strerror}; another --port may be free") from error
        said = f"[{host}]" if ":" in host else host
        say(f"the site is at http://{said}:{listening.getsockname()[1]}/ (Ctrl-C ends it)")
        if sample:
            say(sample_notice(archive, sample))
        application = Datasette([str(archive)], settings=SETTINGS).app()
        server = uvicorn.Server(uvicorn.Config(application, log_level="warning", lifespan="on"))
        server.run(sockets=[listening])
