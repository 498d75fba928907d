"""Which line of a page is what: a scored decoding of the whole page at once.

Two tables decide. `WEIGHTS` says how much an observation speaks for or against a label; `TRANSITIONS` says which
label may follow which, and at what cost. Viterbi's algorithm finds the sequence of labels with the highest sum,
in time linear in the number of lines. A new kind of page is a new row, not a new branch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .weights import LABELS, TRANSITIONS, WEIGHTS


@dataclass(frozen=True, slots=True)
class LabelDecision:
    """The label of a line, and by how much the page as labelled scores above the next best label of this line."""

    label: str
    margin: float


_NEVER = float("-inf")
# In tenths, as all scores are while they are summed: some two hard facts.
_BEAM = 200
_PLACE = {label: place for place, label in enumerate(LABELS)}
# Sums of tenths are exact, so that a tie is a tie whatever the order in which observations come out of their set.
_ROWS = {
    name: tuple((_PLACE[label], round(weight * 10)) for label, weight in row.items())
    for name, row in WEIGHTS.items()
}
_COSTS = {
    above: {label: round(cost * 10) for label, cost in row.items()} for above, row in TRANSITIONS.items()
}
# For each label the labels that may stand below it, by place.
_BELOW = tuple(
    tuple((_PLACE[below], cost) for below, cost in _COSTS[label].items() if below != "edge")
    for label in LABELS
)
_FIRST = tuple(_COSTS["edge"].get(label, _NEVER) for label in LABELS)
_LAST = tuple(_COSTS[label].get("edge", _NEVER) for label in LABELS)
# The cost of every label below a label, and above one.
_FROM = tuple(tuple(_COSTS[above].get(label, _NEVER) for label in LABELS) for above in LABELS)
_TO = tuple(tuple(_COSTS[label].get(below, _NEVER) for label in LABELS) for below in LABELS)


def label_lines(observations: list[frozenset[str]]) -> list[LabelDecision]:
    """The best labels for the lines of a page, given what was observed of each."""
    if not observations:
        return []
    emissions = [_emission(seen) for seen in observations]
    path = _best_path(emissions)
    return [LabelDecision(LABELS[label], _margin(path, emissions, here)) for here, label in enumerate(path)]


@lru_cache(maxsize=4096)
def _emission(seen: frozenset[str]) -> tuple[float, ...]:
    """What the observations of a line say for each label; most lines of running text are alike."""
    scores = [0] * len(LABELS)
    for name in ("any", *seen):
        for label, weight in _ROWS.get(name, ()):
            scores[label] += weight
    return tuple(scores)


def _best_path(emissions: list[tuple[float, ...]]) -> list[int]:
    scores = [first + emission for first, emission in zip(_FIRST, emissions[0], strict=True)]
    came_from: list[list[int]] = []
    for emission in emissions[1:]:
        scores, back = _step(scores, emission)
        came_from.append(back)
    finals = [score + last for score, last in zip(scores, _LAST, strict=True)]
    path = [max(range(len(LABELS)), key=finals.__getitem__)]
    for back in reversed(came_from):
        path.append(back[path[-1]])
    return path[::-1]


def _step(scores: list[float], emission: tuple[float, ...]) -> tuple[list[float], list[int]]:
    """The best scores of the labels of one line, and the label above that each comes from.

    Labels that are hopelessly behind are not followed: no later line can make up for so much. Plain loops, for
    most of the time that decoding takes is spent here.
    """
    best_scores = [_NEVER] * len(LABELS)
    best_labels = [0] * len(LABELS)
    hopeless = max(scores) - _BEAM
    for label, score in enumerate(scores):
        if score < hopeless:
            continue
        for below, cost in _BELOW[label]:
            if score + cost > best_scores[below]:
                best_scores[below], best_labels[below] = score + cost, label
    return [score + weight for score, weight in zip(best_scores, emission, strict=True)], best_labels


def _margin(path: list[int], emissions: list[tuple[float, ...]], here: int) -> float:
    """How much is lost by the best other label of this line, its neighbours being what they are."""
    from_above = _FROM[path[here - 1]] if here else _FIRST
    to_below = _TO[path[here + 1]] if here + 1 < len(path) else _LAST
    scores = [a + b + c for a, b, c in zip(from_above, emissions[here], to_below, strict=True)]
    chosen = scores.pop(path[here])
    return (chosen - max(scores)) / 10
