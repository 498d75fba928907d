"""What is printed besides articles, and the regions of pages that editors decided, with the right to look at them."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from ._support import SafeMigration

GROUPS = ("editor", "chief")


def make_permissions(apps, schema_editor):
    """Make the permissions now, as the groups need them: Django makes them after the last migration."""
    config = apps.get_app_config("articles")
    config.models_module = True  # of an app without this Django makes none
    create_permissions(config, verbosity=0, using=schema_editor.connection.alias, apps=apps)


def grant(apps, schema_editor):
    """Let the groups that may look at boundaries look at regions."""
    groups, permissions = (
        apps.get_model("auth", model).objects.using(schema_editor.connection.alias)
        for model in ("Group", "Permission")
    )
    right = permissions.get(content_type__app_label="articles", codename="view_region")
    for group in groups.filter(name__in=GROUPS):
        group.permissions.add(right)


class Migration(SafeMigration):

    dependencies = [
        ('articles', '0003_triggers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PageResidue',
            fields=[
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='stored_residue', serialize=False, to='articles.page', verbose_name='page')),
                ('spans', models.JSONField(default=list, verbose_name='spans')),
            ],
            options={
                'verbose_name': 'residue of a page',
                'verbose_name_plural': 'residue of pages',
            },
        ),
        migrations.CreateModel(
            name='HistoricalRegion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_username', models.CharField(blank=True, editable=False, max_length=150, verbose_name='user')),
                ('history_way', models.CharField(blank=True, choices=[('admin', 'the admin'), ('api', 'the API'), ('command', 'the command line'), ('loader', 'the loader')], editable=False, max_length=10, verbose_name='way')),
                ('start', models.PositiveIntegerField(verbose_name='start')),
                ('end', models.PositiveIntegerField(verbose_name='end')),
                ('kind', models.CharField(choices=[('advert', 'advert'), ('notice', 'notice'), ('removed', 'removed by an editor'), ('text', 'text of an article')], max_length=10, verbose_name='kind')),
                ('anchor', models.PositiveIntegerField(blank=True, null=True, verbose_name='anchor')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('page', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.page', verbose_name='page')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical region of a page',
                'verbose_name_plural': 'historical regions of pages',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='regions', to='articles.page', verbose_name='page')),
                ('start', models.PositiveIntegerField(verbose_name='start')),
                ('end', models.PositiveIntegerField(verbose_name='end')),
                ('kind', models.CharField(choices=[('advert', 'advert'), ('notice', 'notice'), ('removed', 'removed by an editor'), ('text', 'text of an article')], max_length=10, verbose_name='kind')),
                ('anchor', models.PositiveIntegerField(blank=True, null=True, verbose_name='anchor')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
            ],
            options={
                'verbose_name': 'region of a page',
                'verbose_name_plural': 'regions of pages',
                'ordering': ['page', 'start'],
                'constraints': [models.UniqueConstraint(fields=('page', 'start'), name='region_once'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='region_not_empty'), models.CheckConstraint(condition=models.Q(models.Q(('anchor__isnull', False), ('kind', 'text')), models.Q(('anchor__isnull', True), ('kind__in', ['advert', 'notice', 'removed'])), _connector='OR'), name='region_kind_known')],
            },
        ),
        migrations.RunPython(make_permissions, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
