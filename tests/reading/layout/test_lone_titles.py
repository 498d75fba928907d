"""Titles that stand alone on a page speak for each other: all are section headings, or all are headlines."""

from hypothesis import given
from hypothesis import strategies as st

from articles.reading.layout.lone_titles import share_evidence
from articles.reading.layout.sequence_model import LineObservation, SequenceModel

HEADINGS = SequenceModel(
    ("headline", "heading", "paragraph"),
    {"long": [-400, -400, 400], "numbered": [0, 300, -400], "plain": [20, 0, -400]},
    [[0, 0, 0]] * 3,
)
TEXT = LineObservation(frozenset({"long"}))


def labels(*titles: str) -> list[str]:
    """The labels of titles, each alone above a text."""
    lines = [TEXT]
    for title in titles:
        lines += [LineObservation(frozenset({title}), is_lone_title=True), TEXT]
    return [decision.label for decision in HEADINGS.label(lines)[1::2]]


def test_doubtful_title_is_what_the_sure_titles_of_the_page_are():
    assert labels("plain") == ["headline"]
    assert labels("numbered", "plain", "numbered") == ["heading"] * 3


def test_titles_far_away_are_not_heard():
    texts = ["long"] * 12
    assert labels("numbered", *texts, "plain", *texts, "numbered")[13] == "headline"


def test_explanation_shows_what_other_titles_say():
    lines = [
        TEXT,
        *[LineObservation(frozenset({name}), is_lone_title=True) for name in ("numbered", "plain")],
    ]
    assert HEADINGS.explain(lines, 2, "headline")[0] == ("other titles alone", -0.9)
    assert HEADINGS.explain(lines, 2, "heading") == []


@given(st.lists(st.tuples(st.booleans(), st.integers(-5000, 5000))))
def test_only_lone_titles_share_and_a_title_alone_on_its_page_hears_nothing(rows):
    alone = [is_alone for is_alone, _ in rows]
    shares = share_evidence(alone, [number for _, number in rows])
    assert len(shares) == len(rows)
    assert all(is_alone or not share for is_alone, share in zip(alone, shares, strict=True))
    assert sum(alone) > 1 or not any(shares)
