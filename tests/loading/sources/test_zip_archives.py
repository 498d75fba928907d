"""Tests unpacking sound and hostile zips; memory and time stay limited."""

import io
import random
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from articles.loading.sources.files import ReceivedFile
from articles.loading.sources.zip_archives import UnpackBudget, unpack_archive
from articles.reading.values import Rejected

PAGE = "大桥通车\n昨天，新桥迎来第一批车辆。\n".encode()


def room(*, files: int = 10, total: int = 10_000, each: int = 1_000) -> UnpackBudget:
    return UnpackBudget(files, total, each)


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as opened:
        for name, data in members:
            opened.writestr(name, data)
    return archive


def as_windows_names(archive: io.BytesIO, name: str, encoding: str) -> io.BytesIO:
    """The zip with a name in an encoding of which it says nothing, as Windows packs; `name` stands in it as x's."""
    raw = name.encode(encoding)
    return io.BytesIO(archive.getvalue().replace(b"x" * len(raw), raw))


def names_and_reasons(found: list[ReceivedFile]) -> list[tuple[str, str]]:
    return [(sent.name, sent.refused.reason if sent.refused else "") for sent in found]


def refused_whole(archive: io.BytesIO, bounds: UnpackBudget | None = None) -> str:
    with pytest.raises(Rejected) as refused:
        list(unpack_archive(archive, bounds or room()))
    return refused.value.reason


