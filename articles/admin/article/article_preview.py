"""The preview of an article: what readers of the site will see, for users who may see the article already."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from articles.admin.display import RecordViews
from articles.models import Article
from articles.site.api_answers import get_from_api
from articles.site.article_pages import article_context
from articles.site.responses import render_site_page


class SitePreview(RecordViews):
    """Adds `preview/`, and the link to it that Django's pages call “View on site”."""

    def get_urls(self) -> list[Any]:
        return [self.record_path("preview/", self.preview_view, "preview"), *super().get_urls()]

    def view_on_site(self, obj: Article) -> str | None:
        """The public page of a published article, the preview of others; None without a reading site."""
        if not settings.NEWSROOM_SITE:
            return None
        if obj.status == Article.Status.PUBLISHED:
            return reverse("site:article", args=[obj.pk])
        return self.record_url("preview", obj)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The article in the template of the site."""
        article = self.get_record(request, object_id, "view")
        if not settings.NEWSROOM_SITE:
            raise Http404
        found = get_from_api(request, "article-detail", as_user=True, pk=article.pk)
        return render_site_page(
            request,
            "site/article.html",
            is_preview=True,
            status=article.get_status_display(),
            back_url=self.record_url("change", article),
            **article_context(request, found),
        )
