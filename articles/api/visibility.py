"""Who sees what: staff all, everybody else what is published, and what published articles show."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework.request import Request

from articles.models import Article, Mention, Organization, Page, Place, Reporter

_Status = Mention.Status
_Verdict = Mention.Verdict


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


def places(request: Request) -> QuerySet[Place]:
    return Place.objects.all() if is_staff(request) else Place.objects.filter(_is_named("place"))


def organizations(request: Request) -> QuerySet[Organization]:
    everything = Organization.objects.all()
    return everything if is_staff(request) else everything.filter(_is_named("organization"))


def _is_named(kind: str) -> Exists:
    """Whether a published article names the record: by the editor's word where there is one, else by a link."""
    decided = Q(**{f"decided_{kind}": OuterRef("pk")})
    linked = Q(**{kind: OuterRef("pk"), "status": _Status.LINKED, "verdict__in": ["", _Verdict.ACCEPTED]})
    published = Mention.objects.filter(article__status=Article.Status.PUBLISHED)
    return Exists(published.filter(decided | linked))
