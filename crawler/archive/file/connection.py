"""Opens the SQLite file: one clear sentence for every way in which that can fail, and the settings of a connection."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from pathlib import Path

from crawler.archive import schema
from crawler.archive.file import codes, seals
from crawler.archive.file.functions import register
from crawler.records.errors import ArchiveError, ArchiveLockedError

DEFAULT_FOLDER = Path("data")
"""The one folder that is made where it is missing: that of the default path, data/archive.db."""

BUSY_MS = 5_000
"""How long to wait for another program that holds the file for a moment (a checkpoint, a copy being made)."""

DAMAGED = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What a damaged file raises; the driver fails to read SQLite's own message where that cites bytes that are no text."""

_MAGIC = b"SQLite format 3\0"


def open_for_writing(path: Path, *, create: bool = True) -> sqlite3.Connection:
    """The connection to the archive at `path`, made if need be, every migration applied.

    Raises ArchiveError, or ArchiveLockedError where another program holds the file.
    """
    if path.parent == DEFAULT_FOLDER:
        with contextlib.suppress(OSError):  # told in a moment, as for any other directory
            path.parent.mkdir(exist_ok=True)
    if not os.path.isdir(path.parent):
        raise ArchiveError(f"{path}: the directory {path.parent} does not exist")
    _check_file(path, must_exist=not create)
    if not os.access(path.parent, os.W_OK) or (os.path.exists(path) and not os.access(path, os.W_OK)):
        raise ArchiveError(f"{path} cannot be written; check the permissions of the file and of {path.parent}")
    try:
        connection = connect(path, "mode=rwc" if create else "mode=rw")
    except sqlite3.Error as error:
        raise ArchiveError(f"{path} cannot be opened for writing: {error}") from error
    try:
        _check_contents(path, connection)
        # 4096 is the page size that measured best with bodies of 2 to 20 KB; it only takes in a file still empty.
        connection.execute("pragma page_size = 4096")
        connection.execute("pragma journal_mode = wal")
        # FULL syncs the log with every commit: what was committed survives a power cut as well as a killed process.
        # There are two commits a second at most, or one for a hundred pages, so it costs next to nothing.
        connection.execute("pragma synchronous = full")
        # 16 MB of log between checkpoints instead of 4: fewer pages of the tree written twice (0.05 ms a page less).
        connection.execute("pragma wal_autocheckpoint = 4000")
        _bring_up_to_date(connection)
        seals.keep(connection)
        return connection
    except sqlite3.OperationalError as error:
        connection.close()
        if "locked" in str(error) or "busy" in str(error):
            raise ArchiveLockedError(
                f"{path} is held by another program ({error}); try again when it is done"
            ) from None
        raise ArchiveError(f"{path} cannot be written: {error}") from error
    except DAMAGED as error:
        connection.close()
        raise ArchiveError(f"{path} is damaged: {error}") from error
    except ArchiveError:
        connection.close()
        raise


def open_for_reading(path: Path, *, immutable: bool = False) -> sqlite3.Connection:
    """A read-only connection to the archive at `path`; `immutable`: nobody writes to it. Raises ArchiveError."""
    _check_file(path, must_exist=True)
    writable = not immutable and os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)
    # A connection that may write folds the log back and takes it away when it is the last to close; a strictly
    # read-only one leaves two files behind. What it may not do is told to SQLite below.
    try:
        connection = connect(path) if writable else _connected(read_only_address(path, immutable=immutable))
        connection.execute("pragma query_only = on")
    except sqlite3.Error as error:
        raise ArchiveError(f"{path} cannot be read: {error}") from error
    try:
        _check_contents(path, connection)
        applied = schema.applied(connection)
        if not applied:
            # A run that was killed while it made the file.
            raise ArchiveError(f"{path} has nothing in it yet; `nianbao crawl` or `nianbao demo` fills it")
        if applied < set(schema.NAMES) or codes.is_former(connection):
            raise ArchiveError(
                f"{path} was made by an older version of nianbao; `nianbao rebuild` brings it up to date"
            )
    except DAMAGED as error:
        connection.close()
        raise ArchiveError(f"{path} cannot be read: {error}") from error
    except ArchiveError:
        connection.close()
        raise
    return connection


