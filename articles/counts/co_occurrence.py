"""Records that appear in the same articles: rows of appearances, and the most common records among them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from articles.models.appearance import OrganizationAppearance, PlaceAppearance
from articles.models.article import Article
from articles.models.merge import MODELS
from articles.models.reporter import Byline


def record_appearances(kind: str, articles: QuerySet[Article] | None = None) -> QuerySet[Any]:
    """Rows with the `record` ids of a kind that appear in articles, by default in all articles."""
    rows: dict[str, Callable[[], QuerySet[Any]]] = {
        "reporter": lambda: Byline.objects.filter(reporter__trashed_at=None).annotate(
            record=Coalesce("reporter__merged_into", "reporter")
        ),
        "place": lambda: PlaceAppearance.objects.annotate(record=F("place")),
        "organization": lambda: OrganizationAppearance.objects.annotate(record=F("organization")),
    }
    return rows[kind]() if articles is None else rows[kind]().filter(article__in=articles.values("pk"))


def most_common_records(kind: str, rows: QuerySet[Any], size: int) -> list[tuple[Any, int]]:
    """The `size` records that appear in most articles, each with the number of articles, in two queries."""
    # An article may credit a reporter twice; other records have one row for each article.
    articles = Count("article", distinct=kind == "reporter")
    counted = rows.values_list("record").annotate(count=articles).order_by("-count", "record")[:size]
    counts = dict(counted)
    records = MODELS[kind].objects.in_bulk(counts)
    return [(records[pk], count) for pk, count in counts.items()]
