"""Which rows a client may see: everything with the permission to view articles, else published articles and what they name."""

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
from articles.models.article import HIDDEN, ArticleQuerySet
from articles.models.mention import MentionQuerySet
from articles.models.place import PlaceQuerySet
from articles.models.record import RecordQuerySet

_Records = TypeVar("_Records", bound=RecordQuerySet)


def sees_all(request: Request) -> bool:
    """Whether the client may see drafts: users of the newsroom."""
    return bool(request.user and request.user.has_perm("articles.view_article"))


def articles(request: Request) -> ArticleQuerySet:
    return Article.objects.all() if sees_all(request) else Article.objects.published()


def changed_articles(request: Request) -> ArticleQuerySet:
    """As `articles`, for queries by the last change: with `status = 'published'` SQLite would read all articles."""
    return Article.objects.all() if sees_all(request) else Article.objects.exclude(status__in=HIDDEN)


def listed_statuses(request: Request) -> list[str]:
    """The statuses of articles in a list without filters."""
    trashed, published = Article.Status.TRASHED, Article.Status.PUBLISHED
    return [status for status in Article.Status if status != trashed] if sees_all(request) else [published]


def reporters(request: Request) -> RecordQuerySet:
    """Reporters with a credit in an article that the client may see."""
    everybody: RecordQuerySet = Reporter.objects.surviving()
    if sees_all(request):
        return everybody
    bylines = Byline.objects.published()
    own = bylines.filter(reporter=OuterRef("pk"))
    merged = bylines.filter(reporter__merged_into=OuterRef("pk"))
    return everybody.filter(Exists(own) | Exists(merged))


def pages(request: Request) -> QuerySet[Page]:
    """Pages with an article that the client may see, without their text."""
    everything = Page.objects.defer("text")
    if sees_all(request):
        return everything
    return everything.filter(Exists(Article.objects.published().filter(page=OuterRef("pk"))))


def mentions(request: Request) -> MentionQuerySet:
    return Mention.objects.all() if sees_all(request) else Mention.objects.published().unrejected()


def _place_appearances(request: Request) -> AppearanceQuerySet:
    appearances = PlaceAppearance.objects.all()
    return appearances if sees_all(request) else appearances.published()


def _organization_appearances(request: Request) -> AppearanceQuerySet:
    appearances = OrganizationAppearance.objects.all()
    return appearances if sees_all(request) else appearances.published()


def places(request: Request) -> PlaceQuerySet:
    """Places that an article belongs to which the client may see."""
    return _appearing(
        Place.objects.all(), request, _place_appearances(request).filter(position__isnull=False), "place"
    )


def places_and_above(request: Request) -> PlaceQuerySet:
    """These places and all that they are within."""
    return _appearing(Place.objects.all(), request, _place_appearances(request), "place")


def organizations(request: Request) -> RecordQuerySet:
    """Organizations named in an article that the client may see."""
    return _appearing(Organization.objects.all(), request, _organization_appearances(request), "organization")


def _appearing(records: _Records, request: Request, appearances: AppearanceQuerySet, kind: str) -> _Records:
    surviving = records.surviving()
    if sees_all(request):
        return surviving
    return surviving.filter(Exists(appearances.filter(**{kind: OuterRef("pk")})))
