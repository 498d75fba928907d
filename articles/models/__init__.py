"""What Newsroom keeps; one file an aggregate."""

from .alias import Alias
from .article import Article
from .load import Load, LoadFile
from .mention import Mention
from .organization import Organization
from .page import Page
from .place import Place
from .reporter import Byline, Reporter

__all__ = [
    "Alias",
    "Article",
    "Byline",
    "Load",
    "LoadFile",
    "Mention",
    "Organization",
    "Page",
    "Place",
    "Reporter",
]
