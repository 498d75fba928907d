"""Base class of the views below the change page of an article."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _

from articles.admin.display import RecordViews
from articles.models import Article
from articles.row_lock import lock_row


class ArticleViewBase(RecordViews):
    """Finds the article of a request, and redirects to its change page."""

    def route(self, pattern: str, view: Any, name: str) -> Any:
        """The route `<id>/pattern`, called `admin:articles_article_name`."""
        return path(f"<int:pk>/{pattern}", self.admin_site.admin_view(view), name=f"articles_article_{name}")

    def article_of(self, request: HttpRequest, pk: int, *, change: bool) -> Article:
        """The article, or 404; 403 without the right to view it or, with `change`, to change it."""
        article: Article = self.get_record(request, str(pk), "change" if change else "view")
        return article

    def reload_page(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Redirect to the change page of an article; htmx needs a header for that."""
        url = self.record_url("change", article)
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)


@contextmanager
def errors_as_messages(request: HttpRequest) -> Iterator[None]:
    """Show a `ValidationError` as a message of the next page."""
    try:
        yield
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))


def check_version(article: Article, version: Any) -> None:
    """Raise a `ValidationError` if the article changed since its page was shown; call it in a transaction."""
    stored = lock_row(article, Article.objects.only("version")).version
    if str(stored) != str(version):
        raise ValidationError(_("Somebody changed this article meanwhile: look at it again."))
