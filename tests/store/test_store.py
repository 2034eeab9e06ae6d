"""A store, as a folder and as a bucket of S3 over loopback: put once, checked when read, the newest seal holds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.records.errors import StoreError
from crawler.store.names import archive_name, place_of, place_of_seal, seal_name, table_name
from crawler.store.seals import Seal, current, read_seal, seal
from crawler.store.store import Content, Store, content_of
from tests.support.bucket import bucket


@pytest.fixture(scope="module", name="bucket")
def bucket_of_s3() -> Iterator[str]:
    with bucket() as url:
        yield url


@pytest.fixture(params=["folder", "file URL", "S3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "S3":
        return Store.open(f"{request.getfixturevalue('bucket')}/{tmp_path.name}", create=True)
    folder = tmp_path / "a store"
    return Store.open(str(folder) if request.param == "folder" else folder.as_uri(), create=True)


def test_an_object_is_put_once_and_never_overwritten(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "archive.db"
    file.write_bytes(b"one" * 1000)
    name = archive_name("shenyang", 1)
    content = store.put(name, file)
    assert content == content_of(file) == content_of(b"one" * 1000)
    assert store.put(name, b"one" * 1000) == content  # the same bytes are no matter
    with pytest.raises(StoreError, match=rf"has another {name} already .* expected a new generation$"):
        store.put(name, b"two")
    assert store.read(name, content) == b"one" * 1000
    assert [(entry.name, entry.bytes) for entry in store.list()] == [(name, 3000)]


def test_what_is_read_is_checked(store: Store, tmp_path: Path) -> None:
    content = store.put("archives/a/1.db", b"whole" * 100_000)
    target = tmp_path / "out.db"
    assert store.get("archives/a/1.db", target, content) == content
    assert target.read_bytes() == b"whole" * 100_000
    with pytest.raises(StoreError, match=r"archives/a/1.db in .* is damaged: 500,000 bytes .* expected 3 with 00$"):
        store.get("archives/a/1.db", target, Content("00", 3))
    assert target.read_bytes() == b"whole" * 100_000  # stays as it was
    with pytest.raises(StoreError, match=r"has no archives/a/2.db$"):
        store.get("archives/a/2.db", target)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["out.db"]


def test_list_and_delete_for_the_sweep(store: Store) -> None:
    for generation in (1, 2, 10):
        store.put(archive_name("a", generation), b"x")
    store.put(table_name("a", 2, "reports"), b"y")
    assert [entry.name for entry in store.list("archives/a")] == [f"archives/a/{n}.db" for n in (1, 10, 2)]
    store.delete([archive_name("a", 1), archive_name("a", 1), archive_name("b", 7)])
    assert len(store.list()) == 3
    assert store.list("nothing") == []
    assert all(entry.at.tzinfo is not None for entry in store.list())


def _sealed(portal: str, generation: int) -> Seal:
    objects = {archive_name(portal, generation): content_of(b"x"), table_name(portal, generation, "t"): content_of(b"")}
    return Seal(portal, generation, "uuid", "0.2.0", "2026-11-30T02:00:00Z", objects)


def test_the_newest_seal_of_each_portal_holds(store: Store) -> None:
    assert current(store) == {}
    for portal, generation in (("b", 9), ("b", 10), ("a", 1)):
        seal(store, _sealed(portal, generation))
    store.put(archive_name("a", 2), b"not sealed yet")
    store.put("current/README.md", b"a stranger")
    assert current(store) == {"a": _sealed("a", 1), "b": _sealed("b", 10)}
    assert read_seal(store, "b", 9).archive == ("archives/b/9.db", content_of(b"x"))
    seal(store, _sealed("a", 1))  # said twice
    with pytest.raises(StoreError, match=r"has another current/a/1.json already"):
        seal(store, replace(_sealed("a", 1), uuid="another"))


@pytest.mark.parametrize("body", [b"{}", b"[]", b"\xff", b'{"portal": "a", "generation": 3, "objects": {}}'])
def test_a_seal_that_is_none_is_said(body: bytes, tmp_path: Path) -> None:
    store = Store.open(str(tmp_path))
    store.put("current/a/3.json", body)
    with pytest.raises(StoreError, match=r"^current/a/3.json in .* is no seal; expected JSON with portal a"):
        current(store)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("{0}/none", "there is no such folder"),
        ("file://{0}/none", "there is no such folder"),
        ("ftp://a/b", "expected a folder, file://… or s3://BUCKET/PREFIX"),
        ("https://a/b", "expected a folder"),
        ("s3://", "is no store: .*recognise"),
    ],
)
def test_no_store_is_said_in_a_sentence(url: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=words) as told:
        Store.open(url.format(tmp_path))
    assert "\n" not in str(told.value)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "archives").write_text("a file where a folder is to be")
    with pytest.raises(StoreError, match=r"^archives/a/1.db could not be put into [^\n]*$"):
        Store.open(str(tmp_path)).put("archives/a/1.db", b"x")
    with pytest.raises(StoreError, match="cannot be read"):
        Store.open(str(tmp_path)).put("b", tmp_path / "none")


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_said() -> None:
    store = Store.open("s3://another")
    with pytest.raises(StoreError, match=r"^s3://another cannot be listed: [^\n]*$"):
        store.list()
    with pytest.raises(StoreError, match=r"^x could not be put into s3://another: [^\n]*$"):
        store.put("x", b"x")


def test_an_object_too_large_for_one_put_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.db"
    with file.open("wb") as sparse:
        os.truncate(sparse.fileno(), 10)
    patch = pytest.MonkeyPatch()
    patch.setattr("crawler.store.store._ONE_PUT", 9)
    with patch.context(), pytest.raises(StoreError, match="has 10 bytes; expected at most 9"):
        Store.open(str(tmp_path)).put("archives/a/1.db", file)
    patch.undo()


@pytest.mark.parametrize("portal", ["", "A", "a/b", "..", "a_b", "沈阳", "-a"])
@pytest.mark.parametrize("name", [lambda p: archive_name(p, 1), lambda p: seal_name(p, 1)])
def test_a_portal_that_is_no_id_is_refused(portal: str, name: Callable[[str], str]) -> None:
    with pytest.raises(StoreError, match="names no portal in a store"):
        name(portal)


def test_names_say_what_they_are_of() -> None:
    with pytest.raises(StoreError, match="generation 0 of a is none"):
        archive_name("a", 0)
    assert place_of_seal(seal_name("a-1", 12)) == ("a-1", 12)
    for name in (archive_name("a", 3), seal_name("a", 3), table_name("a", 3, "reports")):
        assert place_of(name) == ("a", 3)
    for name in ("current/a/01.json", "current/a.json", "tables/a/x.parquet", "b", "warc/a/1.gz"):
        assert place_of(name) is None
        assert place_of_seal(name) is None
