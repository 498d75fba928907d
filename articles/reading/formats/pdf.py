"""Reads the sheets of a PDF: its characters, rules, frames and pictures, by PDFium.

PDFium is not made for hostile files: call this in a process with bounds only (`bounded_reading`).
"""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from articles.reading.values import Rejected

from .sheets import Glyph, Rectangle, Sheet

# A page of a newspaper has up to 20,000 characters; more than so many in one place are no page.
_MOST_GLYPHS = 200_000
_MOST_DRAWINGS = 20_000
# The longest side of a sheet in points: two metres and a half.
_LONGEST_SIDE = 7_200
_LEAST_SIDE = 20

# A text of so few characters is that of a stamp or of a page number, and the page itself is a picture.
_LEAST_TEXT = 20
# One in so many characters without a code in Unicode makes a text unreadable.
_UNKNOWN_ONE_IN = 5
_UNKNOWN = "\ufffd"

_FIRST_WIDE = 0x2E80
# One sign for two characters of these.
_DOUBLED = "—―─…⋯"
_ASCENT = 0.88

_THIN = 3.5
_SHORT_RULE = 15.0
_FRAME = (40.0, 25.0)
_SAME_FRAME = 4.0


def count_pdf_pages(data: bytes) -> int:
    """Count the pages of a PDF; `Rejected` (encrypted, damaged)."""
    document = _open(data)
    try:
        return len(document)
    finally:
        document.close()


def read_pdf_sheet(data: bytes, number: int) -> Sheet:
    """Read a page of a PDF, the first has number 1; `Rejected` (encrypted, damaged, too_large, no_text)."""
    document = _open(data)
    try:
        page = document[number - 1]
    except (pdfium.PdfiumError, IndexError) as error:
        raise Rejected("damaged", f"page {number} cannot be opened; export the file again") from error
    return _Reader(page).read()


def _open(data: bytes) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Rejected("encrypted", "it asks for a password; save it without one") from error
        raise Rejected("damaged", "this is no PDF, or a broken one; export the file again") from error


class _Reader:
    """Reads one page, and turns its places to those of a sheet as it is visible."""

    def __init__(self, page: Any) -> None:
        self._page = page
        left, bottom, right, top = page.get_cropbox()
        outer = page.get_mediabox()
        self._left, self._bottom = max(left, outer[0]), max(bottom, outer[1])
        self._across, self._up = min(right, outer[2]) - self._left, min(top, outer[3]) - self._bottom
        self._turns = page.get_rotation() // 90
        sides = (self._across, self._up)
        if not (min(sides) >= _LEAST_SIDE and max(sides) <= _LONGEST_SIDE):
            detail = f"a page of {sides[0]:,.0f} by {sides[1]:,.0f} points; export it in its printed size"
            raise Rejected("too_large", detail)
        self._size = sides if self._turns % 2 == 0 else sides[::-1]

    def read(self) -> Sheet:
        glyphs, flags = self._chosen(list(self._glyphs()))
        rules, frames, pictures = self._drawings()
        return Sheet(*self._size, tuple(glyphs), tuple(rules), tuple(frames), tuple(pictures), flags)

    def _chosen(self, found: list[tuple[Glyph, bool]]) -> tuple[list[Glyph], tuple[str, ...]]:
        """The characters that a reader sees, or those of the hidden text that lies behind a picture of the page."""
        visible = [glyph for glyph, is_hidden in found if not is_hidden]
        flags: tuple[str, ...] = ()
        if len(visible) < _LEAST_TEXT and len(found) >= _LEAST_TEXT:
            visible, flags = [glyph for glyph, _is_hidden in found], ("hidden_text",)
        if len(visible) < _LEAST_TEXT:
            raise Rejected("no_text", "the page is a picture without text; run OCR over it, or load its text")
        unknown = sum(glyph.text == _UNKNOWN for glyph in visible)
        if unknown * _UNKNOWN_ONE_IN > len(visible):
            raise Rejected(
                "no_text", "its fonts do not say which characters they print; run OCR over the page"
            )
        return visible, (*flags, "unknown_characters") if unknown else flags

    def _glyphs(self) -> Iterator[tuple[Glyph, bool]]:
        """The characters inside the visible part, in the order of the file, and whether each is hidden."""
        text = self._page.get_textpage()
        count = text.count_chars()
        if count > _MOST_GLYPHS:
            raise Rejected("too_large", f"{count:,} characters on a page; a page may have {_MOST_GLYPHS:,}")
        after_blank, is_hidden = False, False
        last: Glyph | None = None
        last_origin: tuple[float, float] | None = None
        modes: dict[int, bool] = {}
        high = ""
        for index in range(count):
            code = pdfium_c.FPDFText_GetUnicode(text.raw, index)
            if 0xD800 <= code < 0xDC00:
                high = chr(code)
                continue
            char = _character(text.raw, index, code)
            if high:
                char = (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                high = ""
            if char.isspace() or not char:
                after_blank = after_blank or char.isspace()
                continue
            glyph, origin = self._glyph(text.raw, index, char, after_blank)
            if last and origin == last_origin and (char not in last.text or char in _DOUBLED):
                # One sign for several characters: a ligature, or a dash of two.
                last = _joined(last, char)
                continue
            if last and self._is_inside(last):
                yield last, is_hidden
            last, last_origin, after_blank = glyph, origin, False
            is_hidden = _is_hidden(text.raw, index, modes)
        if last and self._is_inside(last):
            yield last, is_hidden

    def _glyph(
        self, text: Any, index: int, char: str, after_blank: bool
    ) -> tuple[Glyph, tuple[float, float]]:
        matrix, x, y = pdfium_c.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
        rect = pdfium_c.FS_RECTF()
        pdfium_c.FPDFText_GetMatrix(text, index, matrix)
        pdfium_c.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium_c.FPDFText_GetLooseCharBox(text, index, rect)
        # The size of the font is that before the matrix.
        size = pdfium_c.FPDFText_GetFontSize(text, index) * math.hypot(matrix.b, matrix.d)
        turns = round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) % 4
        advance = self._advance(rect, x.value, y.value, turns)
        if ord(char[0]) >= _FIRST_WIDE or char in _DOUBLED:
            # The box of some characters is that of their ink: a dash is a point high.
            advance = size
        box = _set_box(x.value, y.value, advance, size, turns)
        visible = self._as_visible(box)
        return Glyph(char, visible, size, (turns - self._turns) % 4, after_blank), (x.value, y.value)

    @staticmethod
    def _advance(rect: Any, x: float, y: float, turns: int) -> float:
        end = (rect.right - x, rect.top - y, x - rect.left, y - rect.bottom)[turns]
        return float(max(end, 0.1))

    def _as_visible(self, box: tuple[float, float, float, float]) -> Rectangle:
        """A box of the file (left, bottom, right, top) on the sheet as it is visible, also where it is turned."""
        left, bottom, right, top = box
        left, right = left - self._left, right - self._left
        bottom, top = bottom - self._bottom, top - self._bottom
        match self._turns:
            case 1:
                return Rectangle(bottom, left, top, right)
            case 2:
                return Rectangle(self._across - right, bottom, self._across - left, top)
            case 3:
                return Rectangle(self._up - top, self._across - right, self._up - bottom, self._across - left)
        return Rectangle(left, self._up - top, right, self._up - bottom)

    def _is_inside(self, glyph: Glyph) -> bool:
        """Whether a character is within what the crop box shows."""
        across = (glyph.box.left + glyph.box.right) / 2
        down = (glyph.box.top + glyph.box.bottom) / 2
        return bool(0 <= across <= self._size[0] and 0 <= down <= self._size[1])

    def _drawings(self) -> tuple[list[Rectangle], list[Rectangle], list[Rectangle]]:
        rules: list[Rectangle] = []
        frames: list[Rectangle] = []
        pictures: list[Rectangle] = []
        wanted = (pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_IMAGE)
        for number, drawing in enumerate(self._page.get_objects(filter=wanted, max_depth=2)):
            if number >= _MOST_DRAWINGS:
                break
            box = self._as_visible(drawing.get_bounds())
            if drawing.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                pictures.append(box)
            elif min(box.width, box.height) < _THIN and max(box.width, box.height) > _SHORT_RULE:
                rules.append(box)
            elif box.width > _FRAME[0] and box.height > _FRAME[1] and box.width < 0.99 * self._size[0]:
                frames.append(box)
        return rules, [frame for n, frame in enumerate(frames) if not _is_among(frame, frames[:n])], pictures


