"""Who and what articles name, the commonest first: for the facets of the API, and for the page of a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from .appearance import OrganizationAppearance, PlaceAppearance
from .article import Article
from .merge import MODELS
from .reporter import Byline


def appearing(kind: str, articles: QuerySet[Article] | None = None) -> QuerySet[Any]:
    """The rows that say which records of a kind appear in articles, in any at all by default; the record as `record`."""
    rows: dict[str, Callable[[], QuerySet[Any]]] = {
        "reporter": lambda: Byline.objects.filter(reporter__trashed_at=None).annotate(
            record=Coalesce("reporter__merged_into", "reporter")
        ),
        "place": lambda: PlaceAppearance.objects.annotate(record=F("place")),
        "organization": lambda: OrganizationAppearance.objects.annotate(record=F("organization")),
    }
    return rows[kind]() if articles is None else rows[kind]().filter(article__in=articles.values("pk"))


def articles_of(kind: str) -> Count:
    """How many articles some rows of a kind are of; an article may credit one reporter twice, and no other kind."""
    return Count("article", distinct=kind == "reporter")


def commonest(
    kind: str, rows: QuerySet[Any], size: int, less: QuerySet[Any] | None = None
) -> list[tuple[Any, int]]:
    """The records that appear in most articles, each with in how many, in two queries.

    `less` are rows that do not count. Where they are few it is quicker to count all, in the order of an index, and then
    these, by one query more, than to look at the article of each row.
    """
    counted = rows.values_list("record").annotate(count=articles_of(kind))
    if less is None:
        counts = dict(counted.order_by("-count", "record")[:size])
    else:
        uncounted = less.values_list("record").annotate(count=articles_of(kind))
        found = Counter(dict(counted.order_by())) - Counter(dict(uncounted.order_by()))
        counts = dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:size])
    records = MODELS[kind].objects.in_bulk(counts)
    return [(records[pk], count) for pk, count in counts.items()]
