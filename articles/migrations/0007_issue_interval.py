"""The days between which a page without a date was printed, and what says so; nullable, so that no row is rewritten."""

from django.db import migrations, models

from ._support import SafeMigration


class Migration(SafeMigration):

    dependencies = [
        ('articles', '0006_date_from_file_name'),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='issue_earliest',
            field=models.DateField(blank=True, null=True, verbose_name='issued on or after'),
        ),
        migrations.AddField(
            model_name='page',
            name='issue_latest',
            field=models.DateField(blank=True, null=True, verbose_name='issued on or before'),
        ),
        migrations.AddField(
            model_name='page',
            name='issue_evidence',
            field=models.JSONField(blank=True, null=True, verbose_name='evidence of the date'),
        ),
    ]
