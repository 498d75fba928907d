"""Which places and organizations appear in which articles: derived from mentions, verdicts, merges and the trash.

Lists, filters and counts read these narrow tables, for to join mentions with all that lies in a province takes
seconds. They follow every single save and delete; whoever writes mentions in bulk calls `refresh`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from articles.reading.values import PARTS

from .article import HIDDEN, Article
from .change import ArticleChange
from .history import is_by_machine
from .mention import Mention
from .organization import Organization
from .page import Page
from .place import Place
from .reporter import Byline, Reporter

# Articles that one statement takes; SQLite takes 32,766 parameters at most.
TOGETHER = 1_000


class AppearanceQuerySet(models.QuerySet[Any]):
    def published(self) -> AppearanceQuerySet:
        """The appearances that everybody may see."""
        return self.exclude(article__status__in=HIDDEN)

    def of(self, record: Place | Organization) -> AppearanceQuerySet:
        """The appearances of a record itself, and not of what lies in it."""
        return self.filter(**{self.model.RECORD: record}).filter(position__isnull=False)


class Appearance(models.Model):
    """That an article names a record; `position` sorts them as the article reads: headline, kicker, subtitle, body."""

    position = models.PositiveIntegerField(null=True)

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}"


class PlaceAppearance(Appearance):
    """That an article belongs to a place: it names the place, a body seated there, or (no `position`) what lies in it."""

    RECORD = "place"
    pk = models.CompositePrimaryKey("place", "article")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="appearances", db_index=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="place_appearances")

    class Meta:
        # What names the place itself: of a province that is little among all that lies in it.
        indexes = [
            models.Index(
                fields=["place", "article"], condition=Q(position__isnull=False), name="placeappearance_named"
            )
        ]


class OrganizationAppearance(Appearance):
    """That an article names an organization."""

    RECORD = "organization"
    pk = models.CompositePrimaryKey("organization", "article")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="appearances", db_index=False
    )
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="organization_appearances")


_POSITION = f"""
    CASE mention.part {" ".join(f"WHEN '{part}' THEN {number}" for number, part in enumerate(PARTS))} END * 100000000
    + mention.start
"""
_ORGANIZATIONS = f"""
INSERT INTO articles_organizationappearance (article_id, organization_id, position)
SELECT mention.article_id, COALESCE(named.merged_into_id, named.id), MIN({_POSITION})
FROM articles_mention mention
JOIN articles_organization named ON named.id = COALESCE(mention.decided_organization_id, mention.organization_id)
WHERE mention.verdict <> 'rejected' AND named.trashed_at IS NULL AND mention.article_id {{articles}}
GROUP BY 1, 2
"""  # noqa: S608 - no value in it
_PLACES = f"""
INSERT INTO articles_placeappearance (article_id, place_id, position)
WITH RECURSIVE named (article_id, place_id, position) AS (
    SELECT mention.article_id, COALESCE(mention.decided_place_id, mention.place_id), {_POSITION}
    FROM articles_mention mention
    WHERE mention.verdict <> 'rejected' AND mention.article_id {{articles}}
    UNION ALL
    SELECT appearance.article_id, body.seat_id, appearance.position
    FROM articles_organizationappearance appearance
    JOIN articles_organization body ON body.id = appearance.organization_id
    WHERE appearance.article_id {{articles}}
), above (article_id, place_id, position) AS (
    SELECT named.article_id, COALESCE(place.merged_into_id, place.id), named.position
    FROM named JOIN articles_place place ON place.id = named.place_id
    WHERE place.trashed_at IS NULL
    UNION
    SELECT above.article_id, COALESCE(parent.merged_into_id, parent.id), CAST(NULL AS integer)
    FROM above
    JOIN articles_place place ON place.id = above.place_id
    JOIN articles_place parent ON parent.id = place.parent_id
)
SELECT above.article_id, above.place_id, MIN(above.position)
FROM above JOIN articles_place place ON place.id = above.place_id
WHERE place.trashed_at IS NULL
GROUP BY 1, 2
"""  # noqa: S608 - no value in it


def refresh(articles: Collection[int], *, are_new: bool = False) -> None:
    """Derive anew what appears in articles, by id; new ones have nothing yet that would be in the way."""
    for some in _slices(sorted(articles)):
        marks = f"IN ({', '.join(['%s'] * len(some))})"
        with transaction.atomic():
            if not are_new:
                PlaceAppearance.objects.filter(article__in=some).delete()
                OrganizationAppearance.objects.filter(article__in=some).delete()
                ArticleChange.objects.note(some)
            with connection.cursor() as cursor:
                cursor.execute(_ORGANIZATIONS.format(articles=marks), some)
                cursor.execute(_PLACES.format(articles=marks), [*some, *some])


def rebuild() -> None:
    """Derive anew what appears in every article."""
    with transaction.atomic():
        PlaceAppearance.objects.all().delete()
        OrganizationAppearance.objects.all().delete()
        ArticleChange.objects.note_all()
        with connection.cursor() as cursor:
            cursor.execute(_ORGANIZATIONS.format(articles="IS NOT NULL"))
            cursor.execute(_PLACES.format(articles="IS NOT NULL"))


def stale() -> int:
    """How many appearances are wrong, or missing; the database is left as it was."""
    with transaction.atomic():
        before = _all()
        rebuild()
        wrong = len(before ^ _all())
        transaction.set_rollback(True)
    return wrong


def _all() -> set[tuple[Any, ...]]:
    """Every appearance, as values."""
    return {
        (model.RECORD, *row)
        for model in (PlaceAppearance, OrganizationAppearance)
        for row in model.objects.values_list(model.RECORD, "article", "position").iterator()
    }


def _slices(articles: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(articles), TOGETHER):
        yield articles[start : start + TOGETHER]


@receiver([post_save, post_delete], sender=Mention)
def _follow_mention(instance: Mention, **_kwargs: Any) -> None:
    if not is_by_machine():
        refresh([instance.article_id])
        Article.objects.filter(pk=instance.article_id).touch()


@receiver([post_save, post_delete], sender=Byline)
def _follow_byline(instance: Byline, **_kwargs: Any) -> None:
    if not is_by_machine():
        Article.objects.filter(pk=instance.article_id).touch()


@receiver(post_save, sender=Page)
def _follow_page(instance: Page, created: bool, **_kwargs: Any) -> None:
    """A page that a load states otherwise of is shown with its articles, which may read as before."""
    if not created:
        Article.objects.filter(page=instance).touch()


@receiver(post_save, sender=Reporter)
def _follow_reporter(instance: Reporter, created: bool, **_kwargs: Any) -> None:
    if not created:
        Article.objects.filter(bylines__reporter__in=instance.group()).touch()


@receiver(post_save, sender=Place)
@receiver(post_save, sender=Organization)
def _follow_record(instance: Place | Organization, created: bool, **_kwargs: Any) -> None:
    """A record that lies elsewhere by now takes its articles with it; a renamed one reads otherwise in them."""
    if not created:
        articles = list(instance.appearances.values_list("article", flat=True))
        refresh(articles)
        Article.objects.filter(
            pk__in=instance.appearances.filter(position__isnull=False).values("article")
        ).touch()
