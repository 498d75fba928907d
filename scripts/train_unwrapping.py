"""Learns which printed lines continue the line above them, from labelled pages and copies of them in other settings.

    python -m scripts.train_unwrapping --pages DIR DIR ... [--cross-validate]

Each DIR holds `pages/NAME.txt` and labels with blocks in `gold/NAME.json`. It writes `articles/reading/layout/unwrapping.toml`,
the same bytes for the same pages. With `--cross-validate` it writes nothing,
and prints how many decisions are wrong on pages of papers that were left out. Needs numpy.
"""

import argparse
import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from articles.reading.layout.unwrapping import COMBINATIONS, PICKERS, Observations, observe_breaks
from articles.reading.lines.printed_lines import split_lines

from .page_setting import WRAPPED, choose_setting, set_again
from .training_pages import TrainingPage, load_labelled_pages

_TARGET = Path(__file__).parent.parent / "articles/reading/layout/unwrapping.toml"
_COPIES = 3
# A copy in another setting counts less than the page that was printed.
_WEIGHT_OF_COPY = 0.1
_SHARE_OF_MIXED = 0.3
_SEED = 1
_FOLDS = 5
_PENALTY = 1.0
_ROUNDS = 60
_LEAST = 0.02
_HEAD = """\
# Weights of what a printed line and the line above it show (`unwrapping.py`), as natural logarithms: above 0 it continues
# that line. Learned by scripts/train_unwrapping.py from {count} decisions on {pages} pages and {copies} copies of them.
"""

_Key = tuple[int, str | Observations]
Example = tuple[Observations, bool, float]


def main() -> None:
    """Train on the pages of the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, nargs="+", required=True)
    parser.add_argument("--cross-validate", action="store_true")
    options = parser.parse_args()
    pages = [page for folder in options.pages for page in _load(folder)]
    if options.cross_validate:
        print(cross_validate(pages))
        return
    bias, weights = train(_with_copies(pages))
    _TARGET.write_text(_table(pages, bias, weights), encoding="utf-8")


def _load(folder: Path) -> list[TrainingPage]:
    """The pages whose labels say where each block begins and ends."""
    pages = load_labelled_pages(folder / "pages", folder / "gold")
    return [page for page in pages if all(labels.get("blocks") for labels in page.articles)]


def cross_validate(pages: Sequence[TrainingPage]) -> str:
    """Count wrong decisions, each page decided by weights of pages of other papers."""
    wrong: Counter[str] = Counter()
    for fold in range(_FOLDS):
        bias, weights = train(_with_copies([page for page in pages if _fold(page) != fold]))
        for page in pages:
            if _fold(page) != fold:
                continue
            for observed, is_joined, _ in _examples(page, 1.0):
                score = bias + sum(weights.get(key, 0.0) for key in _keys(observed))
                wrong["all"] += 1
                wrong["joined, but a new line"] += score > 0 and not is_joined
                wrong["divided, but continued"] += score <= 0 and is_joined
    return "\n".join(f"{name}: {count}" for name, count in wrong.items())


def _fold(page: TrainingPage) -> int:
    """Pages of a paper have names that begin alike, and are in one fold."""
    return zlib.crc32(page.name.partition("_")[0].encode()) % _FOLDS


def _with_copies(pages: Sequence[TrainingPage]) -> list[Example]:
    dice = random.Random(_SEED)  # noqa: S311 (it chooses settings of copies, the same in each run)
    examples: list[Example] = []
    for page in pages:
        examples += _examples(page, 1.0)
        for _ in range(_COPIES):
            copy = set_again(page, choose_setting(dice), dice)
            if dice.random() < _SHARE_OF_MIXED:
                copy = _with_whole_articles(
                    copy, {number for number in range(len(page.articles)) if dice.random() < 0.5}
                )
            examples += _examples(copy, _WEIGHT_OF_COPY)
    return examples


def _with_whole_articles(page: TrainingPage, whole: set[int]) -> TrainingPage:
    """The page with some of its articles set without column breaks."""
    lines: list[str] = []
    owners: list[int] = []
    for line, owner in zip(page.lines, page.owners, strict=True):
        if owners and owner == owners[-1] and owner >= 0 and page.blocks[owner].article in whole:
            lines[-1] += line.text
        else:
            lines.append("\n" * line.gap + "　" * round(line.indent) + line.text)
            owners.append(owner)
    text = "\n".join(lines)
    return replace(page, text=text, lines=split_lines(text), owners=owners)


def _examples(page: TrainingPage, weight: float) -> Iterator[Example]:
    """The decisions of a page that its labels answer; lines of one title may be joined or not."""
    for here, observed in enumerate(observe_breaks(page.lines), start=1):
        above, own = page.owners[here - 1], page.owners[here]
        if above != own:
            yield observed, False, weight
        elif own >= 0 and page.blocks[own].kind in WRAPPED:
            yield observed, True, weight


def _keys(observed: Observations) -> list[_Key]:
    """What each combination, by its place, weighs of the observations."""
    return [(place, pick(observed)) for place, pick in enumerate(PICKERS)]


def train(examples: Sequence[Example]) -> tuple[float, dict[_Key, float]]:
    """Fit a logistic model with a penalty on large weights, by Newton steps on one combination after the other."""
    index: dict[_Key, int] = {}
    rows = np.array(
        [[index.setdefault(key, len(index)) for key in _keys(observed)] for observed, _, _ in examples]
    )
    truth = np.array([is_joined for _, is_joined, _ in examples], dtype=float)
    share = np.array([weight for _, _, weight in examples])
    weights, bias = np.zeros(len(index)), 0.0
    for _ in range(_ROUNDS):
        for combination in range(len(COMBINATIONS)):
            column = rows[:, combination]
            odds = 1 / (1 + np.exp(-(bias + weights[rows].sum(axis=1))))
            slope = np.bincount(column, share * (truth - odds), len(index)) - _PENALTY * weights
            curve = np.bincount(column, share * odds * (1 - odds), len(index)) + _PENALTY
            used = np.bincount(column, minlength=len(index)) > 0
            weights[used] += (slope / curve)[used]
        odds = 1 / (1 + np.exp(-(bias + weights[rows].sum(axis=1))))
        bias += float((share * (truth - odds)).sum() / (share * odds * (1 - odds)).sum())
    return bias, {key: float(weights[place]) for key, place in index.items()}


def _table(pages: Sequence[TrainingPage], bias: float, weights: dict[_Key, float]) -> str:
    rows: defaultdict[int, list[str]] = defaultdict(list)
    for (combination, values), weight in sorted(weights.items(), key=str):
        if abs(weight) >= _LEAST:
            name = values if isinstance(values, str) else ", ".join(values)
            rows[combination].append(f'"{name}" = {weight:.2f}\n')
    count = sum(1 for page in pages for _ in _examples(page, 1.0))
    head = _HEAD.format(count=count, pages=len(pages), copies=_COPIES * len(pages))
    parts = [head, f"\nbias = {bias:.2f}\n"]
    for combination, names in enumerate(COMBINATIONS):
        parts += [f'\n[weights."{", ".join(names)}"]\n', *rows[combination]]
    return "".join(parts)


if __name__ == "__main__":
    main()
