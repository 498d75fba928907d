"""What can be seen of each line of a page: by itself, beside its neighbours, and on its page.

Observations are names; `weights` says what each speaks for.
"""

from __future__ import annotations

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
# What a line tells the one below it, and the one above it.
_TOLD_BELOW = (
    "scene word",
    "colon",
    "clause",
    "item",
    "mid end",
    "caption lead",
    "photo credit",
    "open quote",
)
_TOLD_ABOVE = (
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


def extract_features(lines: Sequence[PrintedLine]) -> list[frozenset[str]]:
    """What can be seen of each line, by itself, beside its neighbours and on its page."""
    looks = [extract_line_features(line) for line in lines]
    layout = extract_page_features(looks)
    padded = [None, *looks, None, None]
    apart = credited_apart(looks)
    captions = short_sentences(looks, layout)
    signatures = letter_signatures(looks)
    poems = verses(looks)
    return [
        frozenset(
            _alone(look, above)
            | _above(look, above, layout)
            | _below(look, below)
            | _on_page(look, above, below, layout)
            | ({"credited apart"} if here in apart else set())
            | ({"in verse"} if here in poems else set())
            | ({"signs a letter"} if here in signatures else set())
            | _among_short_sentences(here, captions, looks)
            | ({"section of one"} if _is_section_of_one(below, padded[here + 3]) else set())
        )
        for here, (above, look, below) in enumerate(zip(padded, looks, padded[2:], strict=False))
    ]


def _alone(look: LineFeatures, above: LineFeatures | None) -> frozenset[str]:
    """What is seen of the line itself; a word that goes on says nothing where the line above is finished."""
    return look.seen - {"mid start"} if above is not None and above.seen & FINISHED else look.seen


def _is_section_of_one(below: LineFeatures | None, second: LineFeatures | None) -> bool:
    """Whether one line of text stands below, and then a title or nothing: briefs are short, sections are not."""
    return below is not None and below.is_body_like and (second is None or second.is_title_like)


def _among_short_sentences(here: int, sentences: set[int], looks: list[LineFeatures]) -> set[str]:
    """What short sentences say: photos stand together, and above their credit."""
    seen = {"above short sentence"} if here - 1 in sentences else set()
    if here in sentences:
        seen.add("tiny sentence" if looks[here].line.length <= 10 else "short sentence")
        if here + 1 in sentences or (here + 1 < len(looks) and "byline" in looks[here + 1]):
            seen.add("below short sentence or byline")
    return seen


def _above(look: LineFeatures, above: LineFeatures | None, layout: PageFeatures) -> set[str]:
    """What the line above says of this one."""
    if above is None:
        return {"first"}
    seen = {f"above {name}" for name in _TOLD_BELOW if name in above}
    if above.seen & {"signed", "byline", "staff"}:
        seen.add("above signed")
    if are_list_rows(look, above):
        seen.add("in a list")
    if "cells" in look and "cells" in above:
        seen.add("in a table")
    if look.line.gap > layout.gap:
        seen.add("gap")
    if layout.set_apart and above.is_body_like:
        seen.add("gap below body" if "gap" in seen else "no gap below body")
    if above.line.length < look.line.length:
        seen.add("longer than above")
    return seen | _opened(look, above, layout) | _titles(look, above, layout)


def _opened(look: LineFeatures, above: LineFeatures, layout: PageFeatures) -> set[str]:
    """What the line above leaves open: its sentence, a bracket, a quotation."""
    seen = set()
    if not above.seen & (FINISHED | _CREDITS):
        seen.add("above open short" if "short" in above else "above open")
        if layout.loose:
            seen.add("above open on loose page")
    if "open bracket" in above and "closing bracket" in look:
        seen.add("above open bracket")
    if above.seen >= _OPENS_QUOTE and look.seen >= _CLOSES_QUOTE:
        seen.add("above quote goes on")
    return seen


def _titles(look: LineFeatures, above: LineFeatures, layout: PageFeatures) -> set[str]:
    """What the line above says as a title: that it is whole, or that it was cut."""
    if not above.is_title_like:
        return set()
    seen = {"above title of two parts"} if "spaced" in above else set()
    return seen | {"above cut title"} if look.is_title_like and _is_cut_title(above, look, layout) else seen


def _is_cut_title(above: LineFeatures, look: LineFeatures, layout: PageFeatures) -> bool:
    """Whether two lines are one headline broken at the width of its column, as other headlines of the page are."""
    if above.line.length < look.line.length or "names" in look or "decorated" in above:
        return False
    return (
        (look.line.length <= 4 and above.line.length >= _MIN_WIDTH)
        or layout.widths[above.line.length] > 1
        or "mid end" in above
        or "mid start" in look
    )


def _below(look: LineFeatures, below: LineFeatures | None) -> set[str]:
    """What the line below says of this one."""
    if below is None:
        return {"last"}
    if look.seen >= _OPENS_QUOTE and below.seen >= _CLOSES_QUOTE:
        return {"quote goes on below", "below title"}
    seen = {f"below {name}" for name in _TOLD_ABOVE if name in below}
    if are_list_rows(look, below):
        seen.add("in a list")
    if "cells" in look and "cells" in below:
        seen.add("in a table")
    if below.is_body_like:
        seen.add("below body")
    elif below.is_title_like:
        seen.add("below title")
    if below.line.length < look.line.length:
        seen.add("longer than below")
    is_name_of_column = look.line.length <= _MAX_COLUMN_NAME and below.is_title_like
    if is_name_of_column and below.line.length >= _FAR_SHORTER * look.line.length:
        seen.add("far shorter than below")
    return seen


def _on_page(
    look: LineFeatures, above: LineFeatures | None, below: LineFeatures | None, layout: PageFeatures
) -> set[str]:
    """What the rest of the page says of this line."""
    seen = {"indented" if look.line.indent else "not indented"} if layout.indented else set()
    if look.is_title_like:
        seen |= _among_titles(look, above, below, layout)
    if look.line.fold.find("：") in range(1, 6) and layout.speakers[look.line.fold.partition("：")[0]] > 1:
        seen.add("speaker")
    if below is None and layout.headed and "staff" in look:
        seen.add("page foot")
    if layout.sentences:
        seen.add("sentence page")
    if layout.loose and "unfinished" in look and "short" not in look:
        seen.add("unfinished on loose page")
    return seen


def _among_titles(
    look: LineFeatures, above: LineFeatures | None, below: LineFeatures | None, layout: PageFeatures
) -> set[str]:
    """What other title-like lines say of one."""
    begins = title_opening(look)
    # Behind the same bullet stand names of columns, which have a title below, and headings.
    is_column = begins in BULLETS and (below is None or not below.is_body_like)
    seen = {"parallel"} if layout.openings[begins] > 1 and not is_column else set()
    if "decorated" in look and below is not None and below.line.fold[0] in BULLETS and "stop" in below:
        seen.add("column of a list")
    if below is not None and below.is_title_like:
        if above is not None and above.is_title_like:
            seen.add("between titles")
        if "colon" in look and "numbered" not in below:
            seen.add("colon above title")
    if below is not None and not below.seen & {"dateline", "byline"}:
        if layout.datelines >= _MOSTLY:
            seen.add("datelines elsewhere")
        elif not layout.datelines:
            seen.add("no datelines")
    return seen
