"""`python -m tests.bench.storing`: milliseconds of CPU that an archive takes to store a report that was read."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.records.capture import Context
from pipelines import derive
from tests.bench.stages import captures

ROUNDS = 5


def milliseconds(count: int = 100) -> float:
    """CPU of `Archive.store` for a report of the bench's portal, its share of the commits in it; the best of some
    rounds, each into a new archive."""
    pages = [derive(capture, Context(trusted_host=True, region="210100")) for capture in captures(count)]
    taken = []
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        for turn in range(ROUNDS):
            with Archive.open(Path(folder) / f"{turn}.db") as archive:
                archive.begin_run(["bench"])
                at = time.process_time()
                for page in pages:
                    archive.store(page)
                archive.flush()
                taken.append(time.process_time() - at)
    return min(taken) / len(pages) * 1000


if __name__ == "__main__":
    print(f"{milliseconds():.2f} ms")
