"""A filter of system calls, set by a process on itself (seccomp), written as the kernel's own small programs (BPF).

The bindings for it (pyseccomp, Debian's python3-seccomp) want libseccomp on the system, which pip does not bring.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator

from crawler.reading import kernel
from crawler.reading.syscalls import ARCHITECTURES, NEWEST, Condition, calls, numbers

LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
"""Codes of instructions: load a word of the call's record; compare, and jump; mask; end with a verdict."""
ALLOW, ERROR, KILL = 0x7FFF0000, 0x00050000, 0x80000000
"""Verdicts; the number of an error stands in the low bits of ERROR."""
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Places in the kernel's record of a call, whose words have 4 bytes, the low half of an argument first."""
_SET_FILTER, _ALL_THREADS = 1, 1

Instruction = tuple[int, int, int, int]
"""Code, jump where a comparison holds, jump where it does not, operand: jumps count what is left out."""


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("yes", ctypes.c_uint8),
        ("no", ctypes.c_uint8),
        ("operand", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def program(architecture: str, process: int, writing: bool) -> list[Instruction]:
    """The filter for process number `process`: what `calls` lists is allowed, the rest is an error EPERM; a call in the
    manner of another architecture, whose numbers mean other things, ends the process. Raises ValueError for an
    architecture whose numbers are not known."""
    listed = calls(architecture, process, writing)
    return [
        (LOAD, 0, 0, _ARCHITECTURE),
        (EQUAL, 1, 0, ARCHITECTURES[architecture]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, _NUMBER),
        (AT_LEAST, 0, 1, NEWEST),
        (RETURN, 0, 0, ERROR | errno.ENOSYS),
        *(line for number in sorted(listed.allowed) for line in ((EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW))),
        *(line for number, conditions in sorted(listed.checked.items()) for line in _checked(number, conditions)),
        *(
            line
            for number in sorted(listed.absent)
            for line in ((EQUAL, 0, 1, number), (RETURN, 0, 0, ERROR | errno.ENOSYS))
        ),
        (RETURN, 0, 0, ERROR | errno.EPERM),
    ]


def _checked(number: int, conditions: tuple[Condition, ...]) -> Iterator[Instruction]:
    lines = [line for condition in conditions for line in _condition(condition)]
    yield EQUAL, 0, len(lines) + 1, number
    yield from lines
    yield RETURN, 0, 0, ALLOW


def _condition(condition: Condition) -> Iterator[Instruction]:
    yield LOAD, 0, 0, _ARGUMENTS + 8 * condition.argument + 4 * condition.upper
    yield AND, 0, 0, condition.mask
    for jump, value in zip(range(len(condition.values), 0, -1), condition.values, strict=True):
        yield EQUAL, jump, 0, value
    yield RETURN, 0, 0, ERROR | errno.EPERM


def install(writing: bool) -> None:
    """Set the filter on this process, all its threads included; it cannot be taken back. Wants `no new privileges` set.

    Raises OSError where the kernel has no filters, or the architecture's numbers are not known.
    """
    architecture = kernel.architecture()
    if architecture not in ARCHITECTURES:
        raise OSError(f"no numbers of system calls for {architecture or 'this system'}")
    lines = program(architecture, os.getpid(), writing)
    filled = _Program(len(lines), (_Instruction * len(lines))(*(_Instruction(*line) for line in lines)))
    if thread := kernel.call(numbers(architecture)["seccomp"], _SET_FILTER, _ALL_THREADS, ctypes.addressof(filled)):
        raise OSError(f"thread {thread} has a filter of its own")
