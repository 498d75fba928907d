"""Lists the features of each line of a page: of the line alone, from its neighbours, and from the whole page.

A feature is a name such as "above open". `weights` says how much each speaks for or against a label.
"""

from collections.abc import Sequence

from articles.reading.credits.vocabulary import BULLETS
from articles.reading.lines.printed_lines import PrintedLine

from .line_features import FINISHED, LineFeatures, are_list_rows, extract_line_features, title_opening
from .page_features import (
    PageFeatures,
    credited_apart,
    extract_page_features,
    letter_signatures,
    short_sentences,
    verses,
)

# The share of titles with a dateline from which one without is the exception.
_MOSTLY = 0.4
# Features of a line that are also features of the line below it, and of the line above it.
_PASSED_DOWN = (
    "scene word",
    "colon",
    "clause",
    "item",
    "mid end",
    "caption lead",
    "photo credit",
    "open quote",
)
_PASSED_UP = (
    *("dateline", "byline", "names", "staff", "header", "dash", "news opener", "mid start"),
    *("caption lead", "editor note", "jumped from", "salutation"),
)
_CREDITS = frozenset({"byline", "staff", "signed", "photo credit", "header", "jump"})
# Columns in which a headline is broken are this wide at least.
_MIN_WIDTH = 8
# The name of a column is far shorter than the headline below it.
_MAX_COLUMN_NAME = 6
_FAR_SHORTER = 1.5
# A title broken inside a quotation.
_OPENS_QUOTE = frozenset({"short", "open quote", "unfinished"})
_CLOSES_QUOTE = frozenset({"short", "closing quote", "unfinished"})


def extract_features(printed_lines: Sequence[PrintedLine]) -> list[frozenset[str]]:
    """List the features of each printed line, in the order of the lines."""
    lines = [extract_line_features(line) for line in printed_lines]
    page = extract_page_features(lines)
    padded = [None, *lines, None, None]
    apart = credited_apart(lines)
    captions = short_sentences(lines, page)
    signatures = letter_signatures(lines)
    poems = verses(lines)
    return [
        frozenset(
            _alone(line, above)
            | _above(line, above, page)
            | _below(line, below)
            | _on_page(line, above, below, page)
            | ({"credited apart"} if here in apart else set())
            | ({"in verse"} if here in poems else set())
            | ({"signs a letter"} if here in signatures else set())
            | _among_short_sentences(here, captions, lines)
            | ({"section of one"} if _is_section_of_one(below, padded[here + 3]) else set())
        )
        for here, (above, line, below) in enumerate(zip(padded, lines, padded[2:], strict=False))
    ]


def _alone(line: LineFeatures, above: LineFeatures | None) -> frozenset[str]:
    """The features of the line itself; "mid start" does not count where the line above is finished."""
    return line.features - {"mid start"} if above is not None and above.features & FINISHED else line.features


def _is_section_of_one(below: LineFeatures | None, second: LineFeatures | None) -> bool:
    """Whether one line of text follows, and then a title or the end: a brief is that short, a section is not."""
    return below is not None and below.is_body_like and (second is None or second.is_title_like)


def _among_short_sentences(here: int, sentences: set[int], lines: list[LineFeatures]) -> set[str]:
    """Features of captions of one short sentence: photos are printed together, above their credit."""
    features = {"above short sentence"} if here - 1 in sentences else set()
    if here in sentences:
        features.add("tiny sentence" if lines[here].printed.length <= 10 else "short sentence")
        if here + 1 in sentences or (here + 1 < len(lines) and "byline" in lines[here + 1]):
            features.add("below short sentence or byline")
    return features


def _above(line: LineFeatures, above: LineFeatures | None, page: PageFeatures) -> set[str]:
    """Features that come from the line above."""
    if above is None:
        return {"first"}
    features = {f"above {name}" for name in _PASSED_DOWN if name in above}
    if above.features & {"signed", "byline", "staff"}:
        features.add("above signed")
    if are_list_rows(line, above):
        features.add("in a list")
    if "cells" in line and "cells" in above:
        features.add("in a table")
    if line.printed.gap > page.gap:
        features.add("gap")
    if page.set_apart and above.is_body_like:
        features.add("gap below body" if "gap" in features else "no gap below body")
    if above.printed.length < line.printed.length:
        features.add("longer than above")
    return features | _opened(line, above, page) | _titles(line, above, page)


