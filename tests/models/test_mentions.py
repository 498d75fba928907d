"""Tests which record a mention resolves to, and how many articles name a record."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from articles.counts.article_counts import Naming, count_naming_articles
from articles.models import Article, Mention, OrganizationAppearance, Place, PlaceAppearance
from tests.factories import make_article, make_mention, make_organization, make_place

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2021, 3, 5), dt.date(2024, 7, 30)


@pytest.fixture
def city() -> Place:
    return make_place("运城市", "140800")


@pytest.fixture
def county(city: Place) -> Place:
    return make_place("绛县", "140826", city)


@pytest.fixture
def other(city: Place) -> Place:
    return make_place("芮城县", "140830", city)


@pytest.fixture
def counties(county: Place, other: Place) -> dict[str | None, Place]:
    return {place.name: place for place in (county, other)}


@pytest.mark.parametrize(
    ("linked", "verdict", "decided", "expected"),
    [
        pytest.param("绛县", "", None, "绛县", id="linked"),
        pytest.param("绛县", "accepted", None, "绛县", id="link accepted"),
        pytest.param("绛县", "rejected", None, None, id="link rejected"),
        pytest.param("绛县", "relinked", "芮城县", "芮城县", id="relinked"),
        pytest.param("绛县", "added", "芮城县", "芮城县", id="added, and linked by a later load"),
        pytest.param("绛县", "added", None, "绛县", id="added without a record, and linked by a later load"),
        pytest.param(None, "", None, None, id="unknown"),
        pytest.param(None, "accepted", None, None, id="unknown, accepted"),
        pytest.param(None, "relinked", "芮城县", "芮城县", id="unknown, and linked by an editor"),
        pytest.param(None, "added", "芮城县", "芮城县", id="added"),
        pytest.param(None, "added", None, None, id="added without a record"),
        pytest.param(None, "rejected", None, None, id="unknown, rejected"),
    ],
)
def test_mention_resolves_to_the_same_record_in_python_and_sql(
    counties: dict[str | None, Place],
    linked: str | None,
    verdict: str,
    decided: str | None,
    expected: str | None,
) -> None:
    mention = make_mention(
        make_article(), record=counties.get(linked), verdict=verdict, decided_place=counties.get(decided)
    )
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
        pytest.param(None, {"绛县"}, id="extracted link"),
        pytest.param("芮城县", {"芮城县"}, id="editor's link"),
        pytest.param("", set(), id="editor's link without a seat"),
    ],
)
def test_article_appears_at_the_seats_of_its_organizations(
    counties: dict[str | None, Place], decided_seat: str | None, expected: set[str]
) -> None:
    mention = make_mention(make_article(), record=make_organization("绛县人民法院", counties["绛县"]))
    if decided_seat is not None:
        decided = make_organization("法院", counties.get(decided_seat))
        mention.verdict, mention.decided_organization = "relinked", decided
        mention.save()
    count_naming_articles(list(counties.values()), Article.objects.all(), PlaceAppearance.objects.of)
    assert {place.name for place in counties.values() if place.naming.article_count} == expected
    assert {place.name for place in filter(None, [mention.place_of_article])} == expected


def test_articles_are_counted_once_with_first_and_last_date(
    county: Place, other: Place, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    court = make_organization("绛县人民法院", county)
    twice = make_article(issue_date=LAST)
    for record in (county, county, court):
        make_mention(twice, record=record)
    make_mention(make_article(issue_date=FIRST), record=court)
    make_mention(make_article(), record=county)
    make_mention(make_article(date="2030-01-01"), record=county, verdict="rejected")
    with django_assert_num_queries(2):
        count_naming_articles([county, other], Article.objects.all(), PlaceAppearance.objects.of)
        count_naming_articles([court], Article.objects.all(), OrganizationAppearance.objects.of)
    assert (county.naming, other.naming) == (Naming(3, FIRST, LAST), Naming())
    assert court.naming == Naming(2, FIRST, LAST)


def test_drafts_are_counted_only_on_request(county: Place) -> None:
    make_mention(make_article(issue_date=FIRST, status="draft"), record=county)
    count_naming_articles([county], Article.objects.published(), PlaceAppearance.objects.of)
    assert county.naming == Naming()
    count_naming_articles([county], Article.objects.all(), PlaceAppearance.objects.of)
    assert county.naming == Naming(1, FIRST, FIRST)


def test_place_appears_in_articles_that_name_a_place_within_it(
    city: Place, county: Place, other: Place
) -> None:
    both = make_article(issue_date=FIRST)
    make_mention(both, record=county)
    make_mention(both, record=make_organization("芮城县人民医院", other))
    make_mention(make_article(issue_date=LAST), record=make_place("老槐树", parent=other))
    count_naming_articles([city], Article.objects.all(), PlaceAppearance.objects.of)
    assert city.naming == Naming()
    assert set(city.appearances.values_list("article", flat=True)) == set(
        Article.objects.values_list("pk", flat=True)
    )


def test_mentions_are_in_reading_order() -> None:
    one = make_article()
    for part, start in (("body", 20), ("body", 3), ("subtitle", 0), ("headline", 5), ("kicker", 0)):
        make_mention(one, "绛县", part=part, start=start)
    read = [(mention.part, mention.start) for mention in one.mentions.in_order()]
    assert read == [("headline", 5), ("kicker", 0), ("subtitle", 0), ("body", 3), ("body", 20)]
