"""Newsroom's API as in a textbook: model view sets, prefetching, numbered pages, `icontains`.

It uses the same models and database, with the same JSON for a list's rows, but has no authentication and no throttle.
A place's articles are found by the paths of the places that they name, without the tables of appearances.
"""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import include, path
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.filters import SearchFilter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.viewsets import ModelViewSet

from articles.models import Article, Byline, Mention, Organization, Page, Place, Reporter

SHOWN = 20  # values of a facet


class ReporterSerializer(serializers.ModelSerializer[Reporter]):
    class Meta:
        model = Reporter
        fields = ["id", "name", "disambiguation"]


class BylineSerializer(serializers.ModelSerializer[Byline]):
    reporter = ReporterSerializer()

    class Meta:
        model = Byline
        fields = ["reporter", "role"]


class PageSerializer(serializers.ModelSerializer[Page]):
    class Meta:
        model = Page
        fields = ["id", "publication", "issue_date", "page_number", "page_name"]


class PlaceSerializer(serializers.ModelSerializer[Place]):
    class Meta:
        model = Place
        fields = ["id", "code", "name"]


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    class Meta:
        model = Organization
        fields = ["id", "name"]


class MentionSerializer(serializers.ModelSerializer[Mention]):
    class Meta:
        model = Mention
        fields = ["id", "kind", "part", "start", "end", "surface", "status", "method", "rule", "score"]


class ArticleSerializer(serializers.ModelSerializer[Article]):
    url = serializers.HyperlinkedIdentityField(view_name="article-detail")
    bylines = BylineSerializer(many=True)
    page = PageSerializer()
    places = serializers.SerializerMethodField()
    organizations = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = [
            "id", "url", "publication", "issue_date", "section", "kicker", "headline", "subtitle", "bylines", "page",
            "places", "organizations", "status", "reviewed", "version", "updated_at",
        ]  # fmt: skip

    def get_places(self, article: Article) -> Any:
        named = [row.place for row in article.place_appearances.all() if row.position is not None]
        return PlaceSerializer(named, many=True).data

    def get_organizations(self, article: Article) -> Any:
        named = [row.organization for row in article.organization_appearances.all()]
        return OrganizationSerializer(named, many=True).data


class ArticleDetailSerializer(ArticleSerializer):
    mentions = MentionSerializer(many=True)

    class Meta:
        model = Article
        fields = [
            *ArticleSerializer.Meta.fields,
            "dateline", "agency", "body", "blocks", "mentions", "position", "start", "end", "created_at",
        ]  # fmt: skip


class ArticleFilter(filters.FilterSet):  # type: ignore[misc] # django-filter has no types
    reporter = filters.NumberFilter(field_name="bylines__reporter", distinct=True)
    place = filters.CharFilter(method="by_place")
    issue_date = filters.DateFromToRangeFilter()

    class Meta:
        model = Article
        fields = ["publication"]

    def by_place(self, queryset: QuerySet[Article], _name: str, value: str) -> QuerySet[Article]:
        place = Place.objects.filter(code=value).first()
        return queryset.filter(_within(place.path)).distinct() if place else queryset.none()


def _within(path: str) -> Q:
    return Q(place_appearances__position__isnull=False, place_appearances__place__path__startswith=path)


class ArticleViewSet(ModelViewSet[Article]):
    queryset = (
        Article.objects.filter(status="published")
        .select_related("page")
        .prefetch_related(
            "bylines__reporter", "place_appearances__place", "organization_appearances__organization"
        )
        .order_by("-sort_date", "-pk")
    )
    filter_backends = [filters.DjangoFilterBackend, SearchFilter]
    filterset_class = ArticleFilter
    search_fields = ["headline", "kicker", "subtitle", "body"]

    def get_queryset(self) -> QuerySet[Article]:
        articles = super().get_queryset()
        return articles.prefetch_related("mentions") if self.action == "retrieve" else articles

    def get_serializer_class(self) -> Any:
        return ArticleDetailSerializer if self.action == "retrieve" else ArticleSerializer

    @action(detail=False)
    def facets(self, request: Request) -> Response:
        articles = self.counted()
        return Response(
            {
                "reporter": _commonest(articles, "bylines__reporter", "bylines__reporter__name"),
                "place": _counties(articles),
                "organization": _commonest(
                    articles,
                    "organization_appearances__organization",
                    "organization_appearances__organization__name",
                ),
                "publication": _commonest(articles, "publication"),
                "month": _months(articles),
            }
        )

    @action(detail=False)
    def timeline(self, request: Request) -> Response:
        return Response(_months(self.counted()))

    @action(detail=False)
    def company(self, request: Request) -> Response:
        """Who and what is named together with the place of `?place=`; months are left out."""
        articles = self.counted()
        return Response(
            {
                "reporter": _commonest(articles, "bylines__reporter", "bylines__reporter__name"),
                "place": _commonest(
                    articles.filter(place_appearances__position__isnull=False),
                    "place_appearances__place",
                    "place_appearances__place__name",
                ),
                "organization": _commonest(
                    articles,
                    "organization_appearances__organization",
                    "organization_appearances__organization__name",
                ),
            }
        )

    def counted(self) -> QuerySet[Article]:
        found: QuerySet[Article] = self.filter_queryset(self.get_queryset())
        ids = found.order_by().values("pk")
        return Article.objects.filter(pk__in=ids).order_by()


def _commonest(articles: QuerySet[Article], *columns: str) -> list[Any]:
    rows = articles.filter(**{f"{columns[0]}__isnull": False}).values(*columns)
    return list(rows.annotate(count=Count("pk", distinct=True)).order_by("-count", columns[0])[:SHOWN])


def _counties(articles: QuerySet[Article]) -> list[Any]:
    """The counties of the places that are named."""
    counties = articles.filter(place_appearances__place__kind="county")
    return _commonest(counties, "place_appearances__place", "place_appearances__place__name")


def _months(articles: QuerySet[Article]) -> list[Any]:
    rows = articles.annotate(month=TruncMonth("issue_date")).values("month")
    return list(rows.annotate(count=Count("pk")).order_by("month"))


router = DefaultRouter()
router.register("articles", ArticleViewSet, basename="article")
urlpatterns = [path("api/v1/", include(router.urls))]
