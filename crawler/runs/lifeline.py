"""A dead man's switch: a run that another program answers for ends by itself when that program falls silent.

`nianbao crawl --while-told` reads its standard input. Whoever started it writes a byte now and then, as long as it is
sure that the run is still wanted. At the end of the input, or after so long without a byte, the run ends as on SIGTERM;
one that has not ended after as long again is ended where it stands. So a crawl never outlives a killed, frozen or
cut-off master for long, on whatever system, and nobody asks a host a second time beside it.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import stat
import time
from collections.abc import Callable
from threading import Thread

from crawler.records.errors import EXIT_INTERRUPTED, NianbaoError

SILENCE = 20.0
"""Seconds without a byte after which a run ends; and seconds more after which it is ended."""

Clock = Callable[[], float]


def clock() -> float:
    """Seconds; those that the machine slept count as well, where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def hold(silence: float = SILENCE, descriptor: int = 0) -> None:
    """End this process when nobody writes to `descriptor` any more. Raises NianbaoError where that is no pipe."""
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        mode = 0
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        raise NianbaoError(
            "--while-told reads bytes from standard input, which is no pipe;"
            " expected a program there that writes one at least every few seconds"
        )
    Thread(target=_watch, args=(descriptor, silence), name="lifeline", daemon=True).start()


def _watch(descriptor: int, silence: float) -> None:
    how = last_word(descriptor, silence)
    logging.getLogger(__name__).warning("nobody answers for this run any more, standard input is %s: it ends", how)
    os.kill(os.getpid(), signal.SIGTERM)
    rest(silence)
    os._exit(EXIT_INTERRUPTED)


def last_word(descriptor: int, silence: float, clock: Clock = clock) -> str:
    """Wait until nobody speaks any more: `closed` at the end of the input, `silent` after `silence` seconds."""
    last = clock()
    while True:
        ready, _, _ = select.select([descriptor], [], [], min(1.0, silence / 4))
        now = clock()
        # First the clock: a process that was stopped itself finds old bytes waiting, and they are no word of now.
        if now - last > silence:
            return "silent"
        if ready:
            if not os.read(descriptor, 4096):
                return "closed"
            last = now


def rest(seconds: float, clock: Clock = clock) -> None:
    """Wait so long by a clock that does not stand still while the process does."""
    end = clock() + seconds
    while (left_over := end - clock()) > 0:
        time.sleep(min(1.0, left_over))
