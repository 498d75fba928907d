"""Tests that a hostile PDF is rejected with its reason, by a process that ends within its bounds."""

import subprocess
import zlib
from typing import Any

import pytest

from articles.reading.formats import bounded_reading, reading_process
from articles.reading.formats.bounded_reading import list_pages
from articles.reading.values import Rejected
from tests.support.pdf_files import Canvas, write_pdf

_ENCRYPTED = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{'00' * 32}>/U<{'11' * 32}>/P -4>>/ID[<00><00>]"


def filled() -> Canvas:
    canvas = Canvas()
    canvas.column(40, 60, ["昨日上午南河大桥通车", "第一批车辆驶过桥面。", "两岸居民在桥头等候。"])
    return canvas


def hostile(contents: bytes, entries: str = "") -> bytes:
    """A PDF of one page with these contents, which may draw a form of the page's resources."""
    head = (
        b"%%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>\n"
        b"endobj\n4 0 obj\n<<%s/Length %d>>\nstream\n" % (entries.encode(), len(contents))
    )
    form = (
        b"\nendstream\nendobj\n5 0 obj\n<</Type/XObject/Subtype/Form/BBox[0 0 400 600]/Resources<</XObject<</I 5 0 R>>>>"
        b"/Length 11>>\nstream\n/I Do /I Do\nendstream\nendobj\ntrailer\n<</Size 6/Root 1 0 R>>\n%%EOF\n"
    )
    return head + contents + form


def inflating(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(b" " * (1 << 20)) for _ in range(megabytes)]) + packer.flush()


def test_page_is_read_in_a_process_as_here() -> None:
    (page,) = list_pages(write_pdf(filled()))
    read = page.read()
    assert (read.sha256, read.encoding) == (page.sha256, "pdf")
    assert read.layout
    first = read.layout.lines[0]
    assert read.text[first.start : first.end] == "昨日上午南河大桥通车"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"%PDF-1.7\n", True, id="at the beginning"),
        pytest.param(b"\xef\xbb\xbf%PDF-1.4", True, id="behind a mark of the encoding"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4", True, id="behind other lines"),
        pytest.param("本报讯 文件以 %PDF-1.7 开头。".encode(), False, id="a page that writes about it"),
        pytest.param(b"%PDF-\n", False, id="no version"),
    ],
)
def test_pdf_is_found_by_its_mark(data: bytes, expected: bool) -> None:
    assert bounded_reading.is_pdf(data) is expected


def test_digest_of_a_page_is_made_of_the_file_and_the_number() -> None:
    data, other = write_pdf(filled(), filled()), write_pdf(filled(), filled(), Canvas())
    digests = [page.sha256 for page in (*list_pages(data), *list_pages(other))]
    assert len(set(digests)) == 5
    assert digests[:2] == [page.sha256 for page in list_pages(data)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(hostile(b"/I Do"), "too_heavy", id="form that draws itself twice"),
        pytest.param(
            hostile(zlib.compress(inflating(1200)), "/Filter[/FlateDecode/FlateDecode]"),
            "too_heavy",
            id="contents of 1.2 GB in 2 KB",
        ),
        pytest.param(hostile(b"q Q"), "no_text", id="nothing printed"),
    ],
)
def test_hostile_page_is_rejected(data: bytes, reason: str) -> None:
    assert len(data) < 5_000
    (page,) = list_pages(data)
    with pytest.raises(Rejected) as caught:
        page.read()
    assert caught.value.reason == reason
    assert "\n" not in caught.value.detail


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"%PDF-1.7\n" + b"\0" * 1000, "damaged", id="mark and nothing else"),
        pytest.param(write_pdf(filled(), extra=_ENCRYPTED), "encrypted", id="password"),
        pytest.param(write_pdf(*[Canvas()] * 401), "too_many_pages", id="a book"),
    ],
)
def test_file_that_cannot_be_opened_is_rejected(data: bytes, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        list_pages(data)
    assert caught.value.reason == reason


def test_process_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_reading, "_SECONDS", 0.01)
    with pytest.raises(Rejected, match=r"too_heavy: .* stopped \(after 0.01 seconds\)"):
        list_pages(write_pdf(filled()))


def test_process_gets_no_secret_of_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    given: list[Any] = []
    run: Any = subprocess.run

    def watched(*args: Any, **options: Any) -> Any:
        given.append(options["env"])
        return run(*args, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    list_pages(write_pdf(filled()))
    assert given
    assert "secret" not in str(given)
    assert reading_process.CPU_SECONDS <= 60
