from django.db import migrations, models

from ._online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False  # an index is made online outside of a transaction only
    dependencies = [("articles", "0009_index_of_searches")]

    operations = [
        AddIndexOnline("organization", models.Index(fields=["key"], name="organization_key")),
        AddIndexOnline("place", models.Index(fields=["code"], name="place_by_code")),
    ]
