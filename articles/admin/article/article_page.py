"""The page of an article: its text with every name marked, the page that it came from, and what is done with both."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse

from articles.admin.review import review_queue
from articles.editing.split_join import following
from articles.models import Article

from . import mention_decisions
from .mention_adding import MentionAdding
from .printed_page import page_pieces
from .text_editing import TextEditing


class ArticlePage(MentionAdding, TextEditing):
    """The change page of articles."""

    change_form_template = "admin/article/change_form.html"

    class Media:
        css = {"all": ["articles/admin.css", "articles/article.css"]}
        js = ["articles/article.js"]

    def get_urls(self) -> list[Any]:
        return [self.route("move/", self.move_view, "move"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        article = self.get_object(request, object_id)
        context = self._desk(request, article) if article else {}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def _desk(self, request: HttpRequest, article: Article) -> dict[str, Any]:
        """All that stands beside the form; `?name=` opens a name."""
        rows = mention_decisions.mentions_of_article(article)
        asked = request.GET.get("name", "")
        name = next(
            (row for row in rows if str(row.pk) == asked), None
        ) or mention_decisions.next_doubtful_mention(rows)
        page = article.page
        on_page = list(page.articles.exclude(status=Article.Status.TRASHED).defer("found")) if page else []
        return {
            **self.shown(request, article, rows, name),
            "source": list(page_pieces(page, on_page, article)) if page else [],
            "queue": review_queue.neighbours(article),
            "following": following(article),
        }

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set the status; or say that the article is reviewed, and go on to the next."""
        article = self.article_of(request, pk, change=True)
        if request.method != "POST":
            raise Http404
        go_on = review_queue.neighbours(article).next
        try:
            review_queue.move(article, request.POST.get("status", ""), request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return self.again(request, article)
        is_reviewed = request.POST.get("status") == review_queue.REVIEWED
        return self.again(request, (go_on if is_reviewed else None) or article)
