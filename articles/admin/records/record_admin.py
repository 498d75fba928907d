"""The base of the admins of reporters, places and organizations."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.forms import Media
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.conflicts.conflict_check import ConflictCheck
from articles.admin.conflicts.presence import PresenceAdmin
from articles.admin.display import record_link
from articles.admin.lists.filtered_list import FilteredAdmin
from articles.counts.article_counts import count_naming_articles
from articles.counts.suggestions import suggest_records
from articles.models import Article
from articles.reading.name_keys import name_key

from .alias_admin import AliasInline, NamedAdmin
from .record_panels import Panels
from .record_trash import RecordTrash

# Of these statuses an article counts for the order in which a form offers records.
_SHOWN = tuple(status for status in Article.Status if status != Article.Status.TRASHED)
_SUGGESTED = 50  # records that a form offers before those whose names only contain what was typed


class CountedChangeList(ChangeList):
    """A list that counts the articles of the records on its page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.model_admin.count(list(self.result_list))  # type: ignore[attr-defined] # a RecordAdmin's list


class RecordAdmin(ConflictCheck, PresenceAdmin, RecordTrash, FilteredAdmin, NamedAdmin):
    """Records with how many articles name them, since when, and where."""

    search_fields = ["key", "aliases__key"]
    search_help_text = _("Searches names and aliases, in Simplified or Traditional characters.")
    inlines = [AliasInline]
    change_form_template = "admin/records/change_form.html"
    naming: Any  # the manager of the rows that link records to articles

    @property
    def media(self) -> Media:
        return super().media + Media(
            css={
                "all": [
                    "articles/admin.css",
                    "articles/dashboard.css",
                    "articles/charts.css",
                    "articles/records.css",
                ]
            }
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CountedChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Merged and trashed records are found in lists, but not offered in forms."""
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(merged_into=None, trashed_at=None)
            found, is_repeated = super().get_search_results(request, queryset, search_term)
            return self.best_first(queryset, found, search_term), is_repeated
        return super().get_search_results(request, queryset, search_term)

    def best_first(self, records: QuerySet[Any], found: QuerySet[Any], typed: str) -> QuerySet[Any]:
        """The records that a form offers for what somebody types: those of just that name, then what the API suggests.

        Records that only contain it come last.
        """
        kind = str(self.opts.model_name)
        suggested = suggest_records(typed, [kind], _SHOWN, _SUGGESTED, with_unnamed=False)
        places = [When(pk=one.pk, then=place) for place, one in enumerate(suggested, 1)]
        rank = Case(
            When(key=name_key(typed), then=0), *places, default=_SUGGESTED + 1, output_field=IntegerField()
        )
        # By the ids of those found: a search that joins aliases gives a record once for each.
        unnamed = suggest_records(typed, [kind], (), _SUGGESTED, with_unnamed=True)
        ids = {one.pk for one in (*suggested, *unnamed)}
        offered = records.filter(Q(pk__in=ids) | Q(pk__in=found.order_by().values("pk")))
        return offered.order_by(rank, *self.order_offered(), "pk")

    def order_offered(self) -> tuple[Any, ...]:
        """The order of records that a form offers and that nothing else tells apart."""
        return tuple(self.opts.ordering or ())

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A record in the trash cannot be chosen."""
        kwargs.setdefault("queryset", db_field.remote_field.model._default_manager.filter(trashed_at=None))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        if record := options.get("obj"):
            self.count([record])
            context["panels"] = Panels(record, request)
        return super().render_change_form(request, context, *args, **options)

    def count(self, records: list[Any]) -> None:
        """Set the `naming` of each record, from the articles that are not in the trash."""
        count_naming_articles(records, Article.objects.untrashed(), self.naming.of)

    @admin.display(description=_("articles"))
    def article_count(self, record: Any) -> int:
        return int(record.naming.article_count)

    @admin.display(description=_("first named"))
    def first_named(self, record: Any) -> dt.date | str:
        return record.naming.first_named or "—"

    @admin.display(description=_("last named"))
    def last_named(self, record: Any) -> dt.date | str:
        return record.naming.last_named or "—"


def ordering_by_count(rows: QuerySet[Any], record: str, count: Any) -> Any:
    """An expression that sorts a list by the number of rows for each record; computed only in a list sorted by it."""
    counted = rows.filter(**{record: OuterRef("pk")}).order_by().values(record).annotate(number=count)
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)


def place_chain(places: Iterable[Any]) -> SafeString | str:
    """Links to places, each within the one before it."""
    return format_html_join(" › ", "{}", ((record_link(place),) for place in places)) or "—"
