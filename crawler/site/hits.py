"""A search: what is asked in its address, and what its page, its rows as data and its feed show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from crawler.archive.queries.places import EVERYTHING, FORMS, KINDS, ORDERS, Sieve
from crawler.archive.queries.reader import Reader
from crawler.archive.queries.reviews import Verdicts
from crawler.archive.queries.search import Hit, Results
from crawler.archive.queries.snippets import marked
from crawler.reference import heirs
from crawler.runs import feed
from crawler.site.extracts import Extract
from crawler.site.language import label, word
from crawler.site.parameters import ParameterError, choice, division, only, single, whole
from crawler.words.tokens import terms

PER_PAGE = 20
MOST_ROWS = 10_000
"""Hits that are given as data; each is a text to be read."""
_FACETS = 30
_MOST_PAGES = 10**9
_ALONE = 5
"""Words of a search without hits that are looked for each alone."""
_EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "one": {}, "two": {}, "oldest": {"sort": "oldest"}, "form": {"form": "f2021"}
}  # fmt: skip
FILTERS = ("kind", "year", "form", "region")
NAMES = ("q", *FILTERS, "sort")
"""Parameters of the address; its page has `page` as well."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `arguments`: the parameters as they were written, without `page`."""

    words: str
    sieve: Sieve
    sort: str
    arguments: Mapping[str, str]

    def query(self, **changed: str) -> str:
        """The query string with some parameters changed; one that is empty is left out."""
        return urlencode({name: value for name, value in ({**self.arguments} | changed).items() if value})


def question(request: Any, *more: str) -> Question:
    """What an address asks; `more`: parameters that it may have beside NAMES. Raises ParameterError."""
    only(request, *NAMES, *more)
    arguments = {name: single(request, name) for name in NAMES}
    sieve = Sieve(
        region=division("region", arguments["region"]),
        year=whole("year", arguments["year"], 1990, 2100),
        kind=choice("kind", arguments["kind"], KINDS),
        form=choice("form", arguments["form"], FORMS),
    )
    return Question(arguments["q"], sieve, choice("sort", arguments["sort"], ORDERS) or next(iter(ORDERS)), arguments)


