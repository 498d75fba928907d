"""Labels the lines of a page: finds the sequence of labels with the best score for the whole page.

`WEIGHTS` says how much a feature speaks for or against a label, `TRANSITIONS` which label may follow which, and at
what cost. Viterbi's algorithm finds the sequence with the highest sum, in time linear in the number of lines.
"""

from dataclasses import dataclass
from functools import lru_cache

from .weights import LABELS, TRANSITIONS, WEIGHTS


@dataclass(frozen=True, slots=True)
class LabelDecision:
    """The label of a line; `margin` is how much worse the page would score with the next best label for this line."""

    label: str
    margin: float


_NEVER = float("-inf")
# In tenths, as all scores are while they are summed: some two hard facts.
_BEAM = 200
_PLACE = {label: place for place, label in enumerate(LABELS)}
# Sums of whole tenths are exact, so a tie is a tie in whatever order a set gives its features.
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


def label_lines(all_features: list[frozenset[str]]) -> list[LabelDecision]:
    """Find the best labels for the lines of a page, from the features of each line."""
    if not all_features:
        return []
    emissions = [_emission(features) for features in all_features]
    path = _best_path(emissions)
    return [LabelDecision(LABELS[label], _margin(path, emissions, here)) for here, label in enumerate(path)]


@lru_cache(maxsize=4096)
def _emission(features: frozenset[str]) -> tuple[float, ...]:
    """The sum of the weights of a line's features, for each label; cached, as many lines have the same features."""
    scores = [0] * len(LABELS)
    for name in ("any", *features):
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
    """The best score of each label of one line, and the label above that it comes from.

    Labels that are far behind are not followed: no later line can make up for it. Plain loops, as most of the time
    of decoding is spent here.
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
    """How much the page loses by the best other label for this line, if its neighbours keep theirs."""
    from_above = _FROM[path[here - 1]] if here else _FIRST
    to_below = _TO[path[here + 1]] if here + 1 < len(path) else _LAST
    scores = [a + b + c for a, b, c in zip(from_above, emissions[here], to_below, strict=True)]
    chosen = scores.pop(path[here])
    return (chosen - max(scores)) / 10
