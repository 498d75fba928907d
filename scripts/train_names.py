"""Learns which candidates are places and organizations, from labelled pages; the same input gives the same bytes.

    python scripts/train_names.py collect KIND --pages DIR --gold DIR [--older DIR] [--without FILE] ROWS
    python scripts/train_names.py fit KIND ROWS [ROWS ...]

KIND is `places` or `organizations`. Organizations come second, as the places that are chosen are among their features.
`collect` reads the pages and writes their candidates with features and labels, as JSON. `--older` is a folder with
older word lists (`organization_words.toml`, `place_words.toml`) for pages that the words of today were written for: the
rules must not look better in training than they are on pages that nobody has seen. `--without` names pages (one a line)
that are kept apart for testing. `fit` learns the weights by Newton's method and writes the `chooser_weights.toml` beside
the chooser of that kind. It prints how often a probability is right on sources that were left out of the training, and
scales the weights by that.
"""

import argparse
import json
import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from articles.reading.gazetteer import list_files
from articles.reading.values import Span

_NAMES = Path(__file__).parent.parent / "articles/reading/names"
_KINDS = ("places", "organizations")
# Candidates that have a feature; one that fewer have is left out.
_LOWEST_COUNT = {"places": 40, "organizations": 15}
# Sources whose pages have a feature: a word of one paper or one affair says nothing of others.
_LOWEST_SOURCES = 5
_RIDGE = {"places": 12.0, "organizations": 6.0}
_STEPS = 30
_CHUNK = 1000  # rows that are in memory with all pairs of their features
_FOLDS = 10
# A candidate is chosen from these probabilities on, by which cross-validation found most names.
_LOWEST_PROBABILITY = {"places": 0.4, "organizations": 0.38}
_HEAD = """\
# Weights of the features of a candidate for {kind}, in the logarithm of the odds; `candidates.py` says what they mean.
# Learned by scripts/train_names.py from {candidates} candidates on {pages} pages, {names} of them names.
# A candidate is a name from this probability on.
lowest_probability = {lowest}

[weights]
"""


class _Row(NamedTuple):
    """A candidate: its page, text, span and words, its features, and whether it is a name (1), none (0) or either (-1)."""

    page: str
    text: int
    start: int
    end: int
    surface: str
    features: list[str]
    label: int


