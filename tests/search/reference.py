"""A reference implementation of search that scans every text."""

from articles.models import Article
from articles.search import Query, filter_and_rank, filter_matching, fold_text, parse_query

PARTS = ("headline", "kicker", "subtitle", "body")


def holds(texts: list[str], term: str) -> bool:
    return any(term in fold_text(text) for text in texts)


def expected(article: Article, query: Query) -> int | None:
    """The rank of an article; None if it does not match."""
    texts = [getattr(article, part) for part in PARTS]
    if not all(holds(texts, term) for term in query.wanted) or any(
        holds(texts, term) for term in query.excluded
    ):
        return None
    if all(holds(texts[:1], term) for term in query.wanted):
        return 0
    return 1 if any(holds(texts[:3], term) for term in query.wanted) else 2


def found(q: str) -> list[str]:
    """The headlines of matching articles."""
    return list(
        filter_matching(Article.objects.all(), parse_query(q))
        .order_by("pk")
        .values_list("headline", flat=True)
    )


def ranks(q: str) -> dict[str, int]:
    rows = filter_and_rank(Article.objects.all(), parse_query(q)).order_by("search_rank", "pk")
    return dict(rows.values_list("headline", "search_rank"))
