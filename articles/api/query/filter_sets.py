"""The filters of each resource: which parameters narrow its list, and how."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters

from articles.api.http.query_cache import cached_until_written
from articles.api.serializers.mentions import OUTCOMES
from articles.models import (
    Article,
    Byline,
    Load,
    LoadFile,
    Mention,
    Organization,
    OrganizationAppearance,
    Page,
    Place,
    PlaceAppearance,
    Reporter,
)
from articles.models.last_change import has_changed_since
from articles.models.mention import MentionQuerySet
from articles.search import filter_and_rank

from .filter_backend import FilterSet
from .filters import (
    BehindFilter,
    BooleanFilter,
    CodeFilter,
    DateRangeFilter,
    DoubtFilter,
    IdsFilter,
    NameFilter,
    PlacesFilter,
    PublicationFilter,
    SearchFilter,
    SurvivorsFilter,
    TimeFilter,
    exact_text_filter,
)
from .parameters import parse_ids, parse_search

# The rows that link articles to what they name or credit.
_NAMING: dict[str, Any] = {
    "reporter": Byline,
    "place": PlaceAppearance,
    "organization": OrganizationAppearance,
}
# More rows than this are tested article by article: see `naming`.
_MANY = 1_000


class ArticleFilterSet(FilterSet):
    q = SearchFilter(
        method="search",
        help_text=(
            "Full text: words with blanks or AND between must all be there, “a phrase” in quotes as it stands, -word or NOT"
            " word must not, and of words with OR between one must; OR binds closer. `headline:` (or `kicker:`,"
            " `subtitle:`, `body:`) before a word or phrase looks there alone. Two characters, and one, are found inside a"
            " sentence; Traditional finds Simplified. There are no brackets and no `*`."
        ),
    )
    id = IdsFilter(help_text="Articles by their ids, with commas between.")
    id_after = BehindFilter()
    reporter = IdsFilter(method="naming", help_text="Ids: articles that credit one of these reporters.")
    place = IdsFilter(
        method="naming",
        help_text=(
            "Ids or official codes: articles that name one of these places, something within it, or an"
            " organization that has its seat there."
        ),
    )
    organization = IdsFilter(method="naming", help_text="Ids: articles that name one of these organizations.")
    reporter_all = IdsFilter(method="by_all", help_text="Ids: articles that credit each of these reporters.")
    place_all = IdsFilter(
        method="by_all", help_text="Ids or official codes: articles of each of these places."
    )
    organization_all = IdsFilter(
        method="by_all", help_text="Ids: articles that name each of these organizations."
    )
    reporter_not = IdsFilter(method="by_none", help_text="Ids: articles that credit none of these reporters.")
    place_not = IdsFilter(
        method="by_none", help_text="Ids or official codes: articles of none of these places."
    )
    organization_not = IdsFilter(
        method="by_none", help_text="Ids: articles that name none of these organizations."
    )
    role = filters.ChoiceFilter(
        choices=Byline.Role.choices,
        method="by_role",
        help_text="Articles with a credit of this role; with `reporter`, with such a credit of one of these reporters.",
    )
    agency = exact_text_filter(help_text="The agency that the article is from, as 新华社, whole.")
    page = IdsFilter(help_text="Ids: articles that were printed on one of these pages.")
    publication = PublicationFilter()
    section = exact_text_filter(help_text="The section of the paper, as 要闻, whole.")
    issue_date = DateRangeFilter()
    updated_since = TimeFilter(
        method="by_change",
        help_text=(
            "Articles whose representation changed since then. To follow the archive, ask for `ordering=updated_at`, and"
            " next time for what changed since the last article that you got: an article may come twice, and none is left out."
        ),
    )
    status = filters.ChoiceFilter(
        choices=Article.Status.choices,
        help_text="Articles of this status; those in the trash are listed only so.",
    )
    reviewed = BooleanFilter(help_text="Whether an editor looked at all of the article.")
    doubtful = DoubtFilter(
        field_name="article", help_text="Whether a name in it is ambiguous or unknown, and undecided."
    )

    rights = dict.fromkeys(("status", "reviewed", "doubtful"), "articles.view_article")

    class Meta:
        model = Article
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Articles in the trash are listed only if the client asks for that status."""
        articles: QuerySet[Article] = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("status"):
            return articles
        return articles.exclude(status=Article.Status.TRASHED)

    def search(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        return filter_and_rank(queryset, parse_search(name, value))

    def by_all(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        kind = name.removesuffix("_all")
        for record in parse_ids(name, value):
            queryset = queryset.filter(self.has_one(kind, str(record)))
        return queryset

    def by_none(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        parse_ids(name, value)  # names the parameter if it is wrong
        return queryset.exclude(self.has_one(name.removesuffix("_not"), value))

    def has_one(self, kind: str, value: str) -> Exists:
        """Condition of articles that name or credit one of the requested records."""
        records = cached_until_written((kind, value), lambda: requested_records(kind, value))
        rows = _NAMING[kind].objects.filter(**{f"{kind}__in": records})
        return Exists(rows.filter(article=OuterRef("pk")))

    def by_role(self, queryset: QuerySet[Article], _name: str, value: str) -> QuerySet[Article]:
        credits = Byline.objects.filter(article=OuterRef("pk"), role=value, reporter__trashed_at=None)
        if reporters := self.data.get("reporter"):
            credits = credits.filter(reporter__in=requested_records("reporter", reporters))
        return queryset.filter(Exists(credits))

    def naming(self, queryset: QuerySet[Article], name: str, value: str) -> QuerySet[Article]:
        """Articles that name or credit one of the requested records.

        A list reads articles in its order until a page is full. If many articles match, it tests one after the other,
        as the page is soon full; if few match, and for counts, it looks up the ids of all first.
        """

        def look_up() -> tuple[list[int], bool]:
            records = requested_records(name, value)
            rows = _NAMING[name].objects.filter(**{f"{name}__in": records}).order_by()
            return records, self.is_listed and rows[_MANY : _MANY + 1].exists()

        records, are_many = cached_until_written((name, value, self.is_listed), look_up)
        rows = _NAMING[name].objects.filter(**{f"{name}__in": records})
        if are_many:
            return queryset.filter(Exists(rows.filter(article=OuterRef("pk"))))
        return queryset.filter(pk__in=rows.values("article"))

    @property
    def is_listed(self) -> bool:
        """Whether the request is for a page of a list without its count."""
        is_list = self.request.parser_context["view"].action == "list"
        return is_list and "count" not in self.request.query_params

    def by_change(self, queryset: QuerySet[Article], _name: str, value: dt.datetime) -> QuerySet[Article]:
        return queryset.filter(has_changed_since(value, queryset.db))


def _changed_since(time: dt.datetime, using: str) -> QuerySet[Article]:
    return Article.objects.using(using).filter(has_changed_since(time, using)).order_by()


def requested_records(name: str, value: str) -> list[int]:
    """The ids of the records that a parameter asks for; a merged record is replaced by its target."""
    asked = parse_ids(name, value)
    match name:
        case "reporter":
            records: QuerySet[Any] = Reporter.objects.group_of(Reporter.objects.survivors_of(asked))
        case "place":
            records = Place.objects.by_ids_or_codes(asked)
        case _:
            records = Organization.objects.survivors_of(asked)
    return list(records.order_by().values_list("pk", flat=True))


class RecordFilterSet(FilterSet):
    """Filters of reporters, places and organizations."""

    id = SurvivorsFilter(help_text="By their ids, with commas between, or what these are merged into.")
    id_after = BehindFilter()
    name = NameFilter(
        max_length=100, help_text="The name or an alias, in Simplified or Traditional characters, whole."
    )
    updated_since = TimeFilter(
        field_name="updated_at",
        lookup_expr="gte",
        help_text="Records whose own fields, names or merges changed since then. To keep a copy, follow `changes/`.",
    )


class ReporterFilterSet(RecordFilterSet):
    class Meta:
        model = Reporter
        fields: list[str] = []


class PlaceFilterSet(RecordFilterSet):
    code = CodeFilter(
        max_length=12,
        help_text="Official code, of 6, 9 or 12 digits; of a province 2 and of a city 4 are enough.",
    )
    kind = filters.ChoiceFilter(
        choices=Place.Kind.choices, help_text="The level of official divisions, or `other`."
    )
    parent = PlacesFilter(help_text="Ids or official codes: places directly within one of these.")

    class Meta:
        model = Place
        fields: list[str] = []


class OrganizationFilterSet(RecordFilterSet):
    kind = filters.ChoiceFilter(
        choices=Organization.Kind.choices, help_text="What kind of organization it is."
    )
    seat = PlacesFilter(help_text="Ids or official codes: organizations seated in one of these places.")

    class Meta:
        model = Organization
        fields: list[str] = []


class MentionFilterSet(FilterSet):
    id_after = BehindFilter()
    article = IdsFilter(help_text="Ids of articles.")
    place = IdsFilter(
        method="by_place", help_text="Ids or official codes: mentions by which articles belong to a place."
    )
    organization = IdsFilter(method="by_organization", help_text="Ids of organizations.")
    kind = filters.ChoiceFilter(choices=Mention.Kind.choices, help_text="What is named.")
    part = filters.ChoiceFilter(
        choices=Mention.Part.choices, help_text="The part of the article that names it."
    )
    surface = exact_text_filter(help_text="The name as printed, whole.")
    status = filters.ChoiceFilter(
        choices=OUTCOMES,
        method="by_status",
        help_text="By the status that results from the editor's decision; rejected mentions are for the newsroom.",
    )
    verdict = filters.ChoiceFilter(choices=Mention.Verdict.choices, help_text="The decision of an editor.")
    doubtful = DoubtFilter(field_name="pk", help_text="Ambiguous or unknown, and not decided by an editor.")
    updated_since = TimeFilter(
        method="by_change",
        help_text="Mentions in articles that changed since then; so does an article with each of its mentions.",
    )

    rights = {"verdict": "articles.view_article"}

    class Meta:
        model = Mention
        fields: list[str] = []

    def by_place(self, queryset: MentionQuerySet, name: str, value: str) -> MentionQuerySet:
        return queryset.of_places(Place.objects.by_ids_or_codes(parse_ids(name, value)))

    def by_organization(self, queryset: MentionQuerySet, name: str, value: str) -> MentionQuerySet:
        return queryset.of_organizations(Organization.objects.survivors_of(parse_ids(name, value)))

    def by_change(self, queryset: MentionQuerySet, _name: str, value: dt.datetime) -> MentionQuerySet:
        return queryset.filter(article__in=_changed_since(value, queryset.db).values("pk"))

    def by_status(self, queryset: MentionQuerySet, _name: str, value: str) -> MentionQuerySet:
        return queryset.with_status(value)


class PageFilterSet(FilterSet):
    id = IdsFilter(help_text="By their ids, with commas between.")
    id_after = BehindFilter()
    publication = PublicationFilter()
    page_number = exact_text_filter(help_text="As printed: 6, A06.")
    issue_date = DateRangeFilter()
    updated_since = TimeFilter(
        method="by_change",
        help_text="Pages of which an article changed since then; so does each with its page's date, paper, number and name.",
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def by_change(self, queryset: QuerySet[Page], _name: str, value: dt.datetime) -> QuerySet[Page]:
        return queryset.filter(pk__in=_changed_since(value, queryset.db).exclude(page=None).values("page"))


class IssueFilterSet(FilterSet):
    """Filters of the days of a paper."""

    issue_date = DateRangeFilter()

    class Meta:
        model = Page
        fields: list[str] = []


class LoadFilterSet(FilterSet):
    started_since = TimeFilter(
        field_name="started_at", lookup_expr="gte", help_text="Loads that began at this time or later."
    )

    class Meta:
        model = Load
        fields: list[str] = []


class LoadFileFilterSet(FilterSet):
    outcome = filters.ChoiceFilter(choices=LoadFile.Outcome.choices, help_text="What became of the file.")

    class Meta:
        model = LoadFile
        fields: list[str] = []
