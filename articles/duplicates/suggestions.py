"""Suggested duplicates for editors, who merge them or mark them as distinct."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Count, Max

from articles.models.alias import Alias
from articles.models.merge import MODELS, Distinction, kind_of
from articles.models.record import Record

from .finders import FINDERS, Reason

_ORDER = {reason: number for number, reason in enumerate(Reason)}


class Suggestion(NamedTuple):
    """Two records that may be duplicates; `first` is the smaller id."""

    kind: str
    first: int
    second: int
    reasons: tuple[Reason, ...]


def suggest_duplicates(kind: str | None = None, limit: int | None = None) -> list[Suggestion]:
    """Pairs of possible duplicates of one kind or all kinds, those with the strongest reasons first."""
    found = [pair for each in ([kind] if kind else MODELS) for pair in _cached_suggestions(each)]
    found.sort(key=lambda pair: (_ORDER[pair.reasons[0]], -len(pair.reasons)))
    return found[:limit]


def suggestions_for(record: Record) -> list[Suggestion]:
    """The suggestions that contain a record."""
    return [pair for pair in suggest_duplicates(kind_of(record)) if record.pk in pair[1:3]]


# Cached while the counts and last changes of the rows are the same: finding duplicates among 20,000 records takes 0.2 s,
# comparing the state 0.01 s, and the dashboard needs them at every visit.
_cached: dict[str, tuple[object, list[Suggestion]]] = {}


def _cached_suggestions(kind: str) -> list[Suggestion]:
    state = _state(kind)
    if kind not in _cached or _cached[kind][0] != state:
        _cached[kind] = (state, _find_suggestions(kind))
    return _cached[kind][1]


def _state(kind: str) -> tuple[Any, ...]:
    models = {MODELS[kind]} | ({MODELS["place"]} if kind == "organization" else set())
    changed = {"number": Count("pk"), "last": Max("updated_at")}
    aliases = Alias.objects.filter(**{f"{kind}__isnull": False})
    decided = Distinction.objects.filter(kind=kind)
    return (
        *(tuple(model.objects.aggregate(**changed).values()) for model in models),
        *(tuple(rows.aggregate(number=Count("pk"), last=Max("pk")).values()) for rows in (aliases, decided)),
    )


def _find_suggestions(kind: str) -> list[Suggestion]:
    reasons: defaultdict[tuple[int, int], set[Reason]] = defaultdict(set)
    for one, other, reason in FINDERS[kind]():
        if one != other:
            reasons[min(one, other), max(one, other)].add(reason)
    decided = _distinct(kind) if reasons else set()
    return [
        Suggestion(kind, *pair, tuple(sorted(why, key=_ORDER.__getitem__)))
        for pair, why in sorted(reasons.items())
        if pair not in decided
    ]


def _distinct(kind: str) -> set[tuple[int, int]]:
    """The pairs that editors marked as distinct, by the records that they are merged into now."""
    merged = dict(MODELS[kind].objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    rows = Distinction.objects.filter(kind=kind).values_list("first", "second")
    pairs = ((merged.get(one, one), merged.get(other, other)) for one, other in rows)
    return {(min(pair), max(pair)) for pair in pairs}
