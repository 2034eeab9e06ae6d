"""What a reader process whose reading went wrong would try, each try a function that raises OSError where it is denied.

`python -m tests.support.breakouts LAYERS WORLD NAME…` confines itself, unless LAYERS is `none`, and tries one after the
other: a line of JSON for what holds, then one for each try with its name and the error, null where it succeeded.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from crawler.reading import kernel
from crawler.reading.sandbox import FILE, FILES, confine


@dataclass(frozen=True, slots=True)
class World:
    """What there is to reach: the process's own folder, another with files, a process, a port, a socket by a name."""

    folder: str
    outside: str
    victim: int
    port: int
    abstract: str

    def at(self, name: str) -> Path:
        return Path(self.outside, name)


@dataclass(frozen=True, slots=True)
class Try:
    """A try, and what denies it: Landlock from a version on (0: never), the filter, limits, or two of them together."""

    run: Callable[[World], object]
    landlock: int = 0
    seccomp: bool = True
    limits: bool = False
    together: bool = False


def number(x86_64: int, aarch64: int) -> int:
    return {"x86_64": x86_64, "aarch64": aarch64}[kernel.architecture()]


def append(world: World) -> None:
    with world.at("kept").open("a") as file:
        file.write("more")


def write_into_the_archive(world: World) -> None:
    try:
        with sqlite3.connect(world.at("archive.db")) as archive:
            archive.execute("insert into pages values (2)")
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error


FILE_TRIES = {
    "create": Try(lambda world: world.at("new").write_text("new"), landlock=1),
    "overwrite": Try(lambda world: world.at("kept").write_text("other"), landlock=1),
    "append": Try(append, landlock=1),
    "write into the archive": Try(write_into_the_archive, landlock=1),
    "truncate": Try(lambda world: os.truncate(world.at("kept"), 1), landlock=3),
    "empty what is read": Try(lambda world: os.open(world.at("kept"), os.O_RDONLY | os.O_TRUNC), landlock=3),
    "unlink": Try(lambda world: world.at("kept").unlink(), landlock=1),
    "rename": Try(lambda world: world.at("kept").rename(world.at("moved")), landlock=1),
    "take away": Try(lambda world: world.at("kept").rename(Path(world.folder, "taken")), landlock=1),
    "mkdir": Try(lambda world: world.at("made").mkdir(), landlock=1),
    "rmdir": Try(lambda world: world.at("empty").rmdir(), landlock=1),
    "symlink": Try(lambda world: world.at("link").symlink_to("/etc/passwd"), landlock=1),
    "hard link": Try(lambda world: os.link(world.at("kept"), Path(world.folder, "kept")), landlock=1),
    "mkfifo": Try(lambda world: os.mkfifo(world.at("pipe")), landlock=1),
    "chmod": Try(lambda world: world.at("kept").chmod(0o777)),
    "chown": Try(lambda world: os.chown(world.at("kept"), os.getuid(), os.getgid())),
    "change times": Try(lambda world: os.utime(world.at("kept"), (0, 0))),
    "read": Try(lambda world: world.at("kept").read_text(), landlock=1, seccomp=False),
    "read through /proc": Try(
        lambda world: Path("/proc/self/root", world.outside[1:], "kept").read_text(), landlock=1, seccomp=False
    ),
    "list": Try(lambda world: os.listdir(world.outside), landlock=1, seccomp=False),
    "read of a process": Try(
        lambda world: Path(f"/proc/{world.victim}/environ").read_bytes(), landlock=1, seccomp=False
    ),
    "stay when memory ends": Try(lambda _: Path("/proc/self/oom_score_adj").write_text("0"), landlock=1),
}


def connect(family: int, kind: int, address: object) -> None:
    with socket.socket(family, kind) as one:
        one.connect(address)  # type: ignore[arg-type]
        if kind == socket.SOCK_DGRAM:
            one.send(b"secret")


