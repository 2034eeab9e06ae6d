"""Documents that are no HTML (PDF, Word, sheets, OFD, RTF, archives of these): read under limits, into marked words.

Every reader gives what marked.flatten.marked gives of a page: paragraphs, tables with their spans, and the place of
each (a page, a sheet, a file of an archive). The stages after strip read it as they read a page.
"""

from __future__ import annotations

from pipelines.documents.kind import format_of
from pipelines.marked.document import Document

__all__ = ["Document", "format_of"]
