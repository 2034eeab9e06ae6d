"""`python -m crawler.archive.sandbox.worker FD`: answers questions that come over a socket, until its other end closes.

It imports little, so that a new one is ready at once where the last one was ended. Its parent's death ends it as well:
a question's alarm is of the system, and the end of the socket ends the loop.
"""

from __future__ import annotations

import signal
import sqlite3
import sys
import time
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from crawler.archive.file import functions
from crawler.archive.sandbox.limits import GRACE, MIB, MOST_ROWS, RESULT, VALUE, WIDTH, confine, restrict
from crawler.archive.sandbox.question import TOO_MUCH_MEMORY, Answer, Question, refusal

_STEPS = 1_000
"""Instructions of SQLite's machine between two looks at the clock, some 0.1 ms."""


_SENTENCES = {
    "string or blob too big": f"the query makes a value longer than it may be ({VALUE // MIB} MB)",
    "not authorized": "the query does more than read; expected a SELECT, and no PRAGMA that sets or names a path",
}
"""What SQLite says, in words that a stranger can act on."""


class Worker:
    """One connection, opened anew where a question is about another file or state."""

    def __init__(self) -> None:
        self._opened: tuple[str, tuple[int, ...]] | None = None
        self._connection: sqlite3.Connection | None = None
        self._functions: functions.Functions | None = None

    def answer(self, question: Question) -> Answer:
        """The rows, or one sentence why there are none. Raises MemoryError."""
        deadline = time.perf_counter() + question.seconds
        try:
            connection = self._open(question)
            connection.set_progress_handler(lambda: time.perf_counter() >= deadline, _STEPS)
            return _rows(connection, question)
        except sqlite3.Error as error:
            if str(error) == "interrupted":
                return refusal("the query took too long", late=True)
            refused = self._functions.refusal if self._functions is not None else None
            return refusal(refused or _SENTENCES.get(str(error), str(error)))
        except (OverflowError, ValueError, TypeError) as error:  # parameters that SQLite has no value for, NUL in SQL
            return refusal(f"the query cannot be asked: {error}")

    def _open(self, question: Question) -> sqlite3.Connection:
        if self._connection is None or self._opened != (question.address, question.state):
            if self._connection is not None:
                self._connection.close()
            self._connection = connection = sqlite3.connect(question.address, uri=True, isolation_level=None)
            connection.text_factory = lambda raw: str(raw, "utf-8", "replace")
            self._functions = functions.register(connection)
            # Datasette's own search box asks through this one: so it finds Chinese.
            connection.create_function("escape_fts", 1, self._functions.match, deterministic=True)
            restrict(connection)
            self._opened = (question.address, question.state)
        if self._functions is not None:
            self._functions.refusal = None
        return self._connection


def _rows(connection: sqlite3.Connection, question: Question) -> Answer:
    cursor = connection.execute(question.sql, question.parameters)
    columns = [column[0] for column in cursor.description or ()]
    rows: list[tuple[Any, ...]] = []
    cells, length = WIDTH * (question.rows or MOST_ROWS), 0
    for row in cursor:
        if question.rows is not None and len(rows) == question.rows:
            return Answer(columns, rows, truncated=True)
        rows.append(row)
        length += sum(map(sys.getsizeof, row))
        if length > RESULT:
            return refusal(
                f"the answer is longer than {RESULT // MIB} MB; ask for fewer rows or columns (a body: /capture/ID/raw)"
            )
        if len(rows) * len(columns) > cells:
            return refusal(f"the answer has more than {cells:,} cells; ask for fewer rows or columns")
    return Answer(columns, rows)


def main() -> None:
    """Answer until the other end of the socket closes. An end by SIGALRM says that a question took too long."""
    confine()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the server closes the socket
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    worker = Worker()
    with Connection(int(sys.argv[1])) as parent:
        while True:
            try:
                question = parent.recv()
            except (EOFError, OSError):
                return
            signal.setitimer(signal.ITIMER_REAL, question.seconds + GRACE)
            try:
                packed = ForkingPickler.dumps(worker.answer(question))
            except MemoryError:
                signal.setitimer(signal.ITIMER_REAL, 0)
                parent.send(refusal(TOO_MUCH_MEMORY))
                return  # what is left of it is in pieces
            signal.setitimer(signal.ITIMER_REAL, 0)
            parent.send_bytes(packed)


if __name__ == "__main__":
    main()
