"""Tests which files a load lists, and which it rejects without reading them."""

import os
import socket
from pathlib import Path

import pytest

from articles.loading.sources import files
from articles.loading.sources.files import (
    LocalFile,
    UsageError,
    list_files,
    list_rejected_files,
    printable_path,
)
from articles.reading.values import Rejected

LIMIT = 1_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of pages with everything in it that archives have, and a page outside it."""
    root = tmp_path / "archive"
    (root / "2024" / "07").mkdir(parents=True)
    for name in ("b.txt", "a.txt", "2024/07/30.TXT", "notes.md", "2024/cover.jpg"):
        (root / name).write_text("一版", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("不是这里的", encoding="utf-8")
    return root


def names(found: list[LocalFile], root: Path) -> list[str]:
    return [file.path.relative_to(root).as_posix() for file in found]


def reason(file: LocalFile) -> str:
    with pytest.raises(Rejected) as refused:
        file.read(LIMIT)
    assert refused.value.detail
    return refused.value.reason


def test_folder_lists_pages_in_order(folder: Path) -> None:
    assert names(list_files([folder]), folder) == ["2024/07/30.TXT", "a.txt", "b.txt"]


def test_listing_keeps_order_of_arguments_without_duplicates(folder: Path) -> None:
    found = list_files([folder / "b.txt", folder, folder / "notes.md"])
    assert names(found, folder) == ["b.txt", "2024/07/30.TXT", "a.txt", "notes.md"]


def test_listed_paths_are_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert list_files([Path("a.txt")]) == [LocalFile(folder / "a.txt")]


def test_path_may_start_with_parent_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "2024")
    assert list_files([Path("../a.txt")]) == [LocalFile(folder / "a.txt")]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("..", "a path must not go up", id="up"),
        pytest.param("../folder/../secret.txt", "a path must not go up", id="up twice"),
        pytest.param("2024/../a.txt", "a path must not go up", id="up in the middle"),
        pytest.param("c.txt", "there is no such file or folder", id="missing"),
        pytest.param("new\nline.txt", r"new\\nline.txt: there is no", id="one line, whatever the name"),
    ],
)
def test_wrong_path_is_usage_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch, path: str, message: str
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(UsageError, match=message):
        list_files([Path(path)])


def test_file_is_read(folder: Path) -> None:
    assert LocalFile(folder / "a.txt").read(LIMIT) == "一版".encode()


def test_pipe_socket_device_and_folder_are_rejected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)  # the address of a socket may be short only
    os.mkfifo("pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.txt")
    refused = {file.path.name: reason(file) for file in list_files([folder]) if not file.path.is_file()}
    assert refused == {"pipe.txt": "not_regular", "socket.txt": "not_regular"}
    assert reason(LocalFile(Path("/dev/zero"))) == "not_regular"
    assert reason(LocalFile(folder / "2024")) == "not_regular"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        pytest.param("../secret.txt", "outside_folder", id="out of the folder"),
        pytest.param("..", "outside_folder", id="a folder above"),
        pytest.param("2024", "outside_folder", id="a folder inside"),
        pytest.param("link.txt", "outside_folder", id="itself"),
        pytest.param("gone.txt", "missing", id="nothing"),
    ],
)
def test_links_out_of_folder_are_rejected(folder: Path, target: str, expected: str) -> None:
    (folder / "link.txt").symlink_to(target)
    (link,) = (file for file in list_files([folder]) if file.path.name == "link.txt")
    assert reason(link) == expected


def test_link_within_folder_and_named_link_are_read(folder: Path) -> None:
    (folder / "link.txt").symlink_to("a.txt")
    (folder / "named.lnk").symlink_to("../secret.txt")
    assert LocalFile(folder / "link.txt", folder).read(LIMIT) == "一版".encode()
    assert list_files([folder / "named.lnk"])[0].read(LIMIT) == "不是这里的".encode()


def test_too_large_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "5GB.txt"
    with path.open("wb") as file:
        file.truncate(5 * 1024**3)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
    assert reason(LocalFile(path)) == "too_large"


def test_file_that_grows_while_read_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(b"x" * (LIMIT + 1))
    monkeypatch.setattr(files, "_check_status", lambda *_: None)
    assert reason(LocalFile(path)) == "too_large"


def test_empty_file_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "page.txt").touch()
    assert reason(LocalFile(tmp_path / "page.txt")) == "empty"


def test_file_deleted_while_loading_is_rejected(folder: Path) -> None:
    found = list_files([folder])
    (folder / "a.txt").unlink()
    assert reason(found[1]) == "missing"


def test_file_without_permission_is_rejected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _flags: int) -> int:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "open", refuse)
    assert reason(LocalFile(folder / "a.txt")) == "unreadable"


def test_folder_without_permission_is_rejected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: Path | str) -> object:
        if Path(path).name == "07":
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = list_files([folder])
    assert names(found, folder) == ["2024/07", "a.txt", "b.txt"]
    assert reason(found[0]) == "unreadable"


def test_too_long_path_is_rejected(folder: Path) -> None:
    deep = folder
    for _ in range(9):
        deep /= "深" * 80
    deep.mkdir(parents=True)
    (deep / "page.txt").write_text("一版", encoding="utf-8")
    (found, *_) = (file for file in list_files([folder]) if file.path.name == "page.txt")
    assert reason(found) == "path_too_long"
    assert len(printable_path(found.path).encode()) <= 2_000


def test_rejected_paths_are_listed_again_within_their_folder(folder: Path) -> None:
    (folder / "link.txt").symlink_to("../secret.txt")
    again = list_rejected_files([folder / "link.txt", folder / "2024", folder / "gone.txt"])
    assert names(again, folder) == ["link.txt", "2024/07/30.TXT", "gone.txt"]
    assert reason(again[0]) == "outside_folder"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("第3版 党建.txt", "第3版 党建.txt", id="as it is"),
        pytest.param("a\x1b[31m\r.txt", r"a\x1b[31m\r.txt", id="controls"),
        pytest.param("a\u202etxt.exe", r"a\u202etxt.exe", id="bidirectional override"),
        pytest.param(os.fsdecode(b"\xd4\xcb.txt"), r"\xd4\xcb.txt", id="bytes that are no UTF-8"),
    ],
)
def test_printable_path_escapes_special_characters(name: str, shown: str) -> None:
    assert printable_path(Path(name)) == shown
