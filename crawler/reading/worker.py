"""`python -m crawler.reading.worker FD FOLDER`: a reader's process, whose work is `crawler.reading.service`."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from crawler.reading import frames
from crawler.reading.sandbox import confine, die_with_parent


def main() -> None:
    """Read until the other end of the socket closes, with a folder to write in and nothing else."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent closes the socket
    with socket.socket(fileno=int(sys.argv[1])) as parent:
        with suppress(OSError):
            die_with_parent()  # now: what follows takes a second to import
        if frames.has_begun(parent, 0):
            return  # nothing is asked yet: it has ended
        service = import_module("crawler.reading.service")
        import_module("pipelines.stages")  # not out of the first page's time
        confine(Path(sys.argv[2]))
        service.Reader(parent).serve()


if __name__ == "__main__":
    main()
