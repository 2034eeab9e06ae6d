"""The kernel's calls that Python has no name for."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from ctypes import c_long, c_ulong

_libc = ctypes.CDLL(None, use_errno=True)


def architecture() -> str:
    """What system calls are numbered by: `x86_64`, `aarch64` …; empty for another system than Linux.

    A process of 32 bits on a kernel of 64 has the numbers of neither, and counts as none.
    """
    return platform.machine() if sys.platform == "linux" and struct.calcsize("P") == 8 else ""


def call(number: int, *arguments: int) -> int:
    """One system call of Linux by its number; pointers as addresses. Raises OSError."""
    if not architecture():
        raise OSError("not Linux")
    _libc.syscall.restype = c_long
    return _result(_libc.syscall(c_long(number), *map(c_long, arguments)))


def control(option: int, argument: int = 0) -> int:
    """prctl(2), whose further arguments are 0. Raises OSError."""
    if not architecture():
        raise OSError("not Linux")
    return _result(_libc.prctl(option, c_ulong(argument), c_ulong(0), c_ulong(0), c_ulong(0)))


def _result(value: int) -> int:
    if value < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return value
