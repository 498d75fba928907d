"""Lists and reads page files in object storage (`s3://bucket/2015/`), for machines that share no folder.

botocore reads the endpoint and the credentials as usual: `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID`, `~/.aws`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import IO, Any

from articles.reading.values import Rejected

from .files import (
    PAGE_SUFFIXES,
    UsageError,
    escape_name,
    rejected_as_empty,
    rejected_as_too_large,
    size_limit,
)

_PROTOCOL = "s3"
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://.", re.IGNORECASE)


class StorageUnavailable(Exception):
    """This machine cannot reach the storage or may not read it, described in one line."""


@dataclass(frozen=True, slots=True, order=True)
class StoredObject:
    """A page file or zip in a storage."""

    address: str

    @property
    def name(self) -> str:
        return escape_name(self.address)

    def read(self, limit: int) -> bytes:
        """Return the bytes. `Rejected`: missing, unreadable, too_large, empty; `StorageUnavailable`."""
        limit = size_limit(self.address, limit)
        with self._storage() as storage:
            size = storage.info(self.address)["size"]
            if size > limit:
                raise rejected_as_too_large(size, limit)
            if not size:
                raise rejected_as_empty()
            data: bytes = storage.cat_file(self.address, start=0, end=limit + 1)
        if len(data) > limit:
            raise rejected_as_too_large(len(data), limit)
        return data

    def open(self) -> IO[bytes]:
        """Open a copy on this machine, which a process makes once; errors as of `read`."""
        with self._storage() as storage:
            copy: IO[bytes] = _copies(storage).open(self.address, "rb")
        return copy

    @contextmanager
    def _storage(self) -> Iterator[Any]:
        try:
            with _reader(self.address) as storage:
                yield storage
        except FileNotFoundError as error:
            raise Rejected("missing", "the storage has no such object; name another") from error
        except PermissionError as error:
            _check_neighbours(self.address)
            raise Rejected("unreadable", "the storage forbids it; let this user read the object") from error


def is_storage_address(name: str) -> bool:
    """Whether a name is an address in a storage and not a path.

    >>> is_storage_address("s3://archive/2015/"), is_storage_address("/archive/2015")
    (True, False)
    """
    return _ADDRESS.match(name) is not None


def list_objects(address: str) -> list[StoredObject]:
    """List the object at an address, or the `*.txt` and `*.pdf` below it, in order.

    `UsageError` if there is neither, or if the kind of storage is unknown; `StorageUnavailable`.
    """
    try:
        with _reader(address) as storage:
            if storage.info(address)["type"] == "file":
                return [StoredObject(address)]
            found = storage.find(address)
    except FileNotFoundError as error:
        raise UsageError(f"{escape_name(address)}: the storage has no such object or folder") from error
    except PermissionError as error:
        raise StorageUnavailable(
            f"{escape_name(address)}: the storage forbids it; let this user list and read it"
        ) from error
    return [
        StoredObject(f"{_PROTOCOL}://{path}")
        for path in sorted(found)
        if path.lower().endswith(PAGE_SUFFIXES)
    ]


@contextmanager
def _reader(address: str) -> Iterator[Any]:
    """The file system for an address. It raises `FileNotFoundError`, `PermissionError` and `StorageUnavailable`."""
    found = _ADDRESS.match(address)
    if not found or found[1] != _PROTOCOL:
        raise UsageError(
            f"{escape_name(address)}: name a path, or an address that begins with {_PROTOCOL}://"
        )
    try:
        # Imported when called: without the extra there is nothing to import.
        import fsspec  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415

        storage = fsspec.filesystem(_PROTOCOL, use_listings_cache=False)
    except ImportError as error:
        raise UsageError(f"{_PROTOCOL}:// needs s3fs: install what the extra `s3` names") from error
    try:
        yield storage
    except (FileNotFoundError, PermissionError):
        raise
    except (OSError, BotoCoreError) as error:
        reason = " ".join(str(error).split())
        raise StorageUnavailable(f"{escape_name(address)}: the storage does not answer: {reason}") from error


def _check_neighbours(address: str) -> None:
    """`StorageUnavailable` if this machine may not list the folder of an object either."""
    folder = address.rpartition("/")[0]
    try:
        with _reader(address) as storage:
            storage.ls(folder)
    except PermissionError as error:
        raise StorageUnavailable(
            f"{escape_name(folder)}: the storage forbids it; let this user list and read it"
        ) from error


@cache
def _copies(storage: Any) -> Any:
    """A file system that copies whole objects to a temporary folder of this process, and checks for newer ones."""
    import fsspec  # noqa: PLC0415

    return fsspec.filesystem("filecache", fs=storage, cache_storage="TMP", check_files=True)
