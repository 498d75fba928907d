"""What is held in memory of all articles is what the database holds, after whatever is done to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap
from rest_framework.test import APIClient

from articles.counts import facet_index
from articles.counts.facet_index import FacetIndex
from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.merging import merge, undo_merge
from articles.editing.record_trash import trash
from articles.models import Article, Organization, Place, Reporter
from articles.models.appearance import rebuild
from tests.api.archive import API, article, places

pytestmark = pytest.mark.django_db


class Town(NamedTuple):
    bridge: Article
    court: Organization
    zhou: Reporter
    made: dict[str, Place]


@pytest.fixture
def town() -> Town:
    made = places()
    court = Organization.objects.create(name="绛县人民法院", seat=made["绛县"])
    zhou = Reporter.objects.create(name="周明")
    bridge = article("桥", made["大王镇"], court, zhou, date="2024-07-30", publication="沂河晚报")
    article("路", made["芮城县"], date="2024-08-02")
    return Town(bridge, court, zhou, made)


def fresh() -> FacetIndex:
    held = FacetIndex()
    held.refresh()
    return held


def content(held: FacetIndex) -> dict[str, dict[Any, list[int]]]:
    kinds = ["status", "publication", "day", "month", "reporter", "organization", "place", *Place.Kind.values]
    return {kind: {value: sorted(ids) for value, ids in held.items(kind) if ids} for kind in kinds}


def moved_to_another_county(town: Town) -> None:
    town_itself = town.made["大王镇"]
    town_itself.parent = town.made["绛县"]
    town_itself.save()


def made_a_city(town: Town) -> None:
    county = town.made["芮城县"]
    county.kind = Place.Kind.CITY
    county.save()


CHANGES: dict[str, Callable[[Town], Any]] = {
    "withdrawal": lambda town: correct_article(town.bridge, status="withdrawn"),
    "trash": lambda town: trash_article(town.bridge),
    "deletion": lambda town: town.bridge.delete(),
    "another date": lambda town: correct_article(town.bridge, issue_date=None),
    "another paper": lambda town: correct_article(town.bridge, publication="临河日报"),
    "a new article": lambda town: article("庭", town.court, town.zhou, date="2020-01-01"),
    "organization merged": lambda town: merge(town.court, Organization.objects.create(name="法院"), None),
    "seat moved": lambda town: Organization(pk=town.court.pk, name="法院", seat=town.made["芮城县"]).save(),
    "reporter merged": lambda town: merge(town.zhou, Reporter.objects.create(name="老周"), None),
    "organization trashed": lambda town: trash(town.court),
    "reporter trashed": lambda town: trash(town.zhou),
    "place moved": moved_to_another_county,
    "place of another kind": made_a_city,
    "mention refuted": lambda town: decide_mention(
        town.bridge.mentions.get(kind="place"), Decision("rejected"), None
    ),
    "byline deleted": lambda town: town.bridge.bylines.get().delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_followed(town: Town, change: str) -> None:
    held = fresh()
    before = content(held)
    CHANGES[change](town)
    held.refresh()
    assert content(held) == content(fresh())
    assert content(held) != before


def test_what_is_taken_back_is_as_it_was(town: Town) -> None:
    held = fresh()
    before = content(held)
    undo_merge(merge(town.zhou, Reporter.objects.create(name="老周"), None))
    held.refresh()
    assert content(held) == before == content(fresh())


def test_appearances_that_were_mended_are_read_anew(town: Town) -> None:
    town.bridge.place_appearances.all().delete()
    held = fresh()
    rebuild()
    held.refresh()
    assert content(held)["county"][town.made["芮城县"].pk] == sorted(
        Article.objects.values_list("pk", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_only_what_was_written_is_read_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, client: APIClient
) -> None:
    read: list[Any] = []
    add = FacetIndex._add

    def noted(held: FacetIndex, articles: Any = None) -> None:
        read.append(articles)
        add(held, articles)

    monkeypatch.setattr(FacetIndex, "_add", noted)
    monkeypatch.setattr(facet_index, "_held", {})

    def months() -> Any:
        return client.get(f"{API}/articles/timeline/").json()["results"]

    assert months() == [{"period": "2024-07", "count": 1}, {"period": "2024-08", "count": 1}]
    assert read == [None]
    with facet_index.current_facet_index():
        read.clear()  # on PostgreSQL what was there is read twice, where others' transactions were open at first
    correct_article(town.bridge, issue_date="2025-01-01")
    assert months() == [{"period": "2024-08", "count": 1}, {"period": "2025-01", "count": 1}]
    Reporter.objects.create(name="何小满")  # a write that no article shows
    assert months() == [{"period": "2024-08", "count": 1}, {"period": "2025-01", "count": 1}]
    assert read == [[town.bridge.pk]]


@pytest.mark.usefixtures("town")
def test_many_articles_are_read_with_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facet_index, "_FEW", 1)
    held = fresh()
    Article.objects.update(status="withdrawn")
    held.refresh()
    assert content(held) == content(fresh())


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_read_is_read_anew(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refresh that ends half way leaves nothing behind that is half way."""
    monkeypatch.setattr(facet_index, "_held", {})
    with facet_index.current_facet_index() as held:
        whole = content(held)

    def fail(*_: Any) -> None:
        raise RuntimeError

    correct_article(town.bridge, section="要闻")
    with monkeypatch.context() as broken:
        broken.setattr(FacetIndex, "_add_dates", fail)
        with pytest.raises(RuntimeError), facet_index.current_facet_index():
            pass
    with facet_index.current_facet_index() as held:
        assert content(held) == whole


_SETS = st.dictionaries(st.integers(1, 60), st.sets(st.integers(1, 30), min_size=1), max_size=60)


@given(sets=_SETS, among=st.sets(st.integers(1, 30)), size=st.integers(1, 25), but=st.integers(1, 60))
def test_the_commonest_are_those_of_a_count_of_all(
    sets: dict[int, set[int]], among: set[int], size: int, but: int
) -> None:
    held = FacetIndex()
    for value, ids in sets.items():
        held._sets["reporter"][value] = BitMap(ids)
    counts = {value: len(ids & among) for value, ids in sets.items() if ids & among and value != but}
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size]
    assert list(held.commonest("reporter", BitMap(among), size, but).items()) == expected
