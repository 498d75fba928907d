"""Full-text search of articles: the only package that knows how text is indexed and searched.

`parse_query` reads what a user typed. `filter_matching` and `filter_and_rank` narrow a queryset to the articles that
match; `first_page` reads one page of it, and `highlights` gives the text around each match. Queries and texts are
compared after `fold_text`. Triggers in the database keep the index up to date; `ensure_index` creates them.
"""

from .folding import fold_text
from .highlights import Highlight, highlights
from .index_maintenance import count_outdated, ensure_index, missing_pieces, rebuild_index, register_functions
from .matching import filter_and_rank, filter_matching, first_page
from .query_parser import Query, QueryError, Term, parse_query

__all__ = [
    "Highlight",
    "Query",
    "QueryError",
    "Term",
    "count_outdated",
    "ensure_index",
    "filter_and_rank",
    "filter_matching",
    "first_page",
    "fold_text",
    "highlights",
    "missing_pieces",
    "parse_query",
    "rebuild_index",
    "register_functions",
]
