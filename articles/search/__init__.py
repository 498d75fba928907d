"""The one place that knows how the text of articles is indexed and asked for.

`parse` reads what a person asks; `matching` and `ranked` narrow articles to the answer, of which `first` reads a page;
`highlights` shows why each is one. Text is compared by its `fold`. The database keeps the index by triggers; `prepare`
makes them.
"""

from .folding import fold
from .highlights import Highlight, highlights
from .index_maintenance import missing, prepare, rebuild, register, stale
from .matching import first, matching, ranked
from .query_parser import MAX_CHARACTERS, MAX_TERMS, Query, QueryError, parse

__all__ = [
    "MAX_CHARACTERS",
    "MAX_TERMS",
    "Highlight",
    "Query",
    "QueryError",
    "first",
    "fold",
    "highlights",
    "matching",
    "missing",
    "parse",
    "prepare",
    "ranked",
    "rebuild",
    "register",
    "stale",
]
