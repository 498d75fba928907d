"""The tables that decide: complete, and every row of them used."""

from articles.ingest.lines import lines_of
from articles.ingest.observations import observe
from articles.ingest.weights import LABELS, TRANSITIONS, WEIGHTS
from articles.ingest.wrapping import unwrapped
from tests.gate import labelled_pages

EDGE = "edge"


def test_tables_speak_of_labels_only():
    assert {label for row in WEIGHTS.values() for label in row} <= set(LABELS)
    assert set(TRANSITIONS) == {*LABELS, EDGE}
    assert {label for row in TRANSITIONS.values() for label in row} <= {*LABELS, EDGE}


def test_every_label_can_be_reached_and_left():
    reached, left = {EDGE}, {EDGE}
    for _ in LABELS:
        reached |= {below for label in reached for below in TRANSITIONS[label]}
        left |= {label for label, row in TRANSITIONS.items() if left & set(row)}
    assert reached == left == {*LABELS, EDGE}


def test_every_weighed_observation_is_made_on_some_page():
    texts = ["（下转第4版）", "树种  株数  单价\n白榆  1200  3.50", *(page.text for page in labelled_pages())]
    seen = {"any"} | {name for text in texts for line in observe(unwrapped(lines_of(text))) for name in line}
    assert set(WEIGHTS) - seen == set()
