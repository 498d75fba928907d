"""Presence: which editors have a record open at the moment."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

# An editor without a signal for this long has left; signals come every twenty seconds.
_THERE = dt.timedelta(seconds=60)
_FORGOTTEN = dt.timedelta(hours=1)


class _PresenceQuerySet(models.QuerySet["Presence"]):
    def of(self, record: models.Model) -> Self:
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def see(self, record: models.Model, user: Any) -> None:
        """Record that a user has a record open, and delete rows of those who left long ago."""
        now = timezone.now()
        self.filter(seen_at__lt=now - _FORGOTTEN).delete()
        row = Presence(
            content_type=ContentType.objects.get_for_model(record),
            object_id=record.pk,
            user=user,
            seen_at=now,
        )
        self.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["content_type", "object_id", "user"],
            update_fields=["seen_at"],
        )

    def leave(self, record: models.Model, user: Any) -> None:
        self.of(record).filter(user=user).delete()

    def others(self, record: models.Model, user: Any) -> list[Presence]:
        """The other users who have a record open."""
        there = self.of(record).filter(seen_at__gte=timezone.now() - _THERE)
        return list(there.exclude(user=user).select_related("user").order_by("pk"))


class Presence(models.Model):
    """An editor who had the page of a record open at `seen_at`."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    objects = _PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "user"], name="presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.content_type_id} {self.object_id} {self.user_id}"

    @property
    def who(self) -> str:
        return self.user.get_full_name() or self.user.get_username()
