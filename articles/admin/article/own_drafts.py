"""Permissions of reporters, who may change their own articles while these are drafts."""

from typing import Any

from django.http import HttpRequest

from articles.admin.display import ModelAdmin
from articles.editing.article_corrections import is_own_draft
from articles.models import Article


class OwnDraftPermissions(ModelAdmin):
    """Allows writers to change their own drafts, but not to mark them as reviewed."""

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Without an article (for bulk actions), only those who may change any article."""
        return super().has_change_permission(request, obj) or (
            obj is not None and is_own_draft(obj, request.user)
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if "reviewed" in form.base_fields and not super().has_change_permission(request, obj):
            form.base_fields["reviewed"].disabled = True
        return form

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        article = super().save_form(request, form, change)
        if not change:
            article.written_by = request.user
        return article