def read_only_address(path: Path, *, immutable: bool = False) -> str:
    """SQLite's URI for a connection that writes nothing. `immutable`: the file is a copy that nobody writes to."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    wal = path.with_name(path.name + "-wal")
    if not immutable and not os.access(path.parent, os.W_OK):
        # A file in WAL mode in a folder where SQLite cannot make its index of the log, and there is no log.
        immutable = not (wal.exists() and wal.stat().st_size)
    return address + ("&immutable=1" if immutable else "")


def holds_archive(path: Path) -> bool:
    """Whether a file is an archive of ours; False for what cannot be read."""
    try:
        with contextlib.closing(sqlite3.connect(read_only_address(path), uri=True)) as connection:
            return schema.is_archive(connection)
    except (sqlite3.Error, OSError):
        return False


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Apply the migrations that are missing, and seal what they made: all in one transaction, or nothing of it."""
    if schema.applied(connection).issuperset(schema.NAMES) and codes.is_filled(connection):
        return
    connection.execute("begin immediate")
    try:
        sealed = connection.execute("select 1 from sqlite_master where name = 'seals'").fetchone()
        damaged = seals.damages(connection) if sealed else {}
        schema.migrate(connection)
        codes.fill(connection)
        seals.renew(connection, damaged)
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:  # a full disk ends it by itself
            connection.execute("rollback")
        raise


def connect(path: Path, mode: str = "mode=rw") -> sqlite3.Connection:
    """A connection with our functions, and nothing looked at. Raises sqlite3.Error."""
    return _connected(f"{path.resolve().as_uri()}?{mode}")


def _connected(address: str) -> sqlite3.Connection:
    # Transactions are begun and ended by name (isolation_level None): the driver's own would hide where they end.
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_MS / 1000, cached_statements=256)
    connection.row_factory = sqlite3.Row
    connection.execute("pragma foreign_keys = on")
    register(connection, longest_text=sys.maxsize)  # a migration indexes the texts that are there
    return connection


def _check_file(path: Path, *, must_exist: bool) -> None:
    """What can be told without SQLite. Raises ArchiveError.

    `os.path` and not `Path`, whose questions end in PermissionError where a directory may not be looked into.
    """
    if os.path.isdir(path):
        raise ArchiveError(f"{path} is a directory; expected a file")
    if not os.path.exists(path):
        if must_exist:
            demo = path.with_name("demo.db")
            if os.path.isfile(demo):
                raise ArchiveError(f"{path} does not exist, but {demo} does, made by `nianbao demo`: --archive {demo}")
            raise ArchiveError(f"{path} does not exist; `nianbao crawl` or `nianbao demo` makes an archive")
        return
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}") from error
    if start != _MAGIC and (start or must_exist):
        raise ArchiveError(f"{path} is not an SQLite file; expected an archive made by nianbao")


def _is_blank(connection: sqlite3.Connection) -> bool:
    """Whether nothing is in a file but, at most, the empty list of migrations: what a program before 0.2 left where the
    disk was full when it made an archive."""
    names = {row[0] for row in connection.execute("select tbl_name from sqlite_master")}
    if names - {schema.TABLE}:
        return False
    return not names or connection.execute(f"select 1 from {schema.TABLE}").fetchone() is None


def _check_contents(path: Path, connection: sqlite3.Connection) -> None:
    """Is it an archive (or empty), and one that this version knows? Raises ArchiveError, sqlite3.DatabaseError."""
    (application,) = connection.execute("pragma application_id").fetchone()
    if application != schema.APPLICATION_ID:
        if application or not _is_blank(connection):
            raise ArchiveError(f"{path} is an SQLite file with other tables; expected an archive made by nianbao")
        return
    (version,) = connection.execute("pragma user_version").fetchone()
    unknown = sorted(schema.applied(connection).difference(schema.NAMES))
    if version > schema.VERSION or unknown:
        what = ", ".join(unknown) or f"schema {version}, this version knows up to {schema.VERSION}"
        raise ArchiveError(f"{path} was made by a newer version of nianbao ({what}); update the program to use it")
