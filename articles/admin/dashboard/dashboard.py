"""The front page of the admin: work that waits, the last loads, and charts of the archive."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles.admin.lists.article_filters import ArticleFilters, MentionFilters, PageFilters
from articles.admin.lists.filtered_list import FilterForm
from articles.admin.loads.rejection_texts import tally_counts
from articles.duplicates import suggestions
from articles.models import Article, Load, LoadFile, Mention, NameRuling, Page
from articles.models.merge import MODELS

from .coverage import ArticlesOverTime, Coverage, all_articles_over_time, get_coverage

_LAST = 5
_FORMS: dict[type[Model], type[FilterForm]] = {
    Article: ArticleFilters,
    Mention: MentionFilters,
    Page: PageFilters,
}


@dataclass(frozen=True)
class Waiting:
    """A kind of work that waits for editors: its label, its count, and the address of the list."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class LoadShown:
    """A load with the outcomes of its files and articles, each with its count."""

    load: Load
    url: str
    files: list[tuple[str, int]]
    articles: list[tuple[str, int]]


@dataclass(frozen=True)
class Dashboard:
    """The blocks of the front page; None is a block that the user may not see, or that is empty."""

    waiting: list[Waiting]
    loads: list[LoadShown] | None
    coverage: Coverage | None
    timeline: ArticlesOverTime | None
    is_empty: bool
    may_load: bool
    may_review: bool
    may_answer: bool

    @property
    def has_blocks(self) -> bool:
        return bool(self.waiting or self.loads is not None or self.coverage or self.is_empty)


def get_dashboard(request: HttpRequest) -> Dashboard:
    """The front page for the user of a request; nothing is counted in an archive without articles."""
    sees_articles = _may_view(request, Article)
    is_empty = sees_articles and not Article.objects.exclude(status=Article.Status.TRASHED).exists()
    draws = sees_articles and not is_empty
    return Dashboard(
        waiting=list(_waiting(request)) if draws else [],
        loads=_last_loads() if _may_view(request, Load) else None,
        coverage=get_coverage(request.GET) if draws else None,
        timeline=all_articles_over_time() if draws else None,
        is_empty=is_empty,
        may_load=request.user.has_perm("articles.add_load"),
        may_review=draws and _may_view(request, Page),
        may_answer=draws and _may_view(request, NameRuling),
    )


def _may_view(request: HttpRequest, model: type[Model]) -> bool:
    return admin.site.get_model_admin(model).has_view_permission(request)


def _waiting(request: HttpRequest) -> Iterator[Waiting]:
    yield _listed(_("Articles not reviewed"), Article, reviewed="false")
    yield _listed(_("Articles in review"), Article, status=Article.Status.IN_REVIEW)
    if _may_view(request, Mention):
        # A decided name waits no longer, whatever the loader had found.
        ambiguous, unknown = Mention.Status.AMBIGUOUS, Mention.Status.UNKNOWN
        yield _listed(_("Ambiguous names"), Mention, doubtful="true", status=ambiguous)
        yield _listed(_("Unknown names"), Mention, doubtful="true", status=unknown)
    if _may_view(request, Page):
        yield _listed(_("Pages without a date"), Page, dating="waiting")
    if kinds := [kind for kind, model in MODELS.items() if _may_view(request, model)]:
        pairs = sum(len(suggestions.suggest_duplicates(kind)) for kind in kinds)
        yield Waiting(_("Possible duplicates"), pairs, reverse("admin:duplicates"))
    if _may_view(request, LoadFile):
        rejected = LoadFile.objects.failed().count()
        yield Waiting(_("Rejected files"), rejected, _changelist(LoadFile, waiting="rejected"))


def _listed(label: str, model: type[Model], **parameters: str) -> Waiting:
    """Work counted by the filters of the list that the number links to."""
    form = _FORMS[model](parameters)
    form.full_clean()
    count = form.apply(model._default_manager.all()).count()
    return Waiting(label, count, _changelist(model, **parameters))


def _changelist(model: type[Model], **parameters: Any) -> str:
    meta = model._meta
    return f"{reverse(f'admin:{meta.app_label}_{meta.model_name}_changelist')}?{urlencode(parameters)}"


def _last_loads() -> list[LoadShown]:
    return [
        LoadShown(
            load,
            reverse("admin:articles_load_change", args=[load.pk]),
            tally_counts(load.tally, "files"),
            tally_counts(load.tally, "articles"),
        )
        for load in Load.objects.select_related("by")[:_LAST]
    ]
