"""The pages on which editors merge two records: choosing, a preview, merging and undoing."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.editing.merging import check_merge, merge, undo_merge
from articles.models import Merge

from .duplicates import (
    count_appearances,
    distinguish_view,
    duplicates_view,
    forget_view,
    get_record,
    record_page_url,
    redirect_back,
    render_page,
    require_permission,
)
from .record_panels import Panels


def merge_urls(site: admin.AdminSite) -> list[URLPattern]:
    """The routes of the pages about two records."""
    kind, pair = "<str:kind>/<int:pk>/", "<str:kind>/<int:source>/<int:target>/"
    return [
        path("duplicates/", site.admin_view(duplicates_view), name="duplicates"),
        path(f"merge/{kind}", site.admin_view(_choose_view), name="merge_record"),
        path(f"merge/{pair}", site.admin_view(_preview_view), name="merge_preview"),
        path("merge/<int:pk>/undo/", site.admin_view(require_POST(_undo_view)), name="merge_undo"),
        path(f"distinct/{pair}", site.admin_view(require_POST(distinguish_view)), name="distinguish"),
        path(
            f"distinct/{pair}forget/", site.admin_view(require_POST(forget_view)), name="forget_distinction"
        ),
    ]


class _MergeForm(forms.Form):
    """Chooses the record into which another is merged."""

    def __init__(self, record: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = type(record)
        self.fields["target"] = forms.ModelChoiceField(
            model._default_manager.surviving().exclude(pk=record.pk),
            label=_("into"),
            widget=AutocompleteSelect(model._meta.get_field("merged_into"), admin.site),
        )


def _choose_view(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask into which record one is to be merged."""
    record = get_record(request, kind, pk)
    form = _MergeForm(record, request.GET if "target" in request.GET else None)
    if form.is_valid():
        return HttpResponseRedirect(_preview(kind, pk, form.cleaned_data["target"].pk))
    if form.is_bound:
        # A new form: the widget fails on a text that is not an id.
        messages.error(request, " ".join(map(str, form.errors["target"])))
        form = _MergeForm(record)
    panels = Panels(record, request)
    context = {
        "title": _("Merge “%s” into another") % record,
        "record": record,
        "form": form,
        "panels": panels,
    }
    return render_page(request, "choose", {**context, "media": form.media, "opts": record._meta})


def _preview_view(request: HttpRequest, kind: str, source: int, target: int) -> HttpResponse:
    """Show what a merge would move, and by POST merge."""
    records = [get_record(request, kind, pk) for pk in (source, target)]
    if request.method == "POST":
        return _merge(request, *records)
    try:
        check_merge(*records)
    except ValidationError as error:
        refusal = " ".join(error.messages)
    else:
        refusal = "" if source != target else _("Two different records of one kind can be merged.")
    count_appearances(kind, records)
    sides = [Panels(record, request) for record in records]
    names = [records[1].name, *records[1].other_names(), records[0].name, *records[0].other_names()]
    context = {
        "title": _("Merge “%(source)s” into “%(target)s”") % {"source": records[0], "target": records[1]},
        "kind": kind,
        "source": sides[0],
        "target": sides[1],
        "sides": sides,
        "refusal": refusal,
        "other_names": [name for name in dict.fromkeys(names) if name != records[1].name],
        "turned_url": _preview(kind, target, source),
        "opts": records[0]._meta,
    }
    return render_page(request, "preview", context)


def _merge(request: HttpRequest, source: Any, target: Any) -> HttpResponse:
    try:
        made = merge(source, target, request.user)
    except ValidationError as error:
        # Another user was faster, or the form was sent twice: show the state as it is now.
        messages.error(request, _("Not merged: %s") % " ".join(error.messages))
        source.refresh_from_db()
        return HttpResponseRedirect(record_page_url(source.survivor))
    text = _("“%(source)s” is merged into “%(target)s”: its names, credits and articles are found there.")
    button = ""
    if request.user.has_perm("articles.change_merge"):
        # The form with this id is on the next page.
        button = format_html(' <button class="undo" form="undo-{}">{}</button>', made.pk, _("Undo"))
    messages.success(request, format_html("{}{}", text % {"source": source, "target": target}, button))
    return HttpResponseRedirect(record_page_url(target))


def _undo_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a merge."""
    require_permission(request, "change_merge")
    with transaction.atomic():
        made = Merge.objects.filter(pk=pk).first()
        if made is None:
            raise Http404
        source = get_record(request, made.kind, made.source, right="")
        try:
            undo_merge(made)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("“%(record)s” is a record of its own again.") % {"record": source})
    return redirect_back(request, record_page_url(source))


def _preview(kind: str, source: int, target: int) -> str:
    return reverse("admin:merge_preview", args=[kind, source, target])
