"""Measures how a page as a whole is set: indents, blank lines, widths and openings of titles."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from .line_features import LineFeatures, title_opening

_MAX_SENTENCE = 48
# So often is no accident.
_SOME = 2
_MIN_VERSES = 3


@dataclass(frozen=True, slots=True)
class PageFeatures:
    """How the page as a whole is set.

    `loose`: body lines often lack their final full stop, as after poor OCR. `sentences`: each line is one sentence.
    `indented`: some body lines are indented and some lines are not. `datelines`: the share of title-like lines with
    a dateline or byline below. `gap`: the usual number of blank lines between lines. `set_apart`: more blank lines
    than usual divide a body from the next title, as between articles. `openings`: how often title-like lines begin in
    the same way. `widths`: lengths of title-like lines that have another below. `speakers`: the words before a first
    colon. `headed`: the page has header lines.
    """

    loose: bool
    sentences: bool
    indented: bool
    datelines: float
    gap: int
    set_apart: bool
    openings: Counter[str]
    widths: Counter[int]
    speakers: Counter[str]
    headed: bool


def extract_page_features(lines: list[LineFeatures]) -> PageFeatures:
    """Measure how the page is set, from the features of its lines."""
    loose = sum(_lacks_stop(line, below) for line, below in zip(lines, [*lines[1:], None], strict=True))
    bodies = [line.printed.length for line in lines if "stop" in line]
    titles = [(line, below) for line, below in itertools.pairwise(lines) if line.is_title_like]
    gap = _usual(line.printed.gap for line in lines[1:])
    apart = sum(
        line.is_title_like and not above.is_title_like and "header" not in above and line.printed.gap > gap
        for above, line in itertools.pairwise(lines)
    )
    above_credit = sum(bool(below.features & {"dateline", "byline"}) for _, below in titles)
    return PageFeatures(
        loose=loose >= 3 and loose * 7 > sum("long" in line for line in lines),
        sentences=len(bodies) >= 25 and median(bodies) < _MAX_SENTENCE,
        indented=sum(line.printed.indent > 0 for line in lines if line.is_body_like) >= 3
        and not all(line.printed.indent for line in lines),
        datelines=above_credit / len(titles) if titles else 0.0,
        gap=gap,
        set_apart=apart >= _SOME,
        openings=Counter(title_opening(line) for line, _ in titles),
        widths=Counter(line.printed.length for line, below in titles if below.is_title_like),
        speakers=Counter(
            line.printed.fold.partition("：")[0] for line in lines if "：" in line.printed.fold[:6]
        ),
        headed=any("header" in line for line in lines),
    )


def _lacks_stop(line: LineFeatures, below: LineFeatures | None) -> bool:
    """Whether a body line lost its full stop and was not cut: the line below begins something new."""
    if "long" not in line or "unfinished" not in line or "clause" in line:
        return False
    return below is None or below.is_title_like or bool(below.features & {"opener", "dateline", "byline"})


def _usual(gaps: Iterable[int]) -> int:
    counts = Counter(gaps)
    return counts.most_common(1)[0][0] if counts else 0


def short_sentences(lines: list[LineFeatures], page: PageFeatures) -> set[int]:
    """Find the lines of one sentence of a caption's length, on a page whose paragraphs have several sentences.

    A line that ends a list, or a sentence begun in the line above, does not count.
    """
    if page.sentences:
        return set()
    return {
        here
        for here, line in enumerate(lines)
        if {"stop", "short"} <= line.features
        and not re.search("[“”：，；]", line.printed.fold)
        and not (here and lines[here - 1].features & {"item", "colon", "clause"})
    }


def credited_apart(lines: list[LineFeatures]) -> set[int]:
    """Find the last title-like line between a credit that opens a body and a credit that closes one.

    An article has one credit, so the two belong to two articles, and the second article begins between them.
    """
    apart: set[int] = set()
    waiting: list[int] = []
    is_open = False
    for here, line in enumerate(lines):
        below = lines[here + 1] if here + 1 < len(lines) else None
        closes = "signed" in line or ("byline" in line and (below is None or not below.is_body_like))
        if "dateline" in line or ("byline" in line and not closes):
            is_open, waiting = True, []
        elif closes:
            apart.update(waiting[-1:])
            is_open, waiting = False, []
        elif is_open and line.is_title_like:
            waiting.append(here)
    return apart


def letter_signatures(lines: list[LineFeatures]) -> set[int]:
    """Find the lines that sign a letter to the paper, or the answer to one: a name at the end, after whole sentences.

    A letter begins with its addressee, and ends at the next credit or page header. A line in brackets,
    （二连战士 林一舟）, signs a letter on any part of the page.
    """
    signatures: set[int] = set()
    is_letter = False
    for here, line in enumerate(lines):
        if "salutation" in line or line.printed.fold.startswith("问："):
            is_letter = True
        elif line.features & {"dateline", "byline", "header"}:
            is_letter = False
        elif (
            "name at end" in line
            and (is_letter or line.printed.fold[0] == "（")
            and here
            and lines[here - 1].features & {"stop", "exclaimed"}
        ):
            signatures.add(here)
    return signatures


def verses(lines: list[LineFeatures]) -> set[int]:
    """Find the lines of poems: four or more title-like lines in a row, below the name of their author.

    The last of them is the title of what follows, unless the page ends there.
    """
    found: set[int] = set()
    run: list[int] = []
    is_credited = False
    for here, line in enumerate([*lines, None]):
        if line is not None and line.is_title_like and not line.features & {"names", "medium"}:
            run.append(here)
            continue
        if is_credited and len(run) > _MIN_VERSES:
            found.update(run if line is None or "header" in line else run[:-1])
        is_credited = line is not None and bool(line.features & {"byline", "names"}) and bool(run)
        run = []
    return found
