"""Tests listing and reading files in a storage that answers as S3 does, and in zips."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.loading.sources.files import LocalFile, PageSource, UsageError
from articles.loading.sources.object_storage import StorageUnavailable, StoredObject
from articles.loading.sources.source_listing import (
    OriginOfPage,
    fetch_sources,
    list_rejected_sources,
    list_sources,
    origin_from_json,
    origin_to_json,
)
from articles.loading.sources.zip_archives import ZipEntry
from articles.reading.values import Rejected
from tests.support.loading import ROOT
from tests.support.storage import Bucket, closed_storage, zipped

LIMIT = 1_000
PAGE = "大桥通车\n昨天，新桥迎来第一批车辆。\n".encode()
LARGE = "长".encode() * LIMIT


def results(origins: Sequence[OriginOfPage]) -> dict[str, bytes | str]:
    """The bytes of each origin, or the reason why it is rejected; equal if it is read alone."""
    found = {source.name: result(source) for source in fetch_sources(origins, LIMIT)}
    assert found == {origin.name: result(origin) for origin in origins}
    assert list(found) == [origin.name for origin in origins]
    return found


def result(source: PageSource) -> bytes | str:
    try:
        return source.read(LIMIT)
    except Rejected as rejected:
        return rejected.reason


# --- a storage ------------------------------------------------------------------------------------


def test_address_lists_pages_in_order(bucket: Bucket) -> None:
    for key in ("2015/b.TXT", "2015/07/第1版.txt", "2015/a.txt", "2015/scan.jpg", "2015b/c.txt", "2015.txt"):
        bucket.put(key, PAGE)
    below = ["s3://archive/2015/07/第1版.txt", "s3://archive/2015/a.txt", "s3://archive/2015/b.TXT"]
    for address in ("s3://archive/2015", "s3://archive/2015/"):
        assert [origin.name for origin in list_sources([address])] == below
    assert results(list_sources(["s3://archive/2015/"])) == dict.fromkeys(below, PAGE)


def test_object_named_twice_is_listed_once(bucket: Bucket) -> None:
    address = bucket.put("once/a.txt", PAGE)
    assert list_sources([address, "s3://archive/once", address]) == [StoredObject(address)]


def test_objects_read_in_parallel_keep_their_order(bucket: Bucket) -> None:
    written = {bucket.put(f"many/{number:02}.txt", PAGE * (number % 5 + 1)): number for number in range(20)}
    assert results(list_sources(["s3://archive/many"])) == {
        address: PAGE * (number % 5 + 1) for address, number in written.items()
    }


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "empty"), (LARGE, "too_large"), (None, "missing"), (PAGE, PAGE)], ids=str
)
def test_object_that_cannot_be_page_is_rejected(
    bucket: Bucket, data: bytes | None, reason: str | bytes
) -> None:
    address = bucket.put("bad/page.txt", data or b"")
    if data is None:
        bucket.delete("bad/page.txt")
    assert results([StoredObject(address)]) == {address: reason}
    assert list_rejected_sources([address]) == [StoredObject(address)]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://archive/nothing/", "s3://archive/nothing/: the storage has no such object or folder"),
        ("s3://no-bucket/2015", "s3://no-bucket/2015: the storage has no such object or folder"),
        ("gs://archive/2015", "gs://archive/2015: name a path, or an address that begins with s3://"),
        ("https://archive/2015", "name a path, or an address that begins with s3://"),
        ("file:///etc/passwd", "name a path, or an address that begins with s3://"),
    ],
)
@pytest.mark.usefixtures("bucket")
def test_wrong_address_is_usage_error(address: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        list_sources([address])
    assert said in str(error.value)


@pytest.mark.slow
def test_object_without_permission_is_rejected_alone() -> None:
    with closed_storage(is_listed=True) as closed, closed.asked():
        assert results([StoredObject("s3://archive/2015/a.txt")]) == {"s3://archive/2015/a.txt": "unreadable"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "origin", [StoredObject("s3://archive/2015/a.txt"), ZipEntry(StoredObject("s3://archive/a.zip"), "a.txt")]
)
def test_storage_without_permission_is_unavailable(origin: StoredObject | ZipEntry) -> None:
    reads = (
        lambda: list_sources(["s3://archive/2015"]),
        lambda: origin.read(LIMIT),
        lambda: list(fetch_sources([origin], LIMIT)),
    )
    said = r"^s3://archive.*: the storage forbids it; let this user list and read it$"
    with closed_storage(is_listed=False) as closed, closed.asked():
        for read in reads:
            with pytest.raises(StorageUnavailable, match=said):
                read()


@pytest.mark.slow
def test_storage_that_does_not_answer_is_unavailable() -> None:
    said = r"^s3://archive/2015: the storage does not answer: .*127.0.0.1:9"
    with Bucket("http://127.0.0.1:9").asked(), pytest.raises(StorageUnavailable, match=said):
        list_sources(["s3://archive/2015"])


@pytest.mark.slow
def test_address_without_s3fs_is_usage_error() -> None:
    code = (
        "import sys; sys.modules['s3fs'] = None\n"
        "from articles.loading.sources import object_storage\n"
        "from articles.loading.sources.files import UsageError\n"
        "try: object_storage.list_objects('s3://archive/2015')\n"
        "except UsageError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "s3:// needs s3fs: install what the extra `s3` names\n"


# --- zips -----------------------------------------------------------------------------------------

PAGES = {
    "07/第1版.txt": PAGE,
    "06.TXT": PAGE * 2,
    "scan.jpg": b"\xff\xd8",
    "__MACOSX/._06.txt": b"x",
    "07/empty.txt": b"",
    "07/large.txt": LARGE,
    "../out.txt": PAGE,
}


@pytest.fixture(params=["path", "address"])
def archive(request: pytest.FixtureRequest, bucket: Bucket, tmp_path: Path) -> str:
    """The name of a zip, of this computer or of a storage."""
    if request.param == "address":
        return bucket.put("2015.zip", zipped(PAGES))
    path = tmp_path / "2015.zip"
    path.write_bytes(zipped(PAGES))
    return str(path)


def test_zip_lists_and_reads_its_pages(archive: str) -> None:
    assert results(list_sources([archive])) == {
        f"{archive}/../out.txt": "bad_name",
        f"{archive}/06.TXT": PAGE * 2,
        f"{archive}/07/empty.txt": "empty",
        f"{archive}/07/large.txt": "too_large",
        f"{archive}/07/第1版.txt": PAGE,
    }


def test_rejected_entry_of_zip_is_listed_again(archive: str, bucket: Bucket) -> None:
    (again,) = list_rejected_sources([f"{archive}/07/large.txt"])
    assert (again.name, result(again)) == (f"{archive}/07/large.txt", "too_large")
    replaced = zipped({"07/large.txt": PAGE})
    if archive.startswith("s3://"):
        bucket.put("2015.zip", replaced)
    else:
        Path(archive).write_bytes(replaced)
    assert results(list_rejected_sources([f"{archive}/07/large.txt", f"{archive}/06.TXT"])) == {
        f"{archive}/07/large.txt": PAGE,
        f"{archive}/06.TXT": "missing",
    }


def test_damaged_zip_is_rejected_until_it_is_replaced(archive: str, bucket: Bucket) -> None:
    def write(data: bytes) -> None:
        if archive.startswith("s3://"):
            bucket.put("2015.zip", data)
        else:
            Path(archive).write_bytes(data)

    write(b"PK no zip")
    assert results(list_sources([archive])) == {archive: "damaged_archive"}
    assert results(list_rejected_sources([archive])) == {archive: "damaged_archive"}
    write(zipped({"a.txt": PAGE}))
    assert results(list_rejected_sources([archive])) == {f"{archive}/a.txt": PAGE}


def test_pages_of_deleted_zip_are_missing(archive: str, bucket: Bucket) -> None:
    origins = list_sources([archive])
    if archive.startswith("s3://"):
        bucket.delete("2015.zip")
    else:
        Path(archive).unlink()
    assert set(results(origins).values()) == {"missing"}


def test_zips_in_folder_are_skipped_and_folder_may_be_named_like_zip(tmp_path: Path) -> None:
    (tmp_path / "folder.zip").mkdir()
    (tmp_path / "folder.zip" / "a.txt").write_bytes(PAGE)
    (tmp_path / "b.zip").write_bytes(zipped(PAGES))
    name = str(tmp_path / "folder.zip" / "a.txt")
    assert [origin.name for origin in list_sources([str(tmp_path)])] == [name]
    assert results(list_rejected_sources([name])) == {name: PAGE}


def test_pipe_named_like_zip_is_rejected_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pages.zip")
    name = str(tmp_path / "pages.zip")
    assert results(list_sources([name])) == {name: "not_regular"}


def test_zip_is_opened_once_for_all_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "2015.zip"
    path.write_bytes(zipped({f"{number}.txt": PAGE for number in range(50)}))
    origins, opened = list_sources([str(path)]), []
    open_file = LocalFile.open

    def counted(file: LocalFile) -> IO[bytes]:
        opened.append(file)
        return open_file(file)

    monkeypatch.setattr(LocalFile, "open", counted)
    assert len(list(fetch_sources(origins, LIMIT))) == 50
    assert opened == [LocalFile(path)]


# --- for another machine --------------------------------------------------------------------------

_NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1)
_FILES = st.builds(
    lambda folder, name, is_named: LocalFile(Path("/", folder, name), None if is_named else Path("/", folder)),
    _NAMES.filter(lambda name: name != "."), _NAMES.filter(lambda name: name != "."), st.booleans(),
) | st.builds(lambda key: StoredObject(f"s3://archive/{key}"), _NAMES)  # fmt: skip


@pytest.mark.slow
@given(origin=_FILES | st.builds(ZipEntry, _FILES, st.text()))
def test_origin_survives_json(origin: OriginOfPage) -> None:
    assert origin_from_json(**json.loads(json.dumps(origin_to_json(origin)))) == origin


def test_file_name_of_any_bytes_survives_json() -> None:
    origin = LocalFile(Path("/沂河\udc80/a.txt"), Path("/沂河\udc80"))
    assert origin_from_json(**json.loads(json.dumps(origin_to_json(origin)))) == origin
    assert "\\u" not in json.dumps(origin_to_json(origin))
