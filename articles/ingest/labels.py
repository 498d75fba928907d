"""Which line of a page is what: a scored decoding of the whole page at once.

Two tables decide. `WEIGHTS` says how much an observation speaks for or against a label; `TRANSITIONS` says which
label may follow which, and at what cost. Viterbi's algorithm finds the sequence of labels with the highest sum,
in time linear in the number of lines. A new kind of page is a new row, not a new branch.
"""

from __future__ import annotations

from dataclasses import dataclass

# Labels of lines. `opening` is a byline above a body and `signature` one below it; `inset` is a caption that
# stands in the middle of a paragraph; `more` is a further line of a headline.
LABELS = (
    "header",
    "kicker",
    "headline",
    "more",
    "subtitle",
    "opening",
    "paragraph",
    "continuation",
    "heading",
    "caption",
    "inset",
    "signature",
    "credit",
    "notice",
    "advert title",
    "advert",
)
_TITLES = ("kicker", "headline", "more", "subtitle", "heading")
_PICTURES = ("caption", "inset")


def _all(labels: tuple[str, ...], weight: float, **others: float) -> dict[str, float]:
    return dict.fromkeys(labels, weight) | others


# How much each observation speaks for each label; what is not named is indifferent.
WEIGHTS: dict[str, dict[str, float]] = {
    # Every line: labels that need evidence of their own begin below zero.
    "any": {
        "header": -7, "opening": -6, "signature": -6, "credit": -6, "notice": -7, "advert title": -7, "advert": -2, "caption": -3, "inset": -10,
        "more": -1.5, "kicker": -1.5, "subtitle": -1.5, "continuation": -1.5, "heading": -0.5,
    },
    # Size: titles are short, body text is long.
    "tiny": {"headline": -3, "kicker": -2, "heading": -1.5, "continuation": 1.5},
    "short": {"paragraph": -1, "continuation": -0.5, "headline": 0.5, "heading": 0.5, "caption": 0.5, "inset": 0.5},
    "medium": {"headline": -0.5, "heading": -1.5, "kicker": -1, "more": -1, "caption": 0.5},
    "long": _all(_TITLES, -6, subtitle=-3.5, paragraph=1, continuation=1, caption=-2, inset=-2.5),
    # Punctuation: sentences end, titles do not.
    "stop": _all(_TITLES, -4, paragraph=2, continuation=2),
    "exclaimed": _all(_TITLES, -0.7, heading=-1, paragraph=0.5, continuation=0.5),
    "inner stop": _all(_TITLES, -5, paragraph=1, continuation=1),
    "inner comma": {"headline": -0.5, "heading": -0.7, "kicker": -0.3, "paragraph": 0.5, "continuation": 0.5},
    "clause": _all(_TITLES, -3, paragraph=0.5, continuation=0.5),
    "colon": {"headline": -2.5, "more": -2.5, "subtitle": -2, "paragraph": 1, "kicker": -1},
    "colon above title": {"heading": 2},
    "unfinished": {"subtitle": 0.5, "paragraph": -1.5, "continuation": -1},
    "item": _all(_TITLES, -4, paragraph=1.5, continuation=0.5),
    "open quote": _all(_TITLES, -3.5),
    "closing quote": _all(_TITLES, -3.5),
    "quote goes on below": {"headline": 4.5, "kicker": 2},
    "above quote goes on": {"more": 9, "subtitle": 2, "continuation": -1},
    "spaced": {"headline": 0.3, "paragraph": -0.3},
    "open bracket": _all(_TITLES, -3.5),
    "mid end": _all(_TITLES, -1.5, paragraph=0.5, continuation=0.5),
    # Marks.
    "dash": {"subtitle": 5, "headline": -2, "kicker": -2, "heading": 0, "paragraph": -0.5, "more": -1},
    "numbered": {"heading": 2.5, "headline": -2, "kicker": -2, "paragraph": 0.5, "subtitle": -1.5, "more": -4, "continuation": -2},
    "numeral": {"heading": 5, "headline": -4, "kicker": -4, "paragraph": -2},
    "in a list": _all(_TITLES, -4, paragraph=4, continuation=-3),
    "decorated": {"kicker": 3, "headline": -0.5, "heading": 1},
    "caption lead": _all(_PICTURES, 6, headline=-2, heading=-2, continuation=-2),
    "picture word": _all(_PICTURES, 6),
    "scene word": _all(_PICTURES, 3),
    "photo credit": _all(_PICTURES, 6.5, headline=-4, heading=-4, kicker=-4, subtitle=-4),
    "tiny sentence": _all(_PICTURES, 4.5, paragraph=-0.5),
    "short sentence": _all(_PICTURES, 2.5),
    "below short sentence or byline": {"caption": 1.8},
    "position mark": _all(_PICTURES, 6),
    "salutation": {"paragraph": 4, "headline": -4, "heading": -4, "kicker": -4},
    "speaker": {"paragraph": 2.5, "headline": -1, "heading": -0.5, "continuation": -2},
    "editor note": {"paragraph": 3, "headline": -2, "heading": -0.5, "continuation": -3},
    "signed": _all(_TITLES, -3, paragraph=1, continuation=0.5),
    # Credits and header lines are known by their grammar.
    "header": {"header": 14},
    "staff": {"credit": 13},
    "byline": {"opening": 12, "signature": 12},
    "names": {"opening": 7, "headline": -1.5, "heading": -1, "kicker": -1, "subtitle": -1},
    "jump": {"notice": 13},
    "weather": {"notice": 9},
    "jumped from": _all(_TITLES, -4, paragraph=3, continuation=-4),
    "advert title": {"advert title": 9},
    "advert words": {"advert": 4},
    "dateline": _all(_TITLES, -6, paragraph=4, continuation=-6, caption=-2, inset=-4),
    "opener": {"continuation": -1.5, "paragraph": 0.7, "headline": -0.3, "heading": -0.3},
    "mid start": _all(_TITLES, -2, paragraph=-2, continuation=2.5, more=0),
    "speech end": {"kicker": 2},
    # The line above.
    "first": {"headline": 1, "kicker": 0.5, "heading": -5, "continuation": -2, "caption": 1},
    "above short sentence": {"caption": 1.5},
    "above open quote": {"headline": -3, "kicker": -3, "heading": -3, "continuation": 0.5},
    "above open bracket": {"headline": -3, "kicker": -3, "heading": -3, "continuation": 8},
    "above photo credit": {"headline": 1, "kicker": 1},
    "above open": {"continuation": 4, "headline": -1.5, "kicker": -1.5, "heading": -2, "inset": 9, "caption": -1},
    "above open short": {"continuation": 0.5, "inset": 7},
    "above open on loose page": {"continuation": -4.5, "inset": -5},
    "above clause": {"continuation": 2.5, "inset": 1, "headline": -2, "heading": -2},
    "above item": {"continuation": -1.5, "paragraph": 0.5, "headline": -1.5, "heading": -1},
    "above mid end": {"continuation": 3, "headline": -2, "heading": -2},
    "above signed": {"headline": 2, "kicker": 1.5, "heading": -2.5, "paragraph": -1},
    "above caption lead": {"caption": 0.5},
    "above cut title": {"more": 4},
    "above title of two parts": {"subtitle": 1, "more": -1},
    "gap": {"headline": 1.5, "kicker": 1.5, "continuation": -1},
    # The line below.
    "below dateline": {"headline": 3, "more": 2, "subtitle": 3, "paragraph": -1.5, "heading": -3, "kicker": -1.5},
    "below byline": {"headline": 2.5, "more": 2, "subtitle": 2, "heading": -2, "kicker": -1.5},
    "below names": {"headline": 1.5, "subtitle": 1, "heading": -1},
    "below dash": {"headline": 3, "kicker": -1},
    "below title": {"kicker": 1, "headline": 0, "heading": -0.5},
    "below body": {"headline": 0.5, "heading": 0.7, "kicker": -2},
    "below news opener": {"headline": 1.8, "heading": -1.5},
    "below mid start": {"headline": -2, "heading": -2, "paragraph": 0.5, "continuation": 0.5},
    "below caption lead": {"headline": 0.5, "caption": 2},
    "below jumped from": {"headline": 4, "heading": -3},
    "below salutation": {"headline": 4, "heading": -3},
    "longer than below": {"kicker": 0.7},
    "longer than above": {"subtitle": 0.7},
    # The page.
    "datelines elsewhere": {"headline": -0.8, "heading": 0.5},
    "sentence page": {"continuation": -4, "heading": -1.5, "headline": -0.5},
    "no datelines": {"heading": 0.7},
    "unfinished on loose page": {"paragraph": 1.5, "continuation": 1.5},
    "between titles": {"paragraph": -1.5},
    "parallel": {"heading": 2},
    "credited apart": {"headline": 1.5, "kicker": 0.7, "heading": -1.5},
    "section of one": {"headline": 0.8, "heading": -0.5},
    # Where paragraphs are indented, what is not is a title or goes on.
    "indented": {"paragraph": 1.5, "continuation": -4, "headline": -1.5, "kicker": -1.5, "more": -1.5, "subtitle": -1},
    "not indented": {"paragraph": -2, "continuation": 1.5, "headline": 0.7, "kicker": 0.5, "heading": 0.7},
}

