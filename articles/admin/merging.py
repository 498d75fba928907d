"""Merging records: suggested pairs, a preview of what moves, undoing, and that two are not the same."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.models import Merge, Organization, Place, duplicates
from articles.models.duplicates import Suggestion
from articles.models.merge import MODELS, Kind, check_merge, distinguish, forget_distinction, merge
from articles.models.place import ABOVE
from articles.models.record_trash import uses

from .record_panels import Panels

_PAIRS = 25  # on a page
# What is shown of records in pairs, besides their columns.
_RELATED: dict[str, tuple[str, ...]] = {
    "reporter": (),
    "place": (ABOVE[-1],),
    "organization": (f"seat__{ABOVE[-1]}",),
}


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The addresses of these pages, for the admin's site."""
    kind, pair = "<str:kind>/<int:pk>/", "<str:kind>/<int:source>/<int:target>/"
    return [
        path("duplicates/", site.admin_view(duplicates_view), name="duplicates"),
        path(f"merge/{kind}", site.admin_view(choose_view), name="merge_record"),
        path(f"merge/{pair}", site.admin_view(preview_view), name="merge_preview"),
        path("merge/<int:pk>/undo/", site.admin_view(require_POST(undo_view)), name="merge_undo"),
        path(f"distinct/{pair}", site.admin_view(require_POST(distinguish_view)), name="distinguish"),
        path(
            f"distinct/{pair}forget/", site.admin_view(require_POST(forget_view)), name="forget_distinction"
        ),
    ]


# --- Suggestions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """Two records that may be one; the one that more articles name is what stays, unless an editor turns it round."""

    suggestion: Suggestion
    source: Any
    target: Any

    @property
    def kind(self) -> str:
        return self.suggestion.kind


def duplicates_view(request: HttpRequest) -> HttpResponse:
    """The pairs that may be one, each to be merged or told apart."""
    kinds = [kind for kind in MODELS if _may_view(request, kind)]
    if not kinds:
        raise PermissionDenied
    asked = request.GET.get("kind", "")
    chosen = [asked] if asked in kinds else kinds
    found = [pair for pair in duplicates.suggestions() if pair.kind in chosen]
    page = Paginator(found, _PAIRS).get_page(request.GET.get("p"))
    context = {
        "title": _("Possible duplicates"),
        "kinds": [(kind, Kind(kind).label) for kind in kinds],
        "asked": asked if asked in kinds else "",
        "page": page,
        "pairs": _pairs(list(page.object_list)),
        "may_merge": request.user.has_perm("articles.add_merge"),
        "may_distinguish": request.user.has_perm("articles.add_distinction"),
        "here": request.get_full_path(),
    }
    return _shown(request, "duplicates", context)


def _pairs(found: list[Suggestion]) -> list[Pair]:
    """The records of some suggestions, counted, in a few queries."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for pair in found:
        ids[pair.kind] |= {pair.first, pair.second}
    records = {(kind, pk): record for kind in ids for pk, record in _counted(kind, ids[kind]).items()}
    pairs = []
    for pair in found:
        two = [records[pair.kind, pair.first], records[pair.kind, pair.second]]
        # The official one stays, and of others the one that is named more often.
        two.sort(key=lambda record: (bool(getattr(record, "code", "")), record.naming.article_count))
        pairs.append(Pair(pair, *two))
    return pairs


def _counted(kind: str, ids: set[int]) -> dict[int, Any]:
    records = MODELS[kind].objects.select_related(*_RELATED[kind]).in_bulk(ids)
    _count(kind, list(records.values()))
    return dict(records)


# --- Merging ----------------------------------------------------------------------------------------


class MergeForm(forms.Form):
    """The record that shall stand for another."""

    def __init__(self, record: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = type(record)
        self.fields["target"] = forms.ModelChoiceField(
            model._default_manager.surviving().exclude(pk=record.pk),
            label=_("into"),
            widget=AutocompleteSelect(model._meta.get_field("merged_into"), admin.site),
        )


def choose_view(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask into which record one shall be merged."""
    record = _record(request, kind, pk)
    form = MergeForm(record, request.GET if "target" in request.GET else None)
    if form.is_valid():
        return HttpResponseRedirect(_preview(kind, pk, form.cleaned_data["target"].pk))
    if form.is_bound:
        # Shown anew: the widget chokes on what is no id.
        messages.error(request, " ".join(map(str, form.errors["target"])))
        form = MergeForm(record)
    panels = Panels(record, request)
    context = {
        "title": _("Merge “%s” into another") % record,
        "record": record,
        "form": form,
        "panels": panels,
    }
    return _shown(request, "choose", {**context, "media": form.media, "opts": record._meta})