def _character(text: Any, index: int, code: int) -> str:
    """The character, U+FFFD if its font does not say which, and nothing for a mark that PDFium added."""
    if code in {0, 2, 0xFFFE, 0xFFFF} or not 0 <= code <= 0x10FFFF:
        return _UNKNOWN if code == 0 else ""
    if pdfium_c.FPDFText_IsGenerated(text, index) == 1:
        return ""
    if pdfium_c.FPDFText_HasUnicodeMapError(text, index) == 1 or 0xE000 <= code <= 0xF8FF:
        return _UNKNOWN
    char = chr(code)
    return char if char.isprintable() or char.isspace() else ""


def _joined(glyph: Glyph, char: str) -> Glyph:
    """A sign with one more of its characters; a dash of two characters is as wide as two."""
    box = glyph.box
    if char in _DOUBLED and glyph.turns == 0:
        box = replace(box, right=box.right + glyph.size)
    return replace(glyph, text=glyph.text + char, box=box)


def _is_hidden(text: Any, index: int, modes: dict[int, bool]) -> bool:
    """Whether a character is drawn with neither filling nor outline, as the text behind a scan is."""
    thing = pdfium_c.FPDFText_GetTextObject(text, index)
    key = ctypes.addressof(thing.contents) if thing else 0
    if key not in modes:
        invisible = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        modes[key] = bool(thing) and pdfium_c.FPDFTextObj_GetTextRenderMode(thing) == invisible
    return modes[key]


def _set_box(
    x: float, y: float, advance: float, size: float, turns: int
) -> tuple[float, float, float, float]:
    """The box of a character from its origin on the base line: left, bottom, right, top in the places of the file."""
    above, below = _ASCENT * size, (1 - _ASCENT) * size
    match turns:
        case 1:
            return x - above, y, x + below, y + advance
        case 2:
            return x - advance, y - above, x, y + below
        case 3:
            return x - below, y - advance, x + above, y
    return x, y - below, x + advance, y + above


def _is_among(box: Rectangle, others: list[Rectangle]) -> bool:
    """Whether a frame was drawn before, as frames of two lines are."""
    return any(_are_same(box, other) for other in others)


def _are_same(box: Rectangle, other: Rectangle) -> bool:
    sides = zip(
        (box.left, box.top, box.right, box.bottom),
        (other.left, other.top, other.right, other.bottom),
        strict=True,
    )
    return all(abs(one - two) < _SAME_FRAME for one, two in sides)
