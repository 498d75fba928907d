"""A reference implementation of search that scans every text."""

from collections.abc import Iterable

from articles.models import Article
from articles.search import Query, Term, filter_and_rank, filter_matching, fold_text, parse_query

PARTS = ("headline", "kicker", "subtitle", "body")


def plain_query(wanted: Iterable[str], excluded: Iterable[str] = ()) -> Query:
    """A query of terms that are all wanted, in any part."""
    return Query(tuple((Term(text),) for text in wanted), tuple(map(Term, excluded)))


def holds(article: Article, term: Term, parts: Iterable[str] = PARTS) -> bool:
    """Whether one of these parts has a term."""
    return any(term.text in fold_text(getattr(article, part)) for part in parts if term.part in {"", part})


def expected(article: Article, query: Query) -> int | None:
    """The rank of an article; None if it does not match."""
    if not all(any(holds(article, term) for term in group) for group in query.wanted):
        return None
    if any(holds(article, term) for term in query.excluded):
        return None
    if all(any(holds(article, term, PARTS[:1]) for term in group) for group in query.wanted):
        return 0
    return 1 if any(holds(article, term, PARTS[:3]) for term in query.terms) else 2


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
