"""What editors see; one file an area."""

from . import tokens
from .article import articles, boundaries, mentions
from .loads import loads
from .records import aliases, merge_decisions, organizations, places, reporters
from .review import pages

__all__ = [
    "aliases",
    "articles",
    "boundaries",
    "loads",
    "mentions",
    "merges",
    "organizations",
    "pages",
    "places",
    "reporters",
    "tokens",
]
