"""Which record a mention stands for, and how many articles name a record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from articles.counts.article_counts import Naming, count_naming_articles
from articles.models import Article, Mention, Organization, OrganizationAppearance, Place, PlaceAppearance

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2021, 3, 5), dt.date(2024, 7, 30)


@pytest.fixture
def city() -> Place:
    return Place.objects.create(name="运城市", kind="city", code="140800")


@pytest.fixture
def county(city: Place) -> Place:
    return Place.objects.create(name="绛县", kind="county", code="140826", parent=city)


@pytest.fixture
def other(city: Place) -> Place:
    return Place.objects.create(name="芮城县", kind="county", code="140830", parent=city)


@pytest.fixture
def counties(county: Place, other: Place) -> dict[str | None, Place]:
    return {place.name: place for place in (county, other)}


def article(issue_date: dt.date | None = None, status: str = "published") -> Article:
    return Article.objects.create(headline="大桥通车", issue_date=issue_date, status=status)


def name(article: Article, record: Place | Organization | None = None, **values: Any) -> Mention:
    """A mention in an article, linked to a record by the machine if one is given."""
    kind = "organization" if isinstance(record, Organization) else "place"
    if record is not None:
        values = {"status": "linked", kind: record, **values}
    start = article.mentions.count() * 10
    return Mention.objects.create(
        **{"article": article, "kind": kind, "start": start, "end": start + 2, "surface": "绛县", **values}
    )


@pytest.mark.parametrize(
    ("linked", "verdict", "decided", "expected"),
    [
        pytest.param("绛县", "", None, "绛县", id="linked"),
        pytest.param("绛县", "accepted", None, "绛县", id="link accepted"),
        pytest.param("绛县", "rejected", None, None, id="link refuted"),
        pytest.param("绛县", "relinked", "芮城县", "芮城县", id="relinked"),
        pytest.param("绛县", "added", "芮城县", "芮城县", id="added, and linked by a later load"),
        pytest.param("绛县", "added", None, "绛县", id="added without a record, and linked by a later load"),
        pytest.param(None, "", None, None, id="unknown"),
        pytest.param(None, "accepted", None, None, id="unknown, and a name for all that"),
        pytest.param(None, "relinked", "芮城县", "芮城县", id="unknown, and linked by an editor"),
        pytest.param(None, "added", "芮城县", "芮城县", id="added"),
        pytest.param(None, "added", None, None, id="added without a record"),
        pytest.param(None, "rejected", None, None, id="unknown, and refuted"),
    ],
)
def test_a_mention_stands_for_the_same_record_in_python_and_in_the_database(
    counties: dict[str | None, Place],
    linked: str | None,
    verdict: str,
    decided: str | None,
    expected: str | None,
) -> None:
    mention = name(article(), counties.get(linked), verdict=verdict, decided_place=counties.get(decided))
    appears = {place.name for place in Place.objects.filter(appearances__position__isnull=False)}
    asked = {
        county
        for county, place in counties.items()
        if Mention.objects.of_places(Place.objects.filter(pk=place.pk)).exists()
    }
    assert mention.record == mention.place_of_article == counties.get(expected)
    assert asked == appears == {expected} - {None}


@pytest.mark.parametrize(
    ("decided_seat", "expected"),
    [
        pytest.param(None, {"绛县"}, id="machine's link"),
        pytest.param("芮城县", {"芮城县"}, id="editor's link"),
        pytest.param("", set(), id="editor's link without a seat"),
    ],
)
def test_an_article_belongs_to_the_seats_of_its_organizations(
    counties: dict[str | None, Place], decided_seat: str | None, expected: set[str]
) -> None:
    mention = name(article(), Organization.objects.create(name="绛县人民法院", seat=counties["绛县"]))
    if decided_seat is not None:
        decided = Organization.objects.create(name="法院", seat=counties.get(decided_seat))
        mention.verdict, mention.decided_organization = "relinked", decided
        mention.save()
    count_naming_articles(list(counties.values()), Article.objects.all(), PlaceAppearance.objects.of)
    assert {place.name for place in counties.values() if place.naming.article_count} == expected
    assert {place.name for place in filter(None, [mention.place_of_article])} == expected


def test_articles_are_counted_once_with_the_dates_of_the_first_and_the_last(
    county: Place, other: Place, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    court = Organization.objects.create(name="绛县人民法院", seat=county)
    twice = article(LAST)
    for record in (county, county, court):
        name(twice, record)
    name(article(FIRST), court)
    name(article(), county)
    name(article(dt.date(2030, 1, 1)), county, verdict="rejected")
    with django_assert_num_queries(2):
        count_naming_articles([county, other], Article.objects.all(), PlaceAppearance.objects.of)
        count_naming_articles([court], Article.objects.all(), OrganizationAppearance.objects.of)
    assert (county.naming, other.naming) == (Naming(3, FIRST, LAST), Naming())
    assert court.naming == Naming(2, FIRST, LAST)


def test_drafts_are_counted_only_where_they_are_asked_for(county: Place) -> None:
    name(article(FIRST, status="draft"), county)
    count_naming_articles([county], Article.objects.published(), PlaceAppearance.objects.of)
    assert county.naming == Naming()
    count_naming_articles([county], Article.objects.all(), PlaceAppearance.objects.of)
    assert county.naming == Naming(1, FIRST, FIRST)


def test_a_place_counts_with_everything_below_it(city: Place, county: Place, other: Place) -> None:
    both = article(FIRST)
    name(both, county)
    name(both, Organization.objects.create(name="芮城县人民医院", seat=other))
    name(article(LAST), Place.objects.create(name="老槐树", parent=other))
    count_naming_articles([city], Article.objects.all(), PlaceAppearance.objects.of)
    assert city.naming == Naming()
    assert set(city.appearances.values_list("article", flat=True)) == set(
        Article.objects.values_list("pk", flat=True)
    )


def test_mentions_stand_in_the_order_of_reading() -> None:
    one = article()
    for part, start in (("body", 20), ("body", 3), ("subtitle", 0), ("headline", 5), ("kicker", 0)):
        Mention.objects.create(
            article=one, part=part, start=start, end=start + 2, kind="place", surface="绛县"
        )
    read = [(mention.part, mention.start) for mention in one.mentions.in_order()]
    assert read == [("headline", 5), ("kicker", 0), ("subtitle", 0), ("body", 3), ("body", 20)]
