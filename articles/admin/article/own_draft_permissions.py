"""What somebody may do who writes articles, and decides none of others': a reporter's own drafts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from articles.admin.display import ModelAdmin
from articles.models import Article


class OwnDraftPermissions(ModelAdmin):
    """Lets whoever may change his own articles do so while they are drafts; to call one reviewed takes more."""

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What is done with many articles at once is for those who may change any."""
        return super().has_change_permission(request, obj) or (obj is not None and is_own(request, obj))

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


def is_own(request: HttpRequest, article: Article) -> bool:
    """Whether the user wrote the article, and it is still, or again, a draft."""
    is_writer = article.written_by_id is not None and article.written_by_id == request.user.pk
    may = request.user.has_perm("articles.change_own_article")
    return may and is_writer and article.status == Article.Status.DRAFT
