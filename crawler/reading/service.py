"""What a reader does: it answers over a socket until the other end is closed.

Before a document is read, the reader says so: its limits are others, and where it is the end of the reader, the page is
asked for once more without it.
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from crawler.reading import frames
from crawler.reading.frames import ANSWER, BEGUN, ENDED, PICTURE, READY, TOO_LARGE, UNREADABLE, WEARY
from crawler.reading.limits import LIMITS
from crawler.reading.parcel import pack_answer, pack_lines, unpack_question
from crawler.reading.question import answer
from pipelines.documents.custody import guarded
from pipelines.marked.document import UnreadableError


class Reader:
    """Reads one thing after another within limits."""

    def __init__(self, parent: socket.socket) -> None:
        self._parent = parent
        self._weary = False
        self._ticket = frames.NONE

    def serve(self) -> None:
        """Answer until the other end closes, or until too little of this process is left."""
        with guarded(self._document), suppress(frames.EndError):
            self._say(READY)
            while not self._weary:
                letter, self._ticket, parcel = frames.receive(self._parent)
                said = self._picture(parcel) if letter == PICTURE else self._page(parcel)
                self._say(*said)

    def _say(self, letter: bytes, parcel: bytes = b"") -> None:
        frames.send(self._parent, letter, parcel, None, self._ticket)

    def _page(self, parcel: bytes) -> tuple[bytes, bytes]:
        LIMITS["page"].hold()
        try:
            question = unpack_question(parcel)
            packed = pack_answer(answer(question), traced=question.place is not None and question.place.traced)
        except MemoryError:
            self._weary = True
            return TOO_LARGE, b""
        return (WEARY if self._weary else ANSWER), packed

    def _picture(self, body: bytes) -> tuple[bytes, bytes]:
        from pipelines.documents.ocr import see

        limits = LIMITS["picture"]
        limits.hold()
        try:
            return ANSWER, pack_lines(see(body))
        except UnreadableError as error:
            return UNREADABLE, str(error).encode("utf-8", "replace")
        except MemoryError:
            self._weary = True
            return UNREADABLE, limits.memory_words().encode()
        except Exception as error:
            return UNREADABLE, f"it is broken ({type(error).__name__}: {error})"[:300].encode("utf-8", "replace")

    @contextmanager
    def _document(self, body: bytes) -> Iterator[None]:
        """The limits of a document; see pipelines.documents.custody."""
        sha256 = hashlib.sha256(body).hexdigest()
        limits = LIMITS["document"]
        limits.hold()
        self._say(BEGUN, sha256.encode())
        try:
            yield
        except MemoryError:
            self._weary = True
            raise UnreadableError(limits.memory_words()) from None
        finally:
            self._say(ENDED)
            LIMITS["page"].hold()
