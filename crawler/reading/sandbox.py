"""Takes from a reader process what it needs not: the network, other files and processes, programs, privileges.

What the system has no means for is left undone and told; docs/sandbox.md has it by system and kernel.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler.reading import kernel, landlock, seccomp
from crawler.reading.places import places
from crawler.records.errors import NianbaoError

FILE = 16 << 20
"""Bytes to which a file may grow."""
FILES = 64
"""Files open at once."""
_MEANS = ("landlock", "seccomp")
LAYERS = [name.strip() for name in os.environ.get("NIANBAO_SANDBOX", ",".join(_MEANS)).split(",") if name.strip()]
"""The kernel's means that are asked for; limits, privileges and the parent's death are so always. Fewer are for a
system on which one of them keeps sound pages from being read."""

_PARENT_DEATH, _NO_NEW_PRIVILEGES = 1, 38
_CAPABILITIES = 0x20080522
_READ_ANYWHERE = 1 << 2


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds for a process, a field a layer."""

    landlock: int | None
    """The version of the kernel's rules on files; None where there are none."""
    seccomp: bool
    """A filter of system calls."""
    privileges: bool
    """It can gain none, and has given up those of root."""
    parent: bool
    """It is killed when its parent dies."""
    memory: bool
    """It is the first to go where memory ends."""
    limits: frozenset[str]
    """What is limited, by the names of module `resource`."""
    threads: int
    """Threads that ran before and that the rules on files do not reach."""
    lacks: Mapping[str, str]
    """By the name of a field, or of a limit: why it does not hold."""

    @property
    def writing(self) -> str:
        """Where it may write: `folder`, its own alone; `nowhere`, where the rules on files do not hold for all its
        threads and the filter denies what they would; `anywhere`."""
        if self.landlock is not None and not self.threads:
            return "folder"
        return "nowhere" if self.seccomp else "anywhere"

    def sentences(self) -> list[str]:
        """One for each layer, with the reason where it does not hold."""
        files = {
            "folder": f"written in its own folder, read where programs and their data are (Landlock {self.landlock})",
            "nowhere": "none is written, those of its user are read",
            "anywhere": "those of its user are written and read",
        }[self.writing]
        if self.writing != "folder":
            files += f" ({self.lacks.get('landlock', f'{self.threads} threads are older than the rules of Landlock')})"
        missing = [f"not {name} ({why})" for name, why in self.lacks.items() if name.startswith("RLIMIT")]
        return [
            f"files: {files}",
            self._sentence("seccomp", "network, programs, other processes: out of reach (seccomp)"),
            self._sentence("privileges", "privileges: none, and none to gain"),
            self._sentence("parent", "its parent's death: it is killed with it"),
            self._sentence("memory", "where memory ends: it is the first to go"),
            f"limits: {', '.join([*sorted(self.limits), *missing])}",
        ]

    def _sentence(self, layer: str, sentence: str) -> str:
        if layer not in self.lacks:
            return sentence
        return f"{sentence.partition(':')[0]}: nothing holds it ({self.lacks[layer]})"


def confine(folder: Path) -> Confinement:
    """Confine this process, for good, to the bytes it is handed and to `folder`, a temporary one of its own.

    To be called once, after the imports, before the first of a stranger's bytes, and from its only thread: others that
    run by then come under the rules on files from Landlock's version THREADS_ABI on, and without these rules nothing is
    written at all. Raises nothing for what the system cannot do; NianbaoError where NIANBAO_SANDBOX names no means.
    """
    if not set(LAYERS) <= set(_MEANS):
        raise NianbaoError(f"NIANBAO_SANDBOX is {','.join(LAYERS)!r}; expected some of {','.join(_MEANS)}, or nothing")
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    sys.dont_write_bytecode = True
    abi, threads = None, 0
    lacks: dict[str, str] = {}
    limits = _limits()
    for name, most in limits.items():
        with _lack(lacks, name):
            _limit(getattr(resource, name), most)
    with _lack(lacks, "memory"):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with _lack(lacks, "privileges"):
        kernel.control(_NO_NEW_PRIVILEGES, 1)
        _give_up()
    with _lack(lacks, "parent"):
        die_with_parent()
    with _lack(lacks, "landlock"):
        _ask("landlock")
        abi = landlock.version()
        threads = len(os.listdir("/proc/self/task")) - 1 if abi < landlock.THREADS_ABI else 0
        landlock.restrict(places(folder), abi)
    # The filter comes last, for it denies what the others ask for.
    with _lack(lacks, "seccomp"):
        _ask("seccomp")
        seccomp.install(writing="landlock" not in lacks and not threads)
    return Confinement(
        landlock=None if "landlock" in lacks else abi,
        seccomp="seccomp" not in lacks,
        privileges="privileges" not in lacks,
        parent="parent" not in lacks,
        memory="memory" not in lacks,
        limits=frozenset(limits.keys() - lacks.keys()),
        threads=threads,
        lacks=lacks,
    )


@contextlib.contextmanager
def _lack(lacks: dict[str, str], layer: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        lacks[layer] = str(error)


def _ask(layer: str) -> None:
    if layer not in LAYERS:
        raise OSError("NIANBAO_SANDBOX does not name it")


def _limits() -> dict[str, int]:
    """By name of module `resource`. Linux counts threads as processes, and those of its user's other programs, too."""
    processes = {} if sys.platform == "linux" else {"RLIMIT_NPROC": 0}
    return {"RLIMIT_CORE": 0, "RLIMIT_FSIZE": FILE, "RLIMIT_NOFILE": FILES} | processes


def _limit(what: int, most: int) -> None:
    _, highest = resource.getrlimit(what)
    if highest != resource.RLIM_INFINITY:
        most = min(most, highest)
    resource.setrlimit(what, (most, most))


def _give_up() -> None:
    """Root's privileges, but for reading what belongs to others, as a checkout in a user's home for root's cron."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    # Effective, permitted, inheritable; then the same for those numbered from 32 on.
    words = (ctypes.c_uint32 * 6)()
    if libc.capget(header, words):
        raise OSError(ctypes.get_errno(), "capget")
    keep = words[1] & _READ_ANYWHERE
    words[:] = [keep, keep, 0, 0, 0, 0]
    if libc.capset(header, words):
        raise OSError(ctypes.get_errno(), "capset")


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends. One that ended before is noticed by the closed socket.
    Raises OSError where the system has no means for it."""
    parent = os.getppid()
    kernel.control(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
