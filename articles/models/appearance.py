"""The places and organizations that appear in articles, derived from mentions (see `articles/counts/appearances.py`).

Lists, filters and counts read these narrow tables: to join mentions with all places within a province takes seconds.
"""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from .article import HIDDEN, Article
from .organization import Organization
from .place import Place


class AppearanceQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """The appearances in articles that are public."""
        return self.exclude(article__status__in=HIDDEN)

    def of(self, record: Place | Organization) -> Self:
        """The appearances of a record itself, without those of places within it."""
        return self.filter(**{self.model.RECORD: record}).filter(position__isnull=False)


class Appearance(models.Model):
    """A record in an article; `position` is the place of its first mention, by the order of the parts, then by offset."""

    position = models.PositiveIntegerField(null=True)

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}"


class PlaceAppearance(Appearance):
    """A place of an article, which names it or an organization seated there; `position` is empty if only a place within it."""

    RECORD = "place"
    pk = models.CompositePrimaryKey("place", "article")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="appearances", db_index=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="place_appearances")

    class Meta:
        # Of the articles of a province few name the province itself.
        indexes = [
            models.Index(
                fields=["place", "article"], condition=Q(position__isnull=False), name="placeappearance_named"
            )
        ]


class OrganizationAppearance(Appearance):
    """An organization that an article names."""

    RECORD = "organization"
    pk = models.CompositePrimaryKey("organization", "article")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="appearances", db_index=False
    )
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="organization_appearances")
