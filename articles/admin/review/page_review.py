"""Reviewing a page: its articles, and the names in doubt that several of them share, decided together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles.admin.article import mention_decisions
from articles.admin.article.mention_admin import text_snippet
from articles.admin.article.mention_candidates import Candidate, candidate_records
from articles.admin.display import ModelAdmin
from articles.editing.mention_decisions import decide_mentions
from articles.models import Article, Mention, Page

from . import review_queue

_PAGES = 50
_GONE = [Article.Status.TRASHED, Article.Status.WITHDRAWN]


@dataclass(slots=True)
class SharedName:
    """A name in doubt, wherever it stands on a page."""

    kind: str
    surface: str
    rows: list[Mention] = field(default_factory=list)

    @property
    def kind_label(self) -> Any:
        return Mention.Kind(self.kind).label

    @property
    def candidates(self) -> list[Candidate]:
        return candidate_records(self.rows[0])

    @property
    def link_form(self) -> mention_decisions.LinkForm:
        return mention_decisions.LinkForm(self.kind, auto_id=False)

    @property
    def fragments(self) -> list[tuple[Mention, Any]]:
        """Where it stands, once an article."""
        by_article = {row.article_id: row for row in reversed(self.rows)}
        return [(row, text_snippet(row)) for row in reversed(by_article.values())]

    @property
    def seen(self) -> str:
        """The ids that the form decides: what came since is not decided unseen."""
        return ",".join(str(row.pk) for row in self.rows)


class PageReview(ModelAdmin):
    """The queue of pages that wait for a review, and the review of one."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("review/", wrap(self.queue_view), name="articles_page_queue"),
            path("<int:pk>/review/", wrap(self.review_view), name="articles_page_review"),
            *super().get_urls(),
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """The pages with articles that nobody has reviewed, the newest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        waiting = Paginator(_waiting(), _PAGES).get_page(request.GET.get("p"))
        _count(waiting.object_list)
        context = {"title": _("To review"), "pages": waiting, "opts": self.opts}
        return self._shown(request, "admin/review/review_queue.html", context)

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The articles of a page, and the names in doubt on it."""
        page = Page.objects.defer("text").filter(pk=pk).first()
        if page is None:
            raise Http404
        if not self.has_view_permission(request, page):
            raise PermissionDenied
        if request.method == "POST":
            self._decide(request, page)
            return HttpResponseRedirect(reverse("admin:articles_page_review", args=[pk]))
        articles = (
            page.articles.exclude(status__in=_GONE).defer("found", "blocks", "body").order_by("position")
        )
        context = {
            "title": str(page),
            "page": page,
            "opts": self.opts,
            "articles": _with_doubts(articles),
            "shared": shared_names(page),
            "first": review_queue.queue().filter(page=page).first(),
            "may_decide": _may_decide(request),
            "media": self.media + mention_decisions.LinkForm(Mention.Kind.PLACE).media,
        }
        return self._shown(request, "admin/review/page_review.html", context)

    def _decide(self, request: HttpRequest, page: Page) -> None:
        """Decide a name wherever it was shown on the page."""
        if not _may_decide(request):
            raise PermissionDenied
        asked = {
            int(pk) for pk in request.POST.get("names", "").split(",") if pk.isdecimal() and len(pk) < 19
        }
        try:
            with transaction.atomic():
                count = _decide_all(request, page, asked)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Decided on this page: %(count)s names.") % {"count": count})

    def _shown(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return render(request, template, {**self.admin_site.each_context(request), **context})


def shared_names(page: Page) -> list[SharedName]:
    """The names in doubt on a page, those that stand most often first."""
    found: dict[tuple[str, str], SharedName] = {}
    for row in _doubts_of(page):
        name = found.setdefault((row.kind, row.surface), SharedName(row.kind, row.surface))
        name.rows.append(row)
    return sorted(found.values(), key=lambda name: -len(name.rows))


def _doubts_of(page: Page) -> Iterable[Mention]:
    rows = Mention.objects.doubtful().filter(article__page=page).exclude(article__status__in=_GONE)
    with_text = rows.with_records().select_related("article").defer("article__found", "article__blocks")
    return with_text.order_by("article__position", "part", "start")


def _decide_all(request: HttpRequest, page: Page, asked: set[int]) -> int:
    """Decide what is still in doubt of the names that were asked for."""
    rows = list(
        Mention.objects.doubtful().select_for_update(of=("self",)).filter(article__page=page, pk__in=asked)
    )
    if not rows:
        raise ValidationError(_("These names were decided meanwhile."))
    decision = mention_decisions.posted_decision(request, rows[0].kind)
    decide_mentions(rows, decision, request.user)
    return len(rows)


def _with_doubts(articles: QuerySet[Article]) -> QuerySet[Article]:
    of_article = Mention.objects.doubtful().filter(article=OuterRef("pk")).order_by()
    return articles.annotate(
        doubts=Subquery(of_article.values("article").annotate(count=Count("pk")).values("count"))
    )


def _waiting() -> QuerySet[Page]:
    unreviewed = review_queue.queue().filter(page=OuterRef("pk")).order_by()
    return Page.objects.defer("text").filter(Exists(unreviewed)).order_by("-sort_date", "-pk")


def _count(pages: Iterable[Any]) -> None:
    """Set how many articles of each page there are, are not reviewed, and how many names are in doubt."""
    ids = [page.pk for page in pages]
    alive = Article.objects.filter(page__in=ids).exclude(status__in=_GONE).order_by()
    articles = {
        pk: (count, waiting)
        for pk, count, waiting in alive.values_list("page").annotate(
            count=Count("pk"), waiting=Count("pk", filter=Q(reviewed=False))
        )
    }
    in_doubt = Mention.objects.doubtful().filter(article__in=alive).order_by()
    doubts = dict(in_doubt.values_list("article__page").annotate(count=Count("pk")))
    for page in pages:
        page.article_count, page.unreviewed_count = articles.get(page.pk, (0, 0))
        page.doubt_count = doubts.get(page.pk, 0)


def _may_decide(request: HttpRequest) -> bool:
    return request.user.has_perms(["articles.change_article", "articles.change_mention"])
