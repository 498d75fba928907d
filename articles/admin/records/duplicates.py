"""Suggested duplicates, and the word of editors that two records are not the same."""

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
    """Two records that may be one; the one that more articles name is what stays, unless an editor turns it round."""

    suggestion: Suggestion
    source: Any
    target: Any

    @property
    def kind(self) -> str:
        return self.suggestion.kind


def duplicates_view(request: HttpRequest) -> HttpResponse:
    """The pairs that may be one, each to be merged or told apart."""
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
        "may_merge": request.user.has_perm("articles.add_merge"),
        "may_distinguish": request.user.has_perm("articles.add_distinction"),
        "here": request.get_full_path(),
    }
    return render_page(request, "duplicates", context)


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
    records = MODELS[kind].objects.select_related(*RELATED[kind]).in_bulk(ids)
    count_appearances(kind, list(records.values()))
    return dict(records)


def distinguish_view(request: HttpRequest, kind: str, source: int, target: int) -> HttpResponse:
    """Remember that two records are not the same."""
    one, other = (get_record(request, kind, pk, right="add_distinction") for pk in (source, target))
    try:
        distinguish(one, other, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = _("“%(one)s” and “%(other)s” are not the same: they are suggested no more.")
        messages.success(request, told % {"one": one, "other": other})
    return redirect_back(request, reverse("admin:duplicates"))


def forget_view(request: HttpRequest, kind: str, source: int, target: int) -> HttpResponse:
    """Take back that two records are not the same."""
    one, other = (get_record(request, kind, pk, right="delete_distinction") for pk in (source, target))
    if forget_distinction(one, other):
        messages.success(
            request, _("“%(one)s” and “%(other)s” may be the same again.") % {"one": one, "other": other}
        )
    else:
        messages.warning(request, _("Nobody said that these two are not the same."))
    return redirect_back(request, record_page_url(one))
