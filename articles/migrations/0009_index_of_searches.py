from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_queued_loads")]

    operations = [
        migrations.AddIndex(
            "article",
            models.Index(fields=["status", "id", "-sort_date", "updated_at"], name="article_found"),
        ),
    ]
