"""What a mention stands for, as conditions: by the editor's verdict where there is one, else by the machine's link."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .organization import Organization
from .place import Place

_MANY = 1_000  # records, beyond what a query is told by their ids


class Verdict(models.TextChoices):
    """What an editor said of a mention; nothing yet is an empty text."""

    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("refuted")
    RELINKED = "relinked", _("linked to another record")
    ADDED = "added", _("added")


def stands_for(kind: str, record: object, lookup: str = "exact") -> Q:
    """Whether a mention stands for a record: by the editor's word where there is one, else by the machine's link.

    `Mention.record` says the same of one mention, but that a record in the trash stands for nothing.
    """
    decided, linked = ways_to_stand_for(kind, record, lookup)
    return decided | linked


def ways_to_stand_for(kind: str, record: object, lookup: str) -> tuple[Q, Q]:
    """The two ways of it apart, for each of which there is an index: by the editor's word, and by the machine's link."""
    decided = Q(**{f"decided_{kind}__{lookup}": record})
    linked = Q(**{f"{kind}__{lookup}": record})
    undecided = Q(verdict__in=["", Verdict.ACCEPTED])
    added = Q(**{"verdict": Verdict.ADDED, f"decided_{kind}": None})
    return decided, linked & (undecided | added)


def of_trashed() -> Q:
    """Whether a mention would stand for a record that is in the trash."""
    places, bodies = (
        model._default_manager.filter(trashed_at__isnull=False) for model in (Place, Organization)
    )
    return stands_for("place", places.values("pk"), "in") | stands_for(
        "organization", bodies.values("pk"), "in"
    )


def ids_of(records: QuerySet[Any]) -> list[int] | QuerySet[Any]:
    """The ids of some records, by which a database knows how few they are; a query for them where they are many."""
    found = list(records.order_by().values_list("pk", flat=True)[: _MANY + 1])
    return found if len(found) <= _MANY else records.values("pk")
