"""What the sender decides of a page in the preview of an upload; nullable, so that no row is rewritten."""

from django.db import migrations, models

from ._support import SafeMigration


class Migration(SafeMigration):

    dependencies = [
        ('articles', '0009_page_decisions'),
    ]

    operations = [
        migrations.AddField(
            model_name='uploadedfile',
            name='decided',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
