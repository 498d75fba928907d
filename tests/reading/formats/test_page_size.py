"""What a page may be by what it costs to read."""

import pytest

from articles.reading.formats import page_size
from articles.reading.formats.page_size import _MAX_CHARACTERS, _MAX_LINES, check_page_size
from articles.reading.values import Rejected


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("桥" * _MAX_CHARACTERS, id="characters"),
        pytest.param("新桥通车\n" * _MAX_LINES, id="lines"),
        pytest.param("新桥通车\r\n" * _MAX_LINES, id="CRLF"),
        pytest.param("新桥通车\r" * _MAX_LINES, id="CR"),
    ],
)
def test_page_at_limit_is_read_and_a_little_more_is_rejected(text: str, encoding: str) -> None:
    check_page_size(text.encode(encoding))
    with pytest.raises(Rejected) as rejected:
        check_page_size((text + "桥\n").encode(encoding))
    assert rejected.value.reason == "too_large"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("（" * 1_500_000, "1,500,000 characters, and a page may have 60,000, four times those of a full one; split the file"),
        ("桥\n" * 20_000, "20,000 lines, and a page may have 6,000, four times those of a full one; split the file"),
    ],
    ids=["brackets", "lines"],
)  # fmt: skip
def test_rejection_names_size_and_limit(text: str, said: str) -> None:
    with pytest.raises(Rejected) as rejected:
        check_page_size(text.encode())
    assert rejected.value.detail == said


def test_ordinary_page_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_size, "decode_page", lambda _data: pytest.fail("it was decoded"))
    check_page_size("新桥昨天通车。\n".encode() * 1_000)
