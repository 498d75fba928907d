"""Learns which candidates are organizations, from labelled pages; the same input gives the same bytes.

    python scripts/train_names.py collect --pages DIR --gold DIR [--words FILE] [--without FILE] ROWS
    python scripts/train_names.py fit ROWS [ROWS ...]

`collect` reads the pages and writes their candidates with features and labels, as JSON. `--words` is an older
`organization_words.toml` for pages that the words of today were written for: the rules must not look better in training
than they are on pages that nobody has seen. `--without` names pages (one a line) that are kept apart for testing.
`fit` learns the weights by Newton's method and writes `articles/reading/names/organizations/chooser_weights.toml`. It
prints how often a probability is right on sources that were left out of the training, and scales the weights by that.
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

_TARGET = Path(__file__).parent.parent / "articles/reading/names/organizations/chooser_weights.toml"
_LOWEST_COUNT = 15  # candidates that have a feature; one that fewer have is left out
_RIDGE = 6.0
_STEPS = 30
_FOLDS = 10
_LOWEST_PROBABILITY = 0.45
_HEAD = """\
# Weights of the features of a candidate organization, in the logarithm of the odds; `candidates.py` says what they mean.
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
    collect.add_argument("--pages", type=Path, required=True)
    collect.add_argument("--gold", type=Path, required=True)
    collect.add_argument("--words", type=Path)
    collect.add_argument("--without", type=Path)
    collect.add_argument("rows", type=Path)
    fit = commands.add_parser("fit")
    fit.add_argument("--output", type=Path, default=_TARGET)
    fit.add_argument("rows", type=Path, nargs="+")
    options = parser.parse_args()
    if options.command == "collect":
        _collect(options)
    else:
        _fit_files(options.rows, options.output)


def _collect(options: argparse.Namespace) -> None:
    if options.words:
        _use_words(options.words)
    apart = set(options.without.read_text(encoding="utf-8").split()) if options.without else set()
    paths = [path for path in sorted(options.pages.glob("*.txt")) if path.stem not in apart]
    rows = [row for path in paths for row in _rows(path, options.gold / f"{path.stem}.json")]
    options.rows.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _use_words(path: Path) -> None:
    """Let the recogniser load older words, before it is imported; tables that they lack are those of today."""
    older = tomllib.loads(path.read_text(encoding="utf-8"))
    today = list_files.load_words

    def load(name: str) -> Mapping[str, Any]:
        words = today(name)
        if name != "organization_words":
            return words
        return {**words, **{key: value for key, value in older.items() if key != "not_alone"}}

    list_files.load_words = load


def _rows(page: Path, gold: Path) -> Iterator[_Row]:
    # Imported here, as the words are loaded with them.
    from articles.reading.names.organizations.chooser import candidates_of_page  # noqa: PLC0415
    from articles.reading.names.recognition import read_name_contexts  # noqa: PLC0415
    from articles.reading.pipeline import read_structure  # noqa: PLC0415

    articles = json.loads(gold.read_text(encoding="utf-8"))["articles"]
    names = _surfaces(article["organizations"] for article in articles)
    neutral = _surfaces(article.get("optional", {}).get("organizations", []) for article in articles)
    contexts = read_name_contexts(read_structure(page.read_bytes()).stories)
    for number, (context, found) in enumerate(zip(contexts, candidates_of_page(contexts), strict=True)):
        for candidate in found:
            surface = _squeeze(context.text[candidate.start : candidate.end])
            label = 1 if surface in names else -1 if surface in neutral else 0
            yield _Row(
                page.stem, number, candidate.start, candidate.end, surface, sorted(candidate.features), label
            )


def _surfaces(lists: Iterable[Iterable[str]]) -> set[str]:
    return {_squeeze(name) for names in lists for name in names}


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _fit_files(paths: Sequence[Path], output: Path) -> None:
    rows = [_Row(*row) for path in paths for row in json.loads(path.read_text(encoding="utf-8"))]
    labelled = [row for row in rows if row.label >= 0]
    likely = _left_out(rows)
    scale = _scale(likely)
    _report(likely, scale)
    weights = {feature: scale * weight for feature, weight in _learn(labelled).items()}
    head = _HEAD.format(
        candidates=len(labelled),
        pages=len({row.page for row in rows}),
        names=sum(row.label for row in labelled),
        lowest=_LOWEST_PROBABILITY,
    )
    lines = (f'"{feature}" = {weight:.2f}\n' for feature, weight in sorted(weights.items()))
    output.write_text(head + "".join(lines), encoding="utf-8")


def _learn(rows: Sequence[_Row]) -> dict[str, float]:
    """The weights of a logistic regression with a ridge penalty."""
    counts = Counter(feature for row in rows for feature in row.features)
    features = sorted(feature for feature, count in counts.items() if count >= _LOWEST_COUNT)
    index = {feature: number for number, feature in enumerate(features)}
    matrix = np.zeros((len(rows), len(features)))
    for number, row in enumerate(rows):
        matrix[number, [index[feature] for feature in row.features if feature in index]] = 1.0
    labels = np.array([row.label for row in rows], dtype=float)
    weights = np.zeros(len(features))
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (likely - labels) + _RIDGE * weights
        curve = (matrix * (likely * (1 - likely))[:, None]).T @ matrix + _RIDGE * np.eye(len(features))
        step = np.linalg.solve(curve, slope)
        weights -= step
        if abs(step).max() < 1e-6:
            break
    return {feature: round(float(weights[number]), 2) for feature, number in index.items()}


def _left_out(rows: Sequence[_Row]) -> list[tuple[float, int]]:
    """The odds (as logarithms) and the label of each candidate, by weights that were learned without its source."""
    sources = sorted({_source(row.page) for row in rows})
    found: list[tuple[float, int]] = []
    for fold in range(_FOLDS):
        apart = set(sources[fold::_FOLDS])
        labelled = [row for row in rows if row.label >= 0]
        weights = _learn([row for row in labelled if _source(row.page) not in apart])
        found += [(_odds(weights, row), row.label) for row in labelled if _source(row.page) in apart]
    return found


def _odds(weights: Mapping[str, float], row: _Row) -> float:
    return sum(weights.get(feature, 0.0) for feature in row.features)


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
