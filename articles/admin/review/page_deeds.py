"""What the buttons of a page's review do with its lines and with all its articles."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin.article.article_view_base import check_version
from articles.editing.article_corrections import PUBLIC_STATUSES
from articles.editing.review.page_approval import Obstacle, approve_page
from articles.editing.review.page_lines import change_line
from articles.editing.review.page_samples import check_sample
from articles.models import Page
from articles.models.fields import is_id

from .page_dating import review_url
from .page_stories import ReviewedStory
from .review_queue import next_page


def may_publish(request: HttpRequest, stories: Sequence[ReviewedStory]) -> bool:
    """Whether an article of the page is not public yet, and the user may publish it."""
    may = request.user.has_perms(["articles.change_article", "articles.publish_article"])
    return may and any(story.article.status not in PUBLIC_STATUSES for story in stories)


def act_on_lines(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Change a boundary, or call the page right, if the request says so; None if it says something else."""
    if not {"do", "approve", "wrong"} & request.POST.keys():
        return None
    if not request.user.has_perm("articles.change_article"):
        raise PermissionDenied
    if "wrong" in request.POST:
        check_sample(page, request.user, is_right=False)
        messages.success(request, _("Noted that the reader had an error here: correct it, and go on."))
        return HttpResponseRedirect(review_url(page.pk))
    return _change(request, page) if "do" in request.POST else _approve(request, page)


def _change(request: HttpRequest, page: Page) -> HttpResponse:
    chosen, number = request.POST.get("article", ""), request.POST.get("number", "")
    here = review_url(page.pk, queue=request.POST.get("queue", ""))
    if not (is_id(chosen) and number.isdecimal()):
        messages.error(request, _("Choose a line first."))
        return HttpResponseRedirect(here)
    article = get_object_or_404(page.articles, pk=chosen)
    try:
        with transaction.atomic():
            check_version(article, request.POST.get("version"))
            article = change_line(article, int(number), request.POST["do"], request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        # Who corrects a sampled page found an error of the reader.
        check_sample(page, request.user, is_right=False)
        messages.success(request, _("Saved in “%(article)s”.") % {"article": article})
    return HttpResponseRedirect(f"{here}#story-{article.pk}")


def _approve(request: HttpRequest, page: Page) -> HttpResponse:
    """Call all of a page right and go on to the next page, or lead to what is in doubt."""
    publish = request.POST["approve"] == "publish"
    if publish and not request.user.has_perm("articles.publish_article"):
        raise PermissionDenied
    done = approve_page(page, publish=publish)
    if isinstance(done, Obstacle):
        place = f"#mention-{done.mention.pk}" if done.mention else f"#story-{done.article.pk}"
        messages.error(request, f"{done.article}: {done.reason}")
        return HttpResponseRedirect(f"{review_url(page.pk)}{place}")
    check_sample(page, request.user, is_right=True)
    text = ngettext(
        "%(page)s is done: %(count)s article was changed.",
        "%(page)s is done: %(count)s articles were changed.",
        done,
    )
    messages.success(request, text % {"page": page, "count": done})
    following = next_page(page)
    if following is None:
        messages.info(request, _("No other page waits."))
        return HttpResponseRedirect(reverse("admin:articles_page_queue"))
    return HttpResponseRedirect(review_url(following.pk))
