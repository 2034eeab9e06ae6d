"""The site over a store: what its pages, data, searches and feeds say is what the site over a merged archive says."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.records.errors import ArchiveError
from crawler.records.review import Review
from tests.archive.test_corpus import CITY, COUNTY, DISTRICT, report
from tests.support.bucket import bucket
from tests.support.corpus_toy import archive_of, merged
from tests.support.merging import Sight
from tests.support.serving import get, served

FURTHER = (
    *DISTRICT,
    # A report that said something else before, with a page that is gone, and one with tables of a later year.
    Sight(45, "/district/5.html", report("旧文1件", 2017)),
    Sight(55, "/district/5.html", report("新文2件", 2017)),
    Sight(65, "/district/6.html", report("要消失的3件", 2016)),
    Sight(75, "/district/6.html", {"kind": "missing"}, 404),
    Sight(85, "/district/6.html", {"kind": "missing"}, 404),
)


class Sites(NamedTuple):
    """A store, its index, the merged archive, and the addresses of both sites."""

    folder: Path
    merged: Path
    over_store: str
    over_archive: str

    def both(self, path: str) -> tuple[Any, Any]:
        """Status and body of both, without what names the one file."""
        return tuple(_answer(site, path) for site in (self.over_store, self.over_archive))  # type: ignore[return-value]


def _answer(site: str, path: str) -> tuple[int, str]:
    status, body, _ = get(site + quote(path, safe="/?&=%.:"))
    return status, re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", body.replace(site, "SITE"))


def nianbao(*arguments: str | Path) -> Any:
    return CliRunner().invoke(cli, list(map(str, arguments)))


def over(folder: Path) -> tuple[str, ...]:
    """Options of `serve`."""
    return "--store", str(folder / "store"), "--index", str(folder / "index"), "--cache", str(folder / "cache")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    folder = tmp_path_factory.mktemp("store site")
    archives = [
        archive_of(folder / f"{name}.db", name, sights) for name, sights in (("a", CITY), ("b", FURTHER), ("c", COUNTY))
    ]
    with Archive.open(archives[0]) as archive:
        hit = archive.search("ABC%_").hits[0]
        archive.keep_review(Review(hit.key, None, "wrong", "不是", "甲"))
    assert nianbao("store", "put", folder / "store", *archives).exit_code == 0
    assert nianbao("index", folder / "index", "--store", folder / "store").exit_code == 0
    (folder / "merged").mkdir()
    target = merged(folder / "merged" / "store.db", archives)
    with served(target) as over_archive, served(folder / "none.db", *over(folder)) as over_store:
        yield Sites(folder, target, over_store, over_archive)


def keys(path: Path) -> list[tuple[int, str]]:
    """Number and key of each report."""
    with Archive.read(path) as archive:
        return [tuple(row) for row in archive.connection.execute("select id, key from reports order by id")]


PAGES = (
    "/regions.json", "/regions.csv?sort=open_checks", "/provinces.json", "/runs.json", "/province/210000",
    "/province/210000.json", "/region/210104", "/region/210104.json", "/region/210105?lang=en", "/region/210105.csv",
    "/compare?region=210104&region=210105&measure=denied", "/compare.json?measure=denied", "/measure/denied",
    "/measure/denied.json", "/measure/req_refused_repeat__total.json", "/portal/a", "/portal/c", "/portal/b.json",
    "/portal/c/runs.json", "/portal/b/gone.json", "/portal/a/lists.json", "/search", "/region/999999",
    "/report/0000000000000000", "/portal/none", "/capture/1/raw",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_pages_and_data_are_those_of_the_merged_archive(sites: Sites, path: str) -> None:
    here, there = sites.both(path)
    assert here == there
    assert here[0] == (404 if path in PAGES[-4:] else 200)


def test_problems_are_those_that_the_archives_met(sites: Sites) -> None:
    """A merge notes beside them where it found two texts that claim one identity; `panel.conflict` says that here."""
    here, there = (json.loads(body) for _, body in sites.both("/portal/b/runs.json"))
    assert any("identity_conflict" in run["kinds"] for run in there)
    for run in there:
        run["kinds"].pop("identity_conflict", None)
    assert here == there


def test_the_start_page_counts_the_same_and_findings_are_the_same(sites: Sites) -> None:
    here, there = (re.findall(r'<p class="lead">.*?</p>', body, re.S) for _, body in sites.both("/"))
    assert here == there != []
    found = [sorted(json.loads(body), key=repr) for _, body in sites.both("/findings.json")]
    assert found[0] == found[1] != []
    entries = [sorted(re.findall(r"<title>.*?</title>", body)) for _, body in sites.both("/feed.atom")]
    assert entries[0] == entries[1] != []


def test_reports_are_shown_as_the_merged_archive_shows_them(sites: Sites) -> None:
    numbered = keys(sites.merged)
    assert len(numbered) == 10
    copied = 0
    for number, key in numbered:
        for end in ("", "/figures.json", "/checks.json?lang=en", "/versions"):
            here, there = sites.both(f"/report/{key}{end}")
            assert here == there, (key, end)
            assert here[0] == 200
            copied += "/comparison/" in here[1]
        captures = set(re.findall(r"capture/(\d+)/raw", get(f"{sites.over_store}/report/{number}")[1]))
        assert captures
        for path in (f"/report/{number}{end}" for end in ("", "/versions", f"/comparison/{numbered[0][0]}")):
            here, there = sites.both(path)
            assert here == there, path
            assert here[0] == 200
        for path in (f"/capture/{capture}/raw{end}" for capture in captures for end in ("", "?look=1")):
            here, there = sites.both(path)
            assert here == there
            assert (here[0], '"kind": "report"' in here[1]) == (200, True)
    assert copied
    assert sites.both(f"/report/{numbered[0][1]}/comparison/{numbered[-1][1]}")[0][0] == 200


def test_a_timemap_has_the_captures_of_all_archives(sites: Sites) -> None:
    here, there = sites.both("/timemap/json/https://www.somewhere.gov.cn/district/5.html")
    assert here == there


QUERIES = (
    "q=件", "q=公开", "q=报告 另一个区", "q=ABC%25_", "kind=government", "q=没有", "q=件&region=210105",
    "q=件&year=2020&lang=en",
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "region"])
def test_searches_find_the_same_in_the_same_order(sites: Sites, query: str, sort: str) -> None:
    for end in ("", ".json", ".csv"):
        here, there = sites.both(f"/search{end}?{query}&sort={sort}")
        assert here == there
        assert here[0] == 200


@pytest.mark.parametrize("query", ["q=件", "q=ABC%25_", "kind=department"])
def test_the_feed_of_a_search_is_the_same(sites: Sites, query: str) -> None:
    here, there = sites.both(f"/search.atom?{query}")
    ids = [re.sub("<id>[^<]*</id>", "", body) for _, body in (here, there)]
    assert ids[0] == ids[1]
    assert "<entry>" in ids[0]


def test_the_tables_are_there_without_what_stays_in_the_archives(sites: Sites) -> None:
    for path in ("/store/panel.json?_shape=array", "/store/coverage.json?_shape=array"):
        here, there = (json.loads(body) for _, body in sites.both(path))
        assert here == there != []
    status, body, _ = get(f"{sites.over_store}/store")
    assert status == 200
    assert "reports_fts" not in body
    assert get(f"{sites.over_store}/store/refusal_rate?region=")[0] == 200
    assert get(f"{sites.over_store}/store/search?q=1")[0] == 404
    assert "text" not in json.loads(get(f"{sites.over_store}/store/reports.json?_shape=array")[1])[0]
    assert get(f"{sites.over_store}/tables")[0] == 200


def test_the_store_is_not_written_to(sites: Sites) -> None:
    assert sorted(path.name for path in (sites.folder / "store" / "archives" / "a").iterdir()) == ["1.db"]
    again = sites.folder / "cache" / "store.db"
    before = again.stat().st_mtime_ns
    with served(sites.folder / "none.db", *over(sites.folder), "--public") as site:
        assert get(f"{site}/regions.json")[0] == 200
    assert again.stat().st_mtime_ns == before


def test_a_new_generation_is_served_after_a_start_and_an_old_index_is_said(sites: Sites, tmp_path: Path) -> None:
    shutil.copytree(sites.folder / "store", tmp_path / "store")
    shutil.copytree(sites.folder / "index", tmp_path / "index")
    later = archive_of(tmp_path / "d.db", "d", [Sight(3, "/d.html", report("新门户12件", 2020, "210106"))])
    assert nianbao("store", "put", tmp_path / "store", later).exit_code == 0
    with served(tmp_path / "none.db", *over(tmp_path)) as site:
        assert "210106" in get(f"{site}/regions.json")[1]
        (key,) = re.findall(r'/report/([0-9a-f]{16})"', get(f"{site}/region/210106")[1])[:1]
        assert "新门户12件" in get(f"{site}/report/{key}")[1]
        body = get(f"{site}/search?q={quote('新门户')}&lang=en")[1]
        assert "index is of other archives than this site in 1 portals (d …)" in body
        assert nianbao("index", tmp_path / "index", "--store", tmp_path / "store").exit_code == 0
        body = get(f"{site}/search?q={quote('新门户')}&lang=en")[1]
        assert "of other archives" not in body
        assert f"/report/{key}" in body
        (tmp_path / "store" / "archives" / "d" / "1.db").unlink()
        for end in ("", "/figures.json", "/versions"):
            status, body, _ = get(f"{site}/report/{key}{end}")
            assert status == 503
            said = json.loads(body)["error"] if end.endswith("json") else body
            assert "存有此内容的存档目前无法读取" in said
            assert str(tmp_path) not in body
        assert get(f"{site}/region/210106")[0] == 200


def test_without_an_index_the_search_says_so(sites: Sites) -> None:
    with served(sites.folder / "none.db", "--store", str(sites.folder / "store"), "--cache",
                str(sites.folder / "cache")) as site:  # fmt: skip
        assert get(f"{site}/")[0] == 200
        for end in ("", ".json", ".csv", ".atom"):
            status, body, _ = get(f"{site}/search{end}?q=1")
            assert status == 400
            assert "was given no search index" in body


def test_a_bucket_is_served_by_way_of_the_cache_without_former_archives(sites: Sites, tmp_path: Path) -> None:
    cache = tmp_path / "cache"

    def held() -> list[str]:
        return sorted(path.relative_to(cache).as_posix() for path in (cache / "archives").rglob("*.db"))

    with bucket() as address:
        url = f"{address}/site"
        options = ("--store", url, "--index", str(tmp_path / "index"), "--cache", str(cache))
        archives = [sites.folder / f"{name}.db" for name in "abc"]
        assert nianbao("store", "put", url, *archives).exit_code == 0
        assert nianbao("index", tmp_path / "index", "--store", url).exit_code == 0
        paths = ["/regions.json", "/portal/b.json", f"/search.json?q={quote('件')}"]
        paths += [f"/report/{key}{end}" for _, key in keys(sites.merged) for end in ("", "/versions")]
        with served(tmp_path / "none.db", *options) as site:
            for path in paths:
                assert _answer(site, path) == _answer(sites.over_archive, path)
            assert held() == ["archives/a/1.db", "archives/b/1.db", "archives/c/1.db"]
            later = shutil.copy(archives[2], tmp_path / "c.db")
            with Archive.open(Path(later)) as archive:
                archive.finish_run(archive.begin_run(["c"]), "finished")
            assert nianbao("store", "put", url, later).exit_code == 0
            with served(tmp_path / "none.db", *options) as other:
                assert held() == ["archives/a/1.db", "archives/b/1.db", "archives/c/2.db"]
                assert get(f"{other}/regions.json")[0] == 200
            # The first site shows what it showed.
            assert _answer(site, paths[-2]) == _answer(sites.over_archive, paths[-2])


def test_a_front_that_cannot_be_written_is_one_sentence_and_the_former_stays(sites: Sites, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "store.db").write_bytes(b"what stood there")
    line = ["-m", "crawler", "serve", "--port", "0", "--store", str(sites.folder / "store"), "--cache", str(cache)]
    for kilobytes in (100, 350, 450):
        limited = ["bash", "-c", f'ulimit -f {kilobytes}; exec "$@"', "bash", sys.executable, *line]
        done = subprocess.run(limited, capture_output=True, text=True, check=False)
        assert done.returncode == 2, done.stderr
        (said,) = done.stderr.splitlines()
        assert "store.db" in said
        assert "disk" in said
        assert [path.name for path in cache.iterdir() if path.is_file()] == ["store.db"]
        assert (cache / "store.db").read_bytes() == b"what stood there"


def test_an_archive_with_a_damaged_page_is_named(sites: Sites, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(sites.folder / "store", store)
    (file,) = (store / "archives" / "b").glob("*.db")
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("select rootpage from sqlite_master where name = 'captures'").fetchone()
    with file.open("r+b") as damaged:
        damaged.seek((page - 1) * 4096)
        damaged.write(bytes(4096))
    done = nianbao("serve", "--port", "0", "--store", store, "--cache", tmp_path / "cache")
    assert isinstance(done.exception, ArchiveError)
    assert str(done.exception).startswith(f"{file} is damaged: ")
    assert not (tmp_path / "cache" / "store.db").exists()


def test_what_cannot_be_served_is_said_in_a_sentence(sites: Sites, tmp_path: Path) -> None:
    def said(*options: str | Path) -> str:
        done = nianbao("serve", "--port", "0", *options)
        assert done.exit_code != 0
        return str(done.exception) if not done.output else done.output

    (tmp_path / "empty").mkdir()
    assert "there is no such folder" in said("--store", tmp_path / "none", "--cache", tmp_path)
    assert "holds no archive yet" in said("--store", tmp_path / "empty", "--cache", tmp_path)
    assert "--store needs --cache" in said("--store", sites.folder / "store")
    assert "need --store" in said("--cache", tmp_path)
    index = ("--cache", tmp_path, "--index", tmp_path / "empty")
    assert "holds no search index" in said("--store", sites.folder / "store", *index)
    (tmp_path / "file").write_text("")
    assert "cannot be written" in said("--store", sites.folder / "store", "--cache", tmp_path / "file" / "x")
    assert not (tmp_path / "store.db").exists()
