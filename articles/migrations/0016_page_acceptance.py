"""How sure the reader was of each page, and the pages that editors accept without reading all of them."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from ._support import SafeMigration


class Migration(SafeMigration):

    dependencies = [
        ('articles', '0015_page_setting'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='least_score',
            field=models.FloatField(blank=True, editable=False, null=True, verbose_name='least score of a line'),
        ),
        migrations.CreateModel(
            name='HistoricalPageAcceptance',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_username', models.CharField(blank=True, editable=False, max_length=150, verbose_name='user')),
                ('history_way', models.CharField(blank=True, choices=[('admin', 'the admin'), ('api', 'the API'), ('command', 'the command line'), ('loader', 'the loader')], editable=False, max_length=10, verbose_name='way')),
                ('is_sample', models.BooleanField(verbose_name='left as a sample')),
                ('verdict', models.CharField(blank=True, choices=[('right', 'right'), ('wrong', 'wrong')], max_length=5, verbose_name='finding')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='reviewed at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('checked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewed by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('page', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.page', verbose_name='page')),
            ],
            options={
                'verbose_name': 'historical accepted page',
                'verbose_name_plural': 'historical accepted pages',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='PageAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_sample', models.BooleanField(verbose_name='left as a sample')),
                ('verdict', models.CharField(blank=True, choices=[('right', 'right'), ('wrong', 'wrong')], max_length=5, verbose_name='finding')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='reviewed at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewed by')),
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='acceptance', to='articles.page', verbose_name='page')),
            ],
            options={
                'verbose_name': 'accepted page',
                'verbose_name_plural': 'accepted pages',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['is_sample', 'verdict'], name='pageacceptance_sample')],
            },
        ),
    ]
