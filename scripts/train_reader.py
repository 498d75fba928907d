"""Trains the table by which the lines of a page are labelled, and validates how it reads papers that it has not seen.

    python -m scripts.train_reader [--dev DIR] [--silver DIR] [--output FILE]
    python -m scripts.train_reader --cross-validate [--dev DIR] [--silver DIR] [--ablate] [--learning-curve]

It learns from `tests/pages` and `seeds`, from a folder of further pages (`pages/*.txt` and `gold/*.json`), and from
pages of which only boundaries and titles are known (`manifest.jsonl`), each also set again in other ways. The weights
of several trainings, one over all pages and the others each over a choice of them, are averaged. The same input gives
the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean as _mean

import pycrfsuite

from articles.reading.credits.bylines import read_credits
from articles.reading.layout.context_features import extract_features
from articles.reading.layout.line_model import LABELS, LINE_MODEL_FILE
from articles.reading.layout.sequence_model import LineObservation, SequenceModel, expand
from articles.reading.layout.story_assembly import assemble_stories
from articles.reading.layout.unwrapping import unwrap_columns
from articles.reading.lines.printed_lines import split_lines
from articles.reading.values import Page, Reading
from tests.support.gate import PAGES, SEEDS, LabelledPage, Score, score_page
from tests.support.small_pages import LINE_ENDS, SMALL_PAGES, SmallPage

from .page_setting import choose_setting, set_again
from .training_pages import RESIDUE, TrainingPage, load_labelled_pages, true_labels

# Trainings whose weights are averaged, and how often a page is set again.
_TRAININGS = 1
_SETTINGS = 2
# How often a page counts as it is. The pages of the repository are few, and each is a promise; small ones the more.
_COPIES = 2
_COPIES_OF_OWN = 5
_COPIES_OF_SMALL = 6
# A further page that is promised to be read without a fault.
_PROMISED = {"seed"}
_SILVER = {"rmrb": 60, "xwlb": 15, "dxy": 15, "web": 15, "cec": 10}
_FOLDS = 8
_PENALTIES = {
    "c1": 2.0,
    "c2": 2.0,
    "max_iterations": 80,
    "feature.minfreq": 2,
    "feature.possible_transitions": 1,
}
# Weights are stored in hundredths; what is smaller decides nothing.
_UNIT = 100
_BOOTSTRAPS = 1000
# Labels that a line of a silver page may have whose article is known, but not its kind.
_SILVER_TEXT = frozenset({"paragraph", "heading", "caption", "opening", "signature", "credit"})
_SILVER_RESIDUE = frozenset({"header", "notice"})

# Pages of one publisher are never both learned from and tested on.
_FAMILIES = {
    "rmrb": "rmrb|renmin|msra|sport_1977|ckxx|digest_1996|wenyibao",
    "xjb": "xinjingbao3|xjb|bus_card",
    "shenbao": "shenbao",
    "apple": "hk_apple|hk_metro_apple",
    "macau": "macau",
    "malaysia": "malaysia|my_|nanyang",
    "ltn": "tw_ltn|tainan|tw_local|tw_hualien",
    "merit": "tw_merit",
    "hotline": "hotline",
    "mingpao": "hk_mingpao|ca_vancouver",
    "henan": "henan|dahebao",
    "hubei": "hubei|changjiang|city_2006_w24|city_fronts",
    "shandong": "shandong|culture_people",
    "guangdong": "guangzhou|guangdong|gd_briefs|nandu|south_counties",
    "cbn": "yicai|cbn",
    "cec": "cec|ocr_accidents",
    "shanxi": "sxrb|shanxi|farm_photo|seed",
    "zhejiang": "zhejiang|football|wenzhou",
    "xinhua": "xinhua|railway|national_photo",
    "worker": "shaanxi|yanan|village_reports|lost_found",
    "north": "north_|market",
    "jiangsu": "jiangsu|youth_names",
}


def source_of(name: str) -> str:
    """The publisher of a page of the further folder, by the page's name."""
    return next((family for family, names in _FAMILIES.items() if re.match(names, name)), name)


@dataclass(frozen=True)
class _Example:
    """A page to learn from: the features of each line, and its label."""

    features: list[list[str]]
    labels: list[str]


