from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_indexes_of_lists")]

    operations = [
        migrations.AddIndex(
            "article",
            models.Index(fields=["status", "id", "-sort_date", "updated_at"], name="article_found"),
        ),
    ]
