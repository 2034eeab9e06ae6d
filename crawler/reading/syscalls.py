"""Which system calls a reader process may make, by their numbers; all others are denied.

The list names what Python, libc and the libraries of `pipelines.documents` ask for, and what else touches nothing but
the process itself, so that another libc works with it. What is not listed needs no thought: mounts, keys, tracing,
other namespaces, io_uring, programs, and whatever a later kernel adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""What the kernel calls the architectures whose numbers stand here (AUDIT_ARCH_*), in the order of the columns."""
NEWEST = 463
"""First number that the table does not know, on either: what comes after it is answered as by a kernel without it, so
that a newer libc falls back on what is known. The numbers of x32 lie above, too."""

_PLAIN = (
    # files and folders
    """
    read 0 63, write 1 64, readv 19 65, writev 20 66, pread64 17 67, pwrite64 18 68, preadv 295 69, pwritev 296 70,
    preadv2 327 286, pwritev2 328 287, lseek 8 62, close 3 57, close_range 436 436, stat 4 -, fstat 5 80,
    lstat 6 -, newfstatat 262 79, statx 332 291, access 21 -, faccessat 269 48, faccessat2 439 439, readlink 89 -,
    readlinkat 267 78, getdents 78 -, getdents64 217 61, getcwd 79 17, chdir 80 49, fchdir 81 50, statfs 137 43,
    fstatfs 138 44, fsync 74 82, fdatasync 75 83, flock 73 32, fallocate 285 47, fadvise64 221 223,
    ftruncate 77 46, sendfile 40 71, copy_file_range 326 285, umask 95 166, readahead 187 213
    """,
    # pipes, and sockets that are open already
    """
    dup 32 23, dup2 33 -, dup3 292 24, pipe 22 -, pipe2 293 59, poll 7 -, ppoll 271 73, select 23 -,
    pselect6 270 72, epoll_create 213 -, epoll_create1 291 20, epoll_ctl 233 21, epoll_wait 232 -,
    epoll_pwait 281 22, epoll_pwait2 441 441, eventfd 284 -, eventfd2 290 19, recvfrom 45 207
    """,
    # memory
    """
    mmap 9 222, munmap 11 215, mprotect 10 226, mremap 25 216, madvise 28 233, brk 12 214, msync 26 227,
    mincore 27 232, memfd_create 319 279, membarrier 324 283, mseal 462 462, map_shadow_stack 453 453,
    get_mempolicy 239 236
    """,
    # threads
    """
    futex 202 98, futex_waitv 449 449, futex_wake 454 454, futex_wait 455 455, futex_requeue 456 456,
    set_robust_list 273 99, set_tid_address 218 96, rseq 334 293, arch_prctl 158 -, getcpu 309 168, gettid 186 178,
    sched_yield 24 124, sched_getaffinity 204 123, sched_getparam 143 121, sched_getscheduler 145 120,
    sched_get_priority_max 146 125, sched_get_priority_min 147 126, getpriority 140 141
    """,
    # signals to itself, and its end
    """
    rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigsuspend 130 133,
    rt_sigtimedwait 128 137, sigaltstack 131 132, restart_syscall 219 128, pause 34 -, exit 60 93,
    exit_group 231 94, wait4 61 260, waitid 247 95
    """,
    # who it is
    """
    getpid 39 172, getppid 110 173, getuid 102 174, geteuid 107 175, getgid 104 176, getegid 108 177,
    getresuid 118 148, getresgid 120 150, getgroups 115 158, getpgid 121 155, getpgrp 111 -, getsid 124 156,
    capget 125 90, uname 63 160, sysinfo 99 179, getrusage 98 165, getrlimit 97 163, setrlimit 160 164,
    getrandom 318 278
    """,
    # time
    """
    clock_gettime 228 113, clock_getres 229 114, clock_nanosleep 230 115, nanosleep 35 101, gettimeofday 96 169,
    time 201 -, times 100 153, getitimer 36 102, setitimer 38 103, alarm 37 -
    """,
)
_WRITING = """
    creat 85 -, mkdir 83 -, mkdirat 258 34, rmdir 84 -, unlink 87 -, unlinkat 263 35, rename 82 -, renameat 264 38,
    renameat2 316 276
"""
"""What only a process asks for that may write files."""
_CHECKED = """
    open 2 -, openat 257 56, clone 56 220, kill 62 129, tgkill 234 131, prctl 157 167, ioctl 16 29, fcntl 72 25,
    prlimit64 302 261, sched_setaffinity 203 122, sendto 44 206
"""
"""What is allowed by its arguments."""
_ABSENT = """
    clone3 435 435
"""
"""What is answered as by a kernel without it. The flags of clone3 stand in memory, where no filter reads them; those of
clone, on which libc falls back, do not."""
_SECCOMP = "seccomp 317 277"