NETWORK_TRIES = {
    "TCP": Try(lambda world: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", world.port)), landlock=4),
    "listen": Try(lambda _: socket.create_server(("127.0.0.1", 0)), landlock=4),
    "UDP": Try(lambda world: connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", world.port))),
    "UNIX": Try(lambda world: connect(socket.AF_UNIX, socket.SOCK_STREAM, os.fspath(world.at("socket")))),
    "UNIX by a name": Try(lambda world: connect(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + world.abstract), landlock=6),
    "pair of sockets": Try(lambda _: socket.socketpair()),
    # Out of /etc/hosts, or of whom the system asks: the one is denied by Landlock, the other by the filter.
    "DNS": Try(lambda _: socket.getaddrinfo("localhost", 80), landlock=1, together=True),
}


def fork(_: World) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def execute_memory(_: World) -> None:
    file = os.memfd_create("program", 0)
    os.write(file, Path("/bin/true").read_bytes())
    os.execve(file, ["true"], {})


def kill_by_a_pipe(world: World) -> None:
    """The kernel sends the signal of one's choice to the owner of a file when there is something to read."""
    ear, mouth = os.pipe()
    fcntl.fcntl(ear, fcntl.F_SETOWN, world.victim)
    fcntl.fcntl(ear, 10, signal.SIGKILL)  # F_SETSIG
    fcntl.fcntl(ear, fcntl.F_SETFL, fcntl.fcntl(ear, fcntl.F_GETFL) | os.O_ASYNC)
    os.write(mouth, b"!")


def read_memory(_: World) -> None:
    secret, place = ctypes.create_string_buffer(b"secret"), ctypes.create_string_buffer(6)
    here, there = ((ctypes.c_void_p * 2)(ctypes.addressof(one), 6) for one in (place, secret))
    kernel.call(number(310, 270), os.getpid(), ctypes.addressof(here), 1, ctypes.addressof(there), 1, 0)


PROCESS_TRIES = {
    "fork": Try(fork),
    "subprocess": Try(lambda _: subprocess.run(["/bin/true"], check=True), landlock=1),
    "posix_spawn": Try(lambda _: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)),
    # Where these two are allowed, the program ends this process with 0.
    "execve": Try(lambda _: os.execv("/bin/true", ["true"]), landlock=1),
    "execute memory": Try(execute_memory),
    "kill": Try(lambda world: os.kill(world.victim, signal.SIGKILL), landlock=6),
    "kill a thread": Try(
        lambda world: kernel.call(number(234, 131), world.victim, world.victim, signal.SIGKILL), landlock=6
    ),
    "kill by a handle": Try(lambda world: signal.pidfd_send_signal(os.pidfd_open(world.victim), signal.SIGKILL)),
    "kill by a pipe": Try(kill_by_a_pipe),
    "be traced": Try(lambda _: kernel.call(number(101, 117), 0)),
    "read memory": Try(read_memory),
    "leave the group": Try(lambda _: os.setsid()),
    "unshare": Try(lambda _: kernel.call(number(272, 97), 0)),
    "outlive the parent": Try(lambda _: kernel.control(1, 0)),
    "write a large file": Try(
        lambda world: Path(world.folder, "large").write_bytes(bytes(FILE + 1)), seccomp=False, limits=True
    ),
    "open many files": Try(lambda _: [os.dup(2) for _ in range(FILES)], seccomp=False, limits=True),
    "lift a limit": Try(
        lambda _: resource.setrlimit(resource.RLIMIT_NOFILE, (FILES + 1, FILES + 1)), seccomp=False, limits=True
    ),
}
TRIES = FILE_TRIES | NETWORK_TRIES | PROCESS_TRIES


def main(layers: str, world: World, names: list[str]) -> None:
    print(json.dumps(asdict(confine(Path(world.folder))) if layers != "none" else {}, default=list), flush=True)
    for name in names:
        error = None
        try:
            TRIES[name].run(world)
        except (OSError, ValueError) as denied:  # `resource` raises the latter
            error = repr(denied)
        print(json.dumps([name, error]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], World(**json.loads(sys.argv[2])), sys.argv[3:])
