"""Lists the features by which the lines of a page are labelled: of each line, from its neighbours, and from the page.

A feature is a name such as "short" or "same length as above". What a line has of its own its neighbours see too;
`sequence_model` says how much each feature speaks for or against a label.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from articles.reading.credits.vocabulary import BULLETS
from articles.reading.lines.printed_lines import PrintedLine

from .line_features import FINISHED, LineFeatures, are_list_rows, extract_line_features, title_opening
from .line_shapes import PageShape, length_class, shared_words, word_pairs
from .page_features import (
    PageFeatures,
    credited_apart,
    extract_page_features,
    letter_signatures,
    short_sentences,
    verses,
)
from .sequence_model import LineObservation

# The lower bounds of the classes of distances in lines.
_DISTANCES = (0, 1, 2, 3, 5, 8, 13)
_PAGE_LINES = (0, 8, 15, 30, 60, 100)
_BODY_LENGTHS = (0, 30, 60, 90, 130)
_DATELINES = ((0.5, "most"), (0.2, "some"), (0.0, "few"))
# Columns in which a headline is broken are this wide at least.
_MIN_WIDTH = 8
_MAX_GROUP = 4
_CREDITS = frozenset({"dateline", "byline", "names"})
# What the text below and above a group of titles says about them.
_SHOWN_BY_TEXT_BELOW = (
    *("dateline", "byline", "names", "staff", "news opener", "opener", "short", "signed", "photo credit"),
    *("caption lead", "salutation", "stop", "numbered", "jumped from"),
)
_SHOWN_BY_TEXT_ABOVE = (
    *("signed", "stop", "byline", "names", "staff", "header", "photo credit", "closing bracket", "colon"),
    *("unfinished", "exclaimed"),
)
# A title broken inside a quotation.
_OPENS_QUOTE = frozenset({"short", "open quote", "unfinished"})
_CLOSES_QUOTE = frozenset({"short", "closing quote", "unfinished"})


def extract_features(printed_lines: Sequence[PrintedLine]) -> list[LineObservation]:
    """List the features of each printed line, in the order of the lines."""
    if not printed_lines:
        return []
    lines = [extract_line_features(line) for line in printed_lines]
    page = extract_page_features(lines)
    shape = PageShape(lines, page.gap)
    groups = _Groups(lines, page)
    pairs = word_pairs(lines)
    apart = credited_apart(lines)
    captions = short_sentences(lines, page)
    signatures = letter_signatures(lines)
    poems = verses(lines)
    padded = [None, *lines, None]
    observations = []
    for here, (above, line, below) in enumerate(zip(padded, lines, padded[2:], strict=False)):
        relations = _above(line, above, page) | _below(line, below) | groups.features(here, pairs)
        relations |= _among_short_sentences(here, captions, lines)
        relations |= _on_page(line, below, page, len(lines), shape)
        if here:
            relations.add(f"words of line above {shared_words(pairs[here], pairs[here - 1])}")
        if below is not None:
            relations.add(f"words of line below {shared_words(pairs[here], pairs[here + 1])}")
        if here in apart:
            relations.add("credited apart")
        if here in poems:
            relations.add("in verse")
        if here in signatures:
            relations.add("signs a letter")
        observations.append(
            LineObservation(_own(line, above, shape), frozenset(relations), groups.is_lone_title(here))
        )
    return observations


def _own(line: LineFeatures, above: LineFeatures | None, shape: PageShape) -> frozenset[str]:
    """The features of the line itself; "mid start" does not count where the line above is finished."""
    features = line.features | shape.features(line)
    if above is not None and above.features & FINISHED:
        features -= {"mid start"}
    if line.is_title_like:
        return features | {"title-like", "any"}
    return features | {"body-like", "any"} if line.is_body_like else features | {"any"}


def _above(line: LineFeatures, above: LineFeatures | None, page: PageFeatures) -> set[str]:
    """Features that compare the line with the line above."""
    if above is None:
        return set()
    features = {
        f"{_compare(line.printed.length, above.printed.length)} above",
        f"indent {_direction(line.printed.indent, above.printed.indent)} above",
    }
    if are_list_rows(line, above):
        features.add("in a list")
    if "cells" in line and "cells" in above:
        features.add("in a table")
    if "open bracket" in above and "closing bracket" in line:
        features.add("bracket closes from above")
    if above.features >= _OPENS_QUOTE and line.features >= _CLOSES_QUOTE:
        features.add("quote closes from above")
    if above.is_title_like:
        if "spaced" in above:
            features.add("title of two parts above")
        if line.is_title_like and _is_cut_title(above, line, page):
            features.add("cut title above")
    return features


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
    """Features that compare the line with the line below."""
    if below is None:
        return set()
    features = {
        f"{_compare(line.printed.length, below.printed.length)} below",
        f"indent {_direction(line.printed.indent, below.printed.indent)} below",
        f"gap {_direction(line.printed.gap, below.printed.gap)} below",
    }
    if are_list_rows(line, below):
        features.add("in a list")
    if "cells" in line and "cells" in below:
        features.add("in a table")
    if line.features >= _OPENS_QUOTE and below.features >= _CLOSES_QUOTE:
        features.add("quote closes below")
    return features


def _compare(length: int, other: int) -> str:
    """How a length compares with another: "longer than" and so on."""
    if length == other:
        return "same length as"
    if length < other:
        return "much shorter than" if length * 2 < other else "shorter than"
    return "much longer than" if length > other * 2 else "longer than"


def _direction(number: float, other: float) -> str:
    return "same as" if number == other else "more than" if number > other else "less than"


def _among_short_sentences(here: int, sentences: set[int], lines: list[LineFeatures]) -> set[str]:
    """Features of captions of one short sentence: photos are printed together, above their credit."""
    features = {"above short sentence"} if here - 1 in sentences else set()
    if here in sentences:
        features.add("tiny sentence" if lines[here].printed.length <= 10 else "short sentence")
        if here + 1 in sentences or (here + 1 < len(lines) and "byline" in lines[here + 1]):
            features.add("below short sentence or byline")
    return features


def _on_page(
    line: LineFeatures, below: LineFeatures | None, page: PageFeatures, count: int, shape: PageShape
) -> set[str]:
    """Features that come from the rest of the page; a title takes another meaning from them than a text."""
    kind = "title" if line.is_title_like else "text"
    features = {
        f"{kind} on page with {_datelines(page)} datelines",
        f"{kind} on page of {_PAGE_LINES[bisect_right(_PAGE_LINES, count) - 1]}+ lines",
        f"{kind} on page of body length {_BODY_LENGTHS[bisect_right(_BODY_LENGTHS, shape.length) - 1]}+",
    }
    if page.loose:
        features.add(f"{kind} on loose page")
    if page.sentences:
        features.add(f"{kind} on page of sentences")
    if page.set_apart:
        features.add(f"{kind} on page with gaps between articles")
    if page.indented and not shape.indent:
        features.add("indented page")
    if line.is_title_like:
        features |= _like_other_titles(line, below, page)
    speaker, colon, _ = line.printed.fold[:6].partition("：")
    if speaker and colon and page.speakers[speaker] > 1:
        features.add("speaker")
    if below is None and page.headed and "staff" in line:
        features.add("page foot")
    return features


def _like_other_titles(line: LineFeatures, below: LineFeatures | None, page: PageFeatures) -> set[str]:
    """Features of a title-like line that come from titles that begin in the same way."""
    begins = title_opening(line)
    # Names of columns, which have a title below, and headings may begin with the same bullet.
    is_column = begins in BULLETS and (below is None or not below.is_body_like)
    features = {"parallel"} if page.openings[begins] > 1 and not is_column else set()
    if "decorated" in line and below is not None and below.printed.fold[0] in BULLETS and "stop" in below:
        features.add("column of a list")
    return features


def _datelines(page: PageFeatures) -> str:
    """How many titles of the page have a dateline or byline below."""
    if not page.datelines:
        return "no"
    return next(name for share, name in _DATELINES if page.datelines >= share)


class _Groups:
    """The runs of title-like lines of a page, each of which heads an article or a section, and the text between."""

    def __init__(self, lines: list[LineFeatures], page: PageFeatures) -> None:
        self.lines = lines
        self.datelines = _datelines(page)
        self.is_title = [line.is_title_like and not line.features & {"byline", "names"} for line in lines]
        self.first: list[int] = []
        self.last: list[int] = []
        self.since = self._distances()
        self.until = self._distances_below()
        self._find_borders()
        self.alone = Counter(
            length_class(line.printed.length)
            for here, line in enumerate(lines)
            if self.is_title[here] and self.first[here] == self.last[here]
        )

    def _distances(self) -> list[int]:
        """The number of lines of text above each line, to the last title."""
        distances, since = [], 0
        for here, is_title in enumerate(self.is_title):
            if is_title and here and not self.is_title[here - 1]:
                above = since
            elif is_title and not here:
                above = 0
            distances.append(above if is_title else since)
            since = 0 if is_title else since + 1
        return distances

    def _distances_below(self) -> list[int]:
        """The number of lines of text from each line on, to the next title."""
        distances, until = [], 0
        for is_title in reversed(self.is_title):
            until = 0 if is_title else until + 1
            distances.append(until)
        return distances[::-1]

    def _find_borders(self) -> None:
        """Find the first and the last line of the group that each title belongs to."""
        count = len(self.lines)
        self.first, self.last = list(range(count)), list(range(count))
        for here in range(1, count):
            if self.is_title[here] and self.is_title[here - 1]:
                self.first[here] = self.first[here - 1]
        for here in range(count - 2, -1, -1):
            if self.is_title[here] and self.is_title[here + 1]:
                self.last[here] = self.last[here + 1]

    def features(self, here: int, pairs: list[set[str]]) -> set[str]:
        """List the features of a line that come from its group, or from the groups above and below a text."""
        if not self.is_title[here]:
            return {
                f"title {_distance(self.since[here])} above",
                f"title {_distance(self.until[here])} below",
            }
        first, last = self.first[here], self.last[here]
        return self._place(here, first, last) | self._text_around(first, last) | self._words(here, pairs)

    def is_lone_title(self, here: int) -> bool:
        """Whether a line is a title that stands alone between texts, without a credit below or a header above."""
        return (
            self.is_title[here]
            and self.first[here] == self.last[here]
            and 0 < here < len(self.lines) - 1
            and not self.lines[here + 1].features & _CREDITS
            and not self.lines[here - 1].features & {"header", "staff"}
        )

    def _place(self, here: int, first: int, last: int) -> set[str]:
        """Features of the place of a title in its group."""
        count = last - first + 1
        if count == 1:
            times = min(self.alone[length_class(self.lines[here].printed.length)], _MAX_GROUP)
            return {"alone", f"titles of this length {times}"}
        place = "last" if here == last else str(min(here - first + 1, 3))
        features = {f"place {place} of {min(count, _MAX_GROUP)} titles"}
        length = self.lines[here].printed.length
        if all(line.printed.length <= length for line in self.lines[first : min(last, first + 9) + 1]):
            features.add("longest of group")
        return features

    def _text_around(self, first: int, last: int) -> set[str]:
        """Features of a group of titles that come from the text above and below it."""
        features = {f"text of {_distance(self.since[first])} lines above group"}
        below = self.lines[last + 1] if last + 1 < len(self.lines) else None
        if first == 0:
            features.add("first group")
        else:
            above = self.lines[first - 1].features
            features |= {f"text above group: {name}" for name in _SHOWN_BY_TEXT_ABOVE if name in above}
        if below is None:
            return features | {"last group"}
        features |= {f"text below group: {name}" for name in _SHOWN_BY_TEXT_BELOW if name in below}
        credit = "credit" if below.features & _CREDITS else "no credit"
        return features | {
            f"{credit} below group on page with {self.datelines} datelines",
            f"text of {_distance(self.until[last + 1])} lines below group",
        }

    def _words(self, here: int, pairs: list[set[str]]) -> set[str]:
        """Features of the words that a title shares with the text above and below its group."""
        first, last = self.first[here], self.last[here]
        above = set().union(*pairs[max(first - 2, 0) : first])
        below = set().union(*pairs[last + 1 : last + 3])
        return {
            f"words of text above {shared_words(pairs[here], above)}",
            f"words of text below {shared_words(pairs[here], below)}",
            f"words across group {shared_words(above, below)}",
        }


def _distance(lines: int) -> str:
    return f"{_DISTANCES[bisect_right(_DISTANCES, lines) - 1]}+"
