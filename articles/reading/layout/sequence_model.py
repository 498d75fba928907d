"""Labels the lines of a page in sequence by a learned table: which label each feature speaks for, and how much.

A table is a conditional random field (Lafferty et al. 2001): a weight for each feature and label, and one for each
pair of labels of neighbouring lines. Viterbi's algorithm finds the sequence of labels with the highest sum, in time
linear in the number of lines. A line's label depends on its own features and on those of two lines above and below.
"""

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from operator import add
from pathlib import Path

from .lone_titles import share_evidence

_Features = frozenset[str]

_NEIGHBOURS = {0: "", -1: "above: ", 1: "below: ", -2: "2 above: ", 2: "2 below: "}
"""The name of a neighbour's feature is the feature's name behind one of these."""

# Weights are whole hundredths: sums of integers are exact, so a tie is a tie in whatever order features come.
_UNIT = 100
# Labels so far behind are not followed: no later line can make up for it.
_BEAM = 12 * _UNIT
# Worse than any label that the features speak for.
_FORBIDDEN = -1_000 * _UNIT
_LANE = 32
_HALF = 1 << (_LANE - 1)
_BIAS = _HALF * len(_NEIGHBOURS)


@dataclass(frozen=True, slots=True)
class LineObservation:
    """What is observed of a line: `own` features, which its neighbours see too, and `relations`, which they do not.

    `is_lone_title` marks a title that stands alone between texts: others of the page speak for its label. `allowed` are
    the labels that the line may have, where the layout of the page says so; otherwise it is empty.
    """

    own: _Features
    relations: _Features = frozenset()
    is_lone_title: bool = False
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LabelDecision:
    """The label of a line; `margin` is how much worse the page would score with the next best label for this line."""

    label: str
    margin: float


