"""The admin of reporters."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from articles.admin.lists.record_filters import RecordFilters
from articles.models import Byline, Reporter

from .record_admin import RecordAdmin, ordering_by_count


@admin.register(Reporter)
class ReporterAdmin(RecordAdmin):
    list_display = ["name", "disambiguation", "article_count", "first_named", "last_named"]
    fields = ["name", "disambiguation"]
    filter_form = RecordFilters

    naming = Byline.objects

    @admin.display(
        description=_("articles"),
        ordering=ordering_by_count(Byline.objects.all(), "reporter", Count("article", distinct=True)),
    )
    def article_count(self, record: Reporter) -> int:
        return super().article_count(record)
