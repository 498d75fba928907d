"""What clients get of each resource."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from articles.models import Alias, Article, Byline, Mention, Organization, Page, Place, Reporter
from articles.models.naming import Naming

from . import visibility


class ReporterSerializer(serializers.ModelSerializer[Reporter]):
    class Meta:
        model = Reporter
        fields = ["id", "name", "disambiguation"]


class PrintedSerializer(serializers.ModelSerializer[Page]):
    """Where an article was printed."""

    class Meta:
        model = Page
        fields = ["id", "publication", "issue_date", "page_number", "page_name"]


class BylineSerializer(serializers.ModelSerializer[Byline]):
    reporter = ReporterSerializer()

    class Meta:
        model = Byline
        fields = ["reporter", "role", "surface", "start", "end"]


class CreditSerializer(serializers.ModelSerializer[Byline]):
    """A byline as lists show it."""

    id = serializers.IntegerField(source="reporter_id")
    name = serializers.CharField(source="reporter.name")

    class Meta:
        model = Byline
        fields = ["id", "name", "role"]


class PlaceBriefSerializer(serializers.ModelSerializer[Place]):
    """A place as other records name it."""

    class Meta:
        model = Place
        fields = ["id", "code", "name"]


class OrganizationBriefSerializer(serializers.ModelSerializer[Organization]):
    """An organization as other records name it."""

    class Meta:
        model = Organization
        fields = ["id", "name"]


class MentionSerializer(serializers.ModelSerializer[Mention]):
    """Where an article names something: `start` and `end` count the code points of its `part`, end not included."""

    status = serializers.SerializerMethodField()
    record = serializers.SerializerMethodField()

    class Meta:
        model = Mention
        fields = ["kind", "part", "start", "end", "surface", "status", "record", "method", "rule", "score"]

    @extend_schema_field(serializers.ChoiceField(Mention.Status.choices))
    def get_status(self, mention: Mention) -> str:
        """What stands after the editor's word: one that an editor linked is linked."""
        return Mention.Status.LINKED if mention.record else mention.status

    @extend_schema_field(
        PolymorphicProxySerializer(
            "MentionRecord", [PlaceBriefSerializer, OrganizationBriefSerializer], None, allow_null=True
        )
    )
    def get_record(self, mention: Mention) -> dict[str, Any] | None:
        """The place or the organization, as `kind` has it; null if it is ambiguous or unknown."""
        match mention.record:
            case Place() as place:
                return PlaceBriefSerializer(place).data
            case Organization() as organization:
                return OrganizationBriefSerializer(organization).data
        return None


class _ArticleSerializer(serializers.ModelSerializer[Article]):
    """What an article names, each record once; it belongs to the seats of its organizations too."""

    page = PrintedSerializer(allow_null=True)
    places = serializers.SerializerMethodField()
    organizations = serializers.SerializerMethodField()

    @extend_schema_field(PlaceBriefSerializer(many=True))
    def get_places(self, article: Article) -> Any:
        places = (mention.place_of_article for mention in article.mentions.all())
        return PlaceBriefSerializer(list(dict.fromkeys(filter(None, places))), many=True).data

    @extend_schema_field(OrganizationBriefSerializer(many=True))
    def get_organizations(self, article: Article) -> Any:
        records = (mention.record for mention in article.mentions.all())
        organizations = [record for record in records if isinstance(record, Organization)]
        return OrganizationBriefSerializer(list(dict.fromkeys(organizations)), many=True).data


class ArticleListSerializer(_ArticleSerializer):
    """An article without its text."""

    bylines = CreditSerializer(many=True)

    class Meta:
        model = Article
        fields = [
            "id", "publication", "issue_date", "section", "kicker", "headline", "subtitle", "bylines", "page",
            "places", "organizations", "status", "reviewed", "version", "updated_at",
        ]  # fmt: skip


class SpannedTextSerializer(serializers.Serializer[dict[str, Any]]):
    """A printed block: its spans count the code points of the page's text, end not included."""

    kind = serializers.CharField()
    text = serializers.CharField()
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    )


class ArticleSerializer(_ArticleSerializer):
    """An article with its text, and where it names what; refuted mentions are left out."""

    blocks = SpannedTextSerializer(many=True)
    bylines = BylineSerializer(many=True)
    mentions = MentionSerializer(many=True)

    class Meta:
        model = Article
        fields = [
            *ArticleListSerializer.Meta.fields,
            "dateline", "agency", "body", "blocks", "mentions", "position", "start", "end", "created_at",
        ]  # fmt: skip


class PageSerializer(serializers.ModelSerializer[Page]):
    class Meta:
        model = Page
        fields = [
            "id", "sha256", "encoding", "flags", "publication", "issue_date", "issue_date_source",
            "page_number", "page_name", "home_code",
        ]  # fmt: skip


class StaffPageSerializer(serializers.ModelSerializer[Page]):
    """A page with its text and earlier version, which may tell of drafts."""

    class Meta:
        model = Page
        fields = [*PageSerializer.Meta.fields, "replaces", "text"]


class NamingSerializer(serializers.Serializer[Naming]):
    """How many articles name a record, and the issue dates of the first and the last of them."""

    article_count = serializers.IntegerField()
    first_named = serializers.DateField(allow_null=True)
    last_named = serializers.DateField(allow_null=True)


class NamedSerializer(serializers.ModelSerializer[Any]):
    """A record with its other names, and with the articles that name it among those that the client sees."""

    aliases = serializers.SlugRelatedField[Alias]("name", many=True, read_only=True)
    article_count = serializers.IntegerField(source="naming.article_count")
    first_named = serializers.DateField(source="naming.first_named", allow_null=True)
    last_named = serializers.DateField(source="naming.last_named", allow_null=True)


class PlaceListSerializer(NamedSerializer):
    """A place with all that it lies in, the largest first; articles below it are not counted here."""

    ancestors = PlaceBriefSerializer(many=True)
    full_name = serializers.CharField()

    class Meta:
        model = Place
        fields = [
            "id", "name", "full_name", "kind", "code", "ancestors", "aliases", "article_count", "first_named",
            "last_named",
        ]  # fmt: skip


class PlaceSerializer(PlaceListSerializer):
    """A place with what lies in it; `within` counts the articles of the place and of everything below it."""

    within = serializers.SerializerMethodField()
    children = serializers.SerializerMethodField()

    class Meta:
        model = Place
        fields = [*PlaceListSerializer.Meta.fields, "within", "children"]

    @extend_schema_field(NamingSerializer)
    def get_within(self, place: Place) -> Any:
        mentions = visibility.mentions(self.context["request"]).of_places(Place.objects.within(place))
        return NamingSerializer(mentions.naming()).data

    @extend_schema_field(PlaceBriefSerializer(many=True))
    def get_children(self, place: Place) -> Any:
        children = visibility.places_and_above(self.context["request"]).filter(parent=place)
        return PlaceBriefSerializer(children, many=True).data


class OrganizationSerializer(NamedSerializer):
    seat = PlaceBriefSerializer(allow_null=True)

    class Meta:
        model = Organization
        fields = ["id", "name", "kind", "seat", "aliases", "article_count", "first_named", "last_named"]