# What may stand below what, and what it costs. Above the first line and below the last stands "edge".
TRANSITIONS: dict[str, dict[str, float]] = {
    "edge": {"header": 0, "kicker": 0, "headline": 0, "paragraph": -4, "caption": -2, "opening": -4, "notice": -1, "credit": -3, "advert title": 0},
    "header": {
        "header": 0, "kicker": 0, "headline": 0, "paragraph": -3, "continuation": -4, "caption": -2, "opening": -4,
        "notice": -1, "credit": -1, "heading": -5, "advert title": 0, "edge": 0,
    },
    "kicker": {"headline": 0, "kicker": -4},
    "headline": {"more": 0, "subtitle": 0, "opening": 0, "paragraph": 0, "caption": -0.7, "heading": -3, "headline": -5, "credit": -1,
                 "header": -5, "edge": -5, "kicker": -6},
    "more": {"more": -2, "subtitle": 0, "opening": 0, "paragraph": 0, "caption": -0.7, "heading": -3, "headline": -5, "credit": -1, "edge": -5},
    "subtitle": {"subtitle": -0.5, "credit": -1, "opening": 0, "paragraph": 0, "caption": -0.7, "heading": -3, "edge": -6},
    "opening": {"paragraph": 0, "opening": -1, "caption": -0.7, "heading": -1.5, "subtitle": -3, "headline": -6, "edge": -6},
    "paragraph": {"paragraph": 0, "continuation": 0, "heading": 0, "caption": -0.5, "inset": -0.5, "signature": 0, "credit": 0,
                  "headline": -1, "kicker": -1.5, "header": -0.5, "notice": -0.5, "advert title": -0.5, "edge": 0},
    "continuation": {"paragraph": 0, "continuation": 0, "heading": 0, "caption": -0.5, "inset": -0.5, "signature": 0, "credit": 0,
                     "headline": -1, "kicker": -1.5, "header": -0.5, "notice": -0.5, "advert title": -0.5, "edge": 0},
    "heading": {"paragraph": 0, "heading": -1, "caption": -0.7, "opening": -3, "edge": -6},
    "caption": {"caption": 0, "paragraph": 0, "heading": -0.3, "headline": -1, "kicker": -1.5, "opening": -1, "signature": 0,
                "credit": 0, "header": -0.5, "notice": -0.5, "advert title": -0.5, "subtitle": -3, "edge": -0.5},
    "inset": {"continuation": 2.5, "inset": -0.5},
    "signature": {"signature": -0.5, "credit": 0, "headline": 0, "kicker": -0.5, "header": 0, "notice": 0, "advert title": 0, "caption": -1,
                  "paragraph": -3, "heading": -4, "edge": 0},
    "credit": {"credit": 0, "headline": 0, "kicker": -0.5, "header": 0, "notice": 0, "advert title": 0, "caption": -1, "paragraph": -2, "edge": 0,
               "opening": -0.5, "signature": -1, "heading": -4},
    "notice": {"notice": 0, "headline": 0, "kicker": -0.5, "paragraph": -1, "continuation": -2, "header": 0, "credit": -1, "signature": -1,
             "advert title": 0, "edge": 0},
    "advert title": {"advert": 0, "advert title": -1},
    "advert": {"advert": 0, "advert title": 0, "headline": -1, "kicker": -1.5, "header": 0, "credit": 0, "edge": 0},
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The label of a line, and by how much the page as labelled scores above the next best label of this line."""

    label: str
    margin: float


_PLACE = {label: place for place, label in enumerate(LABELS)}
_ROWS = {name: tuple((_PLACE[label], float(weight)) for label, weight in row.items()) for name, row in WEIGHTS.items()}
_FOLLOWERS = {label: dict(row) for label, row in TRANSITIONS.items()}
# For each label the labels that may stand above it, by place.
_ABOVE = tuple(
    tuple((_PLACE[above], float(row[label])) for above, row in TRANSITIONS.items() if above != "edge" and label in row)
    for label in LABELS
)
_FIRST = tuple(float(TRANSITIONS["edge"].get(label, float("-inf"))) for label in LABELS)
_LAST = tuple(float(TRANSITIONS[label].get("edge", float("-inf"))) for label in LABELS)
_NEVER = float("-inf")


def decide(observations: list[frozenset[str]]) -> list[Decision]:
    """The best labels for the lines of a page, given what was observed of each."""
    if not observations:
        return []
    emissions = [_emission(seen) for seen in observations]
    path = _best_path(emissions)
    return [Decision(LABELS[label], _margin(path, emissions, here)) for here, label in enumerate(path)]


def explain(seen: frozenset[str], label: str) -> list[tuple[str, float]]:
    """The observations that speak for or against a label of a line, the strongest first."""
    weights = [(name, WEIGHTS[name][label]) for name in sorted(seen) if label in WEIGHTS.get(name, {})]
    return sorted(weights, key=lambda weight: -abs(weight[1]))


def _emission(seen: frozenset[str]) -> list[float]:
    scores = [0.0] * len(LABELS)
    for name in ("any", *seen):
        for label, weight in _ROWS.get(name, ()):
            scores[label] += weight
    return scores


def _best_path(emissions: list[list[float]]) -> list[int]:
    scores = [first + emission for first, emission in zip(_FIRST, emissions[0], strict=True)]
    came_from: list[list[int]] = []
    for emission in emissions[1:]:
        steps = [_best_step(scores, options) for options in _ABOVE]
        came_from.append([above for _, above in steps])
        scores = [score + weight for (score, _), weight in zip(steps, emission, strict=True)]
    finals = [score + last for score, last in zip(scores, _LAST, strict=True)]
    path = [max(range(len(LABELS)), key=finals.__getitem__)]
    for back in reversed(came_from):
        path.append(back[path[-1]])
    return path[::-1]


def _best_step(scores: list[float], options: tuple[tuple[int, float], ...]) -> tuple[float, int]:
    """The label above that is best for a label, with the score that it brings; a plain loop, for this is the hot one."""
    best, best_above = _NEVER, options[0][0]
    for above, cost in options:
        score = scores[above] + cost
        if score > best:
            best, best_above = score, above
    return best, best_above


def _margin(path: list[int], emissions: list[list[float]], here: int) -> float:
    """How much is lost by the best other label of this line, its neighbours being what they are."""
    above = LABELS[path[here - 1]] if here else "edge"
    below = LABELS[path[here + 1]] if here + 1 < len(path) else "edge"
    scores = [
        TRANSITIONS[above].get(label, _NEVER) + emissions[here][place] + TRANSITIONS[label].get(below, _NEVER)
        for place, label in enumerate(LABELS)
    ]
    chosen = scores[path[here]]
    return round(chosen - max(score for place, score in enumerate(scores) if place != path[here]), 2)
