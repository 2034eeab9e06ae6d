"""The command line: `nianbao`, also `python -m crawler`. One clear sentence and an exit code for every error."""

from __future__ import annotations

import signal
import sys

import click

from crawler import __version__
from crawler.commands.common import say
from crawler.commands.coverage import coverage
from crawler.commands.crawl import crawl
from crawler.commands.demo import demo
from crawler.commands.diff import diff
from crawler.commands.export import export
from crawler.commands.extract import extract
from crawler.commands.importing import import_
from crawler.commands.keep import cat, rebuild, verify
from crawler.commands.log import log
from crawler.commands.ocr import ocr
from crawler.commands.portals import portals
from crawler.commands.redact import redact
from crawler.commands.search import search
from crawler.commands.serve import serve
from crawler.commands.show import show
from crawler.errors import EXIT_INTERRUPTED, NianbaoError


@click.group()
@click.version_option(__version__, prog_name="nianbao")
def cli() -> None:
    """An archive of the yearly reports on government information disclosure (政府信息公开工作年度报告).

    Exit codes: 0 done; 1 done, but something wants a person; 2 bad usage, profile or archive; 3 another run holds the
    archive; 130 interrupted.
    """


for command in (
    crawl,
    demo,
    extract,
    rebuild,
    verify,
    cat,
    portals,
    coverage,
    diff,
    log,
    ocr,
    search,
    serve,
    show,
    export,
    import_,
    redact,
):
    cli.add_command(command)


def main() -> None:
    """Run a command; end with one sentence on standard error instead of a traceback.

    SIGTERM is as Ctrl-C; Scrapy takes both over while it runs.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(cli.main(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except NianbaoError as error:
        say(f"nianbao: {error}")
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(EXIT_INTERRUPTED)