def _opened(line: LineFeatures, above: LineFeatures, page: PageFeatures) -> set[str]:
    """Features of what the line above leaves open: a sentence, a bracket, a quotation."""
    features = set()
    if not above.features & (FINISHED | _CREDITS):
        features.add("above open short" if "short" in above else "above open")
        if page.loose:
            features.add("above open on loose page")
    if "open bracket" in above and "closing bracket" in line:
        features.add("above open bracket")
    if above.features >= _OPENS_QUOTE and line.features >= _CLOSES_QUOTE:
        features.add("above quote goes on")
    return features


def _titles(line: LineFeatures, above: LineFeatures, page: PageFeatures) -> set[str]:
    """Features that come from a title above: it is complete, or this line continues it."""
    if not above.is_title_like:
        return set()
    features = {"above title of two parts"} if "spaced" in above else set()
    return (
        features | {"above cut title"}
        if line.is_title_like and _is_cut_title(above, line, page)
        else features
    )


def _is_cut_title(above: LineFeatures, line: LineFeatures, page: PageFeatures) -> bool:
    """Whether two lines are one headline, broken at the width of the column as other headlines of the page are."""
    if above.printed.length < line.printed.length or "names" in line or "decorated" in above:
        return False
    return (
        (line.printed.length <= 4 and above.printed.length >= _MIN_WIDTH)
        or page.widths[above.printed.length] > 1
        or "mid end" in above
        or "mid start" in line
    )


def _below(line: LineFeatures, below: LineFeatures | None) -> set[str]:
    """Features that come from the line below."""
    if below is None:
        return {"last"}
    if line.features >= _OPENS_QUOTE and below.features >= _CLOSES_QUOTE:
        return {"quote goes on below", "below title"}
    features = {f"below {name}" for name in _PASSED_UP if name in below}
    if are_list_rows(line, below):
        features.add("in a list")
    if "cells" in line and "cells" in below:
        features.add("in a table")
    if below.is_body_like:
        features.add("below body")
    elif below.is_title_like:
        features.add("below title")
    if below.printed.length < line.printed.length:
        features.add("longer than below")
    is_name_of_column = line.printed.length <= _MAX_COLUMN_NAME and below.is_title_like
    if is_name_of_column and below.printed.length >= _FAR_SHORTER * line.printed.length:
        features.add("far shorter than below")
    return features


def _on_page(
    line: LineFeatures, above: LineFeatures | None, below: LineFeatures | None, page: PageFeatures
) -> set[str]:
    """Features that come from the rest of the page."""
    features = {"indented" if line.printed.indent else "not indented"} if page.indented else set()
    if line.is_title_like:
        features |= _among_titles(line, above, below, page)
    if (
        line.printed.fold.find("：") in range(1, 6)
        and page.speakers[line.printed.fold.partition("：")[0]] > 1
    ):
        features.add("speaker")
    if below is None and page.headed and "staff" in line:
        features.add("page foot")
    if page.sentences:
        features.add("sentence page")
    if page.loose and "unfinished" in line and "short" not in line:
        features.add("unfinished on loose page")
    return features


def _among_titles(
    line: LineFeatures, above: LineFeatures | None, below: LineFeatures | None, page: PageFeatures
) -> set[str]:
    """Features of a title-like line that come from the other title-like lines."""
    begins = title_opening(line)
    # Names of columns, which have a title below, and headings may begin with the same bullet.
    is_column = begins in BULLETS and (below is None or not below.is_body_like)
    features = {"parallel"} if page.openings[begins] > 1 and not is_column else set()
    if "decorated" in line and below is not None and below.printed.fold[0] in BULLETS and "stop" in below:
        features.add("column of a list")
    if below is not None and below.is_title_like:
        if above is not None and above.is_title_like:
            features.add("between titles")
        if "colon" in line and "numbered" not in below:
            features.add("colon above title")
    if below is not None and not below.features & {"dateline", "byline"}:
        if page.datelines >= _MOSTLY:
            features.add("datelines elsewhere")
        elif not page.datelines:
            features.add("no datelines")
    return features
