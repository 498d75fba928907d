"""The actions of the list of pages: confirm suggested dates, and set where and when many pages were printed."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.display import RecordViews
from articles.editing.dating.page_imprint import correct_imprint
from articles.models import Page

from .page_dating import ImprintForm, confirm_suggestion, may_date

# Pages that one request changes, each with its articles: more would take longer than a web server waits.
_MOST_PAGES = 200


class PageActions(RecordViews):
    """The actions on chosen pages."""

    actions = ["confirm_dates", "set_imprint"]

    def has_date_permission(self, request: HttpRequest) -> bool:
        return may_date(request)

    @admin.action(description=gettext_lazy("Confirm the suggested dates"), permissions=["date"])
    def confirm_dates(self, request: HttpRequest, queryset: QuerySet[Page]) -> None:
        pages = _chosen(request, queryset)
        undated = Page.objects.undated().filter(pk__in=pages)
        done = sum(confirm_suggestion(page) is not None for page in undated.defer("text").order_by("pk"))
        if done:
            messages.success(request, _("Dates confirmed: %(count)s pages.") % {"count": done})
        if done < len(pages):
            text = _("Pages left as they were: %(count)s (dated before, or nothing is suggested).")
            messages.warning(request, text % {"count": len(pages) - done})

    @admin.action(
        description=gettext_lazy("Set the date, paper, page number or page name"), permissions=["date"]
    )
    def set_imprint(self, request: HttpRequest, queryset: QuerySet[Page]) -> HttpResponse | None:
        """Ask what to set, and set it; what is left empty stays as it is."""
        pages = _chosen(request, queryset)
        if not pages:
            return None
        form = ImprintForm(request.POST if "post" in request.POST else None, prefix="imprint")
        if form.is_bound and form.is_valid():
            given = {name: value for name, value in form.cleaned_data.items() if value}
            try:
                done = sum(
                    correct_imprint(page, **given) for page in Page.objects.filter(pk__in=pages).defer("text")
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Pages changed: %(count)s.") % {"count": done})
                return None
        meaning = ngettext(
            "%(count)s page is changed with its articles. What you leave empty stays as it is.",
            "%(count)s pages are changed with their articles. What you leave empty stays as it is.",
            len(pages),
        )
        return self.render_page(
            request,
            "admin/lists/set_columns.html",
            _("Set the date, paper, page number or page name"),
            action="set_imprint",
            action_checkbox_name=ACTION_CHECKBOX_NAME,
            form=form,
            ids=pages,
            meaning=meaning % {"count": len(pages)},
        )


def _chosen(request: HttpRequest, queryset: QuerySet[Any]) -> list[int]:
    """The ids of the chosen pages; none, with a message, if they are too many for one request."""
    pages = list(queryset.order_by().values_list("pk", flat=True)[: _MOST_PAGES + 1])
    if len(pages) > _MOST_PAGES:
        text = _("At most %(most)s pages are changed at once, nothing was changed: narrow the list.")
        messages.error(request, text % {"most": _MOST_PAGES})
        return []
    return pages