@dataclass
class Corpus:
    """The pages to learn from, each with the pages that it became when it was set again; those `tested` are validated."""

    labelled: list[TrainingPage]
    tested: list[TrainingPage]
    silver: list[TrainingPage]
    small: list[_Example] = field(default_factory=list)
    examples: dict[str, list[_Example]] = field(default_factory=dict)


def load_corpus(dev: Path | None = None, silver: Path | None = None) -> Corpus:
    """Load the pages of the repository and those of two further folders, and set each again."""
    own = load_labelled_pages(SEEDS, PAGES / "seeds") + load_labelled_pages(PAGES, PAGES)
    further = load_labelled_pages(dev / "pages", dev / "gold") if dev else []
    for page in further:
        page.group = source_of(page.name)
    own_names = {page.name for page in own} | _PROMISED
    corpus = Corpus(own + further, further or own, list(_silver_pages(silver)) if silver else [])
    for small in SMALL_PAGES:
        corpus.small += _small_examples(small)
    for page in corpus.labelled + corpus.silver:
        dice = random.Random(page.name)  # noqa: S311 # the same pages each time, no secret
        again = [set_again(page, choose_setting(dice), dice) for _ in range(_SETTINGS)]
        copies = _COPIES_OF_OWN if page.name in own_names else _COPIES
        pages = [page] * copies + again if page in corpus.labelled else again[:1]
        corpus.examples[page.name] = [_example(each) for each in pages if each.lines]
    return corpus


def _example(page: TrainingPage) -> _Example:
    units = unwrap_columns(page.lines)
    return _Example(expand_all(extract_features(units)), true_labels(page, units))


def _small_examples(small: SmallPage) -> Iterator[_Example]:
    for line_end in LINE_ENDS * _COPIES_OF_SMALL:
        units = split_lines(line_end.join(small.lines))
        labels = [label.replace("_", " ") for label in small.labels.split()]
        yield _Example(expand_all(extract_features(units)), labels)


def expand_all(observations: Sequence[LineObservation]) -> list[list[str]]:
    return [expand(observations, here) for here in range(len(observations))]


def _silver_pages(folder: Path) -> Iterator[TrainingPage]:
    """A choice of pages of which only the boundaries and titles of articles are known."""
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    random.Random(1).shuffle(rows)  # noqa: S311 # the same choice each time, no secret
    taken: Counter[str] = Counter()
    for row in rows:
        if taken[row["source"]] < _SILVER.get(row["source"], 0):
            taken[row["source"]] += 1
            page = TrainingPage(row["file"], row["source"], (folder / row["file"]).read_text("utf-8"))
            page.lines = split_lines(page.text)
            page.owners = [_silver_owner(page, row["articles"], line.spans[0][0]) for line in page.lines]
            yield page


def _silver_owner(page: TrainingPage, articles: list[dict[str, int | str]], offset: int) -> int:
    for number, article in enumerate(articles):
        if int(article["start"]) <= offset < int(article["end"]):
            behind = offset - int(article["headline_start"])
            title = len(str(article["headline"]))
            subtitle = len(str(article["subtitle"] or ""))
            if behind < 0:
                return page.add(number, "kicker")
            if behind < title:
                return page.add(number, "headline")
            return page.add(number, "subtitle" if subtitle and behind <= title + subtitle else "paragraph")
    return RESIDUE


def train(
    corpus: Corpus, trainings: int, held_out: frozenset[str] = frozenset(), without: str = ""
) -> SequenceModel:
    """Train on all pages but those of the sources held out; `without` is a pattern of features to leave out."""
    labelled = [
        example
        for page in corpus.labelled
        if page.group not in held_out
        for example in corpus.examples[page.name]
    ]
    # Silver pages say where articles begin; what the lines of their bodies are, a first table says.
    first = _fit([_without(example, without) for example in labelled])
    silver = [
        _silver_example(first, example)
        for page in corpus.silver
        if page.group not in held_out
        for example in corpus.examples[page.name]
    ]
    examples = [_without(example, without) for example in labelled + silver]
    small = [_without(example, without) for example in corpus.small]
    tables = [_fit(examples + small)]
    for seed in range(1, trainings):
        dice = random.Random(seed)  # noqa: S311 # the same weights each time, no secret
        tables.append(_fit([dice.choice(examples) for _ in examples] + small))
    return _average(tables)


def _without(example: _Example, pattern: str) -> _Example:
    if not pattern:
        return example
    left = [[name for name in names if not re.search(pattern, name)] for names in example.features]
    return _Example(left, example.labels)


