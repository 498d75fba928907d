"""Who and what articles name, and the commonest of them in some articles, for the page of a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from articles.models.appearance import OrganizationAppearance, PlaceAppearance
from articles.models.article import Article
from articles.models.merge import MODELS
from articles.models.reporter import Byline


def record_appearances(kind: str, articles: QuerySet[Article] | None = None) -> QuerySet[Any]:
    """The rows that say which records of a kind appear in articles, in any at all by default; the record as `record`."""
    rows: dict[str, Callable[[], QuerySet[Any]]] = {
        "reporter": lambda: Byline.objects.filter(reporter__trashed_at=None).annotate(
            record=Coalesce("reporter__merged_into", "reporter")
        ),
        "place": lambda: PlaceAppearance.objects.annotate(record=F("place")),
        "organization": lambda: OrganizationAppearance.objects.annotate(record=F("organization")),
    }
    return rows[kind]() if articles is None else rows[kind]().filter(article__in=articles.values("pk"))


def most_common_records(kind: str, rows: QuerySet[Any], size: int) -> list[tuple[Any, int]]:
    """The records that appear in most articles, each with in how many, in two queries."""
    # An article may credit one reporter twice, and names no other record so.
    articles = Count("article", distinct=kind == "reporter")
    counted = rows.values_list("record").annotate(count=articles).order_by("-count", "record")[:size]
    counts = dict(counted)
    records = MODELS[kind].objects.in_bulk(counts)
    return [(records[pk], count) for pk, count in counts.items()]
