"""Why a page is read as it is: its date, where its articles begin and end, and who is credited, as web annotations."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.links import record_url
from articles.api.representations.annotations import ANNOTATION_CONTEXT
from articles.api.representations.base import without_empty
from articles.models import Article, Boundary, Byline, Page

from . import visibility
from .base import Resource

_Node = dict[str, Any]


class PageAnnotationResource(Resource):
    """The decisions about a page, each with what it rests on; who decided is for the newsroom."""

    queryset = Page.objects.none()
    formats = {}
    pagination_class = None

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def annotations(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Get the date of a page, its articles and their credits as an AnnotationPage of W3C Web Annotations.

        Each item has `why`: of the date where it is known from, of an article whether an editor decided where it begins,
        of a credit the role and whether it is printed. Positions count the code points of the page's text.
        """
        page: Any = self.parent_record()
        self._page_url = record_url("page", page.pk, {"request": request})
        items = [*self._date(page)]
        boundaries = {one.offset: one for one in Boundary.objects.filter(page=page).select_related("by")}
        for article in self._articles(page):
            items.append(self._article(article, boundaries.get(article.start or 0)))
            items += [self._credit(article, byline) for byline in article.bylines.all()]
        document = {
            "@context": ANNOTATION_CONTEXT,
            "id": f"{self._page_url}annotations/",
            "type": "AnnotationPage",
            "items": items,
        }
        return Response(document)

    def _articles(self, page: Page) -> list[Article]:
        credits = Byline.objects.filter(reporter__trashed_at=None).select_related("reporter__merged_into")
        articles = visibility.articles(self.request).exclude(status=Article.Status.TRASHED).filter(page=page)
        columns = articles.only("start", "end", "page", "headline")
        return list(
            columns.prefetch_related(Prefetch("bylines", credits.order_by("order"))).order_by("start", "pk")
        )

    def _date(self, page: Page) -> Iterator[_Node]:
        """The date of the page, or the days between which it was printed."""
        if not (page.issue_date or page.issue_earliest or page.issue_latest):
            return
        days = [day.isoformat() if day else ".." for day in (page.issue_earliest, page.issue_latest)]
        value = page.issue_date.isoformat() if page.issue_date else "/".join(days)
        why = {"source": page.issue_date_source}
        if visibility.sees_all(self.request):
            why["evidence"] = page.issue_evidence
        body = {"type": "TextualBody", "purpose": "describing", "value": value, "format": "text/plain"}
        yield self._annotation("date", body, self._page_url, why)

    def _article(self, article: Article, boundary: Boundary | None) -> _Node:
        is_decided = boundary is not None and boundary.begins
        why: _Node = {"begin": "editor" if is_decided else "reading"}
        if boundary is not None and is_decided and visibility.sees_all(self.request):
            why |= {"decided_by": boundary.by and boundary.by.get_username(), "decided_at": boundary.at}
        body = self._identified("article", article.pk)
        return self._annotation(f"article-{article.pk}", body, self._on_page(article.start, article.end), why)

    def _credit(self, article: Article, byline: Byline) -> _Node:
        is_printed = byline.start is not None
        quote = [{"type": "TextQuoteSelector", "exact": byline.surface}] if byline.surface else []
        target: Any = record_url("article", article.pk, {"request": self.request})
        if is_printed:
            target = self._on_page(byline.start, byline.end, *quote)
        why = {"source": "page" if is_printed else "editor", "role": byline.role}
        body = self._identified("reporter", byline.reporter.survivor.pk)
        return self._annotation(f"credit-{article.pk}-{byline.order}", body, target, why)

    def _identified(self, kind: str, pk: int) -> _Node:
        url = record_url(kind, pk, {"request": self.request})
        return {"type": "SpecificResource", "purpose": "identifying", "source": url}

    def _on_page(self, start: int | None, end: int | None, *more: _Node) -> _Node:
        selector = [{"type": "TextPositionSelector", "start": start, "end": end}, *more]
        return {"type": "SpecificResource", "source": self._page_url, "selector": selector}

    def _annotation(self, name: str, body: _Node, target: Any, why: _Node) -> _Node:
        target = target if isinstance(target, dict) else {"type": "SpecificResource", "source": target}
        return {
            "id": f"{self._page_url}annotations/#{name}",
            "type": "Annotation",
            "motivation": body["purpose"],
            "body": body,
            "target": target,
            "why": without_empty(why),
        }
