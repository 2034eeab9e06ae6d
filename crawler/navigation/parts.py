"""The further pages of reports that one walk asks for: which came, and which are missing at its end."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.records.problems import Problem
from crawler.words.addresses import canonical


class Parts:
    """Further pages by their canonical address, with the address of their report, until they come."""

    def __init__(self) -> None:
        self._expected: dict[str, tuple[str, str]] = {}

    def expect(self, url: str, report: str) -> None:
        """A further page of the report at `report` is asked for."""
        self._expected[canonical(url)] = (url, report)

    def arrive(self, url: str) -> None:
        """What was asked for at `url` came as what it was asked for."""
        self._expected.pop(canonical(url), None)

    def problems(self) -> Iterator[Problem]:
        """A report of which further pages are missing, once each."""
        missing: dict[str, list[str]] = {}
        for url, report in self._expected.values():
            missing.setdefault(report, []).append(url)
        for report, urls in missing.items():
            detail = f"its further pages {', '.join(urls[:5])} could not be had; its text is without them"
            yield Problem("report_incomplete", report, detail)
