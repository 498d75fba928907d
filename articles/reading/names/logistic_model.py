"""Gives the probability of a candidate by its features: a logistic model with weights that were learned from labelled pages."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from math import exp
from pathlib import Path
from typing import Protocol, Self, TypeVar


class _Candidate(Protocol):
    """A span of a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


C = TypeVar("C", bound=_Candidate)


class LogisticModel:
    """The weights of the features, in the logarithm of the odds, and the lowest probability of a name."""

    def __init__(self, weights: Mapping[str, float], lowest: float) -> None:
        self.weights = weights
        self.lowest = lowest

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load a model that scripts/train_names.py wrote."""
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(tables["weights"], tables["lowest_probability"])

    def probability(self, features: Iterable[str]) -> float:
        """The probability that a candidate with these features is a name."""
        return 1 / (1 + exp(-sum(map(self.weights.get, features, repeat(0.0)))))

    def choose(self, candidates: Iterable[C], score: Callable[[C], float]) -> list[tuple[float, C]]:
        """Choose the likeliest candidates that do not overlap, in the order of the text, with their scores.

        Of two that are equally likely the first and longest is chosen.
        """
        scored = ((score(candidate), candidate) for candidate in candidates)
        likely = [row for row in scored if row[0] >= self.lowest]
        taken: set[int] = set()
        chosen = []
        for row in sorted(likely, key=lambda row: (-row[0], row[1].start, -row[1].end)):
            span = range(row[1].start, row[1].end)
            if taken.isdisjoint(span):
                taken.update(span)
                chosen.append(row)
        return sorted(chosen, key=lambda row: row[1].start)
