"""What the page of a search shows."""

from __future__ import annotations

from typing import Any

from crawler.archive.queries.reader import Reader
from crawler.archive.queries.snippets import marked
from crawler.site.language import word
from crawler.site.parameters import ParameterError
from crawler.words.tokens import terms

PER_PAGE = 20
_FACETS = 30


def search(archive: Reader, query: str, *, region: str | None, year: int | None, page: int) -> dict[str, Any]:
    """One page of hits with the facets; `regions` by code with their names. Raises ParameterError for a page that is
    behind the last."""
    results = archive.search(query, region=region, year=year, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    pages = -(-results.total // PER_PAGE)
    if page > max(pages, 1):
        raise ParameterError("page", str(page), word("expected.page", most=pages))
    wanted = terms(query)
    regions = sorted(results.regions.items(), key=lambda item: (-item[1], item[0] or ""))[:_FACETS]
    return {
        "results": results,
        "titles": {hit.id: marked(hit.title or "", wanted) for hit in results.hits},
        "regions": [(code, archive.reports.region_name(code), count) for code, count in regions if code],
        "years": sorted(((year, count) for year, count in results.years.items() if year), reverse=True),
        "page": page,
        "pages": pages,
    }
