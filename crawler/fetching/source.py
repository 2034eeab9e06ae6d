"""What answers in the network's place: the captures of an archive or of a WARC file, one for each address."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from crawler.archive.archive import Archive
from crawler.archive.exchange.spool import Spool
from crawler.fetching.captures import NotCapturedError
from crawler.fetching.codings import undone
from crawler.records.capture import RENDERED, Capture
from crawler.records.errors import ArchiveError, NianbaoError
from crawler.words.addresses import canonical

_SQLITE = b"SQLite format 3\0"


class Answers(Protocol):
    """What answers in the network's place. `name`: what it is called in table `runs`. `broken`: records of it that
    could not be used. `past`: it answers as of a time, with captures of web archives, so that what the archive has from
    the portal itself, older or newer, is no answer.
    """

    name: str
    broken: int
    past: bool

    async def answer(self, address: str, leads_on: bool) -> Capture:
        """The capture that stands for an address; `leads_on`: it may be a page of a list. Raises NotCapturedError."""

    def close(self) -> None:
        """Let go of what it reads."""


class Source:
    """Answers by address, out of an archive or a WARC file. `name`: the file's, without its folder. `broken`: records
    that could not be used."""

    past = False

    def __init__(self, path: Path, most: int | None = None) -> None:
        """`most`: bytes of the bodies of a WARC. Raises NianbaoError where the file is neither, or they are more."""
        self.name = path.name
        self.broken = 0
        self._archive: Archive | None = None
        self._spool: Spool | None = None
        self._ids: dict[str, int] = {}
        if _is_database(path):
            self._archive = Archive.read(path)
            self._ids = {url: capture_id for capture_id, url in self._archive.captures.answers()}
            known: list[str] = [*self._ids]
        else:
            self._spool = Spool(path, undone, most)
            self.broken = self._spool.broken
            known = self._spool.addresses()
        self._spelled = {canonical(url): url for url in known if not url.endswith(RENDERED)}
        self._known = frozenset(known)

    def find(self, address: str) -> Capture:
        """The capture that stands for an address, in this spelling or another one of it. Raises NotCapturedError."""
        url = address if address in self._known else self._spelled.get(canonical(address), "")
        if address.endswith(RENDERED) and address not in self._known:
            url = ""
        if not url:
            raise NotCapturedError(f"{self.name} has no answer of this address")
        if self._spool is not None:
            return self._spool.get(url)
        assert self._archive is not None
        try:
            capture = self._archive.captures.get(self._ids[url])
        except ArchiveError as error:
            raise NotCapturedError(f"its answer in {self.name} is damaged: {error}") from error
        if capture is None:
            raise NotCapturedError(f"{self.name} has lost the body of its answer")
        return capture

    async def answer(self, address: str, leads_on: bool) -> Capture:
        """As `find`, for the walk."""
        return self.find(address)

    def close(self) -> None:
        """Let go of the file."""
        for held in (self._archive, self._spool):
            if held is not None:
                held.close()


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except FileNotFoundError:
        raise NianbaoError(f"{path} does not exist; expected an archive or a WARC file to walk over") from None
    except OSError as error:
        said = f"{path} cannot be read ({error.strerror}); expected an archive or a WARC file to walk over"
        raise NianbaoError(said) from error
