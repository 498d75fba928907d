"""Tests that mentions stay at their words when a text is edited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.editing.article_corrections import correct_article
from articles.editing.span_anchoring import Reanchoring
from articles.reading.lines.text_changes import TextChange
from tests.factories import make_article, make_mention, make_page


@pytest.mark.parametrize(
    ("before", "after", "name", "found"),
    [
        pytest.param("芮城县通车", "芮城县昨天通车", "芮城县", True, id="edited after it"),
        pytest.param("昨天芮城县通车", "芮城县通车", "芮城县", True, id="cut before it"),
        pytest.param("记者到芮城县、绛县采访", "昨天记者到芮城县和绛县采访两天", "绛县", True, id="edited all around"),
        pytest.param("芮城县通车", "绛县通车", "芮城县", False, id="the name itself"),
        pytest.param("芮城县通车", "芮城 县通车", "芮城县", False, id="a blank inside"),
        pytest.param("芮城县通车", "", "芮城县", False, id="all gone"),
        pytest.param("甲" * 3000 + "芮城县" + "乙" * 3000, "丙" * 3000 + "芮城县" + "丁" * 3000, "芮城县", False, id="too much to compare"),
    ],
)  # fmt: skip
def test_span_is_found_in_the_changed_text(before: str, after: str, name: str, found: bool) -> None:
    start = before.index(name)
    span = TextChange(before, after).move(start, start + len(name))
    assert (span is not None) == found
    if span:
        assert after[span[0] : span[1]] == name


TEXTS = st.text(alphabet="芮城县通车昨天", max_size=30)


@given(TEXTS, TEXTS, st.integers(0, 30), st.integers(1, 5))
def test_moved_span_covers_the_same_text(before: str, after: str, start: int, length: int) -> None:
    if start + length <= len(before):
        span = TextChange(before, after).move(start, start + length)
        assert span is None or after[span[0] : span[1]] == before[start : start + length]


@pytest.mark.django_db
def test_mentions_move_with_a_corrected_text() -> None:
    article = make_article("芮城县绛县通车", body="正文")
    for start, end, name in ((0, 3, "芮城县"), (3, 5, "绛县")):
        make_mention(article, name, part="headline", start=start, end=end)
    correct_article(article, headline="今天芮城县、绛县通车")
    spans = {mention.surface: (mention.start, mention.end) for mention in article.mentions.all()}
    assert spans == {"芮城县": (2, 5), "绛县": (6, 8)}
    correct_article(article, headline="芮城县通车")
    assert [mention.surface for mention in article.mentions.all()] == ["芮城县"]


@pytest.mark.django_db
def test_reanchored_mention_takes_the_old_place_of_an_undecided_one() -> None:
    page = make_page("绛县绛县通车")
    article = make_article("绛县绛县通车", page=page)
    for start, verdict in ((0, "accepted"), (2, "")):
        make_mention(article, "绛县", part="headline", start=start, verdict=verdict)
    reanchoring = Reanchoring([article], list(article.mentions.all()))
    article.headline = "今天绛县绛县通车"
    reanchoring.find(page)
    assert reanchoring.write() == {article.pk}
    assert list(article.mentions.order_by("start").values_list("start", "verdict")) == [
        (2, "accepted"),
        (4, ""),
    ]
