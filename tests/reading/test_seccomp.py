"""The filter, run here by the rules of the kernel's own small machine, for both architectures; and its numbers."""

from __future__ import annotations

import errno
import re
import signal
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.reading import kernel
from crawler.reading.seccomp import ALLOW, AND, AT_LEAST, EQUAL, ERROR, KILL, LOAD, RETURN, Instruction, program
from crawler.reading.syscalls import ARCHITECTURES, NEWEST, numbers
from tests.support.confining import confined

PROCESS = 4321
DENIED, ABSENT = ERROR | errno.EPERM, ERROR | errno.ENOSYS
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


def verdict(lines: list[Instruction], architecture: int, number: int, arguments: tuple[int, ...]) -> int:
    """What the program says of a call."""
    words = arguments + (0,) * (6 - len(arguments))
    record = struct.pack("<II8x6Q", number, architecture, *(word & (1 << 64) - 1 for word in words))
    accumulator, place = 0, 0
    while True:
        code, yes, no, operand = lines[place]
        place += 1
        if code == LOAD:
            accumulator = struct.unpack_from("<I", record, operand)[0]
        elif code == AND:
            accumulator &= operand
        elif code == RETURN:
            return operand
        else:
            holds = {EQUAL: accumulator == operand, AT_LEAST: accumulator >= operand}[code]
            place += yes if holds else no


def said(architecture: str, name: str, *arguments: int, writing: bool = True) -> int:
    lines = program(architecture, PROCESS, writing)
    return verdict(lines, ARCHITECTURES[architecture], numbers(architecture)[name], arguments)


def columns(architecture: str) -> Iterator[tuple[str, int]]:
    """Every call of the system's own header."""
    header = HEADERS[architecture]
    if not header.exists():
        pytest.skip(f"no {header} here")
    for name, number in re.findall(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)$", header.read_text(), re.M):
        yield {"fstatat": "newfstatat"}.get(name, name) if architecture == "aarch64" else name, int(number)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_numbers_are_those_of_the_system(architecture: str) -> None:
    known = dict(columns(architecture))
    ours = numbers(architecture)
    newer = {name for name, number in ours.items() if number > max(known.values())}
    assert {name: number for name, number in ours.items() if name not in newer} == {
        name: known.get(name) for name in ours if name not in newer
    }
    assert len(ours) - len(newer) > 100


