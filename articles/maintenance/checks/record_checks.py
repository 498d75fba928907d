"""Checks of records: foreign keys, the hierarchy of places, and merges."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Exists, OuterRef

from articles.models import Place
from articles.models.merge import MODELS, Distinction, Merge

from .check import REPAIR, RESTORE, Advance, Check, Fault, excerpt


def _links() -> list[models.ForeignKey[Any, Any]]:
    """All foreign keys of Newsroom's tables with a constraint in the database; those of the history have none."""
    return [
        field
        for model in apps.get_app_config("articles").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and getattr(field, "db_constraint", True)
    ]


def _orphans(advance: Advance) -> Iterator[Fault]:
    for field in _links():
        model: Any = field.model
        target: Any = field.related_model
        there = target._base_manager.filter(pk=OuterRef(field.attname))
        lost = model._base_manager.exclude(**{field.attname: None}).filter(~Exists(there))
        for pk, points_to in lost.order_by("pk").values_list("pk", field.attname):
            yield Fault(
                f"{model._meta.model_name} {pk}",
                f"its {field.name} is {target._meta.model_name} {points_to}, which does not exist",
                RESTORE,
            )
        advance()
    for kind, model in MODELS.items():
        ids = set(model._base_manager.values_list("pk", flat=True))
        pairs = [
            ("merge", row.pk, (row.source, row.target))
            for row in Merge.objects.filter(kind=kind, undone_at=None)
        ]
        pairs += [
            ("distinction", row.pk, (row.first, row.second)) for row in Distinction.objects.filter(kind=kind)
        ]
        for what, pk, both in pairs:
            if lost_ids := [str(one) for one in both if one not in ids]:
                yield Fault(
                    f"{what} {pk}",
                    f"it refers to {kind} {' and '.join(lost_ids)}, which does not exist",
                    RESTORE,
                )
        advance()


class _Tree:
    """The hierarchy of all places, and the paths that follow from it."""

    def __init__(self) -> None:
        rows = Place.objects.values_list("pk", "name", "parent", "merged_into", "code", "path")
        self.rows = {pk: (name, parent, merged, code, path) for pk, name, parent, merged, code, path in rows}
        self.circular = {pk for pk in self.rows if self._is_circular(pk)}
        self.paths: dict[int, str] = {}
        for pk in self.rows:
            if pk not in self.circular:
                self.path(pk)

    def _is_circular(self, pk: int) -> bool:
        """Whether the chain of parents, after merges, returns to a place that it has passed."""
        visited = set()
        here: int | None = pk
        while here is not None and here in self.rows:
            if here in visited:
                return True
            visited.add(here)
            parent = self.rows[here][1]
            merged = self.rows[parent][2] if parent in self.rows else None
            here = merged or parent
        return False

    def path(self, pk: int) -> str:
        """The codes from the province down to a place whose parents are not circular."""
        if pk not in self.paths:
            _name, parent, _merged, code, _path = self.rows[pk]
            above = self.path(parent) if parent in self.rows and parent not in self.circular else ""
            self.paths[pk] = ".".join(part for part in (above, code) if part)
        return self.paths[pk]

    def wrong(self) -> dict[int, str]:
        """The right paths of the places whose stored path is wrong."""
        return {pk: path for pk, path in self.paths.items() if self.rows[pk][4] != path}


def _places(advance: Advance) -> Iterator[Fault]:
    tree = _Tree()
    for pk in sorted(tree.circular):
        name = excerpt(tree.rows[pk][0])
        yield Fault(f"place {pk}", f"{name} is within itself", "correct its parent in the admin")
    for pk, path in tree.wrong().items():
        name, _parent, _merged, _code, stored = tree.rows[pk]
        yield Fault(f"place {pk}", f"{excerpt(name)} has the path {stored!r} instead of {path!r}", REPAIR)
    advance()


def _rebuild_places() -> None:
    with transaction.atomic():
        for pk, path in _Tree().wrong().items():
            Place.objects.filter(pk=pk).update(path=path)


def _merges(advance: Advance) -> Iterator[Fault]:
    for kind, model in MODELS.items():
        wrong, circular = _wrong_merges(kind)
        for pk in circular:
            yield Fault(
                f"{kind} {pk}", "it is merged into itself by a circle of merges", "undo one of the merges"
            )
        for pk, target in wrong.items():
            stored = model._base_manager.values_list("merged_into", flat=True).get(pk=pk)
            yield Fault(f"{kind} {pk}", f"{_into(stored)}, but by its merges {_into(target)}", REPAIR)
        trashed = model._base_manager.exclude(trashed_at=None).exclude(merged_into=None)
        for pk in trashed.values_list("pk", flat=True):
            yield Fault(
                f"{kind} {pk}", "it is in the trash though it is merged into another", "undo its merge"
            )
        advance()


def _into(target: int | None) -> str:
    return f"it is merged into {target}" if target else "it is not merged"


def _wrong_merges(kind: str) -> tuple[dict[int, int | None], list[int]]:
    """The right `merged_into` of records where the stored one is wrong, and the records in circles of merges."""
    into = dict(Merge.objects.filter(kind=kind, undone_at=None).values_list("source", "target"))
    stored = dict(MODELS[kind]._base_manager.values_list("pk", "merged_into"))
    wrong, circular = {}, []
    for pk, merged_into in stored.items():
        chain = [pk]
        while (target := into.get(chain[-1])) is not None and target in stored and target not in chain:
            chain.append(target)
        if target in chain:
            circular.append(pk)
        elif merged_into != (last := chain[-1] if len(chain) > 1 else None):
            wrong[pk] = last
    return wrong, circular


def _rebuild_merges() -> None:
    with transaction.atomic():
        for kind, model in MODELS.items():
            by_target: defaultdict[int | None, list[int]] = defaultdict(list)
            for pk, target in _wrong_merges(kind)[0].items():
                by_target[target].append(pk)
            for target, pks in by_target.items():
                model._base_manager.filter(pk__in=pks).update(merged_into=target)


LINK_CHECK = Check("links", _orphans, lambda: len(_links()) + len(MODELS))
PLACE_CHECK = Check("places", _places, rebuild=_rebuild_places)
MERGE_CHECK = Check("merges", _merges, lambda: len(MODELS), _rebuild_merges)
