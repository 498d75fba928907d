"""No id of a place has as many digits as official codes have: both stand in the same addresses."""

from django.db import migrations, models
from django.db.models import Q

from ._support import SafeMigration


class Migration(SafeMigration):
    dependencies = [("articles", "0007_issue_interval")]
    operations = [
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=~(
                    Q(id__range=(100_000, 999_999))
                    | Q(id__range=(100_000_000, 999_999_999))
                    | Q(id__range=(100_000_000_000, 999_999_999_999))
                ),
                name="place_id_is_no_code",
                violation_error_message="The id of a place cannot be a number with as many digits as codes have.",
            ),
        ),
    ]
