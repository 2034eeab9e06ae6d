"""What every table and column of an archive holds, with its unit and source; the documentation is written from this.

The comment under the empty name is the table's own. A test fails on a column without one.
"""

from __future__ import annotations

from crawler.archive.schema import panel
from crawler.archive.schema.comments import codes, derived, mementos, observed, views

COMMENTS: dict[str, dict[str, str]] = {
    **observed.COMMENTS,
    **mementos.COMMENTS,
    **derived.COMMENTS,
    **codes.COMMENTS,
    **views.COMMENTS,
    "panel": panel.comments(),
}
