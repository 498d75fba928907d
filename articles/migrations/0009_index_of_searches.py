from django.db import migrations, models

from ._online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False  # an index is made online outside of a transaction only
    dependencies = [("articles", "0008_queued_loads")]

    operations = [
        AddIndexOnline(
            "article",
            models.Index(fields=["status", "id", "-sort_date", "updated_at"], name="article_found"),
        ),
    ]
