"""Records that may be one, with the reasons: suggested to editors, who merge them or say that they are not the same."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Count, Max

from articles.models.alias import Alias
from articles.models.merge import MODELS, Distinction, kind_of
from articles.models.record import Record

from .finders import FINDERS, Reason

_ORDER = {reason: number for number, reason in enumerate(Reason)}


class Suggestion(NamedTuple):
    """Two records by their ids, the smaller first."""

    kind: str
    first: int
    second: int
    reasons: tuple[Reason, ...]


def suggest_duplicates(kind: str | None = None, limit: int | None = None) -> list[Suggestion]:
    """Pairs that may be one record, those with the strongest reasons first."""
    found = [pair for each in ([kind] if kind else MODELS) for pair in _known(each)]
    found.sort(key=lambda pair: (_ORDER[pair.reasons[0]], -len(pair.reasons)))
    return found[:limit]


def suggestions_for(record: Record) -> list[Suggestion]:
    """The suggestions that a record is part of."""
    return [pair for pair in suggest_duplicates(kind_of(record)) if record.pk in pair[1:3]]


def count_suggestions() -> int:
    return sum(len(_known(kind)) for kind in MODELS)


# Of 20,000 records a fifth of a second's work, and the desk asks for it at every visit: kept as long as all stands as
# it stood, which a hundredth tells. Whoever changes a record or what hangs on it marks the record.
_kept: dict[str, tuple[object, list[Suggestion]]] = {}


def _known(kind: str) -> list[Suggestion]:
    state = _state(kind)
    if kind not in _kept or _kept[kind][0] != state:
        _kept[kind] = (state, _suggested(kind))
    return _kept[kind][1]


def _state(kind: str) -> tuple[Any, ...]:
    models = {MODELS[kind]} | ({MODELS["place"]} if kind == "organization" else set())
    changed = {"number": Count("pk"), "last": Max("updated_at")}
    aliases = Alias.objects.filter(**{f"{kind}__isnull": False})
    decided = Distinction.objects.filter(kind=kind)
    return (
        *(tuple(model.objects.aggregate(**changed).values()) for model in models),
        *(tuple(rows.aggregate(number=Count("pk"), last=Max("pk")).values()) for rows in (aliases, decided)),
    )


def _suggested(kind: str) -> list[Suggestion]:
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
    """The pairs that editors told apart, by the records that stand for them now."""
    merged = dict(MODELS[kind].objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    rows = Distinction.objects.filter(kind=kind).values_list("first", "second")
    pairs = ((merged.get(one, one), merged.get(other, other)) for one, other in rows)
    return {(min(pair), max(pair)) for pair in pairs}
