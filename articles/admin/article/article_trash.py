"""The trash of articles; for good goes only what was never printed."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.trash import TrashAdmin
from articles.editing.article_trash import restore_article, trash_article
from articles.models import Article

ARTICLE_TRASH_ACTIONS = ("delete_selected", "restore_selected", "delete_for_good")
_SHOWN = 50  # articles that the question names


def _is_trashed(article: Article) -> bool:
    return article.status == Article.Status.TRASHED


def _delete(article: Article) -> None:
    if refusal := _refusal(article):
        raise ValidationError(refusal)
    article.delete()


def _refusal(article: Article) -> str:
    return _stays(1) if article.page_id else ""


def _stays(count: int) -> str:
    text = ngettext(
        "%(count)s article was read from a page and stays in the trash: a later load would bring it back.",
        "%(count)s articles were read from pages and stay in the trash: a later load would bring them back.",
        count,
    )
    return text % {"count": count}


class ArticleTrash(TrashAdmin):
    """Asks before many articles are trashed or deleted for good."""

    is_trashed = staticmethod(_is_trashed)
    move_to_trash = staticmethod(trash_article)
    restore_record = staticmethod(restore_article)
    delete_record = staticmethod(_delete)
    refusal_to_delete = staticmethod(_refusal)
    leaves_page = True
    trash_template = "admin/trash/move.html"
    trash_query = ("status", Article.Status.TRASHED)
    trash_actions = ARTICLE_TRASH_ACTIONS[1:]

    @admin.action(
        description=gettext_lazy("Move the chosen %(verbose_name_plural)s to the trash"),
        permissions=["delete"],
    )
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask, then trash; it has the name of Django's own action, which it replaces."""
        queryset = queryset.exclude(status=Article.Status.TRASHED)
        if not request.POST.get("post"):
            return self._ask(request, queryset, "delete_selected", _("Move to the trash"))
        return self.trash_selected(request, queryset)

    @admin.action(
        description=gettext_lazy("Delete the chosen %(verbose_name_plural)s for good"), permissions=["delete"]
    )
    def delete_for_good(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask, then delete the articles in the trash that an editor wrote; one that was printed stays there."""
        printed = queryset.exclude(page=None).count()
        written = queryset.filter(page=None, status=Article.Status.TRASHED)
        if written.exists():
            if not request.POST.get("post"):
                note = _stays(printed) if printed else ""
                return self._ask(request, written, "delete_for_good", _("Delete for good"), note)
            self.do_with_rows(request, written, self.delete_record, _("Deleted for good: %(count)s."))
        if printed:
            messages.warning(request, _stays(printed))
        return None

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Article], action: str, title: str, note: str = ""
    ) -> HttpResponse:
        """The question before something is done with many articles."""
        return self.render_page(
            request,
            "admin/trash/ask.html",
            title,
            action=action,
            action_checkbox_name=ACTION_CHECKBOX_NAME,
            ids=list(queryset.values_list("pk", flat=True)),
            articles=queryset[:_SHOWN],
            left=note,
            is_for_good=action == "delete_for_good",
        )
