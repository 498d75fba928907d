"""Base class of the views below the change page of an article."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from articles.admin.display import ModelAdmin
from articles.models import Article


class ArticleViewBase(ModelAdmin):
    """Finds the article of a request, and redirects to its change page."""

    def route(self, pattern: str, view: Any, name: str) -> Any:
        """The route `<id>/pattern`, called `admin:articles_article_name`."""
        return path(f"<int:pk>/{pattern}", self.admin_site.admin_view(view), name=f"articles_article_{name}")

    def article_of(self, request: HttpRequest, pk: int, *, change: bool) -> Article:
        """The article, or 404; 403 without the right to view it or, with `change`, to change it."""
        article: Article | None = self.get_object(request, str(pk))
        if article is None:
            raise Http404
        allowed = self.has_change_permission if change else self.has_view_permission
        if not allowed(request, article):
            raise PermissionDenied
        return article

    def reload_page(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Redirect to the change page of an article; htmx needs a header for that."""
        url = reverse("admin:articles_article_change", args=[article.pk])
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)
