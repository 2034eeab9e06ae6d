"""All stages in order, as the archive asks for them, carried out by readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crawler.archive.file.captures import Material
from crawler.reading.pool import Pool
from crawler.reading.question import Question
from crawler.records.capture import Capture, Context
from crawler.records.page import Page


@dataclass(frozen=True, slots=True)
class Derivation:
    """`crawler.archive.file.captures.Derive` by a pool of readers."""

    pool: Pool

    def __call__(
        self,
        capture: Capture,
        context: Context,
        files: Mapping[str, bytes] | None = None,
        fatal: Mapping[str, str] | None = None,
        /,
    ) -> Page:
        """The page of a capture; one that was not read where a reader was lost over it."""
        return self.pool.read(Question(capture, context, files, fatal=fatal or {})).page

    def stream(self, materials: Iterable[Material]) -> Iterator[Page]:
        """The pages of captures in their order."""
        questions = (Question(*material[:3], fatal=material.fatal or {}) for material in materials)
        return (answer.page for answer in self.pool.stream(questions))
