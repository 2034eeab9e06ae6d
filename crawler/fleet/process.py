"""`nianbao crawl` as a child that ends when nobody says any more that it is wanted (runs.lifeline)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self


class Crawl:
    """A crawl under way. In a session of its own, so that a signal to the worker's terminal is the worker's alone."""

    def __init__(self, process: asyncio.subprocess.Process, silence: float) -> None:
        self._process, self._silence = process, silence

    @classmethod
    async def start(cls, arguments: Sequence[str], log: Path, silence: float) -> Self:
        """Start `nianbao crawl` with these arguments; what it says goes to the file `log`."""
        line = ["-m", "crawler", "crawl", "--json", "--while-told", "--silence", str(silence), *arguments]
        with log.open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *line, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=said,
                start_new_session=True, limit=1 << 26,
            )  # fmt: skip
        return cls(process, silence)

    def speak(self) -> None:
        """Say that it is wanted."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.is_closing():
            stdin.write(b".")

    def let_go(self) -> None:
        """Say that it is not wanted any more: it ends as on SIGTERM."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def result(self) -> tuple[int, dict[str, Any] | None]:
        """Its exit code, below 0 the signal that killed it, and its summary, None where it said none."""
        assert self._process.stdout is not None
        said = await self._process.stdout.read()
        code = await self._process.wait()
        with suppress(ValueError, IndexError):
            summary = json.loads(said.splitlines()[-1])
            return code, summary if isinstance(summary, dict) else None
        return code, None

    async def stop(self) -> None:
        """Have it end, by itself, or where it stands after twice the silence that it waits for."""
        self.let_go()
        try:
            async with asyncio.timeout(2 * self._silence + 5):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()
