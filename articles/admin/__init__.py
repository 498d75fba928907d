"""What editors see; one file an area."""

from . import articles, entities, loads, mentions, merges, pages, tokens

__all__ = ["articles", "entities", "loads", "mentions", "merges", "pages", "tokens"]