_Table = tuple[dict[str, dict[str, float]], dict[tuple[str, str], float]]


def _fit(examples: Iterable[_Example]) -> _Table:
    """Fit one conditional random field by L-BFGS; return the weights of features and of pairs of labels."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=_PENALTIES, verbose=False)
    for example in examples:
        trainer.append(example.features, example.labels)
    with tempfile.NamedTemporaryFile() as file:
        trainer.train(file.name)
        tagger = pycrfsuite.Tagger()
        tagger.open(file.name)
        info = tagger.info()
        tagger.close()
    weights: dict[str, dict[str, float]] = defaultdict(dict)
    for (name, label), weight in info.state_features.items():
        weights[name][label] = weight
    return weights, dict(info.transitions)


def _average(tables: Sequence[_Table]) -> SequenceModel:
    """One table of the mean weights, in hundredths."""
    names = sorted({name for weights, _ in tables for name in weights})
    rows = {}
    for name in names:
        row = [
            round(_UNIT * _mean(weights.get(name, {}).get(label, 0.0) for weights, _ in tables))
            for label in LABELS
        ]
        if any(row):
            rows[name] = row
    transitions = [
        [round(_UNIT * _mean(pairs.get((above, below), 0.0) for _, pairs in tables)) for below in LABELS]
        for above in LABELS
    ]
    return SequenceModel(LABELS, rows, transitions)


def _silver_example(table: _Table, example: _Example) -> _Example:
    """A silver page with the kinds of the lines of its bodies as a table labels them."""
    weights, pairs = table
    scores: list[dict[str, float]] = []
    back: list[dict[str, str]] = []
    for names, label in zip(example.features, example.labels, strict=True):
        allowed = (
            _SILVER_TEXT if label == "paragraph" else _SILVER_RESIDUE if label in _SILVER_RESIDUE else {label}
        )
        row, came = {}, {}
        for here in sorted(allowed):
            own = sum(weights[name].get(here, 0.0) for name in names if name in weights)
            above = scores[-1] if scores else {}
            best = max(above, key=lambda label: above[label] + pairs.get((label, here), 0.0), default="")
            row[here] = own + (above[best] + pairs.get((best, here), 0.0) if best else 0.0)
            came[here] = best
        scores.append(row)
        back.append(came)
    labels = [max(scores[-1], key=scores[-1].__getitem__)]
    for came in reversed(back[1:]):
        labels.append(came[labels[-1]])
    return _Example(example.features, labels[::-1])


def write_model(model: SequenceModel, path: Path) -> None:
    """Write a table as JSON: for each feature the places of labels and their weights, in turn."""
    rows = {
        name: [number for place, weight in enumerate(row) if weight for number in (place, weight)]
        for name, row in model.weights.items()
    }
    lines = ",\n".join(
        f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(rows[name])}" for name in sorted(rows)
    )
    pairs = ",\n".join(f"  {json.dumps(row)}" for row in model.transitions)
    labels = json.dumps(list(model.labels))
    path.write_text(
        f'{{\n "labels": {labels},\n "weights": {{\n{lines}\n }},\n "transitions": [\n{pairs}\n ]\n}}\n',
        "utf-8",
    )


def read_with(model: SequenceModel, page: TrainingPage) -> Score:
    """Read a page with a table, and compare what was read with its labels."""
    decoded = Page(page.text, "", "utf-8")
    stories, residue = assemble_stories(decoded, model)
    reading = Reading(decoded, tuple(read_credits(story, decoded) for story in stories), residue)
    score = Score()
    score_page(score, LabelledPage(page.name, Path(), "utf-8", page.articles, []), reading)
    return score


def folds_of(pages: Sequence[TrainingPage], count: int) -> list[frozenset[str]]:
    """Divide the sources into folds of about as many pages each."""
    sizes = Counter(page.group for page in pages)
    folds: list[set[str]] = [set() for _ in range(count)]
    for group, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        min(folds, key=lambda fold: sum(sizes[member] for member in fold)).add(group)
    return [frozenset(fold) for fold in folds]


def cross_validate(
    corpus: Corpus, trainings: int, count: int = _FOLDS, without: str = ""
) -> dict[str, Score]:
    """Read each page with a table for which no page of its source was trained."""
    scores: dict[str, Score] = {}
    for fold in folds_of(corpus.tested, count):
        model = train(corpus, trainings, fold, without)
        scores |= {page.name: read_with(model, page) for page in corpus.tested if page.group in fold}
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return scores


MEASURES = (
    *("articles", "headline", "kicker", "subtitle", "paragraph count", "section headings", "captions"),
    *("reporters", "roles"),
)


def f1(scores: Iterable[Score], measure: str) -> float:
    counts = [score.counts[measure] for score in scores]
    hits = sum(count.hits for count in counts)
    everything = sum(2 * count.hits + count.extra + count.missed for count in counts)
    return 2 * hits / everything if everything else 1.0


def spread(scores: Sequence[Score], measure: str) -> tuple[float, float]:
    """The middle 95 % of the F1 over bootstraps of the pages."""
    dice = random.Random(0)  # noqa: S311 # no secret
    values = sorted(f1(dice.choices(scores, k=len(scores)), measure) for _ in range(_BOOTSTRAPS))
    return values[_BOOTSTRAPS // 40], values[-_BOOTSTRAPS // 40]


def print_table(name: str, scores: dict[str, Score]) -> None:
    print(f"| {name} | " + " | ".join(f"{f1(scores.values(), m):.3f}" for m in MEASURES) + " |", flush=True)


ABLATIONS = {
    "without two lines up and down": "^2 (?:above|below): ",
    "without neighbours": "^(?:2 )?(?:above|below): ",
    "without shapes": "(?:length|share of|printed lines|gap|stops|commas|begins|ends|indent|character|spaces)",
    "without words in common": "^words ",
    "without groups of titles": "(?:group|titles|alone|^title \\d)",
    "without the page": " on page ",
}


# Shares of the labelled pages that a point of the learning curve is trained on.
_SHARES = (0.25, 0.5)


def with_share(corpus: Corpus, share: float) -> Corpus:
    """The corpus with a share of its labelled pages to learn from, the same each time; all pages are tested."""
    pages = random.Random(0).sample(corpus.labelled, round(share * len(corpus.labelled)))  # noqa: S311 # no secret
    return replace(corpus, labelled=pages)


def print_by_source(scores: dict[str, Score]) -> None:
    """Print a row for each source, and the middle 95 % of each measure over bootstraps of the pages."""
    for bound, name in ((0, "lower"), (1, "upper")):
        cells = (f"{spread(list(scores.values()), measure)[bound]:.3f}" for measure in MEASURES)
        print(f"| {name} bound (95 %) | {' | '.join(cells)} |")
    by_source: dict[str, dict[str, Score]] = defaultdict(dict)
    for name, score in scores.items():
        by_source[source_of(name)][name] = score
    for source in sorted(by_source):
        print_table(source, by_source[source])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--dev", type=Path, help="a folder with pages/ and gold/")
    options.add_argument("--silver", type=Path, help="a folder with manifest.jsonl")
    options.add_argument("--output", type=Path, default=LINE_MODEL_FILE)
    options.add_argument(
        "--trainings", type=int, default=_TRAININGS, help="of which the weights are averaged"
    )
    options.add_argument("--folds", type=int, default=_FOLDS)
    options.add_argument("--cross-validate", action="store_true")
    options.add_argument(
        "--ablate", action="store_true", help="cross-validate also without groups of features"
    )
    options.add_argument(
        "--learning-curve", action="store_true", help="cross-validate also with fewer labelled pages"
    )
    arguments = options.parse_args()
    corpus = load_corpus(arguments.dev, arguments.silver)
    if not arguments.cross_validate:
        write_model(train(corpus, arguments.trainings), arguments.output)
        return
    print(f"| | {' | '.join(MEASURES)} |\n|---|" + "---|" * len(MEASURES))
    scores = cross_validate(corpus, arguments.trainings, arguments.folds)
    print_table("learned", scores)
    print(
        json.dumps({name: {m: vars(score.counts[m]) for m in MEASURES} for name, score in scores.items()}),
        file=sys.stderr,
    )
    print_by_source(scores)
    for name, pattern in ABLATIONS.items() if arguments.ablate else ():
        print_table(name, cross_validate(corpus, arguments.trainings, arguments.folds, pattern))
    for share in _SHARES if arguments.learning_curve else ():
        part = with_share(corpus, share)
        print_table(
            f"{len(part.labelled)} labelled pages", cross_validate(part, arguments.trainings, arguments.folds)
        )


if __name__ == "__main__":
    main()
