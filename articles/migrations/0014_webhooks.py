"""Webhooks with the log of what was sent, and the right of chiefs to make them."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from ._support import SafeMigration

RIGHTS = ("view", "add", "change", "delete")


def make_permissions(apps, schema_editor):
    """Make the permissions now, as the group needs them: Django makes them after the last migration."""
    config = apps.get_app_config("articles")
    config.models_module = True  # of an app without this Django makes none
    create_permissions(config, verbosity=0, using=schema_editor.connection.alias, apps=apps)


def grant(apps, schema_editor):
    """Let chiefs make webhooks."""
    groups, permissions = (
        apps.get_model("auth", model).objects.using(schema_editor.connection.alias)
        for model in ("Group", "Permission")
    )
    names = [f"{right}_webhookendpoint" for right in RIGHTS]
    for group in groups.filter(name="chief"):
        group.permissions.add(*permissions.filter(content_type__app_label="articles", codename__in=names))


class Migration(SafeMigration):

    dependencies = [
        ('articles', '0013_name_rulings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='what it is for')),
                ('url', models.URLField(max_length=500, verbose_name='address')),
                ('secret', models.CharField(editable=False, max_length=80, verbose_name='secret')),
                ('generation', models.CharField(blank=True, editable=False, max_length=20, verbose_name='generation of the feed')),
                ('number', models.BigIntegerField(default=0, editable=False, verbose_name='sent up to')),
                ('failures', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='failures in a row')),
                ('next_attempt_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='next attempt')),
                ('held_until', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='held until')),
                ('disabled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='disabled since')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalWebhookEndpoint',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_username', models.CharField(blank=True, editable=False, max_length=150, verbose_name='user')),
                ('history_way', models.CharField(blank=True, choices=[('admin', 'the admin'), ('api', 'the API'), ('command', 'the command line'), ('loader', 'the loader')], editable=False, max_length=10, verbose_name='way')),
                ('name', models.CharField(max_length=100, verbose_name='what it is for')),
                ('url', models.URLField(max_length=500, verbose_name='address')),
                ('disabled_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='disabled since')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical webhook',
                'verbose_name_plural': 'historical webhooks',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.CharField(max_length=60, verbose_name='message')),
                ('payload', models.JSONField(verbose_name='payload')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='status of the response')),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='articles.webhookendpoint', verbose_name='webhook')),
            ],
            options={
                'verbose_name': 'delivery of a webhook',
                'verbose_name_plural': 'deliveries of webhooks',
                'ordering': ['-pk'],
            },
        ),
        migrations.RunPython(make_permissions, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