@pytest.mark.parametrize("writing", [True, False])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_what_is_not_listed_is_denied(architecture: str, writing: bool) -> None:
    lines = program(architecture, PROCESS, writing)
    listed = numbers(architecture)
    found = {
        name: verdict(lines, ARCHITECTURES[architecture], number, ())
        for name, number in columns(architecture)
        if name not in listed
    }
    assert {name for name, answer in found.items() if answer not in (DENIED, ABSENT)} == set()
    # The list is long: what it must not have is named here.
    assert found.keys() >= {
        *("socket", "socketpair", "connect", "bind", "listen", "accept4", "sendmsg", "recvmsg", "shutdown"),
        *("execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "kcmp"),
        *("tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_send_signal", "pidfd_getfd"),
        *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen"),
        *("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "add_key", "keyctl"),
        *("truncate", "symlinkat", "linkat", "mknodat", "fchmod", "fchmodat", "fchownat", "utimensat", "setxattr"),
        *("setsid", "setpgid", "setuid", "setresuid", "capset", "setpriority", "init_module", "reboot", "openat2"),
        *("open_by_handle_at", "name_to_handle_at", "inotify_init1", "fanotify_init", "mq_open", "shmget", "msgget"),
    }


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_calls_are_weighed_by_their_arguments(architecture: str) -> None:
    thread, child, namespace = 0x3D0F00, 17, 0x10000 | 0x10000000
    assert said(architecture, "clone", thread) == ALLOW
    assert said(architecture, "clone", child) == said(architecture, "clone", namespace) == DENIED
    assert said(architecture, "clone3") == ABSENT
    assert said(architecture, "kill", PROCESS, signal.SIGTERM) == said(architecture, "tgkill", PROCESS) == ALLOW
    for other in (0, 1, -1, -PROCESS, PROCESS + 1):
        assert said(architecture, "kill", other, signal.SIGKILL) == said(architecture, "tgkill", other) == DENIED
    assert said(architecture, "prlimit64", 0) == said(architecture, "prlimit64", PROCESS) == ALLOW
    assert said(architecture, "prlimit64", 1) == said(architecture, "sched_setaffinity", 1) == DENIED
    assert said(architecture, "prctl", 15) == ALLOW
    assert {said(architecture, "prctl", option) for option in (1, 4, 22, 24, 47, 0x59616D61)} == {DENIED}
    assert said(architecture, "ioctl", 0, 0x5401) == ALLOW
    assert {said(architecture, "ioctl", 0, request) for request in (0x5412, 0x8901, 0x8902, 0x541D)} == {DENIED}
    assert said(architecture, "fcntl", 0, 1030) == ALLOW
    assert {said(architecture, "fcntl", 0, command) for command in (8, 10, 15, 1024, 1026)} == {DENIED}
    assert said(architecture, "sendto", 3, 1, 1, 0, 0) == ALLOW
    for address in (1 << 12, 1 << 32):
        assert said(architecture, "sendto", 3, 1, 1, 0, address) == DENIED


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize(
    ("flags", "writing", "wanted"),
    [
        (0o2000000, False, ALLOW),
        (0o1, True, ALLOW),
        (0o1102, True, ALLOW),
        (0o1000, True, DENIED),  # to be read, and emptied
        (0o3, True, DENIED),
        (0o1, False, DENIED),
        (0o2, False, DENIED),
        (0o100, False, DENIED),
        (0o1000, False, DENIED),
    ],
)
def test_files_are_opened_by_their_flags(architecture: str, flags: int, writing: bool, wanted: int) -> None:
    assert said(architecture, "openat", -100, 0, flags, writing=writing) == wanted
    if "open" in numbers(architecture):
        assert said(architecture, "open", 0, flags, writing=writing) == wanted
    assert said(architecture, "unlinkat", writing=writing) == (ALLOW if writing else DENIED)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_another_architecture_ends_the_process_and_later_calls_are_not_there(architecture: str) -> None:
    lines = program(architecture, PROCESS, True)
    for name, number in ARCHITECTURES.items():
        if name != architecture:
            assert verdict(lines, number, numbers(architecture)["read"], ()) == KILL
    assert verdict(lines, 0x40000003, numbers(architecture)["read"], ()) == KILL  # i386
    for number in (NEWEST, 600, 0x40000000, 0xFFFFFFFF):  # among them those of x32
        assert verdict(lines, ARCHITECTURES[architecture], number, ()) == ABSENT


def test_the_kernel_takes_no_longer_program() -> None:
    assert all(len(program(architecture, PROCESS, True)) < 4096 for architecture in ARCHITECTURES)
    assert all(0 <= yes < 256 and 0 <= no < 256 for _, yes, no, _ in program("x86_64", PROCESS, True))


FOREIGN = """
import ctypes, mmap
# mov eax, 20 (getpid of i386); int 0x80; ret
memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
memory.write(bytes.fromhex("b814000000cd80c3"))
foreign = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
print(foreign() > 0)
"""


@pytest.mark.skipif(sys.platform != "linux" or kernel.architecture() != "x86_64", reason="calls of i386 are x86-64's")
def test_a_call_in_the_manner_of_another_architecture_ends_the_process(tmp_path: Path) -> None:
    _, answer, code = confined(tmp_path, FOREIGN, layers="")
    if answer != b"True\n":
        pytest.skip(f"this kernel knows no calls of i386 (exit {code})")
    confinement, answer, code = confined(tmp_path, FOREIGN, layers="seccomp")
    if not confinement["seccomp"]:
        pytest.skip(confinement["lacks"]["seccomp"])
    assert (answer, code) == (b"", -signal.SIGSYS)
