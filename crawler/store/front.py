"""The front of a store: the one file of a site over all its archives, kept in a cache, made anew when it is another."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from crawler.archive.corpus import front
from crawler.archive.corpus.corpus import Corpus
from crawler.archive.corpus.reader import Shelf
from crawler.records.errors import StoreError
from crawler.store.seals import Seal, current
from crawler.store.store import Store
from crawler.store.tables import archive_file, forget_former, table_files

NAME = "store.db"


def fronted(store: Store, cache: Path, index: Path | None) -> tuple[Path, Shelf, bool, list[str]]:
    """The front of the newest generations in `cache`, where its archives are, whether it was made just now, and the
    keys of reports of which a merge alone is sure. Raises NianbaoError."""
    seals = current(store)
    if not seals:
        raise StoreError(f"{store.url} holds no archive yet; `nianbao store put {store.url} ARCHIVE…` puts some")
    generations = {portal: sealed.generation for portal, sealed in seals.items()}
    path = cache / NAME
    shelf = Shelf(partial(_file, store, seals, cache), index)
    doubtful: list[str] = []
    is_new = not front.is_current(path, generations)
    if is_new:
        try:
            cache.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{cache} cannot be written: {error.strerror}") from error
        archives = {portal: archive_file(store, sealed, cache) for portal, sealed in seals.items()}
        with Corpus.open(table_files(store, seals, cache), cache / "scratch") as corpus:
            front.make(path, corpus, archives, generations, store.url)
            doubtful = corpus.doubtful
    forget_former(seals, cache)
    return path, shelf, is_new, doubtful


def _file(store: Store, seals: dict[str, Seal], cache: Path, portal: str) -> Path:
    return archive_file(store, seals[portal], cache)
