"""The review of a page: its articles, and the doubtful names that they share, each decided once for the page."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from articles.admin.article.article_view_base import errors_as_messages
from articles.admin.article.mention_forms import LinkForm, posted_decision
from articles.admin.article.printed_page import RESIDUE_KINDS
from articles.admin.display import RecordViews
from articles.editing.extracted_layers import doubts_in
from articles.editing.mention_decisions import decide_mentions
from articles.editing.page_regions import put_back
from articles.editing.review.page_approval import UNREVIEWABLE
from articles.models import Article, Mention, Page
from articles.models.fields import is_id
from articles.models.page import set_file_names

from .page_acceptance import accept_sure_pages, acceptance_context, sample_context
from .page_dating import ImprintForm, confirm_date, dating_context, next_url, save_imprint
from .page_deeds import act_on_lines, may_publish
from .page_stories import joins_in_doubt, shared_names, stories_of
from .review_queue import pages_to_review, review_queue

_PAGES_SHOWN = 50


class PageReview(RecordViews):
    """The queue of pages to review, and the review of one page."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("review/", wrap(self.queue_view), name="articles_page_queue"),
            path("<int:pk>/review/", wrap(self.review_view), name="articles_page_review"),
            *super().get_urls(),
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """The pages with unreviewed articles, the likeliest wrong first or the newest; a POST accepts sure ones."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return accept_sure_pages(request)
        order = request.GET.get("order", "")
        shown = Paginator(pages_to_review(order), _PAGES_SHOWN).get_page(request.GET.get("p"))
        _set_counts(shown.object_list)
        return self.render_page(
            request, "admin/review/review_queue.html", _("To review"), pages=shown, order=order,
            **acceptance_context(request),
        )  # fmt: skip

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The articles of a page, its doubts and what is printed besides; a POST decides a name or gives text back."""
        page: Page = self.get_record(request, str(pk), "view")
        form = None
        if request.method == "POST":
            done = act_on_lines(request, page) or _act(request, page)
            if isinstance(done, HttpResponse):
                return done
            form = done
            if form is None:
                return HttpResponseRedirect(next_url(request, page))
        stories = stories_of(page)
        context = {
            "page": page,
            "stories": stories,
            "articles": [story.article for story in stories],
            "joins": list(joins_in_doubt(stories)),
            "residue": [
                {**one, "label": RESIDUE_KINDS[one["kind"]], "text": page.text[one["start"] : one["end"]]}
                for one in page.residue or ()
            ],
            "may_change": request.user.has_perm("articles.change_article"),
            "may_publish": may_publish(request, stories),
            "shared_names": shared_names(stories),
            "first": review_queue().filter(page=page).first(),
            "may_decide": _may_decide(request),
            "media": self.media + LinkForm(Mention.Kind.PLACE).media,
            **dating_context(request, page, form),
            **sample_context(page),
        }
        return self.render_page(request, "admin/review/page_review.html", str(page), **context)


def _act(request: HttpRequest, page: Page) -> ImprintForm | None:
    """Do what the pressed button says; return the form of the imprint if it is invalid."""
    if "imprint" in request.POST:
        return save_imprint(request, page)
    if "confirm" in request.POST:
        confirm_date(request, page)
    elif "put_back" in request.POST:
        _put_back(request, page)
    else:
        _decide_name(request, page)
    return None


def _put_back(request: HttpRequest, page: Page) -> None:
    """Give what is printed besides the articles to the article that the form says, and show a message."""
    if not request.user.has_perm("articles.change_article"):
        raise PermissionDenied
    start, _dash, end = request.POST["put_back"].partition("-")
    chosen = request.POST.get("article", "")
    if not (is_id(start) and is_id(end) and is_id(chosen)):
        raise Http404
    with errors_as_messages(request):
        article = put_back(get_object_or_404(page.articles, pk=chosen), int(start), int(end))
        messages.success(request, _("The text is part of “%(article)s” now.") % {"article": article})


def _may_decide(request: HttpRequest) -> bool:
    return request.user.has_perms(["articles.change_article", "articles.change_mention"])


def _decide_name(request: HttpRequest, page: Page) -> None:
    """Decide the mentions that the form showed, and show a message."""
    if not _may_decide(request):
        raise PermissionDenied
    try:
        count = _decide_doubtful(request, page)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Decided on this page: %(count)s names.") % {"count": count})


@transaction.atomic
def _decide_doubtful(request: HttpRequest, page: Page) -> int:
    """Decide those of the form's mentions that are still doubtful, and return their number."""
    shown = {int(pk) for pk in request.POST.get("names", "").split(",") if is_id(pk)}
    doubtful = Mention.objects.doubtful().filter(article__page=page, pk__in=shown)
    mentions = list(doubtful.locked())
    if not mentions:
        raise ValidationError(_("These names were decided meanwhile."))
    decide_mentions(mentions, posted_decision(request, mentions[0].kind), request.user)
    return len(mentions)


def _set_counts(pages: Iterable[Any]) -> None:
    """Set the numbers of articles, of unreviewed articles, of doubtful mentions and of doubtful joins of each page."""
    shown = Article.objects.filter(page__in=[page.pk for page in pages]).exclude(status__in=UNREVIEWABLE)
    shown = shown.order_by()
    counts = {"count": Count("pk"), "unreviewed": Count("pk", filter=Q(reviewed=False))}
    articles = {pk: rest for pk, *rest in shown.values_list("page").annotate(**counts)}
    in_doubt = Mention.objects.doubtful().filter(article__in=shown).order_by()
    doubts = dict(in_doubt.values_list("article__page").annotate(count=Count("pk")))
    read = shown.exclude(extracted__doubts=[]).values_list("page", "blocks", "extracted__doubts")
    joins = Counter[int | None]()
    for pk, blocks, found in read:
        joins[pk] += len(doubts_in(blocks, {"doubts": found or []}))
    set_file_names(list(pages))
    for page in pages:
        page.join_count = joins[page.pk]
        page.article_count, page.unreviewed_count = articles.get(page.pk, (0, 0))
        page.doubt_count = doubts.get(page.pk, 0)
