"""Landlock: the kernel's rules on the files that a process may reach, set by itself (from Linux 5.13 on).

The packages for it (landlock, py-landlock, landlockpy) wrap the same three system calls; none has a release that is
both final and older than a year, so the calls stand here.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Mapping
from enum import IntFlag
from pathlib import Path

from crawler.reading import kernel

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""The calls' numbers, the same on every architecture."""
_VERSION = 1
_PATH_BENEATH = 1
_ALL_THREADS = 1 << 3
THREADS_ABI = 8
"""From which version on a process's other threads can be restricted with it."""


class Access(IntFlag):
    """Rights over files, by the kernel's bits."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


LIST = Access.READ_DIR
READ = Access.READ_FILE | Access.READ_DIR
DEVICE = Access.READ_FILE | Access.WRITE_FILE
FOLDER = (
    READ
    | Access.WRITE_FILE
    | Access.TRUNCATE
    | Access.MAKE_REG
    | Access.MAKE_DIR
    | Access.REMOVE_FILE
    | Access.REMOVE_DIR
    | Access.REFER
)
"""In a folder of one's own: files and folders, no links, sockets, pipes or devices."""
_OF_FILES = Access.EXECUTE | Access.WRITE_FILE | Access.READ_FILE | Access.TRUNCATE | Access.IOCTL_DEV
"""What a rule may say of a single file; of others only a rule for a folder may speak."""
_TCP = 0b11
"""To bind and to connect."""
_SCOPES = 0b11
"""Abstract UNIX sockets, and signals, of processes outside."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The kernel's version of Landlock. Raises OSError where it has none, or does not let this process use it."""
    return kernel.call(CREATE_RULESET, 0, 0, _VERSION)


def rights(abi: int) -> Access:
    """Those that version `abi` knows."""
    every = Access((1 << 16) - 1)
    if abi < 5:
        every &= ~Access.IOCTL_DEV
    if abi < 3:
        every &= ~Access.TRUNCATE
    if abi < 2:
        every &= ~Access.REFER
    return every


def restrict(allowed: Mapping[Path, Access], abi: int) -> None:
    """Deny this process everything that version `abi` knows, but for what `allowed` says of folders, with all beneath,
    and of files. What is not there, or cannot be opened, is left out. TCP is denied from version 4 on, abstract UNIX
    sockets and signals to others from 6; other threads are restricted from THREADS_ABI on.

    Cannot be taken back. Wants `no new privileges` set. Raises OSError, with nothing restricted.
    """
    handled = rights(abi)
    rules = _Ruleset(handled, _TCP if abi >= 4 else 0, _SCOPES if abi >= 6 else 0)
    # An older kernel takes the longer record as long as what it does not know is 0.
    ruleset = kernel.call(CREATE_RULESET, ctypes.addressof(rules), ctypes.sizeof(rules), 0)
    try:
        for path, access in allowed.items():
            _allow(ruleset, path, access & handled)
        kernel.call(RESTRICT_SELF, ruleset, _ALL_THREADS if abi >= THREADS_ABI else 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, access: Access) -> None:
    try:
        parent = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            access &= _OF_FILES
        if access:
            rule = _Beneath(access, parent)
            kernel.call(ADD_RULE, ruleset, _PATH_BENEATH, ctypes.addressof(rule), 0)
    finally:
        os.close(parent)
