"""The admin of articles with their bylines, and of bylines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.conflicts.conflict_check import ConflictCheck
from articles.admin.conflicts.presence import PresenceAdmin
from articles.admin.display import ReadOnlyAdmin, TabularInline, flags_text, one_per_line, record_link
from articles.admin.history.history_pages import HistoryPages
from articles.editing.article_corrections import (
    allowed_statuses,
    correct_article,
    create_article,
    mark_bylines_decided,
)
from articles.models import Article, Byline
from articles.row_lock import lock_row

from .article_list import ArticleList
from .article_page import ArticlePage
from .article_preview import SitePreview
from .article_trash import ArticleTrash
from .own_drafts import OwnDraftPermissions

_LINE = forms.Textarea(attrs={"rows": 2, "cols": 80})


class _BylineInline(TabularInline):
    model = Byline
    fields = ["reporter", "role", "surface"]
    readonly_fields = ["surface"]
    autocomplete_fields = ["reporter"]
    ordering = ["order"]
    extra = 0


@admin.register(Article)
class ArticleAdmin(
    HistoryPages,
    ConflictCheck,
    PresenceAdmin,
    OwnDraftPermissions,
    ArticleTrash,
    SitePreview,
    ArticlePage,
    ArticleList,
):
    inlines = [_BylineInline]
    _history = ("as_read", "flags_shown", "version", "created_at", "updated_at")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Offer only the statuses that the article and the user's permissions allow."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        if status := form.base_fields.get("status"):
            may_publish = request.user.has_perm("articles.publish_article")
            following = allowed_statuses(obj or Article(), may_publish=may_publish)
            status.choices = [choice for choice in Article.Status.choices if choice[0] in following]
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in {"kicker", "headline", "subtitle", "dateline"}:
            kwargs["widget"] = _LINE
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Leave the body out for printed articles, whose text is edited line by line above the form."""
        titles: Any = (None, {"fields": [("status", "reviewed"), "kicker", "headline", "subtitle"]})
        printed_in = ["publication", "issue_date", "section"]
        if obj is None or obj.page is None:
            return [titles, (_("Text"), {"fields": ["dateline", "agency", "body", *printed_in]})]
        return [
            titles,
            (_("Where it was printed"), {"fields": [("page_link", "position"), *printed_in]}),
            (_("Text"), {"fields": [("dateline", "agency")]}),
            (_("What the loader read and editors decided"), {"fields": self._history}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        return ["page_link", "position", *self._history]

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Store changes as corrections by an editor, which later loads do not overwrite.

        An article in which a name is in doubt, perhaps in the text that is saved now, is saved but not marked as reviewed.
        """
        if not change:
            create_article(obj)
            return
        decided = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            correct_article(lock_row(obj), **decided)
        except ValidationError as error:
            if not decided.pop("reviewed", False):
                raise
            correct_article(lock_row(obj), **decided)
            text = _("Not marked as reviewed: %(reason)s")
            messages.warning(request, text % {"reason": " ".join(error.messages)})

    def save_formset(
        self, request: HttpRequest, form: Any, formset: BaseInlineFormSet[Any, Any, Any], change: bool
    ) -> None:
        """Store changed bylines as a correction by an editor; new ones come last."""
        if not formset.has_changed():
            formset.save()  # which tells the admin that nothing was changed
            return
        article = lock_row(form.instance)
        last = article.bylines.order_by("order").last()
        added = (byline for byline in formset.save(commit=False) if byline.pk is None)
        for order, byline in enumerate(added, last.order + 1 if last else 1):
            byline.order = order
        formset.save()
        if change:
            mark_bylines_decided(article)

    @admin.display(description=_("page"))
    def page_link(self, article: Article) -> SafeString | str:
        return record_link(article.page)

    @admin.display(description=_("flags"))
    def flags_shown(self, article: Article) -> str:
        return flags_text(article.flags)

    @admin.display(description=_("decided by editors, and what the loader had read"))
    def as_read(self, article: Article) -> SafeString | str:
        return one_per_line(_extracted(article, name) for name in article.corrected)


def _extracted(article: Article, name: str) -> str:
    """A field that an editor corrected, and the value that the loader had extracted."""
    value = article.extracted.get(name)
    if name == "bylines":
        return f"{_('bylines')}: {'、'.join(credit['name'] for credit in value or []) or '—'}"
    return f"{label_for_field(name, Article)}: {value or '—'}"


@admin.register(Byline)
class BylineAdmin(HistoryPages, ReadOnlyAdmin):
    list_display = ["surface", "reporter", "role", "article"]
    list_filter = ["role"]
    search_fields = ["surface", "reporter__name"]
    list_select_related = ["reporter", "article"]
    ordering = ["-pk"]
    show_full_result_count = False
