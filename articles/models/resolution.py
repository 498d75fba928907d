"""Query conditions that resolve a mention to its record: the one that an editor decided, else the extracted one."""

from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .organization import Organization
from .place import Place

_MANY = 1_000  # records; more of them are given to a query as a subquery


class Verdict(models.TextChoices):
    """The verdict of an editor on a mention; empty if there is none."""

    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", pgettext_lazy("verdict", "rejected")
    RELINKED = "relinked", _("linked to another record")
    ADDED = "added", _("added")


def resolves_to(kind: str, record: object, lookup: str = "exact") -> Q:
    """Condition that a mention resolves to a record, also to one in the trash (unlike `Mention.record`)."""
    decided, linked = ways_to_resolve(kind, record, lookup)
    return decided | linked


def ways_to_resolve(kind: str, record: object, lookup: str) -> tuple[Q, Q]:
    """The same as two conditions, each with an index: by the decided record, and by the extracted one."""
    decided = Q(**{f"decided_{kind}__{lookup}": record})
    linked = Q(**{f"{kind}__{lookup}": record})
    undecided = Q(verdict__in=["", Verdict.ACCEPTED])
    added = Q(**{"verdict": Verdict.ADDED, f"decided_{kind}": None})
    return decided, linked & (undecided | added)


def resolves_to_trashed() -> Q:
    """Condition that a mention resolves to a record in the trash."""
    places, bodies = (
        model._default_manager.filter(trashed_at__isnull=False) for model in (Place, Organization)
    )
    return resolves_to("place", places.values("pk"), "in") | resolves_to(
        "organization", bodies.values("pk"), "in"
    )


def few_ids_or_query(records: QuerySet[Any]) -> list[int] | QuerySet[Any]:
    """The ids of records, from which the database sees that they are few; a subquery if they are many."""
    found = list(records.order_by().values_list("pk", flat=True)[: _MANY + 1])
    return found if len(found) <= _MANY else records.values("pk")
