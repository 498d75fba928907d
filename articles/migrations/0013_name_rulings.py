"""Answers of editors for all mentions of a name, by which loads decide too."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from ._support import SafeMigration


class Migration(SafeMigration):

    dependencies = [
        ('articles', '0012_pinyin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalNameRuling',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_username', models.CharField(blank=True, editable=False, max_length=150, verbose_name='user')),
                ('history_way', models.CharField(blank=True, choices=[('admin', 'the admin'), ('api', 'the API'), ('command', 'the command line'), ('loader', 'the loader')], editable=False, max_length=10, verbose_name='way')),
                ('kind', models.CharField(choices=[('place', 'place'), ('organization', 'organization')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('verdict', models.CharField(choices=[('accepted', 'accepted'), ('rejected', 'rejected'), ('relinked', 'linked to another record'), ('added', 'added')], max_length=10, verbose_name='verdict')),
                ('scope', models.CharField(choices=[('everywhere', 'everywhere'), ('paper', 'in one paper'), ('home', 'in the papers of one place'), ('articles', 'in chosen articles')], default='everywhere', max_length=10, verbose_name='scope')),
                ('scope_value', models.CharField(blank=True, max_length=200, verbose_name='paper or home')),
                ('also_linked', models.BooleanField(default=False, verbose_name='also where it is linked')),
                ('is_in_use', models.BooleanField(default=True, verbose_name='used by loads')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organization', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.organization', verbose_name='organization')),
                ('place', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.place', verbose_name='place')),
            ],
            options={
                'verbose_name': 'historical ruling on a name',
                'verbose_name_plural': 'historical rulings on names',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='NameRuling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('place', 'place'), ('organization', 'organization')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('verdict', models.CharField(choices=[('accepted', 'accepted'), ('rejected', 'rejected'), ('relinked', 'linked to another record'), ('added', 'added')], max_length=10, verbose_name='verdict')),
                ('scope', models.CharField(choices=[('everywhere', 'everywhere'), ('paper', 'in one paper'), ('home', 'in the papers of one place'), ('articles', 'in chosen articles')], default='everywhere', max_length=10, verbose_name='scope')),
                ('scope_value', models.CharField(blank=True, max_length=200, verbose_name='paper or home')),
                ('also_linked', models.BooleanField(default=False, verbose_name='also where it is linked')),
                ('is_in_use', models.BooleanField(default=True, verbose_name='used by loads')),
                ('mentions', models.JSONField(blank=True, default=list, verbose_name='decided mentions')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='articles.organization', verbose_name='organization')),
                ('place', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rulings', to='articles.place', verbose_name='place')),
            ],
            options={
                'verbose_name': 'ruling on a name',
                'verbose_name_plural': 'rulings on names',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='historicalmention',
            name='ruling',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='articles.nameruling', verbose_name='decided for many'),
        ),
        migrations.AddField(
            model_name='mention',
            name='ruling',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='articles.nameruling', verbose_name='decided for many'),
        ),
        migrations.AddIndex(
            model_name='mention',
            index=models.Index(condition=models.Q(('ruling__isnull', False)), fields=['ruling'], name='mention_ruling'),
        ),
        migrations.AddConstraint(
            model_name='nameruling',
            constraint=models.UniqueConstraint(condition=models.Q(('is_in_use', True), ('undone_at', None)), fields=('name', 'kind', 'scope', 'scope_value'), name='nameruling_once'),
        ),
        migrations.AddConstraint(
            model_name='nameruling',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'place'), ('organization__isnull', True), ('place__isnull', False), ('verdict', 'relinked')), models.Q(('kind', 'organization'), ('organization__isnull', False), ('place__isnull', True), ('verdict', 'relinked')), models.Q(('organization__isnull', True), ('place__isnull', True), ('verdict__in', ['accepted', 'rejected'])), _connector='OR'), name='nameruling_record'),
        ),
        migrations.AddConstraint(
            model_name='nameruling',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scope__in', ['paper', 'home']), ('scope_value__gt', '')), models.Q(('scope', 'everywhere'), ('scope_value', '')), models.Q(('is_in_use', False), ('scope', 'articles'), ('scope_value', '')), _connector='OR'), name='nameruling_scope'),
        ),
    ]
