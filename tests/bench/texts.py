"""An archive of real pages, as a user makes it of a WARC: `nianbao import`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests import ROOT
from tests.bench.sizes import Sizes, sizes, warc_record


def labelled(gold: Path) -> dict[str, bytes]:
    """The pages of a folder of gold by address, of each address the first; those whose whole address is not known stay
    out."""
    found: dict[str, bytes] = {}
    for line in (gold / "pages.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["url"].startswith(("http://", "https://")):
            found.setdefault(row["url"], (gold / row["file"]).read_bytes())
    return found


def imported(pages: dict[str, bytes], folder: Path) -> Path:
    """A new archive of pages by address. Ends where the import finds a record broken."""
    warc, archive = folder / "texts.warc.gz", folder / "texts.db"
    warc.write_bytes(b"".join(warc_record(url, body) for url, body in pages.items()))
    command = [sys.executable, "-m", "crawler", "import", "--archive", str(archive), str(warc)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(
            f"nianbao import ended with exit code {done.returncode}: {(done.stderr + done.stdout)[-2000:]}"
        )
    return archive


def of_real_pages(gold: Path, folder: Path) -> tuple[int, Sizes]:
    """How many real pages there are, and the bytes of an archive of them."""
    pages = labelled(gold)
    return len(pages), sizes(pages, imported(pages, folder))
