"""The facet index equals the database after every kind of change."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap
from rest_framework.test import APIClient

from articles.counts import facet_index
from articles.counts.appearances import rebuild_appearances
from articles.counts.facet_index import FacetIndex
from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import trash_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.merging import merge, undo_merge
from articles.editing.record_trash import trash_record
from articles.models import Article, Organization, Place, Reporter
from tests.factories import make_article, make_organization, make_places, make_reporter
from tests.support.api import API

pytestmark = pytest.mark.django_db


class Town(NamedTuple):
    bridge: Article
    court: Organization
    zhou: Reporter
    made: dict[str, Place]


@pytest.fixture
def town() -> Town:
    made = make_places()
    court = make_organization("绛县人民法院", made["绛县"])
    zhou = make_reporter("周明")
    bridge = make_article("桥", made["大王镇"], court, zhou, date="2024-07-30", publication="沂河晚报")
    make_article("路", made["芮城县"], date="2024-08-02")
    return Town(bridge, court, zhou, made)


def fresh() -> FacetIndex:
    index = FacetIndex()
    index.refresh()
    return index


def content(index: FacetIndex) -> dict[str, dict[Any, list[int]]]:
    kinds = ["status", "publication", "day", "month", "reporter", "organization", "place", *Place.Kind.values]
    return {kind: {value: sorted(ids) for value, ids in index.items(kind) if ids} for kind in kinds}


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
    "a new article": lambda town: make_article("庭", town.court, town.zhou, date="2020-01-01"),
    "organization merged": lambda town: merge(town.court, make_organization("法院"), None),
    "seat moved": lambda town: Organization(pk=town.court.pk, name="法院", seat=town.made["芮城县"]).save(),
    "reporter merged": lambda town: merge(town.zhou, make_reporter("老周"), None),
    "organization trashed": lambda town: trash_record(town.court),
    "reporter trashed": lambda town: trash_record(town.zhou),
    "place moved": moved_to_another_county,
    "place of another kind": made_a_city,
    "mention rejected": lambda town: decide_mention(
        town.bridge.mentions.get(kind="place"), Decision("rejected"), None
    ),
    "byline deleted": lambda town: town.bridge.bylines.get().delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_refresh_follows_every_change(town: Town, change: str) -> None:
    index = fresh()
    before = content(index)
    CHANGES[change](town)
    index.refresh()
    assert content(index) == content(fresh())
    assert content(index) != before


def test_undone_merge_restores_index(town: Town) -> None:
    index = fresh()
    before = content(index)
    undo_merge(merge(town.zhou, make_reporter("老周"), None))
    index.refresh()
    assert content(index) == before == content(fresh())


def test_refresh_reads_rebuilt_appearances(town: Town) -> None:
    town.bridge.place_appearances.all().delete()
    index = fresh()
    rebuild_appearances()
    index.refresh()
    assert content(index)["county"][town.made["芮城县"].pk] == sorted(
        Article.objects.values_list("pk", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_refresh_reads_only_written_articles(
    town: Town, monkeypatch: pytest.MonkeyPatch, client: APIClient
) -> None:
    read: list[Any] = []
    add = FacetIndex._add

    def record(index: FacetIndex, articles: Any = None) -> None:
        read.append(articles)
        add(index, articles)

    monkeypatch.setattr(FacetIndex, "_add", record)
    monkeypatch.setattr(facet_index, "_cached", {})

    def months() -> Any:
        return client.get(f"{API}/articles/timeline/").json()["results"]

    assert months() == [{"period": "2024-07", "count": 1}, {"period": "2024-08", "count": 1}]
    assert read == [None]
    with facet_index.current_facet_index():
        read.clear()  # PostgreSQL reads earlier changes twice while other transactions are open
    correct_article(town.bridge, issue_date="2025-01-01")
    assert months() == [{"period": "2024-08", "count": 1}, {"period": "2025-01", "count": 1}]
    make_reporter("何小满")  # not shown in any article
    assert months() == [{"period": "2024-08", "count": 1}, {"period": "2025-01", "count": 1}]
    assert read == [[town.bridge.pk]]


@pytest.mark.usefixtures("town")
def test_many_changes_read_the_whole_index_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facet_index, "_MOST_CHANGES", 1)
    index = fresh()
    Article.objects.update(status="withdrawn")
    index.refresh()
    assert content(index) == content(fresh())


@pytest.mark.django_db(transaction=True)
def test_failed_refresh_is_repeated(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refresh that fails halfway leaves no incomplete index."""
    monkeypatch.setattr(facet_index, "_cached", {})
    with facet_index.current_facet_index() as index:
        whole = content(index)

    def fail(*_: Any) -> None:
        raise RuntimeError

    correct_article(town.bridge, section="要闻")
    with monkeypatch.context() as broken:
        broken.setattr(FacetIndex, "_add_dates", fail)
        with pytest.raises(RuntimeError), facet_index.current_facet_index():
            pass
    with facet_index.current_facet_index() as index:
        assert content(index) == whole


_SETS = st.dictionaries(st.integers(1, 60), st.sets(st.integers(1, 30), min_size=1), max_size=60)


@given(sets=_SETS, among=st.sets(st.integers(1, 30)), size=st.integers(1, 25), exclude=st.integers(1, 60))
def test_most_common_equals_count_of_all_values(
    sets: dict[int, set[int]], among: set[int], size: int, exclude: int
) -> None:
    index = FacetIndex()
    for value, ids in sets.items():
        index._postings["reporter"][value] = BitMap(ids)
    counts = {value: len(ids & among) for value, ids in sets.items() if ids & among and value != exclude}
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size]
    assert list(index.most_common("reporter", BitMap(among), size, exclude).items()) == expected
