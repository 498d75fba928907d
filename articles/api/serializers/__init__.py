"""What clients get of each resource, field by field."""

from .articles import ArticleListSerializer, ArticleSerializer, Fragment
from .briefs import OrganizationBrief, PlaceBrief, ReporterBrief
from .mentions import MentionSerializer, NewsroomMentionSerializer
from .pages import LoadFileSerializer, LoadSerializer, NewsroomPageSerializer, PageSerializer
from .records import (
    AliasSerializer,
    OrganizationSerializer,
    PlaceListSerializer,
    PlaceSerializer,
    ReporterSerializer,
)
from .shown import address

__all__ = [
    "AliasSerializer",
    "ArticleListSerializer",
    "ArticleSerializer",
    "Fragment",
    "LoadFileSerializer",
    "LoadSerializer",
    "MentionSerializer",
    "NewsroomMentionSerializer",
    "NewsroomPageSerializer",
    "OrganizationBrief",
    "OrganizationSerializer",
    "PageSerializer",
    "PlaceBrief",
    "PlaceListSerializer",
    "PlaceSerializer",
    "ReporterBrief",
    "ReporterSerializer",
    "address",
]
