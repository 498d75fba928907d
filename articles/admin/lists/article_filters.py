"""The filters of the lists of articles, mentions, pages and files of loads; their names are those of the API."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.article.mention_labels import rule_choices
from articles.models import (
    Article,
    Byline,
    LoadFile,
    Mention,
    Organization,
    OrganizationAppearance,
    Page,
    Place,
    PlaceAppearance,
    Reporter,
)
from articles.models.mention import MentionQuerySet

from .filtered_list import DateRangeForm, FilterForm, choice, record_choice, yes_or_no

# Only the type checker gives the class an argument.
if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Place]
else:
    _ModelChoiceField = forms.ModelChoiceField

_TRASHED = Article.Status.TRASHED
_UNDECIDED = "undecided"


class _PlaceField(_ModelChoiceField):
    """Places by their full names: many places share a name."""

    def label_from_instance(self, obj: Place) -> str:
        return obj.full_name


def _place(label: Any) -> Any:
    return record_choice(label, Mention, "place", Place.objects.with_ancestors(), _PlaceField)


def _organization() -> Any:
    organizations = Organization.objects.select_related("merged_into")
    return record_choice(_("organization"), Mention, "organization", organizations)


def _publication(model: type[Article | Page]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("publication"), required=False, choices=_publications(model))


def _publications(model: type[Article | Page]) -> Callable[[], Iterator[tuple[str, Any]]]:
    """The publications of the archive, read whenever a form is shown."""

    def choices() -> Iterator[tuple[str, Any]]:
        names = model._default_manager.order_by("publication").values_list("publication", flat=True)
        yield "", _("all")
        yield from ((name, name) for name in names.distinct() if name)

    return choices


def _rules() -> list[tuple[str, Any]]:
    """The rules of links by their reasons, in the language of the request."""
    return [("", _("all")), *rule_choices()]


class ArticleFilters(DateRangeForm):
    """The filters of articles; without a status the trash is left out."""

    place = _place(_("place, with everything in it"))
    reporter = record_choice(
        _("reporter"), Byline, "reporter", Reporter.objects.select_related("merged_into")
    )
    organization = _organization()
    publication = _publication(Article)
    status = choice(_("status"), Article.Status.choices, _("all but the trash"))
    reviewed = yes_or_no(_("reviewed"))
    doubtful = yes_or_no(_("names in doubt"))

    def apply(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if not self.cleaned_data["status"]:
            queryset = queryset.exclude(status=_TRASHED)
        return super().apply(queryset)

    def by_place(self, queryset: QuerySet[Article], place: Place) -> QuerySet[Article]:
        appearances = PlaceAppearance.objects.filter(place=place.survivor)
        return queryset.filter(pk__in=appearances.values("article"))

    def by_reporter(self, queryset: QuerySet[Article], reporter: Reporter) -> QuerySet[Article]:
        credits = Byline.objects.filter(reporter__in=reporter.survivor.group().values("pk"))
        return queryset.filter(pk__in=credits.values("article"))

    def by_organization(self, queryset: QuerySet[Article], organization: Organization) -> QuerySet[Article]:
        appearances = OrganizationAppearance.objects.filter(organization=organization.survivor)
        return queryset.filter(pk__in=appearances.values("article"))

    def by_doubtful(self, queryset: QuerySet[Article], is_doubtful: bool) -> QuerySet[Article]:
        doubts = Exists(Mention.objects.doubtful().filter(article=OuterRef("pk")))
        return queryset.filter(doubts if is_doubtful else ~doubts)


class MentionFilters(FilterForm):
    """The filters of mentions; mentions in trashed articles are left out, as no editor has to decide them."""

    doubtful = yes_or_no(_("in doubt"))
    kind = choice(_("kind"), Mention.Kind.choices)
    status = choice(_("what the loader found"), Mention.Status.choices)
    verdict = choice(_("what an editor decided"), [(_UNDECIDED, _("nothing yet")), *Mention.Verdict.choices])
    place = _place(_("place"))
    organization = _organization()
    rule = forms.ChoiceField(label=_("reason"), required=False, choices=_rules)

    def apply(self, queryset: QuerySet[Mention]) -> QuerySet[Mention]:
        trashed = Article.objects.filter(status=_TRASHED)
        return super().apply(queryset.exclude(article__in=trashed.order_by().values("pk")))

    def by_doubtful(self, queryset: MentionQuerySet, is_doubtful: bool) -> QuerySet[Mention]:
        if is_doubtful:
            return queryset.doubtful()
        return queryset.exclude(pk__in=Mention.objects.doubtful().values("pk"))

    def by_verdict(self, queryset: MentionQuerySet, verdict: str) -> QuerySet[Mention]:
        return queryset.filter(verdict="" if verdict == _UNDECIDED else verdict)

    def by_place(self, queryset: MentionQuerySet, place: Place) -> QuerySet[Mention]:
        return queryset.of_places(Place.objects.filter(pk=place.survivor.pk))

    def by_organization(self, queryset: MentionQuerySet, organization: Organization) -> QuerySet[Mention]:
        return queryset.of_organizations(Organization.objects.filter(pk=organization.survivor.pk))


_DATINGS = [
    ("waiting", _("waits for an editor")),
    ("interval", _("waits, with an interval")),
    ("confirmed", _("interval confirmed")),
]


class PageFilters(DateRangeForm):
    """The filters of pages."""

    dating = choice(_("date"), _DATINGS)
    publication = _publication(Page)
    page_number = forms.CharField(label=_("page number"), required=False, max_length=20)
    flagged = yes_or_no(_("flags"))
    is_replaced = yes_or_no(_("replaced by a newer version"))

    def by_dating(self, queryset: Any, dating: str) -> QuerySet[Page]:
        if dating == "confirmed":
            confirmed: QuerySet[Page] = queryset.filter(
                issue_date=None, issue_date_source=Page.DateSource.EDITOR
            )
            return confirmed
        undated: QuerySet[Page] = queryset.undated()
        return undated.filter(issue_earliest__isnull=False) if dating == "interval" else undated

    def by_flagged(self, queryset: QuerySet[Page], is_flagged: bool) -> QuerySet[Page]:
        return queryset.exclude(flags=[]) if is_flagged else queryset.filter(flags=[])

    def by_is_replaced(self, queryset: QuerySet[Page], is_replaced: bool) -> QuerySet[Page]:
        current = Page.objects.current().order_by().values("pk")
        return queryset.exclude(pk__in=current) if is_replaced else queryset.filter(pk__in=current)


class StillRejected(admin.SimpleListFilter):
    """Files that were rejected when they were last loaded."""

    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("rejected", _("rejected, and not loaded since"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LoadFile]) -> QuerySet[LoadFile]:
        if self.value() != "rejected":
            return queryset
        return queryset.filter(pk__in=LoadFile.objects.failed().order_by().values("pk"))
