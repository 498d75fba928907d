"""What Newsroom keeps; one file an aggregate."""

from .alias import Alias
from .appearance import OrganizationAppearance, PlaceAppearance
from .article import Article
from .load import Load, LoadFile
from .mention import Mention
from .merge import Distinction, Merge
from .organization import Organization
from .page import Page
from .place import Place
from .reporter import Byline, Reporter
from .token import ApiToken

__all__ = [
    "Alias",
    "ApiToken",
    "Article",
    "Byline",
    "Distinction",
    "Load",
    "LoadFile",
    "Mention",
    "Merge",
    "Organization",
    "OrganizationAppearance",
    "Page",
    "Place",
    "PlaceAppearance",
    "Reporter",
]
