"""What editors see; one file an area."""

from . import articles, entities, loads, mentions, pages

__all__ = ["articles", "entities", "loads", "mentions", "pages"]
