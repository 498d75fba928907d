"""Bytes of the encodings of newspapers are decoded, or rejected with a reason."""

import codecs
import hashlib

import pytest

from articles.reading.formats import text_decoding
from articles.reading.values import Rejected

NEWS = "临河晚报讯（记者 林一舟）昨日上午，南河镇的早市照常开市，青菜和豆腐不到八点就卖完了。\n" * 8
ENGLISH = "The new bridge over the river was opened to traffic yesterday, and the market moved to a hall.\n"
TAIWAN_NEWS = "〔記者林國權／高雄報導〕昨天早上，港邊的魚市場準時開門，攤商說漁獲比上週多了兩成。\n" * 8


@pytest.mark.parametrize(
    ("data", "encoding", "text", "flags"),
    [
        pytest.param(NEWS.encode(), "utf-8", NEWS, (), id="utf-8"),
        pytest.param(
            codecs.BOM_UTF8 + NEWS.encode(), "utf-8", NEWS, ("bom",), id="utf-8 with a byte order mark"
        ),
        pytest.param(NEWS.encode("gb18030"), "gb18030", NEWS, (), id="gb18030"),
        pytest.param(TAIWAN_NEWS.encode("big5"), "big5hkscs", TAIWAN_NEWS, (), id="big5"),
        pytest.param(
            codecs.BOM_UTF16_LE + NEWS.encode("utf-16-le"),
            "utf-16-le",
            NEWS,
            ("bom",),
            id="utf-16 of a Windows editor",
        ),
        pytest.param(f"版\x00面{NEWS}".encode(), "utf-8", f"版\ufffd面{NEWS}", ("nul",), id="NUL"),
        pytest.param("版\ue000面".encode(), "utf-8", "版\ue000面", ("private_use",), id="private use"),
        pytest.param(ENGLISH.encode(), "utf-8", ENGLISH, ("not_chinese",), id="English"),
        pytest.param(
            f"{NEWS}{ENGLISH}".encode(), "utf-8", f"{NEWS}{ENGLISH}", (), id="English within Chinese"
        ),
        pytest.param(b"GDP 1949 1978", "utf-8", "GDP 1949 1978", (), id="too little to tell"),
    ],
)
def test_bytes_are_decoded_with_encoding_and_flags(data, encoding, text, flags):
    page = text_decoding.decode_page(data)
    assert (page.encoding, page.text, page.flags) == (encoding, text, flags)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(NEWS.encode(), id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + NEWS.encode(), id="bom"),
        pytest.param(NEWS.replace("\n", "\r\n").encode("gb18030"), id="gb18030 with CRLF"),
        pytest.param(TAIWAN_NEWS.encode("big5"), id="big5"),
        pytest.param(codecs.BOM_UTF16_BE + NEWS.encode("utf-16-be"), id="utf-16"),
        pytest.param(
            f"一\x00二\ufffd三\r\n四\r五{NEWS}\n".encode(), id="NUL beside a real replacement character"
        ),
    ],
)
def test_bytes_can_be_restored(data):
    assert text_decoding.encode_page(text_decoding.decode_page(data)) == data


def test_digest_covers_the_raw_bytes():
    data = codecs.BOM_UTF8 + NEWS.encode()
    assert text_decoding.decode_page(data).sha256 == hashlib.sha256(data).hexdigest()


def test_character_with_two_codes_is_flagged():
    # Big5 gives 兀 two codes, A461 and C94A; the page reads the same, the second code is lost.
    data = TAIWAN_NEWS.encode("big5") + b"\xc9\x4a"
    page = text_decoding.decode_page(data)
    assert page.text.endswith(("兀", "嗀", "\ufa0c"))
    assert ("irreversible" in page.flags) == (text_decoding.encode_page(page) != data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty", id="no bytes"),
        pytest.param(" \r\n\u3000\n".encode(), "empty", id="white space"),
        pytest.param(b"\x00" * 40, "empty", id="nothing but NUL"),
        pytest.param(
            NEWS.encode()[:200] + b"\xff" + NEWS.encode()[200:], "bad_encoding", id="a broken byte in UTF-8"
        ),
        pytest.param(bytes(range(256)) * 20, "bad_encoding", id="a binary file"),
        pytest.param(b"\x01\x02\x03\x04" * 50 + b"page", "bad_encoding", id="control characters"),
        pytest.param(codecs.BOM_UTF16_LE + b"\x00\xd8" * 9, "bad_encoding", id="half characters"),
    ],
)
def test_file_that_is_not_text_is_rejected_with_a_reason(data, reason):
    with pytest.raises(Rejected) as rejected:
        text_decoding.decode_page(data)
    assert rejected.value.reason == reason
    assert rejected.value.detail
