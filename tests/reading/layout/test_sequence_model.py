"""A table of weights labels lines in sequence, says how sure it is and why, and its file is complete."""

import itertools

import pytest

from articles.reading.layout.line_model import LABELS, LINE_MODEL_FILE, load_line_model
from articles.reading.layout.sequence_model import LineObservation, SequenceModel, expand

TITLE, TEXT = LineObservation(frozenset({"short", "any"})), LineObservation(frozenset({"long", "any"}))
MODEL = SequenceModel(
    ("title", "text"),
    {
        "short": [300, -100],
        "long": [-200, 400],
        "above: short": [-250, 0],
        "2 above: short": [0, 50],
        "below: edge": [-125, 0],
        "in a list": [0, 275],
    },
    [[-150, 25], [10, 0]],
)


def score(lines: list[LineObservation], labels: tuple[str, ...]) -> int:
    """The sum that the best labels have the most of, feature by feature."""
    places = [MODEL.labels.index(label) for label in labels]
    emissions = [
        MODEL.weights.get(name, [0, 0])[place]
        for here, place in enumerate(places)
        for name in expand(lines, here)
    ]
    return sum(emissions) + sum(
        MODEL.transitions[above][below] for above, below in itertools.pairwise(places)
    )


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([TITLE], id="one line"),
        pytest.param([TITLE, TEXT], id="a title and a text"),
        pytest.param([TITLE, TITLE, TEXT, TITLE], id="two titles above, one below"),
        pytest.param(
            [TITLE, LineObservation(frozenset({"short"}), frozenset({"in a list"})), TITLE, TEXT], id="a list"
        ),
    ],
)
def test_labels_have_the_best_sum_and_the_margin_to_the_next(lines):
    sums = {labels: score(lines, labels) for labels in itertools.product(MODEL.labels, repeat=len(lines))}
    best = max(sums, key=sums.__getitem__)
    decisions = MODEL.label(lines)
    assert tuple(decision.label for decision in decisions) == best
    for here, decision in enumerate(decisions):
        others = [
            value
            for labels, value in sums.items()
            if labels[here] != best[here]
            and labels[:here] == best[:here]
            and labels[here + 1 :] == best[here + 1 :]
        ]
        assert decision.margin == pytest.approx((sums[best] - max(others)) / 100)


def test_features_are_explained_the_strongest_first():
    assert MODEL.explain([TITLE, TITLE], 1, "title") == [
        ("short", 3.0),
        ("above: short", -2.5),
        ("below: edge", -1.25),
    ]


def test_file_of_the_table_names_every_label_and_pair():
    model = load_line_model()
    assert model.labels == LABELS
    assert [len(row) for row in model.transitions] == [len(LABELS)] * len(LABELS)
    assert {len(row) for row in model.weights.values()} == {len(LABELS)}
    assert LINE_MODEL_FILE.stat().st_size < 500_000
