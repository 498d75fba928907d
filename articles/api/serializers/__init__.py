"""Serializers of the resources: which fields clients read and write."""

from .articles import ArticleListSerializer, ArticleSerializer, FragmentSerializer
from .briefs import OrganizationBriefSerializer, PlaceBriefSerializer, ReporterBriefSerializer
from .mentions import MentionSerializer, NewsroomMentionSerializer
from .pages import LoadFileSerializer, LoadSerializer, NewsroomPageSerializer, PageSerializer
from .records import (
    AliasSerializer,
    OrganizationSerializer,
    PlaceListSerializer,
    PlaceSerializer,
    ReporterSerializer,
)

__all__ = [
    "AliasSerializer",
    "ArticleListSerializer",
    "ArticleSerializer",
    "FragmentSerializer",
    "LoadFileSerializer",
    "LoadSerializer",
    "MentionSerializer",
    "NewsroomMentionSerializer",
    "NewsroomPageSerializer",
    "OrganizationBriefSerializer",
    "OrganizationSerializer",
    "PageSerializer",
    "PlaceBriefSerializer",
    "PlaceListSerializer",
    "PlaceSerializer",
    "ReporterBriefSerializer",
    "ReporterSerializer",
]
