"""The tables of Newsroom, with their constraints and querysets."""

from . import accounts  # noqa: F401 - the history of Django's own models
from .alias import Alias, NameRuling
from .appearance import OrganizationAppearance, PlaceAppearance
from .article import Article
from .boundary import Boundary, Region
from .last_change import FeedEntry, FeedState, LastChange
from .load import Load, LoadFile
from .mention import Mention
from .merge import Distinction, Merge
from .organization import Organization
from .page import Page, PageAcceptance, PageResidue, PageSetting
from .place import Place
from .presence import Presence
from .programs import ApiToken, WebhookDelivery, WebhookEndpoint
from .reporter import Byline, Reporter
from .upload import Upload, UploadedFile

__all__ = [
    "Alias",
    "ApiToken",
    "Article",
    "Boundary",
    "Byline",
    "Distinction",
    "FeedEntry",
    "FeedState",
    "LastChange",
    "Load",
    "LoadFile",
    "Mention",
    "Merge",
    "NameRuling",
    "Organization",
    "OrganizationAppearance",
    "Page",
    "PageAcceptance",
    "PageResidue",
    "PageSetting",
    "Place",
    "PlaceAppearance",
    "Presence",
    "Region",
    "Reporter",
    "Upload",
    "UploadedFile",
    "WebhookDelivery",
    "WebhookEndpoint",
]