def test_zip_gives_names_and_bytes_of_pages() -> None:
    archive = packed(("07/30/第1版.txt", PAGE), ("07/31.TXT", b"x"))
    assert list(unpack_archive(archive, room())) == [
        ReceivedFile("07/30/第1版.txt", PAGE),
        ReceivedFile("07/31.TXT", b"x"),
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_stated_encoding_are_decoded(encoding: str) -> None:
    name = "七月/民生新闻.txt"
    archive = as_windows_names(packed(("x" * len(name.encode(encoding)), PAGE)), name, encoding)
    assert list(unpack_archive(archive, room())) == [ReceivedFile(name, PAGE)]


def test_backslash_byte_within_character_is_not_a_separator() -> None:
    name = "誠.txt"
    assert b"\\" in name.encode("gb18030")
    archive = as_windows_names(packed(("x" * len(name.encode("gb18030")), PAGE)), name, "gb18030")
    assert names_and_reasons(list(unpack_archive(archive, room()))) == [(name, "")]


def entry(name: str, mode: int = 0, *, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr, info.compress_type = mode << 16, method
    return info


@pytest.mark.parametrize(
    ("member", "data", "reason"),
    [
        pytest.param("../../etc/cron.d/page.txt", PAGE, "bad_name", id="up"),
        pytest.param("07/../../page.txt", PAGE, "bad_name", id="up in the middle"),
        pytest.param("/etc/page.txt", PAGE, "bad_name", id="absolute"),
        pytest.param("C:\\pages\\page.txt", PAGE, "bad_name", id="drive"),
        pytest.param("..\\page.txt", PAGE, "bad_name", id="up, as on Windows"),
        pytest.param("a\x1b[31m\n.txt", PAGE, "bad_name", id="controls"),
        pytest.param("page\u202etxt.exe.txt", PAGE, "bad_name", id="bidirectional override"),
        pytest.param("版" * 300 + ".txt", PAGE, "path_too_long", id="long name"),
        pytest.param("page.jpg", b"\xff\xd8", "not_text", id="picture of a page"),
        pytest.param("pages.zip", b"PK", "nested_archive", id="zip in a zip"),
        pytest.param(entry("link.txt", stat.S_IFLNK | 0o777), b"/etc/passwd", "not_regular", id="link"),
        pytest.param(entry("pipe.txt", stat.S_IFIFO), b"", "not_regular", id="pipe"),
        pytest.param(entry("page.txt", method=zipfile.ZIP_LZMA), PAGE, "unknown_packing", id="LZMA"),
        pytest.param(entry("page.txt", method=zipfile.ZIP_BZIP2), PAGE, "unknown_packing", id="bzip2"),
        pytest.param("page.txt", b"x" * 1_001, "too_large", id="over the limit"),
    ],
)
def test_bad_entry_is_refused_and_others_are_unpacked(
    member: str | zipfile.ZipInfo, data: bytes, reason: str
) -> None:
    first, second = unpack_archive(packed((member, data), ("good.txt", PAGE)), room())
    assert first.refused
    assert (first.refused.reason, first.data) == (reason, b"")
    assert first.name.isprintable()
    assert second == ReceivedFile("good.txt", PAGE)


def test_folders_and_system_files_are_skipped() -> None:
    litter = ("07/", "__MACOSX/._30.txt", "07/.DS_Store", "07/Thumbs.db", "07/._30.txt")
    archive = packed(*((name, b"") for name in litter), ("07/30.txt", PAGE))
    assert names_and_reasons(list(unpack_archive(archive, room(files=1)))) == [("07/30.txt", "")]


def patched(archive: io.BytesIO, signature: bytes, offset: int, value: bytes) -> io.BytesIO:
    """The zip with other bytes at an offset of its first header of a kind."""
    data = bytearray(archive.getvalue())
    at = data.index(signature) + offset
    data[at : at + len(value)] = value
    return io.BytesIO(bytes(data))


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


@pytest.mark.parametrize(
    ("signature", "offset", "value", "reason"),
    [
        pytest.param(CENTRAL, 16, b"\0\0\0\0", "damaged", id="wrong checksum"),
        pytest.param(CENTRAL, 24, struct.pack("<I", 5), "damaged", id="says that it is smaller"),
        pytest.param(CENTRAL, 8, b"\x01\x00", "encrypted", id="encrypted"),
        pytest.param(CENTRAL, 42, struct.pack("<I", 4_000_000_000), "damaged", id="begins behind the end"),
        pytest.param(LOCAL, 30, b"evil", "damaged", id="two names"),
        pytest.param(LOCAL, 0, b"XX", "damaged", id="no header"),
    ],
)
def test_false_headers_are_refused(signature: bytes, offset: int, value: bytes, reason: str) -> None:
    archive = patched(packed(("page.txt", PAGE), ("good.txt", PAGE)), signature, offset, value)
    assert [found[1] for found in names_and_reasons(list(unpack_archive(archive, room())))] == [reason, ""]


@pytest.mark.slow
def test_zip_bomb_with_false_size_is_not_unpacked() -> None:
    archive = patched(packed(("page.txt", b"0" * 300_000_000)), CENTRAL, 24, struct.pack("<I", 500))
    tracemalloc.start()
    (found,) = names_and_reasons(list(unpack_archive(archive, room())))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[1] in {"too_large", "damaged"}
    assert peak < 5_000_000


def test_entries_that_are_too_large_together_are_refused() -> None:
    archive = packed(*((f"{number}.txt", b"0" * 900) for number in range(10)))
    assert refused_whole(archive, room(total=5_000)) == "too_much"


def test_refused_entries_count_against_the_limit() -> None:
    archive = packed(*((f"{number}.txt", b"0" * 5_000) for number in range(10)))
    assert refused_whole(archive, room(total=5_000)) == "too_much"


def test_too_many_files_are_refused() -> None:
    assert refused_whole(packed(*((f"{n}.txt", PAGE) for n in range(11)))) == "too_many_files"


def test_too_many_entries_are_refused_before_listing() -> None:
    header = CENTRAL + bytes(42)
    crowd = header * 300_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(crowd), 0, 0)
    archive = io.BytesIO(crowd + end)
    tracemalloc.start()
    assert refused_whole(archive) == "too_many_files"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(PAGE, id="text"),
        pytest.param(packed(("page.txt", PAGE)).getvalue()[:-10], id="cut off"),
        pytest.param(b"PK\x05\x06" + b"\xff" * 18, id="an end without a beginning"),
    ],
)
def test_file_that_is_not_a_zip_is_refused(data: bytes) -> None:
    assert refused_whole(io.BytesIO(data)) == "damaged_archive"


def test_any_broken_byte_gives_a_reason() -> None:
    sound = packed(("07/30.txt", PAGE), ("07/31.txt", PAGE * 5), ("a.txt", b"x" * 50)).getvalue()
    chance = random.Random(7)
    for _ in range(3_000):
        broken = bytearray(sound)
        for _ in range(chance.choice((1, 1, 2, 4))):
            broken[chance.randrange(len(broken))] = chance.choice(
                (0, 1, 8, 0x7F, 0xFF, chance.randrange(256))
            )
        try:
            found = list(unpack_archive(io.BytesIO(bytes(broken)), room()))
        except Rejected:
            continue
        assert all(sent.refused or sent.data in {PAGE, PAGE * 5, b"x" * 50, b""} for sent in found)


def test_unpacking_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    list(unpack_archive(packed(("../page.txt", PAGE), ("page.txt", PAGE)), room()))
    assert list(tmp_path.iterdir()) == []
