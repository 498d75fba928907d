"""Who sees what: whoever may view articles all, everybody else what is published and what published articles show."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet
from rest_framework.request import Request

from articles.models import (
    Article,
    Byline,
    Mention,
    Organization,
    OrganizationAppearance,
    Page,
    Place,
    PlaceAppearance,
    Reporter,
)
from articles.models.appearance import AppearanceQuerySet
from articles.models.article import ArticleQuerySet
from articles.models.mention import MentionQuerySet
from articles.models.place import PlaceQuerySet
from articles.models.record import RecordQuerySet

_Records = TypeVar("_Records", bound=RecordQuerySet)


def sees_all(request: Request) -> bool:
    """Whether the client is of the newsroom."""
    return bool(request.user and request.user.has_perm("articles.view_article"))


def articles(request: Request) -> ArticleQuerySet:
    return Article.objects.all() if sees_all(request) else Article.objects.published()


def listed_statuses(request: Request) -> list[str]:
    """What articles are that the client is shown in a list that nothing narrows down."""
    trashed, published = Article.Status.TRASHED, Article.Status.PUBLISHED
    return [status for status in Article.Status if status != trashed] if sees_all(request) else [published]


def reporters(request: Request) -> RecordQuerySet:
    """Reporters whom an article that the client sees credits."""
    everybody: RecordQuerySet = Reporter.objects.surviving()
    if sees_all(request):
        return everybody
    bylines = Byline.objects.published()
    own = bylines.filter(reporter=OuterRef("pk"))
    merged = bylines.filter(reporter__merged_into=OuterRef("pk"))
    return everybody.filter(Exists(own) | Exists(merged))


def pages(request: Request) -> QuerySet[Page]:
    """Pages on which an article stands that the client sees; the text of the page is another matter."""
    everything = Page.objects.defer("text")
    if sees_all(request):
        return everything
    return everything.filter(Exists(Article.objects.published().filter(page=OuterRef("pk"))))


def mentions(request: Request) -> MentionQuerySet:
    return Mention.objects.all() if sees_all(request) else Mention.objects.published().unrejected()


def place_appearances(request: Request) -> AppearanceQuerySet:
    appearances = PlaceAppearance.objects.all()
    return appearances if sees_all(request) else appearances.published()


def organization_appearances(request: Request) -> AppearanceQuerySet:
    appearances = OrganizationAppearance.objects.all()
    return appearances if sees_all(request) else appearances.published()


def places(request: Request) -> PlaceQuerySet:
    """Places to which an article belongs that the client sees."""
    return _appearing(
        Place.objects.all(), request, place_appearances(request).filter(position__isnull=False), "place"
    )


def places_and_above(request: Request) -> PlaceQuerySet:
    """These places and all that they lie in."""
    return _appearing(Place.objects.all(), request, place_appearances(request), "place")


def organizations(request: Request) -> RecordQuerySet:
    """Organizations that an article names that the client sees."""
    return _appearing(Organization.objects.all(), request, organization_appearances(request), "organization")


def _appearing(records: _Records, request: Request, appearances: AppearanceQuerySet, kind: str) -> _Records:
    surviving = records.surviving()
    if sees_all(request):
        return surviving
    return surviving.filter(Exists(appearances.filter(**{kind: OuterRef("pk")})))
