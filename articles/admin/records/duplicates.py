"""The page of possible duplicates, the decision that two records are different, and what the merge pages share."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from articles.duplicates import suggestions
from articles.duplicates.suggestions import Suggestion
from articles.editing.merging import distinguish, forget_distinction
from articles.models.merge import MODELS, Kind
from articles.models.place import ABOVE

_PAIRS = 25  # on a page
# The relations that the pages about two records show.
_RELATED: dict[str, tuple[str, ...]] = {
    "reporter": (),
    "place": (ABOVE[-1],),
    "organization": (f"seat__{ABOVE[-1]}",),
}


@dataclass(frozen=True)
class _Pair:
    """Two records that may be the same; `target` is the one to keep, by default that which more articles name."""

    suggestion: Suggestion
    source: Any
    target: Any

    @property
    def kind(self) -> str:
        return self.suggestion.kind


def duplicates_view(request: HttpRequest) -> HttpResponse:
    """The pairs of records that may be the same, each to be merged or marked as different."""
    kinds = [kind for kind in MODELS if _may_view(request, kind)]
    if not kinds:
        raise PermissionDenied
    asked = request.GET.get("kind", "")
    chosen = [asked] if asked in kinds else kinds
    found = [pair for pair in suggestions.suggest_duplicates() if pair.kind in chosen]
    page = Paginator(found, _PAIRS).get_page(request.GET.get("p"))
    context = {
        "title": _("Possible duplicates"),
        "kinds": [(kind, Kind(kind).label) for kind in kinds],
        "asked": asked if asked in kinds else "",
        "page": page,
        "pairs": _pairs(list(page.object_list)),
        "here": request.get_full_path(),
    }
    return render_page(request, "duplicates", context)


def _pairs(found: list[Suggestion]) -> list[_Pair]:
    """The records of suggestions with their counts, in a few queries."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for pair in found:
        ids[pair.kind] |= {pair.first, pair.second}
    records: dict[tuple[str, int], Any] = {}
    for kind, pks in ids.items():
        found_records = MODELS[kind].objects.select_related(*_RELATED[kind]).in_bulk(pks)
        count_appearances(kind, list(found_records.values()))
        records |= {(kind, pk): record for pk, record in found_records.items()}
    pairs = []
    for pair in found:
        two = [records[pair.kind, pair.first], records[pair.kind, pair.second]]
        # The target is the record with an official code, else the one that is named more often.
        two.sort(key=lambda record: (bool(getattr(record, "code", "")), record.naming.article_count))
        pairs.append(_Pair(pair, *two))
    return pairs


def distinguish_view(request: HttpRequest, kind: str, source: int, target: int) -> HttpResponse:
    """Store that two records are different."""
    one, other = (get_record(request, kind, pk, right="add_distinction") for pk in (source, target))
    try:
        distinguish(one, other, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = _("“%(one)s” and “%(other)s” are not the same: they are suggested no more.")
        messages.success(request, text % {"one": one, "other": other})
    return redirect_back(request, reverse("admin:duplicates"))


def forget_view(request: HttpRequest, kind: str, source: int, target: int) -> HttpResponse:
    """Delete the decision that two records are different."""
    one, other = (get_record(request, kind, pk, right="delete_distinction") for pk in (source, target))
    if forget_distinction(one, other):
        messages.success(
            request, _("“%(one)s” and “%(other)s” may be the same again.") % {"one": one, "other": other}
        )
    else:
        messages.warning(request, _("These two were not marked as different."))
    return redirect_back(request, record_page_url(one))


def get_record(request: HttpRequest, kind: str, pk: int, right: str = "add_merge") -> Any:
    """A record of a kind, if there is one (else 404) and the user may see it and has the right (else 403)."""
    if kind not in MODELS:
        raise Http404
    if not _may_view(request, kind):
        raise PermissionDenied
    if right:
        require_permission(request, right)
    records = MODELS[kind].objects.select_related("merged_into", *_RELATED[kind])
    try:
        found = records.filter(pk=pk).first()
    except OverflowError:
        found = None
    if found is None:
        raise Http404
    return found


def require_permission(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(f"articles.{right}"):
        raise PermissionDenied


def _may_view(request: HttpRequest, kind: str) -> bool:
    return admin.site.get_model_admin(MODELS[kind]).has_view_permission(request)


def count_appearances(kind: str, records: list[Any]) -> None:
    admin.site.get_model_admin(MODELS[kind]).count(records)  # type: ignore[attr-defined] # a RecordAdmin


def render_page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/records/{name}.html", context)


def record_page_url(record: Any) -> str:
    return reverse(f"admin:articles_{record._meta.model_name}_change", args=[record.pk])


def redirect_back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Redirect to the page that the form was sent from, if it is ours."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(asked if is_ours else otherwise)
