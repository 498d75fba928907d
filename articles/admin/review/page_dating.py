"""The part of a page's review that says where and when it was printed: an editor confirms or sets it."""

import datetime as dt
from typing import Any, Self

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editing.dating.date_suggestions import DateSuggestion, suggest_date
from articles.editing.dating.page_imprint import DECIDABLE, confirm_interval, correct_imprint
from articles.models import Page

_RULES = {
    "dateline": gettext_lazy("dateline"),
    "report": gettext_lazy("first day of a report"),
    "full_date": gettext_lazy("full date shortly before"),
    "year_begun": gettext_lazy("year that has begun"),
    "year_beside": gettext_lazy("year in the same sentence"),
}
"""What each rule for dates reads, for editors (docs/dates.md)."""


class ImprintForm(forms.Form):
    """Where and when a page was printed."""

    publication = forms.CharField(label=gettext_lazy("publication"), max_length=200, required=False)
    issue_date = forms.DateField(
        label=gettext_lazy("issue date"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"placeholder": "2014-01-29"}),
    )
    page_number = forms.CharField(label=gettext_lazy("page number"), max_length=20, required=False)
    page_name = forms.CharField(label=gettext_lazy("page name"), max_length=100, required=False)

    @classmethod
    def of(cls, page: Any, prefix: str = "imprint", data: Any = None) -> Self:
        """The form of a page, or of the imprint of one that is not stored yet."""
        return cls(data, initial={name: getattr(page, name) for name in DECIDABLE}, prefix=prefix)


def dating_context(request: HttpRequest, page: Page, form: ImprintForm | None) -> dict[str, Any]:
    """What the template shows of the date: the form, what the text says, and what could be confirmed."""
    is_open = page.issue_date is None and page.issue_date_source != Page.DateSource.EDITOR
    evidence = page.issue_evidence["found"] if page.issue_evidence else []
    return {
        "imprint_form": form or ImprintForm.of(page),
        "may_date": may_date(request),
        "evidence": [(_RULES.get(one["rule"], one["rule"]), one["quote"]) for one in evidence],
        "suggestion": suggest_date(page) if is_open else None,
        "queue": request.GET.get("queue", ""),
        "following": _following_url(page) if request.GET.get("queue") else "",
    }


def may_date(request: HttpRequest) -> bool:
    """Whether the user may say where and when pages were printed: articles follow."""
    return request.user.has_perm("articles.change_article")


def save_imprint(request: HttpRequest, page: Page) -> ImprintForm | None:
    """Save the form of the request; return it with its errors if it is invalid."""
    _require_right(request)
    form = ImprintForm.of(page, data=request.POST)
    if form.is_valid():
        try:
            changed = correct_imprint(page, **{name: form.cleaned_data[name] for name in form.changed_data})
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _report(request, page) if changed else messages.info(request, _("Nothing was changed."))
            return None
    return form


def confirm_date(request: HttpRequest, page: Page) -> None:
    """Confirm the days that the button showed, and report it."""
    _require_right(request)
    first, _dash, last = request.POST["confirm"].partition("/")
    try:
        confirm_interval(page, dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    except (ValueError, ValidationError):
        messages.error(request, _("These days cannot be confirmed."))
    else:
        _report(request, page)


def _require_right(request: HttpRequest) -> None:
    if not may_date(request):
        raise PermissionDenied


def _report(request: HttpRequest, page: Page) -> None:
    text = _("Saved where and when the page was printed; its articles follow: %(count)s.")
    messages.success(request, text % {"count": page.articles.count()})


def next_url(request: HttpRequest, page: Page) -> str:
    """Where to go after a decision: in the queue to the next page without a date, else to the page again."""
    if request.POST.get("queue") == "dates" and not Page.objects.undated().filter(pk=page.pk).exists():
        return _following_url(page)
    return reverse("admin:articles_page_review", args=[page.pk])


def _following_url(page: Page) -> str:
    """The next page without a date, or the first one; the list of pages if there is none."""
    others = Page.objects.undated().exclude(pk=page.pk).order_by("pk")
    following = others.filter(pk__gt=page.pk).first() or others.first()
    if following is None:
        return reverse("admin:articles_page_changelist")
    return review_url(following.pk, queue="dates")


def review_url(pk: int, **parameters: str) -> str:
    """The address of the review of a page."""
    return f"{reverse('admin:articles_page_review', args=[pk])}?{urlencode(parameters)}"


def interval_text(earliest: dt.date | None, latest: dt.date | None) -> str:
    """An interval as people read it; a single day is that day, and — is none."""
    if earliest is None or latest is None:
        return "—"
    first, last = (date_format(day, "Y-m-d") for day in (earliest, latest))
    return first if first == last else f"{first} – {last}"


def confirm_suggestion(page: Page) -> DateSuggestion | None:
    """Confirm what is suggested for a page; return it, None if nothing is."""
    suggestion = suggest_date(page)
    if suggestion:
        confirm_interval(page, suggestion.earliest, suggestion.latest)
    return suggestion
