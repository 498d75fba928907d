"""Shows the credits that an editor's text suggests, and adds one to the bylines."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.editing.bylines import add_suggested_byline, suggested_bylines
from articles.models import Article, Byline

from .article_view_base import ArticleViewBase


class BylineSuggestions(ArticleViewBase):
    """Suggests bylines on the page of an article; no text that an editor writes changes the bylines by itself."""

    def get_urls(self) -> list[Any]:
        return [self.route("byline/", self.byline_view, "byline"), *super().get_urls()]

    def byline_context(self, request: HttpRequest, article: Article) -> dict[str, Any]:
        """The context of the suggestions: name, role and label of each."""
        suggested = suggested_bylines(article)
        return {
            "suggested_bylines": [{**one, "label": Byline.Role(one["role"]).label} for one in suggested],
            "may_add_bylines": self._may_add(request, article),
        }

    def byline_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add a suggested byline."""
        article = self.article_of(request, pk, change=True)
        if request.method != "POST":
            raise Http404
        if not self._may_add(request, article):
            raise PermissionDenied
        name, role = request.POST.get("name", ""), request.POST.get("role", "")
        try:
            add_suggested_byline(article, {"name": name, "role": role})
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("%(name)s is credited now.") % {"name": name})
        return self.reload_page(request, article)

    def _may_add(self, request: HttpRequest, article: Article) -> bool:
        may_change = self.has_change_permission(request, article)
        return may_change and request.user.has_perm("articles.add_byline")
