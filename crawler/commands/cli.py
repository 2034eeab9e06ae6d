"""The command line: `nianbao`, also `python -m crawler`. One clear sentence and an exit code for every error."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

import click

from crawler import __version__
from crawler.commands.common import say
from crawler.records.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE, NianbaoError


class Commands(MutableMapping[str, click.Command]):
    """Each command by its name, imported when it is asked for: what one of them needs, no other waits for."""

    def __init__(self, places: dict[str, str]) -> None:
        self._places = places

    def __getitem__(self, name: str) -> click.Command:
        module, _, attribute = self._places[name].partition(":")
        command: click.Command = getattr(import_module(f"crawler.commands.{module}"), attribute)
        return command

    def __setitem__(self, name: str, command: click.Command) -> None:
        raise TypeError("commands are modules of crawler.commands, named in crawler.commands.cli")

    def __delitem__(self, name: str) -> None:
        del self._places[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


COMMANDS = Commands(
    {
        name: f"{module}:{attribute}"
        for module, names in {
            "backfill": "backfill",
            "cat": "cat",
            "compact": "compact",
            "coverage": "coverage",
            "crawl": "crawl",
            "demo": "demo",
            "diff": "diff",
            "export": "export",
            "fleet": "fleet",
            "extract": "extract",
            "index": "index",
            "intake": "import_",
            "keep": "rebuild verify",
            "log": "log",
            "merge": "merge",
            "ocr": "ocr",
            "portals": "portals",
            "preserve": "preserve",
            "publish": "publish",
            "query": "query",
            "redact": "redact",
            "review": "review",
            "search": "search",
            "serve": "serve",
            "show": "show",
            "store": "store",
        }.items()
        for attribute in names.split()
        for name in [attribute.rstrip("_")]
    }
)


class Pipe(click.Group):
    """Ends quietly, with exit code 0, where standard output is a pipe that was closed early, as by `head`."""

    def make_context(self, *arguments: Any, **more: Any) -> click.Context:
        """Read the arguments; --version and --help print here."""
        with _into_a_pipe():
            return super().make_context(*arguments, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _into_a_pipe():
            return super().invoke(ctx)


@contextmanager
def _into_a_pipe() -> Iterator[None]:
    """Pass on all that is printed in the block. Raises click's Exit where nobody reads it any more.

    What the interpreter would still write when it ends goes nowhere then.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(EXIT_DONE) from None


@click.group(cls=Pipe, commands=COMMANDS)
@click.version_option(__version__, prog_name="nianbao")
def cli() -> None:
    """An archive of the yearly reports on government information disclosure (政府信息公开工作年度报告).

    Exit codes: 0 done; 1 done, but something wants a person; 2 bad usage, profile or archive; 3 another run holds the
    archive; 130 interrupted.
    """


def _has_memory_limit() -> bool:
    """Whether the system holds this process to so much memory: Python may then end an import by a SystemError."""
    with suppress(ImportError, OSError):
        import resource

        return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    return False


def main() -> None:
    """Run a command; end with one sentence on standard error instead of a traceback.

    SIGTERM is as Ctrl-C; Scrapy takes both over while it runs. So is SIGHUP, of a terminal that was closed, but where
    whoever started the command has it ignored, as `nohup` does.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_DFL:
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        sys.exit(cli.main(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except NianbaoError as error:
        say(f"nianbao: {error}")
        sys.exit(error.exit_code)
    except sqlite3.DatabaseError as error:
        say(f"nianbao: the archive cannot be read on: {error}; `nianbao verify` says what of it is damaged")
        sys.exit(EXIT_USAGE)
    except UnicodeEncodeError:
        broken = [word for word in sys.argv[1:] if not word.isascii() and word != word.encode(errors="ignore").decode()]
        if not broken:
            raise
        say(f"nianbao: {broken[0]!r} holds bytes that are no text; expected characters in UTF-8")
        sys.exit(EXIT_USAGE)
    except (MemoryError, SystemError) as error:
        if isinstance(error, SystemError) and not _has_memory_limit():
            raise
        say("nianbao: no more memory was to be had; the machine has too little, or a limit is too low (`ulimit -v`)")
        sys.exit(EXIT_USAGE)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(EXIT_INTERRUPTED)
