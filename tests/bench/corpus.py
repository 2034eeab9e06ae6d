"""`python -m tests.bench.corpus [--reports N] [--portals P] [--folder F]`: a store of P archives beside one of all.

The archives are made up (tests.bench.holders), N reports in all, every tenth on two portals. Stores, merges and indexes
them by the commands themselves, then asks both the five documented questions and for words of one to eight signs, each
question in a process of its own. Prints CPU seconds, MB of memory at the peak and bytes; every answer is held against
the merged archive's. Archives in a --folder are kept, and used the next time.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from crawler.archive.archive import Archive
from crawler.archive.catalogue import Catalogue
from crawler.archive.corpus.corpus import Corpus
from crawler.archive.corpus.search import SearchIndex
from crawler.archive.queries.search import Results
from crawler.store.front import fronted
from crawler.store.seals import current
from crawler.store.store import Store
from crawler.store.tables import table_files
from tests.bench.holders import COPIED, Land, counties, derive
from tests.bench.measure import run_process
from tests.bench.searching import COMMON
from tests.support.corpus_toy import questions

_BATCH = 10
"""Archives that one command puts or merges."""
_LONGEST = 8
_VERIFIED = 100
_NUMBERS = 1 << 40
"""From here on a number is that of a report."""
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question took: CPU seconds before it could be asked and for the answer, MB at the peak; the answer's rows,
    and a sum over them."""

    opening: float
    cpu: float
    memory: float
    rows: int
    digest: int


@dataclass(frozen=True, slots=True)
class Searched:
    """What searches took: CPU seconds of opening with a first one, and of each; MB at the peak; what each found."""

    opening: float
    cpu: list[float]
    memory: float
    found: list[tuple[Any, ...]]


def apart(task: Callable[[], Found]) -> Found:
    """What comes of a task in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(task).result()


def made(folder: Path, portals: Iterable[int], reports: int) -> None:
    """Write the archives that are not there."""
    land = Land(reports, counties())
    for portal in portals:
        path = folder / f"p{portal}.db"
        if not path.exists():
            part = path.with_suffix(".part")
            for rest in folder.glob(f"{part.name}*"):
                rest.unlink()
            land.fill(part, portal)
            part.rename(path)


def commanded(folder: Path, *words: Path | str) -> tuple[float, float]:
    """CPU seconds, and MB at the peak, of a command of nianbao."""
    use = run_process([str(Path(sys.executable).with_name("nianbao")), *map(str, words)], folder / "log")
    if use.code:
        raise SystemExit((folder / "log").read_text("utf-8")[-2_000:])
    return use.cpu, use.memory


def merging(target: Path, archives: Sequence[Path]) -> tuple[float, float]:
    """CPU seconds, and MB at the peak, of a process that merges archives. Not the command: it has other stages."""
    with Archive.open(target) as archive:
        archive.lock()
        for path in archives:
            archive.merge(path, derive)
        archive.wipe()
    return time.process_time(), _peak()


def fronting(folder: Path) -> tuple[float, float, int]:
    """CPU seconds, MB at the peak, and bytes of the front of a site over the store."""
    front, *_ = fronted(Store.open(str(folder / "store")), folder / "site", None)
    return time.process_time(), _peak(), size(front)


def asked_of_archive(path: Path, question: str) -> Asked:
    """A question to the merged archive."""
    with Catalogue.read(path) as archive:
        return _asked(lambda: map(tuple, archive.connection.execute(question)))


def asked_of_store(url: Path, question: str) -> Asked:
    """A question to the store."""
    with tempfile.TemporaryDirectory() as name:
        store = Store.open(str(url))
        with Corpus.open(table_files(store, current(store), Path(name)), Path(name) / "scratch") as corpus:
            return _asked(lambda: corpus.ask(question).rows)


def _asked(ask: Callable[[], Iterable[Sequence[Any]]]) -> Asked:
    opening = time.process_time()
    rows = list(ask())
    cpu, memory = time.process_time() - opening, _peak()
    told = ([_plain(value) for value in row] for row in rows)
    return Asked(opening, cpu, memory, len(rows), sum(hash(repr(row)) for row in told))


def _plain(value: Any) -> Any:
    """A whole number is one, whatever its type; a report's may be another one in an archive merged in another order."""
    return (float(value) if value < _NUMBERS else None) if isinstance(value, int) else value


def searched(path: Path, words: Sequence[str]) -> Searched:
    """First pages of an index, where `path` is a folder, else of an archive."""
    if path.is_dir():
        return _searched(SearchIndex(path).search, words)
    with Catalogue.read(path) as archive:
        return _searched(archive.search, words)