def main() -> None:
    """Run the command that is named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    collect = commands.add_parser("collect")
    collect.add_argument("kind", choices=_KINDS)
    collect.add_argument("--pages", type=Path, required=True)
    collect.add_argument("--gold", type=Path, required=True)
    collect.add_argument("--older", type=Path)
    collect.add_argument("--without", type=Path)
    collect.add_argument("rows", type=Path)
    fit = commands.add_parser("fit")
    fit.add_argument("kind", choices=_KINDS)
    fit.add_argument("--output", type=Path)
    fit.add_argument("rows", type=Path, nargs="+")
    options = parser.parse_args()
    if options.command == "collect":
        _collect(options)
    else:
        _fit_files(options.kind, options.rows, options.output)


def _collect(options: argparse.Namespace) -> None:
    if options.older:
        _use_words(options.older)
    apart = set(options.without.read_text(encoding="utf-8").split()) if options.without else set()
    paths = [path for path in sorted(options.pages.glob("*.txt")) if path.stem not in apart]
    rows = [row for path in paths for row in _rows(options.kind, path, options.gold / f"{path.stem}.json")]
    options.rows.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _use_words(folder: Path) -> None:
    """Let the recognisers load older words, before they are imported; tables that these lack are those of today."""
    today = list_files.load_words

    def load(name: str) -> Mapping[str, Any]:
        path = folder / f"{name}.toml"
        if not path.exists():
            return today(name)
        older = tomllib.loads(path.read_text(encoding="utf-8"))
        return {**today(name), **{key: value for key, value in older.items() if key != "not_alone"}}

    list_files.load_words = load


def _rows(kind: str, page: Path, gold: Path) -> Iterator[_Row]:
    # Imported here, as the words are loaded with them.
    from articles.reading.names.recognition import list_training_candidates  # noqa: PLC0415
    from articles.reading.pipeline import read_structure  # noqa: PLC0415

    articles = json.loads(gold.read_text(encoding="utf-8"))["articles"]
    names = {of: _surfaces(article[of] for article in articles) for of in _KINDS}
    neutral = {
        of: _surfaces(article.get("optional", {}).get(of, []) for article in articles) for of in _KINDS
    }
    stories = read_structure(page.read_bytes()).stories
    for number, (text, found) in enumerate(list_training_candidates(kind, stories)):
        label = _Labels(text, kind, names, neutral).label
        for candidate in found:
            start, end, features = candidate.start, candidate.end, sorted(candidate.features)
            surface = _squeeze(text[start:end])
            yield _Row(page.stem, number, start, end, surface, features, label(start, end, surface))


class _Labels:
    """The labels of the candidates of a text: the longest labelled names in it are names, and what is inside is none."""

    def __init__(
        self, text: str, kind: str, names: Mapping[str, set[str]], neutral: Mapping[str, set[str]]
    ) -> None:
        self._names, self._neutral = names[kind], neutral[kind]
        others = set().union(*names.values(), *neutral.values())
        self._spans = _longest_spans(text, others if kind == "places" else self._names | self._neutral)
        bodies = (names["organizations"] | neutral["organizations"]) - self._names
        # A place inside the name of an organization may be one or not.
        self._inside = {
            at
            for (start, end), name in self._spans.items()
            if kind == "places" and name in bodies
            for at in range(start, end)
        }

    def label(self, start: int, end: int, surface: str) -> int:
        """1 for a name, 0 for none, -1 for what may be either."""
        if (start, end) in self._spans and surface in self._names:
            return 1
        return -1 if surface in self._neutral or {start, end - 1} & self._inside else 0


def _longest_spans(text: str, names: Iterable[str]) -> dict[Span, str]:
    """Where names are in a text, which may have blanks inside them; none inside a longer one."""
    offsets = [at for at, char in enumerate(text) if not char.isspace()]
    squeezed = "".join(text[at] for at in offsets)
    taken: set[int] = set()
    spans = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        at = squeezed.find(name) if name else -1
        while at >= 0:
            if taken.isdisjoint(range(at, at + len(name))):
                taken.update(range(at, at + len(name)))
                spans[offsets[at], offsets[at + len(name) - 1] + 1] = name
            at = squeezed.find(name, at + 1)
    return spans


def _surfaces(lists: Iterable[Iterable[str]]) -> set[str]:
    return {_squeeze(name) for names in lists for name in names}


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _fit_files(kind: str, paths: Sequence[Path], output: Path | None) -> None:
    rows = [_Row(*row) for path in paths for row in json.loads(path.read_text(encoding="utf-8"))]
    labelled = [row for row in rows if row.label >= 0]
    learner = _Learner(labelled, _LOWEST_COUNT[kind], _RIDGE[kind])
    likely = _left_out(learner, labelled)
    scale = _scale(likely)
    _report(likely, scale)
    weights = {feature: scale * weight for feature, weight in learner.learn(np.ones(len(labelled))).items()}
    head = _HEAD.format(
        kind=kind,
        candidates=len(labelled),
        pages=len({row.page for row in rows}),
        names=sum(row.label for row in labelled),
        lowest=_LOWEST_PROBABILITY[kind],
    )
    lines = (
        f"{json.dumps(feature, ensure_ascii=False)} = {weight:.2f}\n"
        for feature, weight in sorted(weights.items())
    )
    target = output or _NAMES / kind / "chooser_weights.toml"
    target.write_text(head + "".join(lines), encoding="utf-8")


class _Learner:
    """Rows with the indices of their features; rows with fewer than others have the last, which has no weight."""

    def __init__(self, rows: Sequence[_Row], lowest_count: int, ridge: float) -> None:
        counts = Counter(feature for row in rows for feature in row.features)
        common = {feature for feature, count in counts.items() if count >= lowest_count}
        sources: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows:
            for feature in common.intersection(row.features):
                sources[feature].add(_source(row.page))
        self._features = sorted(name for name in common if len(sources[name]) >= _LOWEST_SOURCES)
        index = {feature: number for number, feature in enumerate(self._features)}
        known = [[index[feature] for feature in row.features if feature in index] for row in rows]
        self._indices = np.full((len(rows), max(map(len, known))), len(self._features))
        for number, of_row in enumerate(known):
            self._indices[number, : len(of_row)] = of_row
        self._ridge = ridge
        self._labels = np.array([row.label for row in rows], dtype=float)

    def odds(self, weights: Mapping[str, float]) -> Any:
        """The odds of every row, as logarithms."""
        return self._odds(np.array([*(weights[feature] for feature in self._features), 0.0]))

    def _odds(self, values: Any) -> Any:
        return values[self._indices].sum(axis=1)

    def learn(self, share: Any) -> dict[str, float]:
        """The weights of a logistic regression with a ridge penalty; each row counts by its share."""
        size = len(self._features) + 1
        values = np.zeros(size)
        for _ in range(_STEPS):
            likely = 1 / (1 + np.exp(-self._odds(values)))
            errors = np.repeat(share * (likely - self._labels), self._indices.shape[1])
            slope = np.bincount(self._indices.ravel(), errors, size) + self._ridge * values
            curve = self._curve(share * likely * (1 - likely)) + self._ridge * np.eye(size)
            step = np.linalg.solve(curve[:-1, :-1], slope[:-1])
            values[:-1] -= step
            if abs(step).max() < 1e-3:
                break
        return {feature: round(float(values[number]), 2) for number, feature in enumerate(self._features)}

    def _curve(self, worth: Any) -> Any:
        """The second derivatives: for each pair of features the worth of the rows that have both."""
        size = len(self._features) + 1
        total = np.zeros(size * size)
        (counted,) = np.nonzero(worth)
        for begin in range(0, len(counted), _CHUNK):
            rows = counted[begin : begin + _CHUNK]
            of_rows = self._indices[rows]
            pairs = (of_rows[:, :, None] * size + of_rows[:, None, :]).ravel()
            total += np.bincount(pairs, np.repeat(worth[rows], of_rows.shape[1] ** 2), size * size)
        return total.reshape(size, size)


def _left_out(learner: _Learner, rows: Sequence[_Row]) -> list[tuple[float, int]]:
    """The odds (as logarithms) and the label of each candidate, by weights that were learned without its source."""
    sources = sorted({_source(row.page) for row in rows})
    found: list[tuple[float, int]] = []
    for fold in range(_FOLDS):
        apart = set(sources[fold::_FOLDS])
        share = np.array([float(_source(row.page) not in apart) for row in rows])
        odds = learner.odds(learner.learn(share))
        found += [(odds[at], row.label) for at, row in enumerate(rows) if not share[at]]
    return found


def _scale(likely: Sequence[tuple[float, int]]) -> float:
    """The factor of the odds at which they say best how often a candidate of an unseen source is a name."""
    odds, labels = (np.array(column, dtype=float) for column in zip(*likely, strict=True))

    def loss(scale: float) -> float:
        return float(np.logaddexp(0, -scale * odds * (2 * labels - 1)).sum())

    return min((step / 100 for step in range(30, 131)), key=loss)


def _report(likely: Sequence[tuple[float, int]], scale: float) -> None:
    """Print how often a probability is right on sources that were left out of the training."""
    bins = defaultdict(list)
    for odds, label in likely:
        bins[min(int(10 / (1 + math.exp(-scale * odds))), 9)].append(label)
    print(f"scale {scale}", "probability  candidates  names", sep="\n")
    for number in sorted(bins):
        right = bins[number]
        print(f"{number / 10:.1f}-{(number + 1) / 10:.1f}  {len(right):>10}  {sum(right) / len(right):.2f}")


def _source(page: str) -> str:
    """The source of a page: its name up to the first number."""
    return re.split(r"_?\d", page, maxsplit=1)[0]


if __name__ == "__main__":
    main()
