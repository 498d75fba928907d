from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from ._online import AddIndexOnline, DropIndexOfField


def standing(record: str) -> models.Index:
    return models.Index(
        fields=[record, "verdict", f"decided_{record}", "id"],
        condition=Q(**{f"{record}__isnull": False}),
        name=f"mention_{record}",
    )


def named(record: str) -> models.ForeignKey[models.Model | None, models.Model | None]:
    return models.ForeignKey(
        f"articles.{record}",
        blank=True,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="mentions",
        verbose_name=record,
    )


class Migration(migrations.Migration):
    atomic = False  # an index is made online outside of a transaction only
    dependencies = [("articles", "0012_index_of_ranks")]

    operations = [
        AddIndexOnline("mention", standing("organization")),
        AddIndexOnline("mention", standing("place")),
        DropIndexOfField("mention", "organization", named("organization")),
        DropIndexOfField("mention", "place", named("place")),
    ]
