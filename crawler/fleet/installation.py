"""Whether the packages of the fleet are there, which the user of one machine does without."""

from __future__ import annotations

from crawler.records.errors import NianbaoError
from crawler.words.installation import install_line


def check() -> None:
    """Raise NianbaoError, with the line that installs them, where a package is missing."""
    try:
        import obstore  # noqa: F401
        import procrastinate  # noqa: F401
        import psycopg  # noqa: F401
        import pyarrow  # type: ignore[import-untyped]  # noqa: F401
    except ImportError as error:
        raise NianbaoError(
            f"a fleet needs procrastinate, psycopg, obstore and pyarrow; `{install_line('fleet')}` installs them"
            f" ({error})"
        ) from error
