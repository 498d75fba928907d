"""What the public feed of changes says of each record that was public once, and how far it is."""

import datetime as dt

from django.db import migrations, models

from ._support import SafeMigration


class Migration(SafeMigration):
    dependencies = [
        ('articles', '0010_uploaded_file_decisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transaction', models.BigIntegerField(default=-1, verbose_name='transaction')),
                ('changed_at', models.DateTimeField(default=dt.datetime(1, 1, 2, tzinfo=dt.UTC), verbose_name='changed at')),
                ('article', models.BigIntegerField(default=0, verbose_name='article')),
                ('number', models.BigIntegerField(default=0, verbose_name='number')),
            ],
            options={
                'verbose_name': 'state of the feed',
                'verbose_name_plural': 'states of the feed',
            },
        ),
        migrations.CreateModel(
            name='FeedEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12, verbose_name='kind')),
                ('record', models.BigIntegerField(verbose_name='record')),
                ('number', models.BigIntegerField(verbose_name='number')),
                ('first', models.BigIntegerField(verbose_name='first number')),
                ('is_public', models.BooleanField(verbose_name='public')),
                ('merged_into', models.BigIntegerField(null=True, verbose_name='merged into')),
                ('noted_at', models.DateTimeField(verbose_name='noted at')),
                ('stamp', models.CharField(max_length=64, verbose_name='stamp')),
                ('names', models.JSONField(default=dict, verbose_name='names')),
                ('updated_at', models.DateTimeField(null=True, verbose_name='updated at')),
            ],
            options={
                'verbose_name': 'change of the feed',
                'verbose_name_plural': 'changes of the feed',
                'constraints': [models.UniqueConstraint(fields=('kind', 'record'), name='feedentry_once'), models.UniqueConstraint(fields=('number',), name='feedentry_number')],
            },
        ),
    ]
