"""The tables of weights are complete, and every row is used."""

from articles.reading.layout.context_features import extract_features
from articles.reading.layout.unwrapping import unwrap_columns
from articles.reading.layout.weights import LABELS, TRANSITIONS, WEIGHTS
from articles.reading.lines.printed_lines import split_lines
from tests.support.gate import labelled_pages

EDGE = "edge"
FEW_PAGES_HAVE = (
    "（下转第4版）",
    "树种  株数  单价\n白榆  1200  3.50",
    "今日导读\n更正：本报5月2日3版“三千棵”应为“三万棵”。",
    "清明\n□ 林一舟\n雨落在南河两岸\n草从石缝里站起来\n母亲把树苗压进土里\n说等它长到屋檐",
)


def test_tables_name_known_labels_only():
    assert {label for row in WEIGHTS.values() for label in row} <= set(LABELS)
    assert set(TRANSITIONS) == {*LABELS, EDGE}
    assert {label for row in TRANSITIONS.values() for label in row} <= {*LABELS, EDGE}


def test_every_label_can_be_reached_and_left():
    reached, left = {EDGE}, {EDGE}
    for _ in LABELS:
        reached |= {below for label in reached for below in TRANSITIONS[label]}
        left |= {label for label, row in TRANSITIONS.items() if left & set(row)}
    assert reached == left == {*LABELS, EDGE}


def test_every_feature_with_a_weight_occurs_on_some_page():
    texts = [*FEW_PAGES_HAVE, *(page.text for page in labelled_pages())]
    seen = {"any"} | {
        name
        for text in texts
        for line in extract_features(unwrap_columns(split_lines(text)))
        for name in line
    }
    assert set(WEIGHTS) - seen == set()
