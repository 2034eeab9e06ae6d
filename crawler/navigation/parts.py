"""The files and further pages of reports that one walk asks for, and which of the pages are missing at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crawler.navigation.gate import Gate
from crawler.navigation.itinerary import Itinerary
from crawler.navigation.remarks import skip
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.ways import Next, Plan, Position, file_of
from crawler.words.addresses import canonical

MAX_FILES = 60
"""Files and pictures of one report; a page with more is a gallery."""


class Parts:
    """Further pages by their canonical address, with the address of their report, until they come."""

    def __init__(self, plan: Plan, itinerary: Itinerary, gate: Gate) -> None:
        self._expected: dict[str, tuple[str, str]] = {}
        self._plan = plan
        self._itinerary = itinerary
        self._gate = gate

    def named_by(self, page: Page, position: Position) -> list[Next]:
        """The further pages, files and pictures that belong to a report, on the profile's hosts; those of other hosts
        are named."""
        successors = []
        files = sorted(page.attachments, key=lambda file: (file.media_type or "").startswith("image/"))
        for file in files[:MAX_FILES]:
            if not self._plan.allows(file.url):
                skip(page, "other_host")
                if not (file.media_type or "").startswith("image/"):
                    detail = f"the file {file.label or ''!r} of {page.capture.url} stands on a host of its own"
                    page.problems.append(Problem("host_not_allowed", file.url, detail))
                continue
            way = file_of(file.url, file.label, position)
            if self._gate.opens(page, way):
                if file.part:
                    report = page.capture.url if not position.trail else position.trail[-1].url
                    self._expected[canonical(file.url)] = (file.url, report)
                successors.append(self._itinerary.send(way))
        return successors

    def arrive(self, page: Page, position: Position) -> list[Next]:
        """A file or further page came; the further pages of its report that it names."""
        self._expected.pop(canonical(position.trail[-1].url), None)
        return self.named_by(page, replace(position, trail=position.trail[:-1], attached=False))

    def problems(self) -> Iterator[Problem]:
        """A report of which further pages are missing, once each."""
        missing: dict[str, list[str]] = {}
        for url, report in self._expected.values():
            missing.setdefault(report, []).append(url)
        for report, urls in missing.items():
            detail = f"its further pages {', '.join(urls[:5])} could not be had; its text is without them"
            yield Problem("report_incomplete", report, detail)
