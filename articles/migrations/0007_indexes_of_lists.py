from django.db import migrations, models

from ._online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False  # an index is made online outside of a transaction only
    dependencies = [("articles", "0006_audit")]

    operations = [
        AddIndexOnline(
            "article",
            models.Index(fields=["status", "-sort_date", "-id", "updated_at"], name="article_listed"),
        ),
        AddIndexOnline(
            "article", models.Index(fields=["status", "publication"], name="article_publications")
        ),
        AddIndexOnline(
            "byline", models.Index(fields=["reporter", "article"], name="byline_of_article")
        ),
        migrations.RemoveIndex("article", "article_status_newest"),
    ]
