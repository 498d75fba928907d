"""The trash of articles: what is deleted goes there, and comes back as it was; for good only what was never printed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.display import ModelAdmin
from articles.models import Article

_SHOWN = 50  # articles that the question names


class ArticleTrash(ModelAdmin):
    """Deleting moves articles to the trash; from there they are restored, or deleted for good."""

    delete_confirmation_template = "admin/trash/move.html"
    _trash_actions = ("delete_selected", "restore_selected", "delete_for_good")

    @property
    def media(self) -> Media:
        return super().media + Media(css={"all": ["articles/history.css"]})

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore_view)
        return [path("<path:object_id>/restore/", view, name=name), *super().get_urls()]

    # --- One article -------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing goes with an article into the trash, and nothing stands in its way."""
        articles = list(objs[:_SHOWN] if isinstance(objs, QuerySet) else objs)
        return [str(article) for article in articles], {}, set(), []

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        obj.trash()

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        article = Article.objects.get(pk=obj_id)
        messages.success(request, _("“%(article)s” is in the trash.") % {"article": article})
        return HttpResponseRedirect(self._list_url())

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take an article out of the trash, by POST."""
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        if request.method != "POST" or not self.has_delete_permission(request, article):
            raise PermissionDenied
        _restored(request, [article])
        return HttpResponseRedirect(
            reverse(f"{self.admin_site.name}:articles_article_change", args=[article.pk])
        )

    # --- Many at once ------------------------------------------------------------------------------

    def _get_base_actions(self) -> list[Any]:
        """Django's own action of deleting gives its name to the trash."""
        inherited = super()._get_base_actions()  # type: ignore[misc] # the stubs lack it
        actions = [action for action in inherited if action[1] not in self._trash_actions]
        return [*actions, *(self.get_action(name) for name in self._trash_actions)]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """In the trash other things are done with articles than elsewhere."""
        actions: dict[str, Any] = super().get_actions(request)
        is_trash = Article.Status.TRASHED in _statuses(request)
        if is_trash:
            kept = self._trash_actions[1:]
            return {name: action for name, action in actions.items() if name in kept or _is_harmless(name)}
        return {name: action for name, action in actions.items() if name not in self._trash_actions[1:]}

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        with transaction.atomic():
            for article in _locked(queryset):
                article.trash()

    @admin.action(description=gettext_lazy("Move the chosen articles to the trash"), permissions=["delete"])
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask, then trash; named as Django's own action, in whose place it stands."""
        queryset = queryset.exclude(status=Article.Status.TRASHED)
        if not request.POST.get("post"):
            return self._ask(request, queryset, "delete_selected", _("Move to the trash"))
        count = queryset.count()
        self.log_deletions(request, queryset)
        self.delete_queryset(request, queryset)
        told = ngettext("%(count)s article is in the trash.", "%(count)s articles are in the trash.", count)
        messages.success(request, told % {"count": count})
        return None

    @admin.action(description=gettext_lazy("Restore the chosen articles"), permissions=["delete"])
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        _restored(request, queryset)

    @admin.action(description=gettext_lazy("Delete the chosen articles for good"), permissions=["delete"])
    def delete_for_good(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Delete articles that an editor wrote and trashed; one that was printed stays in the trash."""
        printed = queryset.exclude(page=None).count()
        gone = queryset.filter(page=None, status=Article.Status.TRASHED)
        if not request.POST.get("post") and gone:
            return self._ask(request, gone, "delete_for_good", _("Delete for good"), printed=printed)
        if gone:
            count = gone.count()
            self.log_deletions(request, gone)
            with transaction.atomic():
                for article in _locked(gone):
                    article.delete()
            told = ngettext(
                "%(count)s article was deleted for good.", "%(count)s articles were deleted for good.", count
            )
            messages.success(request, told % {"count": count})
        if printed:
            messages.warning(request, _stays(printed))
        return None

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Article], action: str, title: str, printed: int = 0
    ) -> HttpResponse:
        """The question before something is done with many articles."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "action": action,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "ids": list(queryset.values_list("pk", flat=True)),
            "articles": queryset[:_SHOWN],
            "left": _stays(printed) if printed else "",
            "is_for_good": action == "delete_for_good",
        }
        return TemplateResponse(request, "admin/trash/ask.html", context)

    def _list_url(self) -> str:
        return reverse(f"{self.admin_site.name}:articles_article_changelist")


def _statuses(request: HttpRequest) -> list[str]:
    """The statuses that a list of articles is narrowed to."""
    return [*request.GET.getlist("status"), *request.GET.getlist("status__exact")]


def _is_harmless(name: str) -> bool:
    return name.startswith("export")


def _locked(queryset: QuerySet[Article]) -> QuerySet[Article]:
    return Article.objects.select_for_update().filter(pk__in=list(queryset.values_list("pk", flat=True)))


def _stays(count: int) -> str:
    told = ngettext(
        "%(count)s article was read from a page and stays in the trash: a later load would bring it back.",
        "%(count)s articles were read from pages and stay in the trash: a later load would bring them back.",
        count,
    )
    return told % {"count": count}


def _restored(request: HttpRequest, articles: Any) -> None:
    """Take articles out of the trash, each to the status that it had."""
    ids = [article.pk for article in articles]
    with transaction.atomic():
        rows = list(Article.objects.select_for_update().filter(pk__in=ids, status=Article.Status.TRASHED))
        for article in rows:
            article.restore()
    count = len(rows)
    told = ngettext("%(count)s article was restored.", "%(count)s articles were restored.", count)
    messages.success(request, told % {"count": count})
