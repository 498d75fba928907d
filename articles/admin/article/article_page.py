"""The change page of an article: its text with highlighted mentions, the printed page, status and review queue."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.admin.review import review_queue
from articles.editing.article_corrections import allowed_statuses, correct_article
from articles.editing.split_join import next_article
from articles.models import Article

from .byline_suggestions import BylineSuggestions
from .line_moving import LineMoving
from .mention_adding import MentionAdding
from .mention_panel import find_mention, mentions_of_article, next_doubtful_mention
from .printed_page import page_pieces
from .text_editing import TextEditing

# What the button "Reviewed, next" sends as `status`.
_REVIEWED = "reviewed"


class ArticlePage(BylineSuggestions, MentionAdding, TextEditing, LineMoving):
    change_form_template = "admin/article/change_form.html"

    class Media:
        css = {"all": ["articles/admin.css", "articles/article.css"]}
        js = ["articles/article.js"]

    def get_urls(self) -> list[Any]:
        return [self.route("move/", self.status_view, "move"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        article = self.get_object(request, object_id)
        context = self._text_panel_and_page(request, article) if article else {}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def _text_panel_and_page(self, request: HttpRequest, article: Article) -> dict[str, Any]:
        """The context of all that is shown beside the form; `?name=` opens a mention."""
        mentions = mentions_of_article(article)
        shown = find_mention(mentions, request.GET.get("name")) or next_doubtful_mention(mentions)
        page = article.page
        on_page = (
            list(page.articles.exclude(status=Article.Status.TRASHED).defer("extracted")) if page else []
        )
        return {
            **self.text_and_panel(request, article, mentions, shown),
            **self.byline_context(request, article),
            "page_pieces": list(page_pieces(page, on_page, article)) if page else [],
            "queue": review_queue.neighbours(article),
            "following": next_article(article),
        }

    def status_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set the status of an article, or mark it as reviewed and go on to the next of the queue."""
        article = self.article_of(request, pk, change=True)
        if request.method != "POST":
            raise Http404
        status, next_article = request.POST.get("status", ""), review_queue.neighbours(article).next
        try:
            _set_status(article, status, request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.reload_page(request, article)
        if status != _REVIEWED:
            return self.reload_page(request, article)
        self._tell_end_of_page(request, article, next_article)
        return self.reload_page(request, next_article or article)

    def _tell_end_of_page(self, request: HttpRequest, article: Article, following: Article | None) -> None:
        """After the last article of a page: say that it is done, and what comes next."""
        if article.page is None or review_queue.review_queue().filter(page=article.page).exists():
            return
        waiting = following or review_queue.review_queue().select_related("page").first()
        done = _("%(page)s is done: every article is reviewed.") % {"page": article.page}
        if waiting and waiting.page:
            page = waiting.page
            link = format_html(
                '<a href="{}">{}</a>', reverse("admin:articles_page_review", args=[page.pk]), page
            )
            messages.success(request, format_html("{} {} {}", done, _("The next page:"), link))
        else:
            messages.success(request, f"{done} {_('No other page waits.')}")


def _set_status(article: Article, status: str, by: Any) -> None:
    """Set the status, or `reviewed`; `ValidationError` if the article or the user's permissions do not allow it."""
    if status == _REVIEWED:
        if not by.has_perm("articles.change_article"):
            raise ValidationError(
                _("Marking an article as reviewed needs the permission to change any article.")
            )
        correct_article(article, reviewed=True)
    elif status in allowed_statuses(article, may_publish=by.has_perm("articles.publish_article")):
        correct_article(article, status=status)
    else:
        raise ValidationError(_("The article cannot get this status from the one that it has."))
