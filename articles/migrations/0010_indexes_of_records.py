from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from ._online import AddIndexOnline, DropIndexOfField, RemoveIndexOnline


def merged_into(model: str) -> models.ForeignKey[models.Model | None, models.Model | None]:
    return models.ForeignKey(
        f"articles.{model}",
        blank=True,
        db_index=False,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="merged",
        verbose_name="merged into",
    )


def merged(model: str) -> models.Index:
    return models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name=f"{model}_merged")


class Migration(migrations.Migration):
    atomic = False  # an index is made online outside of a transaction only
    dependencies = [("articles", "0009_index_of_searches")]

    operations = [
        AddIndexOnline(
            "article", models.Index(fields=["page", "status", "-sort_date", "-id"], name="article_of_page")
        ),
        AddIndexOnline(
            "article",
            models.Index(
                fields=["sort_date", "page", "-position", "-id", "status"],
                condition=Q(reviewed=False),
                name="article_to_review",
            ),
        ),
        AddIndexOnline("mention", models.Index(fields=["surface", "id"], name="mention_surface")),
        AddIndexOnline("organization", models.Index(fields=["key"], name="organization_key")),
        AddIndexOnline("organization", models.Index(fields=["name", "id"], name="organization_by_name")),
        AddIndexOnline("organization", merged("organization")),
        AddIndexOnline(
            "page", models.Index(fields=["publication", "-sort_date", "-id"], name="page_of_publication")
        ),
        AddIndexOnline("place", models.Index(fields=["code", "id"], name="place_by_code")),
        AddIndexOnline("place", merged("place")),
        AddIndexOnline(
            "placeappearance",
            models.Index(
                fields=["place", "article"], condition=Q(position__isnull=False), name="placeappearance_named"
            ),
        ),
        AddIndexOnline("reporter", models.Index(fields=["name", "id"], name="reporter_by_name")),
        AddIndexOnline("reporter", merged("reporter")),
        DropIndexOfField("organization", "merged_into", merged_into("organization")),
        DropIndexOfField("place", "merged_into", merged_into("place")),
        DropIndexOfField("reporter", "merged_into", merged_into("reporter")),
        RemoveIndexOnline("page", "page_publication"),
    ]
