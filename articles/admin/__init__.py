"""What editors see; one file an area."""

from . import articles, boundaries, entities, loads, mentions, merges, pages, tokens

__all__ = ["articles", "boundaries", "entities", "loads", "mentions", "merges", "pages", "tokens"]
