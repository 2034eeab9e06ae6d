"""The parent's side: so many processes, so many questions that wait, and a new process for each that was lost."""

from __future__ import annotations

import asyncio
import queue
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

from crawler.archive.sandbox.limits import GRACE
from crawler.archive.sandbox.question import TOO_MUCH_MEMORY, Answer, Question, refusal

_STARTING = 20.0
"""Seconds that a new process may take to be ready, on a machine with much else to do."""


class OverloadError(Exception):
    """More questions wait than may."""


class Process:
    """A worker process; started with its first question, and anew where it was lost."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def ask(self, question: Question) -> Answer:
        """The answer; a refusal where the process was lost over the question."""
        connection, starting = self._connection, 0.0
        if connection is None:
            connection, starting = self._start(), _STARTING
        try:
            connection.send(question)
            if connection.poll(question.seconds + 2 * GRACE + starting):
                message = connection.recv()
                if isinstance(message, Answer):
                    if message.error == TOO_MUCH_MEMORY:
                        self.close()
                    return message
            ended = -signal.SIGALRM
        except (EOFError, OSError):
            ended = self._process.wait() if self._process is not None else 0
        self.close()
        late = ended == -signal.SIGALRM
        return refusal("the query took too long" if late else TOO_MUCH_MEMORY, late=late)

    def _start(self) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crawler.archive.sandbox.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._connection = Connection(ours.detach())
        return self._connection

    def close(self) -> None:
        """End the process."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._connection = self._process = None


class Pool:
    """`size` processes; beyond them `waiting` questions wait, and more raise OverloadError."""

    def __init__(self, size: int, waiting: int) -> None:
        self._most = size + waiting
        self._asked = 0
        self._threads = ThreadPoolExecutor(size, "query")
        self._processes: queue.SimpleQueue[Process] = queue.SimpleQueue()
        self._all = [Process() for _ in range(size)]
        for process in self._all:
            self._processes.put(process)

    async def ask(self, question: Question) -> Answer:
        """The answer of the first process that is free. Raises OverloadError at once where too many wait."""
        if self._asked >= self._most:
            raise OverloadError
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)
        finally:
            self._asked -= 1

    def _ask(self, question: Question) -> Answer:
        process = self._processes.get()
        try:
            return process.ask(question)
        finally:
            self._processes.put(process)

    def close(self) -> None:
        """End all processes; what is asked meanwhile is refused."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._all:
            process.close()
