"""`python -m tests.support.mutants_served N [FOLDER]`: N broken pages through a real crawl over loopback.

Among them stand sound reports, one in ten. What it prints: pages archived of each kind, problems of each kind, what was
lost. The pages that are broken are those of FOLDER (real ones), else those of the tests' portals.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.records.capture import Capture
from crawler.sample import SamplePortal
from crawler.sample.serving import Reply
from pipelines import derive
from tests.servers.base import Answer, TestPortal
from tests.servers.living import report
from tests.support.mutation import mutant
from tests.support.program import run

PER_LIST = 100
ONE_SOUND = 10
"""Of so many pages one is a report as it should be."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a crawl over broken pages ended with: its exit code and standard error, kinds of pages and of problems, the
    addresses without a capture, and those of sound reports that became none."""

    code: int
    said: str
    kinds: Counter[str]
    problems: Counter[str]
    uncaptured: list[str]
    lost: list[str]


def bodies(folder: Path | None) -> list[bytes]:
    """What is broken: the pages of a folder, but for challenges, for which a host is left alone; else of the sample
    portal."""
    if folder is not None:
        pages = (path.read_bytes() for path in sorted(folder.glob("*.html")))
        return [page for page in pages if derive(Capture("", 200, [], page, ""), until="recognise").kind != "challenge"]
    return [body for (body, _) in SamplePortal().pages.values() if b"<" in body][:40]


def portal_of(count: int, folder: Path | None) -> tuple[TestPortal, list[str], list[str]]:
    """A portal whose lists lead to `count` pages; their paths, and those of the sound ones."""
    sources = bodies(folder)
    pages: dict[str, Answer] = {}
    paths, sound, rows = [], [], []
    for number in range(count):
        path = f"/nb/a/{number}.html"
        year = 2008 + number % 18
        if number % ONE_SOUND == 0:
            pages[path] = report("和平区", year, f"第{number}号。")
            sound.append(path)
        else:
            body = mutant(sources, number)
            pages[path] = Reply(body, content_type="text/html")
        paths.append(path)
        title = f"和平区{number}号{year}年政府信息公开工作年度报告"
        rows.append(f'<li><a href="{path}">{title}</a><span>{year + 1}-03-01</span></li>')
    menu = '<div class=menu><a href="/">首页</a><a href="/nb/">政府信息公开年报</a></div>'
    pages["/"] = f"<html><meta charset=utf-8><body>{menu}</body></html>"
    lists = -(-count // PER_LIST)
    for page in range(lists):
        some = "".join(rows[page * PER_LIST : (page + 1) * PER_LIST])
        turn = f'<script>createPageHTML({lists}, {page}, "index", "html");</script>'
        name = f"index_{page}.html" if page else ""
        pages[f"/nb/{name}"] = f"<html><meta charset=utf-8><body>{menu}<ul>{some}</ul><div>{turn}</div></body></html>"
    return TestPortal(pages, name="mutants"), paths, sound


def crawled(count: int, folder: Path | None, place: Path) -> Outcome:
    """Crawl such a portal into an archive in `place`."""
    portal, paths, sound = portal_of(count, folder)
    archive, profile = place / "mutants.db", place / "mutants.toml"
    with portal.serve() as served:
        profile.write_text(served.profile_toml + "budget = 100000\n", "utf-8")
        done = run("crawl", "--profile", str(profile), "--archive", str(archive), timeout=36_000)
        origin = f"http://{served.address}"
    with Archive.read(archive) as reading:
        query = reading.connection.execute
        came = dict(query("select url, kind from captures").fetchall())
        problems = Counter(kind for (kind,) in query("select kind from problems"))
    return Outcome(
        done.returncode,
        done.stderr,
        Counter(came.values()),
        problems,
        [path for path in paths if origin + path not in came],
        [path for path in sound if came.get(origin + path) != "report"],
    )


def main() -> None:
    """Print what came of it."""
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as place:
        outcome = crawled(int(sys.argv[1]), folder, Path(place))
    told = {"code": outcome.code, "kinds": outcome.kinds, "problems": outcome.problems}
    print(json.dumps(told | {"uncaptured": outcome.uncaptured[:5], "lost": outcome.lost[:5]}, ensure_ascii=False))
    print(outcome.said[-600:], file=sys.stderr)


if __name__ == "__main__":
    main()
