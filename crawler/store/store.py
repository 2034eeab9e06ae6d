"""A store by its URL: a folder, file://… or s3://…; objects are put once, never overwritten, and checked when read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit
from urllib.request import url2pathname

from crawler.records.errors import NianbaoError, StoreError
from crawler.words.installation import install_line

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_CHUNK = 1 << 20
_SCHEMES = ("s3",)
_CLIENT = {"connect_timeout": "10s", "timeout": "10m", "allow_http": "true"}
"""Plain HTTP is asked only where the endpoint says so."""
_ONE_PUT = 5 * 10**9
"""Bytes that S3 takes in one request, which alone it can refuse where something stands already."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an object holds: SHA-256, as hexadecimal digits, and length."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An object of a listing; `at`: when it was put, with its time zone."""

    name: str
    bytes: int
    at: datetime


class Store:
    """Objects by name. Made by `open`; needs the extra `store`. Every error is a StoreError, one sentence."""

    def __init__(self, url: str, backend: ObjectStore, folder: Path | None) -> None:
        self.url, self._backend, self._folder = url, backend, folder

    @classmethod
    def open(cls, url: str, *, create: bool = False) -> Self:
        """The store at a folder's path, file:// or s3://BUCKET/PREFIX; `create`: make the folder where there is none.

        S3 is found and entered by its usual variables (AWS_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID …). Nothing is
        asked yet. Raises StoreError; NianbaoError where a package is missing.
        """
        try:
            from obstore.exceptions import BaseError
            from obstore.store import LocalStore, from_url
        except ImportError as error:
            raise NianbaoError(f"a store needs obstore; `{install_line('store')}` installs it") from error
        scheme = urlsplit(url).scheme if "://" in url else ""
        try:
            if scheme in _SCHEMES:
                retry = {"max_retries": 4, "retry_timeout": timedelta(minutes=1)}
                return cls(url, from_url(url, client_options=_CLIENT, retry_config=retry), None)  # type: ignore[call-overload]
            if scheme not in ("", "file"):
                raise StoreError(f"{url} is no store; expected a folder, file://… or s3://BUCKET/PREFIX")
            folder = Path(url2pathname(urlsplit(url).path)) if scheme else Path(url)
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            if not folder.is_dir():
                raise StoreError(f"{url} is no store: there is no such folder")
            return cls(url, LocalStore(folder.resolve()), folder.resolve())
        except (BaseError, OSError, ValueError) as error:
            raise StoreError(f"{url} is no store: {_words(error)}") from error

    def put(self, name: str, content: Path | bytes) -> Content:
        """Put a file or bytes under a name, whole or not at all; what it holds.

        Where the same stands there already nothing is done; what else stands there stays, and StoreError says so.
        """
        import obstore
        from obstore.exceptions import AlreadyExistsError, BaseError

        new = content_of(content)
        if new.bytes > _ONE_PUT:
            raise StoreError(f"{name} has {new.bytes:,} bytes; expected at most {_ONE_PUT:,}, which S3 takes at once")
        try:
            obstore.put(self._backend, name, content, mode="create", use_multipart=False)
        except AlreadyExistsError:
            held = self._digest(name)
            if held != new:
                raise StoreError(
                    f"{self.url} has another {name} already (SHA-256 {held.sha256}, not {new.sha256}); objects are"
                    " never overwritten, so expected a new generation"
                ) from None
        except (BaseError, OSError) as error:
            raise StoreError(f"{name} could not be put into {self.url}: {_words(error)}") from error
        self._sync(name)
        return new

    def get(self, name: str, path: Path, expected: Content | None = None) -> Content:
        """Write an object to a file, whole or not at all; what it holds.

        Raises StoreError where it is not there, or is not what was `expected`; the file stays as it was then.
        """
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            digest, length = hashlib.sha256(), 0
            with part.open("wb") as file:
                for chunk in self._chunks(name):
                    file.write(chunk)
                    digest.update(chunk)
                    length += len(chunk)
                file.flush()
                os.fsync(file.fileno())
            held = self._checked(name, Content(digest.hexdigest(), length), expected)
            part.replace(path)
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}") from error
        finally:
            part.unlink(missing_ok=True)
        return held

    def read(self, name: str, expected: Content | None = None) -> bytes:
        """The bytes of a small object. Raises StoreError, as `get`."""
        body = b"".join(self._chunks(name))
        self._checked(name, content_of(body), expected)
        return body

    def list(self, folder: str = "") -> list[Entry]:
        """All objects of a folder and below it, by name."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            rows = [row for rows in obstore.list(self._backend, folder or None) for row in rows]
        except (BaseError, OSError) as error:
            raise StoreError(f"{self.url} cannot be listed: {_words(error)}") from error
        entries = [Entry(row["path"], row["size"], row["last_modified"]) for row in rows]
        return sorted(entries, key=lambda entry: entry.name)

    def delete(self, names: Iterable[str]) -> None:
        """Remove objects; one that is gone already is fine."""
        import obstore
        from obstore.exceptions import BaseError

        for name in names:
            try:
                obstore.delete(self._backend, name)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                raise StoreError(f"{name} could not be removed from {self.url}: {_words(error)}") from error

    def path(self, name: str) -> Path | None:
        """Where an object stands as a file; None in a store that is no folder. It must not be written to."""
        return None if self._folder is None else self._folder / name

    def _chunks(self, name: str) -> Iterator[bytes]:
        import obstore
        from obstore.exceptions import BaseError

        try:
            for chunk in obstore.get(self._backend, name).stream(min_chunk_size=_CHUNK):
                yield bytes(chunk)
        except FileNotFoundError:
            raise StoreError(f"{self.url} has no {name}") from None
        except (BaseError, OSError) as error:
            raise StoreError(f"{name} cannot be read from {self.url}: {_words(error)}") from error

    def _checked(self, name: str, held: Content, expected: Content | None) -> Content:
        if expected is not None and held != expected:
            raise StoreError(
                f"{name} in {self.url} is damaged: {held.bytes:,} bytes with SHA-256 {held.sha256}; expected"
                f" {expected.bytes:,} with {expected.sha256}"
            )
        return held

    def _digest(self, name: str) -> Content:
        digest, length = hashlib.sha256(), 0
        for chunk in self._chunks(name):
            digest.update(chunk)
            length += len(chunk)
        return Content(digest.hexdigest(), length)

    def _sync(self, name: str) -> None:
        """Let a folder's object outlast a power cut: whoever notes it down may rely on it."""
        if self._folder is None:
            return
        path = self._folder / name
        try:
            for place in (path, path.parent):
                descriptor = os.open(place, os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        except OSError as error:
            raise StoreError(f"{name} could not be put into {self.url}: {error.strerror}") from error


def content_of(content: Path | bytes) -> Content:
    """What a file or bytes hold. Raises StoreError for a file that cannot be read."""
    if isinstance(content, bytes):
        return Content(hashlib.sha256(content).hexdigest(), len(content))
    try:
        with content.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
            return Content(digest.hexdigest(), file.tell())
    except OSError as error:
        raise StoreError(f"{content} cannot be read: {error.strerror}") from error


def _words(error: Exception) -> str:
    """The first line of what the library says, which goes on with its own inside."""
    words = (getattr(error, "strerror", None) or str(error)).strip().partition("\n")[0]
    return words[:300].rstrip(".: ") or type(error).__name__
