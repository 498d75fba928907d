"""What articles, mentions and pages can be narrowed to in their lists; the names are those of the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

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
from articles.models.mention import MentionQuerySet

from .list_filters import DateRangeForm, FilterForm, choice, record, yes_or_no

# Only the type checker gives the class an argument.
if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Place]
else:
    _ModelChoiceField = forms.ModelChoiceField

_TRASHED = Article.Status.TRASHED
_UNDECIDED = "undecided"


class _PlaceField(_ModelChoiceField):
    """Places by their full names: there are many of one name."""

    def label_from_instance(self, obj: Place) -> str:
        return obj.full_name


def _place(label: Any) -> Any:
    field = record(label, Mention, "place", Place.objects.with_ancestors())
    return _PlaceField(field.queryset, label=label, required=False, widget=field.widget)


class _Publications:
    """The publications that there are, asked for when the form is shown."""

    def __init__(self, model: type[Article | Page]) -> None:
        self._model = model

    def __call__(self) -> Iterator[tuple[str, Any]]:
        names = self._model._default_manager.order_by("publication").values_list("publication", flat=True)
        yield "", _("all")
        yield from ((name, name) for name in names.distinct() if name)


def _publication(model: type[Article | Page]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("publication"), required=False, choices=_Publications(model))


class ArticleFilters(DateRangeForm):
    """The filters of articles; those in the trash are shown to whoever asks for them."""

    place = _place(_("place, with all that lies in it"))
    reporter = record(_("reporter"), Byline, "reporter", Reporter.objects.select_related("merged_into"))
    organization = record(
        _("organization"), Mention, "organization", Organization.objects.select_related("merged_into")
    )
    publication = _publication(Article)
    status = choice(_("status"), Article.Status.choices, _("all but the trash"))
    reviewed = yes_or_no(_("reviewed"))
    doubtful = yes_or_no(_("names in doubt"))

    def narrowed(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if not self.cleaned_data["status"]:
            queryset = queryset.exclude(status=_TRASHED)
        return super().narrowed(queryset)

    def by_place(self, queryset: QuerySet[Article], place: Place) -> QuerySet[Article]:
        appearances = PlaceAppearance.objects.filter(place=place.survivor)
        return queryset.filter(pk__in=appearances.values("article"))

    def by_reporter(self, queryset: QuerySet[Article], reporter: Reporter) -> QuerySet[Article]:
        credits = Byline.objects.filter(reporter__in=reporter.survivor.group().values("pk"))
        return queryset.filter(pk__in=credits.values("article"))

    def by_organization(self, queryset: QuerySet[Article], organization: Organization) -> QuerySet[Article]:
        appearances = OrganizationAppearance.objects.filter(organization=organization.survivor)
        return queryset.filter(pk__in=appearances.values("article"))

    def by_publication(self, queryset: QuerySet[Article], publication: str) -> QuerySet[Article]:
        return queryset.filter(publication=publication)

    def by_status(self, queryset: QuerySet[Article], status: str) -> QuerySet[Article]:
        return queryset.filter(status=status)

    def by_reviewed(self, queryset: QuerySet[Article], reviewed: str) -> QuerySet[Article]:
        return queryset.filter(reviewed=reviewed == "true")

    def by_doubtful(self, queryset: QuerySet[Article], doubtful: str) -> QuerySet[Article]:
        doubts = Exists(Mention.objects.doubtful().filter(article=OuterRef("pk")))
        return queryset.filter(doubts if doubtful == "true" else ~doubts)


class MentionFilters(FilterForm):
    """The filters of mentions; those of articles in the trash wait for nobody, and are left out."""

    doubtful = yes_or_no(_("in doubt"))
    kind = choice(_("kind"), Mention.Kind.choices)
    status = choice(_("what the loader found"), Mention.Status.choices)
    verdict = choice(_("what an editor decided"), [(_UNDECIDED, _("nothing yet")), *Mention.Verdict.choices])
    place = _place(_("place"))
    organization = record(
        _("organization"), Mention, "organization", Organization.objects.select_related("merged_into")
    )
    rule = forms.CharField(label=_("rule"), required=False, max_length=40)

    def narrowed(self, queryset: QuerySet[Mention]) -> QuerySet[Mention]:
        trashed = Article.objects.filter(status=_TRASHED)
        return super().narrowed(queryset.exclude(article__in=trashed.order_by().values("pk")))

    def by_doubtful(self, queryset: MentionQuerySet, doubtful: str) -> QuerySet[Mention]:
        if doubtful == "true":
            return queryset.doubtful()
        return queryset.exclude(pk__in=Mention.objects.doubtful().values("pk"))

    def by_kind(self, queryset: MentionQuerySet, kind: str) -> QuerySet[Mention]:
        return queryset.filter(kind=kind)

    def by_status(self, queryset: MentionQuerySet, status: str) -> QuerySet[Mention]:
        return queryset.filter(status=status)

    def by_verdict(self, queryset: MentionQuerySet, verdict: str) -> QuerySet[Mention]:
        return queryset.filter(verdict="" if verdict == _UNDECIDED else verdict)

    def by_place(self, queryset: MentionQuerySet, place: Place) -> QuerySet[Mention]:
        return queryset.of_places(Place.objects.filter(pk=place.survivor.pk))

    def by_organization(self, queryset: MentionQuerySet, organization: Organization) -> QuerySet[Mention]:
        return queryset.of_organizations(Organization.objects.filter(pk=organization.survivor.pk))

    def by_rule(self, queryset: MentionQuerySet, rule: str) -> QuerySet[Mention]:
        return queryset.filter(rule=rule)


class PageFilters(DateRangeForm):
    """The filters of pages."""

    publication = _publication(Page)
    page_number = forms.CharField(label=_("page number"), required=False, max_length=20)
    flagged = yes_or_no(_("flags"))
    is_replaced = yes_or_no(_("replaced by a newer version"))

    def by_publication(self, queryset: QuerySet[Page], publication: str) -> QuerySet[Page]:
        return queryset.filter(publication=publication)

    def by_page_number(self, queryset: QuerySet[Page], number: str) -> QuerySet[Page]:
        return queryset.filter(page_number=number)

    def by_flagged(self, queryset: QuerySet[Page], flagged: str) -> QuerySet[Page]:
        return queryset.exclude(flags=[]) if flagged == "true" else queryset.filter(flags=[])

    def by_is_replaced(self, queryset: QuerySet[Page], replaced: str) -> QuerySet[Page]:
        older = Page.objects.exclude(replaces=None).order_by().values("replaces")
        return queryset.filter(pk__in=older) if replaced == "true" else queryset.exclude(pk__in=older)