def page(archive: Reader, request: Any) -> dict[str, Any]:
    """One page of hits with the facets. Raises ParameterError, also for a page that is behind the last."""
    asked = question(request, "page")
    number = whole("page", single(request, "page"), 1, _MOST_PAGES) or 1
    results = _results(archive, asked, PER_PAGE, (number - 1) * PER_PAGE)
    pages = -(-results.total // PER_PAGE)
    if number > max(pages, 1):
        raise ParameterError("page", str(number), word("expected.page", most=pages))
    wanted = terms(asked.words)
    is_asked = bool(asked.words) or asked.sieve != EVERYTHING
    return {
        "asked": asked.arguments,
        "sort": asked.sort,
        "sorts": ORDERS,
        "query": asked.query,
        "is_asked": is_asked,
        "results": results,
        "titles": {hit.id: marked(hit.title or "", wanted) for hit in results.hits},
        "verdicts": archive.reviews.verdicts([hit.key for hit in results.hits]),
        "samples": set(archive.portals.samples()),
        "filters": [(name, _name(name, asked.arguments[name])) for name in FILTERS if asked.arguments[name]],
        "facets": list(_facets(results)),
        "advice": list(_advice(archive, asked, results)) if is_asked and not results.total else [],
        "reports": None if is_asked else archive.reports.count(),
        "examples_given": list(_examples()),
        "is_long": results.total > MOST_ROWS,
        "most_rows": MOST_ROWS,
        "unindexed": archive.unindexed(),
        "page": number,
        "pages": pages,
    }


def _results(archive: Reader, asked: Question, limit: int, offset: int = 0) -> Results:
    return archive.search(asked.words, sieve=asked.sieve, sort=asked.sort, limit=limit, offset=offset)


def _name(filter_name: str, value: str) -> str:
    """A value of a filter in words; a region by what it is called today, with what went into it."""
    if filter_name in ("kind", "form"):
        return label(filter_name, value)
    if filter_name == "year":
        return value
    today = heirs.heir(value)
    former = heirs.former_names(today)
    name = heirs.name(today) or value
    return word("search.former", name=name, former=word("comma").join(former)) if former else name


def _facets(results: Results) -> Iterator[tuple[str, list[tuple[str, str, int]]]]:
    """By filter the values to choose from, each with its name and how many hits it has."""
    years = sorted(((year, count) for year, count in results.years.items() if year), reverse=True)
    yield "year", [(str(year), str(year), count) for year, count in years]
    for name, counts, order in (("kind", results.kinds, KINDS), ("form", results.forms, FORMS)):
        yield name, [(value, label(name, value), counts[value]) for value in order if value in counts]
    regions = sorted(results.regions.items(), key=lambda item: (-item[1], item[0] or ""))[:_FACETS]
    names = [heirs.name(code) or code for code, _ in regions if code]
    yield (
        "region",
        [
            (code, _place(code) if names.count(heirs.name(code) or code) > 1 else heirs.name(code) or code, count)
            for code, count in regions
            if code
        ],
    )


def _place(code: str) -> str:
    """A division's name behind that of the one above: there are many 城关区."""
    above = next((item for item in (code[:4] + "00", code[:2] + "0000") if item != code and heirs.name(item)), None)
    return f"{heirs.name(above) if above else ''}{heirs.name(code) or code}"


def _examples() -> Iterator[tuple[str, str, str]]:
    """Query strings to try, with the words of each and what it shows."""
    for name, filters in _EXAMPLES.items():
        words = word("search.example." + name)
        yield urlencode({"q": words, **filters}), words, word("search.example." + name + ".about")
    yield (
        urlencode({"kind": KINDS[0], "sort": "newest"}),
        label("kind", KINDS[0]),
        word("search.example.governments.about"),
    )


def _advice(archive: Reader, asked: Question, results: Results) -> Iterator[tuple[str, str]]:
    """What to try where nothing was found: query strings and words for them. Without one of the filters, without all,
    each word alone; only what finds something."""
    facets: dict[str, dict[Any, int]] = {
        "kind": results.kinds, "year": results.years, "form": results.forms, "region": results.regions
    }  # fmt: skip
    active = [name for name in FILTERS if asked.arguments[name]]
    for name in active:
        if count := sum(facets[name].values()):
            yield (
                asked.query(**{name: ""}),
                word(
                    "search.try.without", name=word(name), value=_name(name, asked.arguments[name]), count=f"{count:,}"
                ),
            )
    if len(active) > 1 and asked.words and (count := archive.search(asked.words, limit=0).total):
        yield asked.query(**dict.fromkeys(active, "")), word("search.try.unfiltered", count=f"{count:,}")
    newest = terms(asked.words)
    for term in newest[:_ALONE] if len(newest) > 1 else ():
        alone = f'"{term}"' if " " in term else term
        if count := archive.search(alone, sieve=asked.sieve, limit=0).total:
            yield asked.query(q=alone), word("search.try.word", term=term, count=f"{count:,}")


def rows(archive: Reader, request: Any) -> list[dict[str, Any]]:
    """All hits in their order, for the page's address with `.json` or `.csv`. Raises ParameterError, also where there
    are more than MOST_ROWS."""
    asked = question(request)
    results = _results(archive, asked, 0)
    if results.total > MOST_ROWS:
        raise ParameterError("q", asked.words, word("expected.hits", most=f"{MOST_ROWS:,}", total=f"{results.total:,}"))
    results = _results(archive, asked, MOST_ROWS)
    verdicts = archive.reviews.verdicts([hit.key for hit in results.hits])
    samples = set(archive.portals.samples())
    return [_row(hit, samples, verdicts.get(hit.key, Verdicts())) for hit in results.hits]


def _row(hit: Hit, samples: set[str], verdict: Verdicts) -> dict[str, Any]:
    facts = asdict(hit) | {"snippet": hit.snippet, "sample": hit.portal in samples}
    return facts | {"verdict": verdict.report, "figures_doubted": verdict.doubted}


COLUMNS = {
    "key": "The report's public id, as in `/report/KEY`.",
    "title": "Its title as printed.",
    "organ": "The organ that reports.",
    "organ_kind": "government, government_office, zone, department or township.",
    "region_code": "GB/T 2260, as of the report's year.",
    "region": "The region's name then.",
    "report_year": "The year it is about.",
    "form": "narrative, f2014, f2019 or f2021.",
    "published_on": "Day of publication, ISO 8601.",
    "url": "Its address on the portal.",
    "in_title": "1 where its title has all words asked for.",
    "snippet": "The stretch of its text around the first of them.",
    "sample": "1 for what is made up.",
    "verdict": "What a person said of it last: checked, disputed or wrong.",
    "figures_doubted": "How many of its figures people called disputed or wrong.",
}
"""Columns of a hit as data."""


def atom(archive: Reader, request: Any, absolute: Callable[[str], str]) -> bytes:
    """The newest hits as an Atom feed; `absolute`: a path of the site as a whole address. Raises ParameterError."""
    asked = question(request)
    asked = replace(asked, arguments={name: asked.arguments[name] for name in NAMES if name != "sort"})
    samples = set(archive.portals.samples())
    newest = [
        (at, _row(hit, samples, Verdicts()) | {"page": absolute(f"/report/{hit.key}")})
        for at, hit in archive.latest(asked.words, asked.sieve, feed.ENTRIES)
    ]
    addresses = absolute(f"/search.atom?{asked.query()}"), absolute(f"/search?{asked.query()}")
    title = " ".join(value for value in asked.arguments.values() if value)
    return feed.hits(archive.uuid(), asked.query(), title, addresses, newest)


EXTRACTS = (
    Extract(
        "/search",
        f"A hit of the search that the parameters ask (`q`, `kind`, `year`, `form`, `region`, `sort`), all of them in"
        f" order; one with more than {MOST_ROWS:,} hits is refused with 400.",
        COLUMNS,
        rows,
    ),
)
