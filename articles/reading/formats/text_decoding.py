"""Decodes the bytes of a text file to a page: encoding, digest, flags and masthead."""

import codecs
import hashlib
import re
from dataclasses import replace

from charset_normalizer import from_bytes

from articles.reading.lines.printed_lines import MARGIN
from articles.reading.values import Page, Rejected

from .page_headers import read_masthead

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LEGACY = ("gb18030", "big5hkscs", "big5")

# A file with a larger share of control characters is a picture or an archive with the name of a page.
_CONTROLS_ONE_IN = 20
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# A text of at least so many letters of which a smaller share is Chinese is flagged.
_LETTERS, _LEAST_HAN = 60, 0.2


def decode_page(data: bytes) -> Page:
    """Decode the bytes of one page file; `Rejected` (empty, bad_encoding) if they are not text.

    The digest covers the raw bytes. The text has no byte order mark, and U+FFFD in place of NUL, which PostgreSQL
    cannot store. Line ends stay as they are.
    """
    encoding, bom = _encoding(data)
    raw = _decoded(data[len(bom) :], encoding)
    nul_offsets = tuple(match.start() for match in re.finditer("\x00", raw))
    text = raw.replace("\x00", "\ufffd")
    page = Page(
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        flags=_flags(raw, bom),
        nul_offsets=nul_offsets,
        masthead=read_masthead(text),
    )
    if encode_page(page) != data:
        # Big5 has two codes for some characters: the bytes cannot be restored, but the text is right.
        page = replace(page, flags=(*page.flags, "irreversible"))
    return page


def encode_page(page: Page) -> bytes:
    """Encode a page to the bytes it was decoded from; if it is flagged `irreversible`, to bytes with the same text."""
    text = page.text
    for offset in page.nul_offsets:
        text = f"{text[:offset]}\x00{text[offset + 1 :]}"
    bom = next((bom for bom, name in _BOMS if name == page.encoding), b"") if "bom" in page.flags else b""
    return bom + text.encode(page.encoding)


def _encoding(data: bytes) -> tuple[str, bytes]:
    """The name of the encoding and the byte order mark, if there is one."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name, bom
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy_encoding(data, error), b""
    return "utf-8", b""


def _legacy_encoding(data: bytes, error: UnicodeDecodeError) -> str:
    """The encoding of bytes that are not UTF-8: GB18030 or Big5, whichever gives likelier Chinese text."""
    if _is_damaged_utf8(data):
        raise Rejected("bad_encoding", f"UTF-8 is broken at byte {error.start}; export the page again")
    best = from_bytes(data, cp_isolation=list(_LEGACY), threshold=0.5).best()
    if best is None:
        raise Rejected("bad_encoding", "this is neither UTF-8, GB18030 nor Big5; save the page as UTF-8")
    return "big5hkscs" if best.encoding.startswith("big5") else best.encoding


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether most characters are valid UTF-8; bytes of a legacy encoding have almost none."""
    text = data.decode("utf-8", errors="replace")
    sound = sum(char > "\u07ff" and char != "\ufffd" for char in text)
    return sound > 4 * text.count("\ufffd")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        detail = f"{encoding} is broken at byte {error.start}; save the page as UTF-8"
        raise Rejected("bad_encoding", detail) from None
    if not text.strip("\x00" + MARGIN):
        raise Rejected("empty", "there is no text in the file; export the page again")
    if _SURROGATE.search(text):
        raise Rejected(
            "bad_encoding", "it contains surrogates, which are halves of characters; save the page as UTF-8"
        )
    if len(_CONTROL.findall(text)) * _CONTROLS_ONE_IN > len(text):
        raise Rejected("bad_encoding", "this is not text: it is full of control characters")
    return text


def _is_foreign(raw: str) -> bool:
    """Whether this is a text, but hardly a Chinese one; a line or a table of figures says nothing."""
    letters = sum(map(str.isalpha, raw))
    return letters >= _LETTERS and len(_HAN.findall(raw)) < letters * _LEAST_HAN


def _flags(raw: str, bom: bytes) -> tuple[str, ...]:
    found = {"bom": bool(bom), "nul": "\x00" in raw, "private_use": bool(_PRIVATE_USE.search(raw))}
    found["not_chinese"] = _is_foreign(raw)
    return tuple(name for name, is_so in found.items() if is_so)