_THREAD = 0x10000
_NAMESPACES = 0x7E020000
_ACCESS, _CREATE, _TRUNCATE = 0o3, 0o100, 0o1000
"""Bits of the flags of open, the same on both architectures."""
_OPTIONS = {
    "PR_GET_PDEATHSIG": 2,
    "PR_GET_DUMPABLE": 3,
    "PR_SET_NAME": 15,
    "PR_GET_NAME": 16,
    "PR_GET_SECCOMP": 21,
    "PR_GET_NO_NEW_PRIVS": 39,
    "PR_SET_VMA": 0x53564D41,
}
_REQUESTS = {
    "TCGETS": 0x5401,
    "TIOCGWINSZ": 0x5413,
    "FIONREAD": 0x541B,
    "FIONBIO": 0x5421,
    "FIONCLEX": 0x5450,
    "FIOCLEX": 0x5451,
}
"""Of ioctl: what Python asks of a file that it opens; none that types into a terminal or names an owner for signals."""
_COMMANDS = {
    "F_DUPFD": 0,
    "F_GETFD": 1,
    "F_SETFD": 2,
    "F_GETFL": 3,
    "F_SETFL": 4,
    "F_GETLK": 5,
    "F_SETLK": 6,
    "F_SETLKW": 7,
    "F_OFD_GETLK": 36,
    "F_OFD_SETLK": 37,
    "F_OFD_SETLKW": 38,
    "F_DUPFD_CLOEXEC": 1030,
    "F_GETPIPE_SZ": 1032,
    "F_ADD_SEALS": 1033,
    "F_GET_SEALS": 1034,
}
"""Of fcntl. F_SETOWN and F_SETSIG, which are not here, send any signal to any process."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What an argument (from 0) must be in the bits of `mask`, in its lower half or its upper: one of `values`."""

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    upper: bool = False


@dataclass(frozen=True, slots=True)
class Calls:
    """By number: calls allowed whatever is asked, calls allowed where all conditions hold, calls that are not there."""

    allowed: frozenset[int]
    checked: Mapping[int, tuple[Condition, ...]]
    absent: frozenset[int]


def numbers(architecture: str) -> dict[str, int]:
    """Every call of the tables by its name. Raises ValueError for another architecture than ARCHITECTURES has."""
    return {
        name: number
        for table in (*_PLAIN, _WRITING, _CHECKED, _ABSENT, _SECCOMP)
        for name, number in _column(table, architecture).items()
    }


def calls(architecture: str, process: int, writing: bool) -> Calls:
    """What process number `process` may ask for. Without `writing` it opens no file but to read, and neither makes nor
    removes any, wherever: for a kernel that has no rules on folders. Raises ValueError as `numbers` does."""
    conditions = _conditions(process, writing)
    tables = (*_PLAIN, _WRITING) if writing else _PLAIN
    return Calls(
        allowed=frozenset(number for table in tables for number in _column(table, architecture).values()),
        checked={number: conditions[name] for name, number in _column(_CHECKED, architecture).items()},
        absent=frozenset(_column(_ABSENT, architecture).values()),
    )


def _conditions(process: int, writing: bool) -> dict[str, tuple[Condition, ...]]:
    opening: tuple[tuple[int, ...], int] = ((0,), _ACCESS | _CREATE | _TRUNCATE)
    if writing:
        # Landlock before its third version overlooks a file opened to be read and emptied.
        opening = ((0, 1, 2, _TRUNCATE | 1, _TRUNCATE | 2), _ACCESS | _TRUNCATE)
    itself = (Condition(0, (process,)),)
    self_or_caller = (Condition(0, (0, process)),)
    return {
        "open": (Condition(1, *opening),),
        "openat": (Condition(2, *opening),),
        "clone": (Condition(0, (_THREAD,), _THREAD | _NAMESPACES),),
        "kill": itself,
        "tgkill": itself,
        "prctl": (Condition(0, tuple(_OPTIONS.values())),),
        "ioctl": (Condition(1, tuple(_REQUESTS.values())),),
        "fcntl": (Condition(1, tuple(_COMMANDS.values())),),
        "prlimit64": self_or_caller,
        "sched_setaffinity": self_or_caller,
        # To whom a socket is connected that is open already, not to an address.
        "sendto": (Condition(4, (0,)), Condition(4, (0,), upper=True)),
    }


def _column(table: str, architecture: str) -> dict[str, int]:
    place = 1 + list(ARCHITECTURES).index(architecture)
    rows = (row.split() for row in table.split(","))
    return {row[0]: int(row[place]) for row in rows if row[place] != "-"}
