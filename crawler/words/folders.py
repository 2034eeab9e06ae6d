"""Folders of an address: those that stand in it again and again, and those named after the column of reports.

A portal that answers any address with a whole page (sources/pages#soft-404) answers its own relative links and frames
with that page as well, and each leads one folder deeper. No bound of a walk but its budget ends that.
"""

from __future__ import annotations

import re
from collections import Counter

_MOST = 3
"""Times that one folder stands in a real address: /xxgk/xxgk/ is met, and a third is thinkable."""

_REPORTS = re.compile(r"/[a-z_]{0,20}(?:gk(?:gz)?(?:nb|ndbg|ndgzbg)|gzndbg|ndgzbg|ndbg)[a-z0-9_]{0,8}(?:/|\.|$)", re.I)
"""Initials of 公开年报, 公开工作年度报告, 年度报告: zfxxgknb, xxgkndbg, gzndbg (sources/pages#addresses)."""


def names_reports(url: str) -> bool:
    """Whether a folder or page of `url` is named after the column of reports. Never raises."""
    return bool(_REPORTS.search(url.partition("?")[0].partition("#")[0]))


def is_nested(url: str) -> bool:
    """Whether a folder stands in the path of `url` more often than in any real one. Never raises."""
    folders = url.partition("?")[0].partition("#")[0].split("/")[3:-1]
    return len(folders) > _MOST and max(Counter(filter(None, folders)).values(), default=0) > _MOST
