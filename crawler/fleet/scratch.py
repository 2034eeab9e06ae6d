"""A worker's folder: archives as they were checked out and crawled on, beside each a note of what it descends from.

What is there is a copy that can be had again; where it descends from the generation that counts, it is carried on, with
all that an attempt which was killed had got.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.archive.archive import Archive
from crawler.archive.exchange.columns import Measures
from crawler.archive.file.lock import RunLock
from crawler.records.errors import ArchiveError, NianbaoError
from crawler.runs import files
from crawler.store.deposit import put_generation
from crawler.store.seals import Seal
from crawler.store.store import Store


@dataclass(frozen=True, slots=True)
class Scratch:
    """The files of one portal."""

    folder: Path
    portal: str

    @property
    def archive(self) -> Path:
        """The archive."""
        return self.folder / f"{self.portal}.db"

    @property
    def profile(self) -> Path:
        """The profile of the attempt, as a file."""
        return self.folder / f"{self.portal}.toml"

    @property
    def log(self) -> Path:
        """What the last crawl said on standard error."""
        return self.folder / f"{self.portal}.log"

    @property
    def _note(self) -> Path:
        return self.folder / f"{self.portal}.json"

    def check_out(self, store: Store, current: Seal | None) -> int:
        """Have the archive that counts, or what was crawled on from it; its generation, 0 where there is none yet.

        Raises ArchiveLockedError while a crawl of it is there, StoreError where the object is not what it was.
        """
        generation = 0 if current is None else current.generation
        lock = RunLock(self.archive)
        lock.acquire()
        try:
            if self._descends_from() != generation or not (generation == 0 or self.archive.exists()):
                self.forget()
                if current is not None:
                    name, content = current.archive
                    store.get(name, self.archive, content)
                self.note(generation)
        finally:
            lock.release()
        return generation

    def check_in(self, store: Store, generation: int, measures: Measures) -> Seal:
        """Put the archive, at rest, and its tables into the store as a generation; what its seal is to say.

        Raises NianbaoError.
        """
        Archive.read(self.archive).close()  # whoever closes it last folds the log back that a crawl left
        wal = self.archive.with_name(self.archive.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise ArchiveError(f"{self.archive} is held by another program; expected nobody to read in {self.folder}")
        return put_generation(store, self.portal, generation, self.archive, measures)

    def note(self, generation: int, due: datetime | None = None, summary: dict[str, Any] | None = None) -> None:
        """Note what the archive descends from and, where a crawl for the round that was `due` came to its end, what it
        said: whoever tries that round again need not ask the portal again."""
        words = {"generation": generation, "due": None if due is None else due.isoformat(), "summary": summary}
        files.put(self._note, json.dumps(words).encode(), "the note of a check-out")

    def finished(self, due: datetime, profile: str) -> dict[str, Any] | None:
        """What the crawl for this round by this profile said that came to its end and was not committed, if any."""
        try:
            words, former = json.loads(self._note.read_bytes()), self.profile.read_text("utf-8")
        except (OSError, ValueError):
            return None
        if former != profile or words.get("due") != due.isoformat() or not isinstance(words.get("summary"), dict):
            return None
        return dict(words["summary"])

    def forget(self) -> None:
        """Take the archive away: the next attempt has it anew."""
        for path in (self._note, *(self.archive.with_name(self.archive.name + end) for end in ("", "-wal", "-shm"))):
            path.unlink(missing_ok=True)

    def last_words(self) -> str:
        """The last line that the crawl said; empty for none."""
        try:
            lines = self.log.read_text("utf-8", "replace").strip().splitlines()
        except OSError:
            return ""
        return lines[-1][:500] if lines else ""

    def _descends_from(self) -> int | None:
        try:
            return int(json.loads(self._note.read_bytes())["generation"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


def open_folder(folder: Path) -> Path:
    """The folder, made where it is not there. Raises NianbaoError where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files.put(folder / ".trial", b"", "a file in")
        (folder / ".trial").unlink(missing_ok=True)
    except OSError as error:
        raise NianbaoError(f"--scratch {folder} cannot be used: {error.strerror}") from error
    return folder