class SequenceModel:
    """A table of weights for labels, with which the lines of a page are labelled.

    All weights of a feature, for each label of the line and of its four neighbours, are packed into one integer of
    lanes of 32 bits, so that adding a feature to a line is one addition.
    """

    def __init__(
        self, labels: Sequence[str], weights: dict[str, list[int]], transitions: list[list[int]]
    ) -> None:
        """Take for each feature its weight for each label, and for each label the weight of each label below it."""
        self.labels = tuple(labels)
        self.weights = weights
        self.transitions = transitions
        self._lanes = len(self.labels) * len(_NEIGHBOURS)
        self._bias = sum(_HALF << (_LANE * lane) for lane in range(self._lanes))
        self._unpack = struct.Struct(f"<{self._lanes}I").unpack
        self._packed = self._pack()
        self._headings = [place for place, label in enumerate(self.labels) if label == "heading"]
        self._headlines = [
            place for place, label in enumerate(self.labels) if label in {"headline", "kicker"}
        ]
        self._above = [[row[label] for row in transitions] for label in range(len(self.labels))]

    @classmethod
    def load(cls, path: Path) -> "SequenceModel":
        """Load a table from a JSON file that `scripts/train_reader.py` wrote."""
        table = json.loads(path.read_text(encoding="utf-8"))
        weights = {}
        for name, row in table["weights"].items():
            weights[name] = [0] * len(table["labels"])
            for label, weight in zip(row[::2], row[1::2], strict=True):
                weights[name][label] = weight
        return cls(table["labels"], weights, table["transitions"])

    def label(self, lines: Sequence[LineObservation]) -> list[LabelDecision]:
        """Find the best labels for the lines of a page."""
        if not lines:
            return []
        emissions = self._emissions(lines)
        self._share(lines, emissions)
        self._forbid(lines, emissions)
        path = self._best_path(emissions)
        return [
            LabelDecision(self.labels[label], self._margin(path, emissions, here))
            for here, label in enumerate(path)
        ]

    def explain(self, lines: Sequence[LineObservation], here: int, label: str) -> list[tuple[str, float]]:
        """List the features of a line that speak for a label (above 0) or against it, the strongest first."""
        place = self.labels.index(label)
        rows = [
            (name, self.weights[name][place] / _UNIT) for name in expand(lines, here) if name in self.weights
        ]
        alone = self._emissions(lines)
        shared = [list(row) for row in alone]
        self._share(lines, shared)
        rows.append(("other titles alone", (shared[here][place] - alone[here][place]) / _UNIT))
        return sorted((row for row in rows if row[1]), key=lambda row: (-abs(row[1]), row[0]))

    def _pack(self) -> dict[str, int]:
        packed: dict[str, int] = {}
        prefixes = sorted(_NEIGHBOURS.items(), key=lambda item: -len(item[1]))
        places = list(_NEIGHBOURS)
        for name, row in self.weights.items():
            offset, prefix = next(item for item in prefixes if name.startswith(item[1]))
            first = places.index(offset) * len(self.labels)
            value = sum(weight << (_LANE * (first + label)) for label, weight in enumerate(row))
            own = name.removeprefix(prefix)
            packed[own] = packed.get(own, 0) + value
        return packed

    def _emissions(self, lines: Sequence[LineObservation]) -> list[list[int]]:
        """The sum of the weights of all features of each line, for each label."""
        width = len(self.labels)
        edge = self._sums(["edge"])
        sums = [edge, edge, *(self._sums(chain(line.own, line.relations)) for line in lines), edge, edge]
        # In the order of `_NEIGHBOURS`: the line itself, the lines above and below, and those two above and below.
        around = zip(sums[2:], sums[1:], sums[3:], sums, sums[4:], strict=False)
        return [
            [
                lane - _BIAS
                for lane in map(
                    sum,
                    zip(
                        *(lanes[at * width : (at + 1) * width] for at, lanes in enumerate(five)), strict=True
                    ),
                )
            ]
            for five in around
        ]

    def _share(self, lines: Sequence[LineObservation], emissions: list[list[int]]) -> None:
        """Let titles that stand alone speak for those near them: section headings, or headlines."""
        alone = [line.is_lone_title for line in lines]
        if sum(alone) < 2 or not self._headings or not self._headlines:
            return
        heading = self._headings[0]
        odds = [
            row[heading] - max([row[place] for place in self._headlines]) if is_alone else 0
            for row, is_alone in zip(emissions, alone, strict=True)
        ]
        for row, share in zip(emissions, share_evidence(alone, odds), strict=True):
            # Only the less likely of the two kinds loses, so that neither gains on a paragraph.
            for place in self._headlines if share > 0 else self._headings:
                row[place] -= abs(share)

    def _forbid(self, lines: Sequence[LineObservation], emissions: list[list[int]]) -> None:
        """Leave each line only the labels that are allowed for it."""
        for line, row in zip(lines, emissions, strict=True):
            if line.allowed:
                for place, label in enumerate(self.labels):
                    row[place] += 0 if label in line.allowed else _FORBIDDEN

    def _sums(self, features: Iterable[str]) -> tuple[int, ...]:
        """The sums of the weights of features in each lane, each more by the same bias, as lanes have no sign."""
        total = sum(map(self._packed.get, features, repeat(0)), self._bias)
        return self._unpack(total.to_bytes(self._lanes * 4, "little"))

    def _best_path(self, emissions: list[list[int]]) -> list[int]:
        scores = emissions[0]
        came_from: list[list[int]] = []
        for emission in emissions[1:]:
            scores, back = self._step(scores, emission)
            came_from.append(back)
        path = [scores.index(max(scores))]
        for back in reversed(came_from):
            path.append(back[path[-1]])
        return path[::-1]

    def _step(self, scores: list[int], emission: list[int]) -> tuple[list[int], list[int]]:
        """The best score of each label of one line, and the label above that it comes from."""
        hopeless = max(scores) - _BEAM
        alive = [label for label, score in enumerate(scores) if score >= hopeless]
        rows = [list(map(scores[label].__add__, self.transitions[label])) for label in alive]
        if len(rows) == 1:
            return list(map(add, rows[0], emission)), alive * len(scores)
        best = list(map(max, *rows))
        came = [
            alive[column.index(score)] for column, score in zip(zip(*rows, strict=True), best, strict=True)
        ]
        return list(map(add, best, emission)), came

    def _margin(self, path: list[int], emissions: list[list[int]], here: int) -> float:
        """How much the page loses by the best other label for this line, if its neighbours keep theirs."""
        scores = emissions[here]
        if here:
            scores = list(map(add, scores, self.transitions[path[here - 1]]))
        if here + 1 < len(path):
            scores = list(map(add, scores, self._above[path[here + 1]]))
        chosen = scores[path[here]]
        return (chosen - max(scores[: path[here]] + scores[path[here] + 1 :])) / _UNIT


def expand(lines: Sequence[LineObservation], here: int) -> list[str]:
    """List the names of all features that a line is labelled by: its own, its relations and its neighbours'."""
    names = [*lines[here].relations]
    for offset, prefix in _NEIGHBOURS.items():
        there = here + offset
        own = lines[there].own if 0 <= there < len(lines) else ("edge",)
        names += [prefix + name for name in own]
    return sorted(names)
