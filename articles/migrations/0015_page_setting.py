"""How pages of PDFs were set: the place of each printed line."""

import django.db.models.deletion
from django.db import migrations, models

from ._support import SafeMigration


class Migration(SafeMigration):

    dependencies = [
        ('articles', '0014_webhooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageSetting',
            fields=[
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='setting', serialize=False, to='articles.page', verbose_name='page')),
                ('format', models.CharField(max_length=20, verbose_name='format')),
                ('file_sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256 of the file')),
                ('number', models.PositiveIntegerField(verbose_name='page of the file')),
                ('width', models.FloatField(verbose_name='width')),
                ('height', models.FloatField(verbose_name='height')),
                ('lines', models.JSONField(default=list, verbose_name='printed lines')),
            ],
            options={
                'verbose_name': 'setting of a page',
                'verbose_name_plural': 'settings of pages',
            },
        ),
    ]
