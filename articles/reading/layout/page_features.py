"""How a page as a whole is set, against which a single line is seen."""

from __future__ import annotations

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
    """How the page as a whole is set, against which a single line is seen.

    `loose`: body lines often lack their final stop, as poor OCR leaves them; `sentences`: one sentence a line;
    `indented`: some lines are; `datelines`: the share of title-like lines that stand above a dateline or byline;
    `gap`: the usual number of blank lines; `set_apart`: more of them stand above titles that follow a body, as
    between articles; `openings`: how title-like lines begin, parallel headings more than once;
    `widths`: the lengths of title-like lines above such a line; `speakers`: what stands before a first colon;
    `headed`: there are header lines.
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


def extract_page_features(looks: list[LineFeatures]) -> PageFeatures:
    """How the page is set, from the looks of its lines."""
    loose = sum(_lacks_stop(look, below) for look, below in zip(looks, [*looks[1:], None], strict=True))
    bodies = [look.line.length for look in looks if "stop" in look]
    titles = [(look, below) for look, below in itertools.pairwise(looks) if look.is_title_like]
    gap = _usual(look.line.gap for look in looks[1:])
    apart = sum(
        look.is_title_like and not above.is_title_like and "header" not in above and look.line.gap > gap
        for above, look in itertools.pairwise(looks)
    )
    above_credit = sum(bool(below.seen & {"dateline", "byline"}) for _, below in titles)
    return PageFeatures(
        loose=loose >= 3 and loose * 7 > sum("long" in look for look in looks),
        sentences=len(bodies) >= 25 and median(bodies) < _MAX_SENTENCE,
        indented=sum(look.line.indent > 0 for look in looks if look.is_body_like) >= 3
        and not all(look.line.indent for look in looks),
        datelines=above_credit / len(titles) if titles else 0.0,
        gap=gap,
        set_apart=apart >= _SOME,
        openings=Counter(title_opening(look) for look, _ in titles),
        widths=Counter(look.line.length for look, below in titles if below.is_title_like),
        speakers=Counter(look.line.fold.partition("：")[0] for look in looks if "：" in look.line.fold[:6]),
        headed=any("header" in look for look in looks),
    )


def _lacks_stop(look: LineFeatures, below: LineFeatures | None) -> bool:
    """Whether a body line lost its stop, rather than being cut: what stands below it begins anew."""
    if "long" not in look or "unfinished" not in look or "clause" in look:
        return False
    return below is None or below.is_title_like or bool(below.seen & {"opener", "dateline", "byline"})


def _usual(gaps: Iterable[int]) -> int:
    counts = Counter(gaps)
    return counts.most_common(1)[0][0] if counts else 0


def short_sentences(looks: list[LineFeatures], layout: PageFeatures) -> set[int]:
    """The lines that are one sentence of a caption's length, on a page whose paragraphs have several.

    One that ends a list or the sentence of the line above is no such line.
    """
    if layout.sentences:
        return set()
    return {
        here
        for here, look in enumerate(looks)
        if {"stop", "short"} <= look.seen
        and not re.search("[“”：，；]", look.line.fold)
        and not (here and looks[here - 1].seen & {"item", "colon", "clause"})
    }


def credited_apart(looks: list[LineFeatures]) -> set[int]:
    """The last title-like line between a credit that opens a body and a credit that closes one.

    An article is credited once, so the two belong to two articles, and the second begins between them.
    """
    apart: set[int] = set()
    waiting: list[int] = []
    is_open = False
    for here, look in enumerate(looks):
        below = looks[here + 1] if here + 1 < len(looks) else None
        closes = "signed" in look or ("byline" in look and (below is None or not below.is_body_like))
        if "dateline" in look or ("byline" in look and not closes):
            is_open, waiting = True, []
        elif closes:
            apart.update(waiting[-1:])
            is_open, waiting = False, []
        elif is_open and look.is_title_like:
            waiting.append(here)
    return apart


def letter_signatures(looks: list[LineFeatures]) -> set[int]:
    """The lines that sign a letter to the paper, or the answer to it: behind whole sentences, with a name at the end.

    What stands in brackets, （二连战士 林一舟）, signs a letter wherever it is.

    A letter begins with whom it is written to, and ends where the next article is credited or parted by a header.
    """
    signatures: set[int] = set()
    is_letter = False
    for here, look in enumerate(looks):
        if "salutation" in look or look.line.fold.startswith("问："):
            is_letter = True
        elif look.seen & {"dateline", "byline", "header"}:
            is_letter = False
        elif (
            "name at end" in look
            and (is_letter or look.line.fold[0] == "（")
            and here
            and looks[here - 1].seen & {"stop", "exclaimed"}
        ):
            signatures.add(here)
    return signatures


def verses(looks: list[LineFeatures]) -> set[int]:
    """The lines of poems: four or more that could be titles, one below the other, below who wrote them.

    The last of them is the title of what follows, if something is written or credited below it.
    """
    lines: set[int] = set()
    run: list[int] = []
    is_credited = False
    for here, look in enumerate([*looks, None]):
        if look is not None and look.is_title_like and not look.seen & {"names", "medium"}:
            run.append(here)
            continue
        if is_credited and len(run) > _MIN_VERSES:
            lines.update(run if look is None or "header" in look else run[:-1])
        is_credited = look is not None and bool(look.seen & {"byline", "names"}) and bool(run)
        run = []
    return lines
