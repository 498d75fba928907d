"""Removes the line breaks of columns, where a page has them.

A dump of a printed page may break every line at the width of the column. Then most lines have the same width, and
a full line continues in the next one, unless that is indented or has more blank lines above it.
"""

import re
from collections import Counter
from collections.abc import Sequence

from .printed_lines import PrintedLine

# Columns of newspapers hold 8 to 40 characters; a page of fewer lines shows no width.
_WIDTHS = range(8, 41)
_MIN_LINES = 12
_MIN_SHARE = 0.4
_STOP = re.compile("[。！？”）]$")


def unwrap_columns(lines: Sequence[PrintedLine]) -> Sequence[PrintedLine]:
    """Join the lines that column breaks divided; a page without such breaks stays as it is."""
    widths = [_width(line) for line in lines]
    column = _column(widths)
    if column is None:
        return lines
    indents = sum(line.indent > 0 for line in lines) >= 2
    whole: list[PrintedLine] = []
    for here, line in enumerate(lines):
        if (
            here
            and widths[here - 1] >= column - 1
            and _continues(lines, widths, here, column, indents=indents)
        ):
            whole[-1] = whole[-1].with_next(line)
        else:
            whole.append(line)
    return whole


def _width(line: PrintedLine) -> int:
    """The width of a printed line in full-width characters, with its indent."""
    narrow = len(line.text.encode("ascii", "ignore"))
    return len(line.text) - narrow // 2 + line.indent


def _column(widths: list[int]) -> int | None:
    """The width of the column, if most lines fill it; a line may lack one character that must not end a line."""
    if len(widths) < _MIN_LINES:
        return None
    counts = Counter(widths)
    column = max(_WIDTHS, key=lambda width: counts[width] + counts[width - 1])
    full = counts[column] + counts[column - 1] + counts[column + 1]
    return column if full >= _MIN_SHARE * len(widths) else None


def _continues(
    lines: Sequence[PrintedLine], widths: list[int], here: int, column: int, *, indents: bool
) -> bool:
    """Whether a line continues the full line above it."""
    line = lines[here]
    if line.gap > min(other.gap for other in lines[1:]) or (indents and line.indent):
        return False
    is_full = widths[here] >= column - 1
    below = lines[here + 1] if here + 1 < len(lines) else None
    # The line above may end its paragraph exactly there; then a short line above an indented one is a title.
    return is_full or not (
        _STOP.search(lines[here - 1].fold) and indents and below is not None and below.indent
    )
