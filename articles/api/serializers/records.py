"""Serializers of reporters, places and organizations, with the number of articles that name them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.api.resources import visibility
from articles.counts.article_counts import Naming
from articles.models import Alias, Organization, Place, Reporter

from .base import ReadOnlySerializer, SparseSerializer
from .briefs import PlaceBriefSerializer


class NamingSerializer(serializers.Serializer[Naming]):
    """The number of articles that name a record, and the first and last of their issue dates."""

    article_count = serializers.IntegerField()
    first_named = serializers.DateField(allow_null=True)
    last_named = serializers.DateField(allow_null=True)


class NamedSerializer(SparseSerializer):
    """A record with its other names, and counts of the articles that name it and the client may see."""

    aliases = serializers.ListField(child=serializers.CharField(), source="other_names")
    article_count = serializers.IntegerField(source="naming.article_count")
    first_named = serializers.DateField(source="naming.first_named", allow_null=True)
    last_named = serializers.DateField(source="naming.last_named", allow_null=True)


_NAMING = ["aliases", "article_count", "first_named", "last_named", "updated_at"]


class ReporterSerializer(NamedSerializer):
    """A person whom articles credit; `disambiguation` distinguishes two of the same name."""

    class Meta:
        model = Reporter
        fields = ["id", "url", "name", "disambiguation", *_NAMING]


class AliasSerializer(ReadOnlySerializer):
    """Another name of a record."""

    class Meta:
        model = Alias
        fields = ["id", "name"]


class PlaceListSerializer(NamedSerializer):
    """A place with the places that it is within, the largest first; articles of places within it are not counted."""

    ancestors = serializers.SerializerMethodField()
    full_name = serializers.CharField()

    class Meta:
        model = Place
        fields = ["id", "url", "name", "full_name", "kind", "code", "ancestors", *_NAMING]

    @extend_schema_field(PlaceBriefSerializer(many=True))
    def get_ancestors(self, place: Place) -> Any:
        return [PlaceBriefSerializer.of(above) for above in place.ancestors()]


class PlaceSerializer(PlaceListSerializer):
    """A place with the places within it; `within` counts the articles of all of them too."""

    within = NamingSerializer(source="naming_within")
    children = serializers.SerializerMethodField()

    class Meta:
        model = Place
        fields = [*PlaceListSerializer.Meta.fields, "within", "children"]

    @extend_schema_field(PlaceBriefSerializer(many=True))
    def get_children(self, place: Place) -> Any:
        children = visibility.places_and_above(self.context["request"])
        group = Place.objects.filter(pk=place.pk) | Place.objects.filter(merged_into=place)
        return PlaceBriefSerializer(children.filter(parent__in=group), many=True).data


class OrganizationSerializer(NamedSerializer):
    """An organization with its seat."""

    seat = PlaceBriefSerializer(source="seat.untrashed_survivor", default=None, allow_null=True)

    class Meta:
        model = Organization
        fields = ["id", "url", "name", "kind", "seat", *_NAMING]
