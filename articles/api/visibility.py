"""Who sees what: staff all, everybody else what is published, and what published articles show."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework.request import Request

from articles.models import Article, Mention, Organization, Page, Place, Reporter
from articles.models.mention import MentionQuerySet, stands_for
from articles.models.place import PlaceQuerySet


def is_staff(request: Request) -> bool:
    return bool(request.user and request.user.is_staff)


def articles(request: Request) -> QuerySet[Article]:
    return Article.objects.all() if is_staff(request) else Article.objects.published()


def reporters(request: Request) -> QuerySet[Reporter]:
    """Reporters whom an article that the client sees credits."""
    everybody = Reporter.objects.all()
    if is_staff(request):
        return everybody
    return everybody.filter(Exists(Article.objects.published().filter(bylines__reporter=OuterRef("pk"))))


def pages(request: Request) -> QuerySet[Page]:
    """Pages on which an article stands that the client sees; the text of the page is another matter."""
    everything = Page.objects.defer("text")
    if is_staff(request):
        return everything
    return everything.filter(Exists(Article.objects.published().filter(page=OuterRef("pk"))))


def mentions(request: Request) -> MentionQuerySet:
    return Mention.objects.all() if is_staff(request) else Mention.objects.published()


def places(request: Request) -> PlaceQuerySet:
    """Places to which an article belongs that the client sees."""
    if is_staff(request):
        return Place.objects.all()
    seats = _named_organizations().filter(seat=OuterRef("pk"))
    return Place.objects.filter(_is_named("place") | Q(Exists(seats)))


def places_and_above(request: Request) -> PlaceQuerySet:
    """These places and all that they lie in: for a few at a time, as every one below them is looked at."""
    return Place.objects.all() if is_staff(request) else places(request).and_above()


def organizations(request: Request) -> QuerySet[Organization]:
    """Organizations that an article names that the client sees."""
    return Organization.objects.all() if is_staff(request) else _named_organizations()


def _named_organizations() -> QuerySet[Organization]:
    return Organization.objects.filter(_is_named("organization"))


def _is_named(kind: str) -> Q:
    """Whether a published article names the record."""
    return Q(Exists(Mention.objects.published().filter(stands_for(kind, OuterRef("pk")))))
