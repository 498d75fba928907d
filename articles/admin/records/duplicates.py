"""The page of possible duplicates, and the decision that two records are different."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.duplicates import suggestions
from articles.duplicates.suggestions import Suggestion
from articles.editing.merging import distinguish, forget_distinction
from articles.models.merge import MODELS, Kind

from .record_pairs import (
    RELATED,
    count_appearances,
    get_record,
    may_view,
    record_page_url,
    redirect_back,
    render_page,
)

_PAIRS = 25  # on a page


@dataclass(frozen=True)
class Pair:
    """Two records that may be the same; `target` is the one to keep, by default that which more articles name."""

    suggestion: Suggestion
    source: Any
    target: Any

    @property
    def kind(self) -> str:
        return self.suggestion.kind


def duplicates_view(request: HttpRequest) -> HttpResponse:
    """The pairs of records that may be the same, each to be merged or marked as different."""
    kinds = [kind for kind in MODELS if may_view(request, kind)]
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


def _pairs(found: list[Suggestion]) -> list[Pair]:
    """The records of suggestions with their counts, in a few queries."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for pair in found:
        ids[pair.kind] |= {pair.first, pair.second}
    records = {(kind, pk): record for kind in ids for pk, record in _counted(kind, ids[kind]).items()}
    pairs = []
    for pair in found:
        two = [records[pair.kind, pair.first], records[pair.kind, pair.second]]
        # The target is the record with an official code, else the one that is named more often.
        two.sort(key=lambda record: (bool(getattr(record, "code", "")), record.naming.article_count))
        pairs.append(Pair(pair, *two))
    return pairs


def _counted(kind: str, ids: set[int]) -> dict[int, Any]:
    records = MODELS[kind].objects.select_related(*RELATED[kind]).in_bulk(ids)
    count_appearances(kind, list(records.values()))
    return dict(records)


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
