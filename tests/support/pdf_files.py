"""Writes small PDFs for tests: characters at places, in fonts that say what they print or do not, rules and frames."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 400, 600

_FIRST_PAGE = 8


@dataclass
class Canvas:
    """One page under construction; places are in points from its upper left corner, at the base line of a character."""

    width: int = WIDTH
    height: int = HEIGHT
    entries: str = ""
    operations: list[str] = field(default_factory=list)

    def text(
        self, left: float, base: float, text: str, size: float = 9, *, mode: int = 0, font: str = "F"
    ) -> None:
        """Print a text across."""
        self.matrix((size, 0, 0, size, left, self.height - base), text, mode=mode, font=font)

    def matrix(self, matrix: Sequence[float], text: str, *, mode: int = 0, font: str = "F") -> None:
        """Print a text by the matrix of its characters."""
        codes = text.encode("utf-16-be").hex().upper()
        numbers = " ".join(f"{value:g}" for value in matrix)
        self.operations.append(f"BT /{font} 1 Tf {mode} Tr {numbers} Tm <{codes}> Tj ET")

    def spaced(self, left: float, base: float, text: str, size: float, pitch: float) -> None:
        """Print a text with wide gaps."""
        for place, char in enumerate(text):
            self.text(left + place * pitch, base, char, size)

    def down(self, left: float, base: float, text: str, size: float) -> None:
        """Print a text down the page; `base` is the base line of its first character."""
        for place, char in enumerate(text):
            self.text(left, base + place * size, char, size)

    def column(
        self, left: float, base: float, lines: Iterable[str], size: float = 9, pitch: float = 13.5
    ) -> None:
        """Print lines below each other; a line that begins with a full-width blank is indented."""
        for place, line in enumerate(lines):
            text = line.lstrip("\u3000")
            self.text(left + (len(line) - len(text)) * size, base + place * pitch, text, size)

    def rectangle(self, left: float, top: float, width: float, height: float) -> None:
        """Draw a frame, or a rule if it is thin."""
        paint = "f" if min(width, height) < 2 else "S"
        self.operations.append(f"{left:g} {self.height - top - height:g} {width:g} {height:g} re {paint}")


def write_pdf(*pages: Canvas, ligatures: dict[str, str] | None = None, extra: str = "") -> bytes:
    """The bytes of a PDF. Font F says which characters it prints, and font N does not.

    The fonts draw each character as a rectangle, so that no font of the machine is needed.
    """
    used = sorted({char for page in pages for char in _characters(page)})
    codes = {char: number for number, char in enumerate(used, 1)}
    kids = " ".join(f"{_FIRST_PAGE + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        _font(used, "/ToUnicode 5 0 R"),
        _font(used, ""),
        _stream(_to_unicode(codes, ligatures or {})),
        _stream("1000 0 0 -120 1000 880 d1 0 -120 1000 1000 re f"),
        _stream("500 0 0 -120 500 880 d1 0 -120 500 1000 re f"),
    ]
    for number, page in enumerate(pages):
        drawn = "\n".join(_encoded(row, codes) for row in page.operations)
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.width} {page.height}]{page.entries}"
            f"/Contents {_FIRST_PAGE + 2 * number + 1} 0 R/Resources<</Font<</F 3 0 R/N 4 0 R>>>>>>",
            _stream(drawn),
        ]
    return _assembled(objects, extra)


_TEXT = re.compile("<([0-9A-F]*)>")


def _characters(page: Canvas) -> set[str]:
    return {char for row in page.operations for text in _TEXT.findall(row) for char in _decoded(text)}


def _decoded(text: str) -> str:
    return bytes.fromhex(text).decode("utf-16-be")


def _encoded(row: str, codes: dict[str, int]) -> str:
    return _TEXT.sub(lambda text: f"<{''.join(f'{codes[char]:02X}' for char in _decoded(text[1]))}>", row)


def _font(used: Sequence[str], unicode: str) -> str:
    names = " ".join(f"/g{number}" for number in range(1, len(used) + 1))
    glyphs = "".join(f"/g{number} {7 if char.isascii() else 6} 0 R" for number, char in enumerate(used, 1))
    widths = " ".join("500" if char.isascii() else "1000" for char in used)
    return (
        "<</Type/Font/Subtype/Type3/FontBBox[0 -120 1000 880]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 1"
        f"/LastChar {len(used)}/Widths[{widths}]/CharProcs<<{glyphs}>>/Resources<<>>"
        f"/Encoding<</Type/Encoding/Differences[1 {names}]>>{unicode}>>"
    )


def _to_unicode(codes: dict[str, int], ligatures: dict[str, str]) -> str:
    rows = "\n".join(
        f"<{code:02X}> <{ligatures.get(char, char).encode('utf-16-be').hex().upper()}>"
        for char, code in codes.items()
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def "
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(codes)} beginbfchar\n{rows}\nendbfchar\n"
        "endcmap end end"
    )


def _stream(text: str) -> str:
    return f"<</Length {len(text)}>>\nstream\n{text}\nendstream"


def _assembled(objects: Sequence[str], extra: str) -> bytes:
    data = b"%PDF-1.7\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    tail = f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{extra}>>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + head.encode() + tail.encode()
