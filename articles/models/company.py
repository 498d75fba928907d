"""Who and what articles name, the commonest first: for the facets of the API, and for the page of a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from .appearance import OrganizationAppearance, PlaceAppearance
from .article import Article
from .merge import MODELS
from .reporter import Byline


def appearing(kind: str, articles: QuerySet[Article]) -> QuerySet[Any]:
    """The rows that say which records of a kind appear in articles, the record named `record`."""
    rows: dict[str, Callable[[], QuerySet[Any]]] = {
        "reporter": lambda: Byline.objects.filter(reporter__trashed_at=None).annotate(
            record=Coalesce("reporter__merged_into", "reporter")
        ),
        "place": lambda: PlaceAppearance.objects.annotate(record=F("place")),
        "organization": lambda: OrganizationAppearance.objects.annotate(record=F("organization")),
    }
    return rows[kind]().filter(article__in=articles.values("pk"))


def articles_of(kind: str) -> Count:
    """How many articles some rows of a kind are of; an article may credit one reporter twice, and no other kind."""
    return Count("article", distinct=kind == "reporter")


def commonest(kind: str, rows: QuerySet[Any], size: int) -> list[tuple[Any, int]]:
    """The records that appear in most articles, each with in how many, in two queries."""
    counted = rows.values_list("record").annotate(count=articles_of(kind))
    counts = dict(counted.order_by("-count", "record")[:size])
    records = MODELS[kind].objects.in_bulk(counts)
    return [(records[pk], count) for pk, count in counts.items()]
