"""Which line of a page is what: a scored decoding of the whole page at once.

Two tables decide. `WEIGHTS` says how much an observation speaks for or against a label; `TRANSITIONS` says which
label may follow which, and at what cost. Viterbi's algorithm finds the sequence of labels with the highest sum,
in time linear in the number of lines. A new kind of page is a new row, not a new branch.
"""

from __future__ import annotations

from dataclasses import dataclass

from .weights import LABELS, TRANSITIONS, WEIGHTS


@dataclass(frozen=True, slots=True)
class Decision:
    """The label of a line, and by how much the page as labelled scores above the next best label of this line."""

    label: str
    margin: float


_NEVER = float("-inf")
_PLACE = {label: place for place, label in enumerate(LABELS)}
_ROWS = {
    name: tuple((_PLACE[label], weight) for label, weight in row.items()) for name, row in WEIGHTS.items()
}
# For each label the labels that may stand above it, by place.
_ABOVE = tuple(
    tuple(
        (_PLACE[above], row[label]) for above, row in TRANSITIONS.items() if above != "edge" and label in row
    )
    for label in LABELS
)
_FIRST = tuple(TRANSITIONS["edge"].get(label, _NEVER) for label in LABELS)
_LAST = tuple(TRANSITIONS[label].get("edge", _NEVER) for label in LABELS)


def decide(observations: list[frozenset[str]]) -> list[Decision]:
    """The best labels for the lines of a page, given what was observed of each."""
    if not observations:
        return []
    emissions = [_emission(seen) for seen in observations]
    path = _best_path(emissions)
    return [Decision(LABELS[label], _margin(path, emissions, here)) for here, label in enumerate(path)]


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