@dataclass(frozen=True)
class Side:
    """One of two records to be merged, with what hangs on it."""

    record: Any
    panels: Panels

    @cached_property
    def uses(self) -> Any:
        return uses(self.record)

    @property
    def full_name(self) -> str:
        """Where it lies, in words."""
        match self.record:
            case Place() as place:
                return place.full_name
            case Organization(seat=Place() as seat):
                return seat.full_name
        return ""


def preview_view(request: HttpRequest, kind: str, source: int, target: int) -> HttpResponse:
    """Show what would move if a record were merged into another, and by POST merge them."""
    records = [_record(request, kind, pk) for pk in (source, target)]
    if request.method == "POST":
        return _merge(request, *records)
    try:
        check_merge(*records)
    except ValidationError as error:
        refusal = " ".join(error.messages)
    else:
        refusal = "" if source != target else _("Two different records of one kind can be merged.")
    _count(kind, records)
    sides = [Side(record, Panels(record, request)) for record in records]
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
        "may_distinguish": request.user.has_perm("articles.add_distinction"),
        "opts": records[0]._meta,
    }
    return _shown(request, "preview", context)


def _merge(request: HttpRequest, source: Any, target: Any) -> HttpResponse:
    try:
        made = merge(source, target, request.user)
    except ValidationError as error:
        # Another was faster, or the form was sent twice: show what stands by now.
        messages.error(request, _("Not merged: %s") % " ".join(error.messages))
        source.refresh_from_db()
        return HttpResponseRedirect(_page(source.survivor))
    told = _("“%(source)s” is merged into “%(target)s”: its names, credits and articles are found there.")
    button = ""
    if request.user.has_perm("articles.change_merge"):
        # The form with this id stands on the page that comes next.
        button = format_html(' <button class="undo" form="undo-{}">{}</button>', made.pk, _("Undo"))
    messages.success(request, format_html("{}{}", told % {"source": source, "target": target}, button))
    return HttpResponseRedirect(_page(target))


def undo_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a merged record stand for itself again."""
    _require(request, "change_merge")
    with transaction.atomic():
        made = Merge.objects.select_for_update().filter(pk=pk).first()
        if made is None:
            raise Http404
        source = _record(request, made.kind, made.source, right="")
        try:
            made.undo(request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("“%(record)s” stands for itself again.") % {"record": source})
    return _back(request, _page(source))


def distinguish_view(request: HttpRequest, kind: str, source: int, target: int) -> HttpResponse:
    """Remember that two records are not the same."""
    one, other = (_record(request, kind, pk, right="add_distinction") for pk in (source, target))
    try:
        distinguish(one, other, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = _("“%(one)s” and “%(other)s” are not the same: they are suggested no more.")
        messages.success(request, told % {"one": one, "other": other})
    return _back(request, reverse("admin:duplicates"))


def forget_view(request: HttpRequest, kind: str, source: int, target: int) -> HttpResponse:
    """Take back that two records are not the same."""
    one, other = (_record(request, kind, pk, right="delete_distinction") for pk in (source, target))
    if forget_distinction(one, other):
        messages.success(
            request, _("“%(one)s” and “%(other)s” may be the same again.") % {"one": one, "other": other}
        )
    else:
        messages.warning(request, _("Nobody said that these two are not the same."))
    return _back(request, _page(one))


# --- What these have in common ----------------------------------------------------------------------


def _record(request: HttpRequest, kind: str, pk: int, right: str = "add_merge") -> Any:
    """A record of a kind that the user may see, and has the right to decide about."""
    if kind not in MODELS:
        raise Http404
    if not _may_view(request, kind):
        raise PermissionDenied
    if right:
        _require(request, right)
    records = MODELS[kind].objects.select_related("merged_into", *_RELATED[kind])
    try:
        found = records.filter(pk=pk).first()
    except OverflowError:
        found = None
    if found is None:
        raise Http404
    return found


def _require(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(f"articles.{right}"):
        raise PermissionDenied


def _may_view(request: HttpRequest, kind: str) -> bool:
    return admin.site.get_model_admin(MODELS[kind]).has_view_permission(request)


def _count(kind: str, records: list[Any]) -> None:
    admin.site.get_model_admin(MODELS[kind]).count(records)  # type: ignore[attr-defined] # a RecordAdmin


def _shown(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/records/{name}.html", context)


def _preview(kind: str, source: int, target: int) -> str:
    return reverse("admin:merge_preview", args=[kind, source, target])


def _page(record: Any) -> str:
    return reverse(f"admin:articles_{record._meta.model_name}_change", args=[record.pk])


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To where the form says that it was sent from."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(asked if is_ours else otherwise)
