"""What editors see; one file an area."""

from . import (
    aliases,
    articles,
    boundaries,
    loads,
    mentions,
    merges,
    organizations,
    pages,
    places,
    reporters,
    tokens,
)

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
