"""Tests that one answer decides a name for many articles, and that taking it back restores them exactly."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.record_trash import trash_record
from articles.editing.rulings.doubtful_names import (
    NameScope,
    count_articles_without_doubt,
    count_scopes,
    doubtful_names,
)
from articles.editing.rulings.name_rulings import Answer, rule_on_name, switch_ruling, undo_ruling
from articles.models import Article, Mention, NameRuling, Place, PlaceAppearance
from articles.models.alias import RulingScope
from tests.factories import make_article, make_mention, make_organization, make_page, make_places

pytestmark = pytest.mark.django_db
NAME = "花园社区"
PLACE = Mention.Kind.PLACE
REJECTED = Decision(Mention.Verdict.REJECTED)


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("wang")


@pytest.fixture
def town() -> Place:
    return make_places()["大王镇"]


@pytest.fixture
def mentions() -> list[Mention]:
    """The name in doubt in three articles of two papers and one without a paper, twice in the first."""
    article = printed("沂河晚报", "140800")
    found = [doubt(article, start=0), doubt(article, start=9)]
    found += [
        doubt(printed(paper, home)) for paper, home in (("沂河晚报", "140800"), ("晋南日报", ""), ("", ""))
    ]
    make_mention(article, "光明社区", start=20)
    return found


def printed(publication: str, home: str) -> Article:
    page = make_page(publication=publication, home_code=home)
    return make_article(page=page, publication=publication)


def doubt(article: Article, **values: Any) -> Mention:
    return make_mention(
        article, NAME, **{"candidates": ["140830105", "140826101"], "status": "ambiguous", **values}
    )


def answer(decision: Decision, **values: Any) -> Answer:
    scope = {key: values.pop(key) for key in ("scope", "value", "articles", "also_linked") if key in values}
    return Answer(NameScope(PLACE, NAME, **scope), decision, **values)


def linked_to(place: Place) -> Decision:
    return Decision(Mention.Verdict.RELINKED, place)


def rows() -> list[Any]:
    return [
        list(Mention.objects.order_by("pk").values_list()),
        sorted(PlaceAppearance.objects.values_list("article", "place", "position")),
    ]


def test_names_are_listed_once_with_the_most_frequent_first(mentions: list[Mention]) -> None:
    make_article(status="trashed").mentions.create(surface=NAME, kind=PLACE, start=0, end=4)
    assert [tuple(group.values()) for group in doubtful_names()] == [
        ("place", NAME, 5, 4, 4, mentions[-1].pk),
        ("place", "光明社区", 1, 1, 1, Mention.objects.latest("pk").pk - 1),
    ]


def test_answer_decides_every_mention_in_doubt_as_a_decision_on_each_would(
    mentions: list[Mention], town: Place, editor: User
) -> None:
    linked = make_mention(mentions[0].article, NAME, make_places_county(town), start=30)
    own = mentions[1]
    decide_mention(own, REJECTED, None)
    ruling = rule_on_name(answer(linked_to(town), expected=4), editor)
    decided = list(ruling.decided().order_by("pk"))
    assert decided == [mentions[0], *mentions[2:]]
    assert {(row.verdict, row.record, row.decided_by, row.is_doubtful) for row in decided} == {
        ("relinked", town, editor, False)
    }
    assert {(row.verdict, row.ruling_id) for row in Mention.objects.filter(pk__in=[own.pk, linked.pk])} == {
        ("rejected", None), ("", None)
    }  # fmt: skip
    named = PlaceAppearance.objects.filter(place=town, position__isnull=False)
    assert {row.article_id for row in named} == {row.article_id for row in decided}
    history = Mention.history.filter(id=mentions[2].pk).order_by("history_id")
    assert [(row.history_type, row.verdict) for row in history] == [("+", ""), ("~", "relinked")]


def make_places_county(town: Place) -> Place:
    assert town.parent
    return town.parent


@pytest.mark.parametrize(
    ("scope", "value", "decided"),
    [
        pytest.param("everywhere", "", [0, 1, 2, 3, 4], id="everywhere"),
        pytest.param("paper", "沂河晚报", [0, 1, 2], id="a paper"),
        pytest.param("home", "140800", [0, 1, 2], id="the papers of a place"),
    ],
)
def test_what_is_counted_for_a_scope_is_what_an_answer_decides(
    mentions: list[Mention], editor: User, scope: str, value: str, decided: list[int]
) -> None:
    (count,) = [one for one in count_scopes(PLACE, NAME) if (one.scope, one.value) == (scope, value)]
    ruling = rule_on_name(answer(REJECTED, scope=scope, value=value, expected=count.mentions), editor)
    assert ruling.mentions == [mentions[at].pk for at in decided]
    assert count.articles == len({mentions[at].article_id for at in decided})


def test_answer_for_chosen_articles_leaves_the_others(mentions: list[Mention], editor: User) -> None:
    chosen = [mentions[2].article_id, mentions[3].article_id]
    ruling = rule_on_name(answer(REJECTED, scope=RulingScope.ARTICLES, articles=chosen), editor)
    assert ruling.mentions == [mentions[2].pk, mentions[3].pk]
    assert not ruling.is_in_use


def test_answer_may_decide_what_rules_linked_too(mentions: list[Mention], town: Place, editor: User) -> None:
    linked = make_mention(mentions[0].article, NAME, town, start=30)
    ruling = rule_on_name(answer(REJECTED, also_linked=True), editor)
    assert linked.pk in ruling.mentions
    assert not PlaceAppearance.objects.filter(place=town).exists()


def test_articles_without_doubt_afterwards_are_counted(mentions: list[Mention]) -> None:
    assert len({mention.article_id for mention in mentions}) == 4
    assert count_articles_without_doubt(PLACE, NAME) == 3


def test_article_that_names_a_record_in_the_trash_is_in_doubt_afterwards(
    mentions: list[Mention], town: Place
) -> None:
    before = count_articles_without_doubt(PLACE, NAME)
    for article in {mention.article_id: mention.article for mention in mentions}.values():
        make_mention(article, "大王镇", town, start=30)
    trash_record(town)
    assert count_articles_without_doubt(PLACE, NAME) == 0 < before


@pytest.mark.parametrize("also_linked", [False, True])
def test_undo_restores_every_row_exactly(
    mentions: list[Mention], town: Place, editor: User, also_linked: bool
) -> None:
    make_mention(mentions[0].article, NAME, town, start=30)
    before = rows()
    ruling = rule_on_name(answer(linked_to(town), also_linked=also_linked, is_in_use=True), editor)
    assert rows() != before
    assert undo_ruling(ruling) == (len(ruling.mentions), 0)
    assert rows() == before
    assert not NameRuling.objects.in_force().exists()
    with pytest.raises(ValidationError):
        undo_ruling(ruling)


def test_undo_leaves_what_was_changed_since(mentions: list[Mention], town: Place, editor: User) -> None:
    ruling = rule_on_name(answer(linked_to(town)), editor)
    changed, gone = Mention.objects.get(pk=mentions[0].pk), mentions[1]
    decide_mention(changed, REJECTED, editor)
    gone.delete()
    assert undo_ruling(ruling) == (3, 2)
    changed.refresh_from_db()
    assert (changed.verdict, changed.ruling) == ("rejected", None)


def test_newer_rule_on_a_name_replaces_the_older_one(
    mentions: list[Mention], town: Place, editor: User
) -> None:
    older, paper, newer = (
        rule_on_name(answer(decision, is_in_use=True, **scope), editor)
        for decision, scope in (
            (REJECTED, {}),
            (REJECTED, {"scope": "paper", "value": "晋南日报"}),
            (linked_to(town), {}),
        )
    )
    assert len(older.mentions) == len(mentions)
    assert set(NameRuling.objects.in_force()) == {paper, newer}
    switch_ruling(older, is_in_use=True)
    assert set(NameRuling.objects.in_force()) == {paper, older}


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"expected": 4}, id="another number was shown"),
        pytest.param({"scope": "paper"}, id="a paper without a name"),
        pytest.param({"scope": "nowhere"}, id="unknown scope"),
        pytest.param(
            {"scope": "articles", "articles": [], "is_in_use": True}, id="a rule of chosen articles"
        ),
        pytest.param({"scope": "articles", "articles": []}, id="no article"),
        pytest.param({"decision": Decision("added")}, id="no answer"),
        pytest.param({"decision": Decision("relinked")}, id="no record"),
    ],
)
def test_refused_answer_changes_nothing(
    mentions: list[Mention], editor: User, values: dict[str, Any]
) -> None:
    assert mentions
    before = rows()
    with pytest.raises(ValidationError):
        rule_on_name(answer(**{"decision": REJECTED, **values}), editor)
    assert rows() == before
    assert not NameRuling.objects.exists()


def test_record_of_another_kind_is_refused(mentions: list[Mention], editor: User) -> None:
    assert mentions
    with pytest.raises(ValidationError):
        rule_on_name(answer(Decision("relinked", make_organization("花园社区居委会"))), editor)
