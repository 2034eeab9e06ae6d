"""Documents are read under a guard, where whoever reads strangers' bytes sets limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from pipelines.marked.document import Document, UnreadableError, tidy_line

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a document; longer ones are not read."""

Guard = Callable[[bytes], AbstractContextManager[None]]
"""Entered before a document is read, left after that. Raises UnreadableError for one that took more than it may."""

_guards: list[Guard] = [lambda body: nullcontext()]


@contextmanager
def guarded(guard: Guard) -> Iterator[None]:
    """Have documents read under `guard` for as long as the block lasts."""
    _guards.append(guard)
    try:
        yield
    finally:
        _guards.remove(guard)


def read_document(body: bytes) -> Document:
    """The document in `body`, as far as a reader can be found for it. Raises UnreadableError, whatever it holds."""
    from pipelines.documents.readers import read  # the libraries of all formats, which most pages do without

    if len(body) > MAX_BODY:
        raise UnreadableError(f"it has {len(body):,} bytes, more than {MAX_BODY:,} are not read")
    try:
        with _guards[-1](body):
            return read(body)
    except UnreadableError:
        raise
    except MemoryError as error:
        raise UnreadableError("reading it takes more memory than there is") from error
    except RecursionError as error:
        raise UnreadableError("it is nested too deeply") from error
    except Exception as error:
        words = f"it is broken ({type(error).__name__}: {tidy_line(str(error))})"
        raise UnreadableError(words[:300]) from error
