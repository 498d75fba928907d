"""Loads: which files were loaded when, and what became of them."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Load, LoadFile

from .show import ReadOnlyAdmin, link, listing

# Files that a load's own page shows; the list of files has the rest.
_SHOWN = 100


@admin.register(Load)
class LoadAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "started_at", "finished_at", "by", "files_tally", "articles_tally"]
    list_filter = ["started_at"]
    list_select_related = ["by"]
    fieldsets = [
        (None, {"fields": [("started_at", "finished_at"), "by", "paths_shown", "options_shown"]}),
        (_("Result"), {"fields": ["files_tally", "articles_tally", "files_shown"]}),
    ]  # fmt: skip

    @admin.display(description=_("files"))
    def files_tally(self, load: Load) -> str:
        return _tally(load, "files")

    @admin.display(description=_("articles"))
    def articles_tally(self, load: Load) -> str:
        return _tally(load, "articles")

    @admin.display(description=_("paths"))
    def paths_shown(self, load: Load) -> SafeString | str:
        return listing(load.paths)

    @admin.display(description=_("options"))
    def options_shown(self, load: Load) -> SafeString | str:
        return listing(f"{name}: {value}" for name, value in load.options.items())

    @admin.display(description=_("files"))
    def files_shown(self, load: Load) -> SafeString:
        """The first files, and the way to all of them."""
        rows = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            (
                (file.path, file.get_outcome_display(), file.detail, link(file.page))
                for file in load.files.select_related("page").defer("page__text")[:_SHOWN]
            ),
        )
        url = f"{reverse('admin:articles_loadfile_changelist')}?load__id__exact={load.pk}"
        everything = _("All %(count)s files") % {"count": load.files.count()}
        return format_html('<table>{}</table><p><a href="{}">{}</a></p>', rows, url, everything)


@admin.register(LoadFile)
class LoadFileAdmin(ReadOnlyAdmin):
    list_display = ["path", "outcome", "reason", "detail", "page_link", "load"]
    list_filter = ["outcome", "reason"]
    search_fields = ["path", "sha256"]
    list_select_related = ["load"]
    show_full_result_count = False
    fields = ["load", "path", "sha256", "page_link", "outcome", "reason", "detail"]

    @admin.display(description=_("page"))
    def page_link(self, file: LoadFile) -> SafeString | str:
        return link(file.page)


def _tally(load: Load, things: str) -> str:
    """The counts as labels and numbers; empty for a load that was stopped."""
    labels = dict(LoadFile.Outcome.choices)
    counts = load.tally.get(things, {})
    return "，".join(f"{labels[outcome]} {count}" for outcome, count in counts.items() if count) or "—"
