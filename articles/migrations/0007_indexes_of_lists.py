from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_audit")]

    operations = [
        migrations.AddIndex(
            "article",
            models.Index(fields=["status", "-sort_date", "-id", "updated_at"], name="article_listed"),
        ),
        migrations.AddIndex(
            "article", models.Index(fields=["status", "publication"], name="article_publications")
        ),
        migrations.AddIndex(
            "byline", models.Index(fields=["reporter", "article"], name="byline_of_article")
        ),
        migrations.RemoveIndex("article", "article_status_newest"),
    ]