def _searched(search: Callable[[str], Results], words: Sequence[str]) -> Searched:
    search(words[0])
    opening, times, found = time.process_time(), [], []
    for word in words:
        at = time.process_time()
        results = search(word)
        times.append(time.process_time() - at)
        facets = (sorted(map(repr, facet.items())) for facet in (results.regions, results.years, results.kinds))
        found.append((results.total, *(hit.key for hit in results.hits), *facets))
    return Searched(opening, times, _peak(), found)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def words_of(portals: int, reports: int, each: int) -> list[str]:
    """Common words, and strings of each length out of the texts."""
    land, random = Land(reports, counties()), Random(7)
    found = []
    for length in range(1, _LONGEST + 1):
        words: list[str] = []
        while len(words) < each:
            text = land.text(random.randrange(portals), random.randrange(reports))
            at = random.randrange(len(text) - length)
            word = text[at : at + length]
            if not any(sign.isspace() or sign == '"' for sign in word):
                words.append(word)
        found += words
    return [*found, *COMMON]


def size(place: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(path.stat().st_size for path in [place, *place.rglob("*")] if path.is_file())


def of_share(numbers: Iterable[float], share: float) -> float:
    """The number that so large a share of all does not exceed."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    """Build, ask, compare and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.corpus", description=__doc__)
    parser.add_argument("--reports", type=int, default=3_000)
    parser.add_argument("--portals", type=int, default=10)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--words", type=int, default=10, help="of each length")
    asked = parser.parse_args()
    os.environ["PYTHONHASHSEED"] = "0"  # of the processes that answer, so that sums over their answers compare
    with tempfile.TemporaryDirectory(prefix="nianbao-corpus-") as name:
        folder = asked.folder or Path(name)
        measured(folder, asked.portals, asked.reports // asked.portals, asked.words)


def measured(folder: Path, portals: int, reports: int, words: int) -> None:
    """All of it, in a folder: so many `reports` of each portal."""
    archives = [folder / "made" / f"p{portal}.db" for portal in range(portals)]
    archives[0].parent.mkdir(parents=True, exist_ok=True)
    jobs = os.cpu_count() or 1
    with ProcessPoolExecutor(jobs, get_context("spawn")) as processes:
        shares = [range(start, portals, jobs) for start in range(jobs)]
        list(processes.map(partial(made, archives[0].parent, reports=reports), shares))
    for path in {archives[0], archives[-1]}:
        with Archive.read(path) as archive:
            print(f"{path.name}: {archive.verify(derive, count=_VERIFIED) or 'sound'}")
    store, merged, index = folder / "store", folder / "merged.db", folder / "index"
    copies = len(range(0, reports, COPIED))
    for batch in (archives[at : at + _BATCH] for at in range(0, portals, _BATCH)):
        count = len(batch) * (reports + copies) - (batch[0] is archives[0]) * copies
        put, merge = commanded(folder, "store", "put", store, *batch), apart(partial(merging, merged, batch))
        for label, (cpu, memory) in (("store put", put), ("merge", merge)):
            print(f"{label}: {count:,} reports, {cpu / count * 1000:.2f} s CPU for 1,000, {memory:.0f} MB", flush=True)
    print(f"archives {size(store / 'archives'):,} bytes, tables {size(store / 'tables'):,}, merged {size(merged):,}")
    for number, question in enumerate(questions(), 1):
        of_store, of_archive = (
            apart(partial(ask, place, question)) for ask, place in ((asked_of_store, store), (asked_of_archive, merged))
        )
        same = (of_store.rows, of_store.digest) == (of_archive.rows, of_archive.digest)
        print(f"question {number}: {of_store.rows:,} rows, {'the same' if same else 'others'}")
        for label, one in (("store", of_store), ("archive", of_archive)):
            print(f"  {label}: {one.cpu:.2f} s CPU after {one.opening:.2f}, {one.memory:.0f} MB", flush=True)
    for label in ("index", "index again"):
        cpu, memory = commanded(folder, "index", index, "--store", store)
        print(f"{label}: {cpu:.1f} s CPU, {memory:.0f} MB, {size(index):,} bytes", flush=True)
    cpu, memory, length = apart(partial(fronting, folder))
    print(f"front of a site: {cpu:.1f} s CPU, {memory:.0f} MB, {length:,} bytes", flush=True)
    wanted = words_of(portals, reports, words)
    pages = {place: apart(partial(searched, place, wanted)) for place in (index, merged)}
    for place, page in pages.items():
        half, most = (of_share(page.cpu, share) * 1000 for share in (0.5, 0.95))
        print(f"search, {place.name}: p50 {half:.1f} ms CPU, p95 {most:.1f}, most {max(page.cpu) * 1000:.1f};", end=" ")
        print(f"{page.opening:.2f} s CPU until the first; {page.memory:.0f} MB")
    both = zip(wanted, pages[index].found, pages[merged].found, strict=True)
    wrong = [word for word, one, other in both if one != other]
    print(f"{len(wanted)} searches, {len(wrong)} with other counts, hits or facets {wrong[:5]}")


if __name__ == "__main__":
    main()
