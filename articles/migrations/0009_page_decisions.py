"""What editors decide of where and when a page was printed, with its history."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from ._support import SafeMigration


class Migration(SafeMigration):

    dependencies = [
        ('articles', '0008_place_ids'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='corrected',
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name='decided by editors'),
        ),
        migrations.AlterField(
            model_name='page',
            name='issue_date_source',
            field=models.CharField(blank=True, choices=[('header', 'page header'), ('option', 'option of the load'), ('file_name', 'file name'), ('editor', 'an editor')], max_length=10, verbose_name='issue date known from'),
        ),
        migrations.CreateModel(
            name='HistoricalPage',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_username', models.CharField(blank=True, editable=False, max_length=150, verbose_name='user')),
                ('history_way', models.CharField(blank=True, choices=[('admin', 'the admin'), ('api', 'the API'), ('command', 'the command line'), ('loader', 'the loader')], editable=False, max_length=10, verbose_name='way')),
                ('publication', models.CharField(blank=True, max_length=200, verbose_name='publication')),
                ('issue_date', models.DateField(blank=True, db_index=True, null=True, verbose_name='issue date')),
                ('issue_date_source', models.CharField(blank=True, choices=[('header', 'page header'), ('option', 'option of the load'), ('file_name', 'file name'), ('editor', 'an editor')], max_length=10, verbose_name='issue date known from')),
                ('page_number', models.CharField(blank=True, max_length=20, verbose_name='page number')),
                ('page_name', models.CharField(blank=True, max_length=100, verbose_name='page name')),
                ('home_code', models.CharField(blank=True, help_text='Code of the division that “our city” means on this page.', max_length=12, verbose_name='home')),
                ('issue_earliest', models.DateField(blank=True, null=True, verbose_name='issued on or after')),
                ('issue_latest', models.DateField(blank=True, null=True, verbose_name='issued on or before')),
                ('corrected', models.JSONField(blank=True, editable=False, null=True, verbose_name='decided by editors')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical page',
                'verbose_name_plural': 'historical pages',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
