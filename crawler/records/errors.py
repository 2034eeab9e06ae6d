"""Errors that a user can act on, each with the exit code of the command it ends."""

EXIT_DONE = 0
"""All went well."""
EXIT_ATTENTION = 1
"""Done, but something wants a person: a host blocked or out of reach, a trail broken, an expectation failed."""
EXIT_USAGE = 2
"""Bad usage, profile or archive; nothing was touched."""
EXIT_LOCKED = 3
"""Another run holds this archive."""
EXIT_INTERRUPTED = 130
"""Interrupted; the archive is consistent."""


class NianbaoError(Exception):
    """One clear sentence: what was wrong, where (file, key, URL) and what was expected."""

    exit_code = EXIT_USAGE


class ProfileError(NianbaoError):
    """A portal profile that cannot be used."""


class ArchiveError(NianbaoError):
    """An archive that cannot be opened, read or written."""


class RedactedError(ArchiveError):
    """What was asked for was removed on a legal demand."""


class ArchiveLockedError(ArchiveError):
    """Another run holds the archive."""

    exit_code = EXIT_LOCKED


class QueryError(NianbaoError):
    """A search that asks for too much, or for what is no text."""


class StoreError(NianbaoError):
    """A store that cannot be found, read or written, or an object that is not what it should be."""
