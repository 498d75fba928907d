"""The part of the review queue that accepts sure pages in bulk, and shows how often a checked sample was wrong."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.editing.review.page_samples import accept_pages, sample_rate, sure_pages
from articles.models import Page, PageAcceptance

# Pages that one request accepts, each with its articles.
_MOST_PAGES = 50


def acceptance_context(request: HttpRequest) -> dict[str, Any]:
    """What the queue shows of sure pages: how many there are, and what was found on the sampled ones."""
    rate = sample_rate()
    low, high = rate.interval
    return {
        "sure_count": sure_pages().count(),
        "most_accepted": _MOST_PAGES,
        "may_accept": request.user.has_perm("articles.change_article"),
        "rate": rate,
        "percent": [round(100 * part, 1) for part in (rate.share, low, high)],
    }


def sample_context(page: Page) -> dict[str, Any]:
    """Whether a page is to be checked as one of a sample."""
    return {"is_sample": PageAcceptance.objects.filter(page=page, is_sample=True, verdict="").exists()}


def accept_sure_pages(request: HttpRequest) -> HttpResponse:
    """Accept the next sure pages, and say how many are reviewed and how many are to be checked."""
    if not request.user.has_perm("articles.change_article"):
        raise PermissionDenied
    pages = list(sure_pages().defer("text").order_by("-least_score", "pk")[:_MOST_PAGES])
    done = accept_pages(pages, request.user)
    text = _("Accepted: %(reviewed)s pages. Left to be reviewed as a sample: %(sampled)s.")
    messages.success(request, text % {"reviewed": done.reviewed, "sampled": done.sampled})
    if done.doubtful:
        messages.warning(
            request, _("Left out, as a line is in doubt: %(count)s pages.") % {"count": done.doubtful}
        )
    return HttpResponseRedirect(reverse("admin:articles_page_queue"))
