"""`python -m tests.bench.starting`: CPU that a command takes to start, beside that of Python with click and sqlite3.

Best of several rounds, the commands in turn, over an archive of nothing. What Python compiles modules into is kept in a
folder of the bench's own: where it is not written, each start compiles the program.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from crawler.archive.archive import Archive

COMMANDS: dict[str, list[str]] = {
    "python": ["-c", "pass"],
    "click, sqlite3": ["-c", "import click, sqlite3"],
    "--version": ["-m", "crawler", "--version"],
    "portals": ["-m", "crawler", "portals"],
    "log": ["-m", "crawler", "log", "--archive", "ARCHIVE"],
    "show": ["-m", "crawler", "show", "1", "--archive", "ARCHIVE"],
    "search": ["-m", "crawler", "search", "公开", "--archive", "ARCHIVE"],
    "coverage": ["-m", "crawler", "coverage", "--archive", "ARCHIVE"],
    "cat": ["-m", "crawler", "cat", "http://x/", "--archive", "ARCHIVE"],
    "diff": ["-m", "crawler", "diff", "1", "--archive", "ARCHIVE"],
    "scrapy.crawler": ["-c", "import scrapy.crawler"],
    "a run that meets nobody": ["-m", "crawler", "crawl", "--profile", "PROFILE", "--archive", "ARCHIVE"],
}
PROFILE = """id = "nowhere"
name = "无处"
home = "http://127.0.0.1:9/"
region = "210100"
delay = 0
allow_private_addresses = true
"""
"""A home page at a port where nobody listens."""


def seconds(words: list[str], environment: dict[str, str]) -> float:
    """CPU of one process from start to end, its children's with it."""
    null = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    process = os.posix_spawn(sys.executable, [sys.executable, *words], environment, file_actions=null)
    _, _, usage = os.wait4(process, 0)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print a line a command."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.starting", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nianbao-start-") as name:
        archive, profile = Path(name) / "archive.db", Path(name) / "nowhere.toml"
        Archive.open(archive).close()
        profile.write_text(PROFILE, "utf-8")
        environment = os.environ | {"PYTHONPYCACHEPREFIX": name, "NIANBAO_RETRY_WAITS": "0"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        places = {"ARCHIVE": str(archive), "PROFILE": str(profile)}
        commands = {label: [places.get(word, word) for word in words] for label, words in COMMANDS.items()}
        for words in commands.values():
            seconds(words, environment)
        best = dict.fromkeys(commands, float("inf"))
        for _ in range(asked.rounds):
            for label, words in commands.items():
                best[label] = min(best[label], seconds(words, environment))
    for label, spent in best.items():
        print(f"{label:24} {spent * 1000:5.0f} ms")


if __name__ == "__main__":
    main()
