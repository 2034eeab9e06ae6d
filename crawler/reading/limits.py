"""What reading may take, by what is read: the system holds a reader to it, and whoever waits for it as well."""

from __future__ import annotations

import resource
from dataclasses import dataclass

from crawler.records.variables import count_of

_PAGE = count_of("NIANBAO_PAGE_SECONDS", 20, 1)
"""Of the processor for one page; the slowest real one takes two seconds."""
_DOCUMENT = count_of("NIANBAO_DOCUMENT_SECONDS", 60, 1)
"""Of the processor for one document; a page of a PDF takes 0.08 s."""
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """For one thing to be read: bytes of address space, seconds of the processor, seconds in all."""

    memory: int
    processor: int
    wall: float

    def hold(self) -> None:
        """Hold this process to them from now on, beside what it has used up, and to what whoever started it allows."""
        _hold(resource.RLIMIT_AS, self.memory, MOST_MEMORY)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(usage.ru_utime + usage.ru_stime) + 1
        _hold(resource.RLIMIT_CPU, spent + self.processor, resource.RLIM_INFINITY)

    def memory_words(self) -> str:
        """That something takes more memory than it may."""
        return f"reading it takes more than {_at_most(resource.RLIMIT_AS, self.memory) >> 20:,} MB of memory"


def _hold(what: int, most: int, hard: int) -> None:
    resource.setrlimit(what, (_at_most(what, most), _at_most(what, hard)))


def _at_most(what: int, most: int) -> int:
    """No more than the hard limit, which cannot be raised: a batch system's, or `ulimit -v` and `-t`."""
    limits = {most, resource.getrlimit(what)[1]} - {resource.RLIM_INFINITY}
    return min(limits, default=resource.RLIM_INFINITY)


LIMITS = {
    # The longest body that is kept (64 MiB, DOWNLOAD_MAXSIZE), as a string of four bytes a character, and its tree.
    "page": Limits(2 * GIB, _PAGE, 3 * _PAGE),
    # 300 ordinary pages take 400 MB, libraries included.
    "document": Limits(2 * GIB, _DOCUMENT, 2 * _DOCUMENT),
    # A page takes OCR some nine seconds, and its models some hundred megabytes.
    "picture": Limits(8 * GIB, 20 * _DOCUMENT, 20 * _DOCUMENT),
}
"""By what is read: a page with what follows from it, one of the documents among it, a scan."""
MOST_MEMORY = max(limits.memory for limits in LIMITS.values())
MOST_BYTES = 256 << 20
"""Of a question or an answer; a report with all its files has some megabytes."""
PATIENCE = 2.0
"""Seconds after which a reader that is still at a page has another started beside it, so that others go on."""
SPARE = 3
"""So many are started beside those that were asked for, at most."""
