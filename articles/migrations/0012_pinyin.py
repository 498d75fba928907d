"""Names in pinyin, and indexes by which names are found by what they begin with; nullable, so that no table is rewritten."""

import re

from django.db import migrations, models

from ._support import SafeMigration

_TABLES = ("alias", "organization", "place", "reporter")
_LETTERS = 200
_PLACES = {
    "长治": [["cháng"], ["zhì"]],
    "长垣": [["cháng"], ["yuán"]],
    "长葛": [["cháng"], ["gě"]],
    "长武": [["cháng"], ["wǔ"]],
    "洪洞": [["hóng"], ["tóng"]],
}
_BATCH = 2_000


def _typed(text: str) -> str:
    return re.sub("[^a-z0-9]+", "", text.lower().replace("ü", "v"))[:_LETTERS]


def write_pinyin(apps, schema_editor):
    """Write the pinyin of all names. The triggers that note changes are off: nothing changes that a client sees."""
    from pypinyin import lazy_pinyin, load_phrases_dict

    load_phrases_dict(_PLACES)
    connection = schema_editor.connection
    is_postgresql = connection.vendor == "postgresql"
    for name in _TABLES:
        table = f"articles_{name}"
        if is_postgresql:
            schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        rows = apps.get_model("articles", name).objects.using(connection.alias)
        last = 0
        while names := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", "key")[:_BATCH]):
            last = names[-1][0]
            values = []
            for pk, key in names:
                syllables = lazy_pinyin(key, errors=list)  # type: ignore[arg-type] # one text for each character
                initials = "".join(syllable[0] for syllable in syllables)
                values.append((_typed("".join(syllables)), _typed(initials), pk))
            with connection.cursor() as cursor:
                cursor.executemany(f"UPDATE {table} SET pinyin = %s, initials = %s WHERE id = %s", values)
        if is_postgresql:
            schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(SafeMigration):

    dependencies = [
        ('articles', '0011_feed'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='organization',
            name='organization_key',
        ),
        migrations.RemoveIndex(
            model_name='place',
            name='place_key',
        ),
        migrations.AddField(
            model_name='alias',
            name='initials',
            field=models.CharField(editable=False, max_length=200, null=True, verbose_name='first letters in pinyin'),
        ),
        migrations.AddField(
            model_name='alias',
            name='pinyin',
            field=models.CharField(editable=False, max_length=200, null=True, verbose_name='in pinyin'),
        ),
        migrations.AddField(
            model_name='organization',
            name='initials',
            field=models.CharField(editable=False, max_length=200, null=True, verbose_name='first letters in pinyin'),
        ),
        migrations.AddField(
            model_name='organization',
            name='pinyin',
            field=models.CharField(editable=False, max_length=200, null=True, verbose_name='in pinyin'),
        ),
        migrations.AddField(
            model_name='place',
            name='initials',
            field=models.CharField(editable=False, max_length=200, null=True, verbose_name='first letters in pinyin'),
        ),
        migrations.AddField(
            model_name='place',
            name='pinyin',
            field=models.CharField(editable=False, max_length=200, null=True, verbose_name='in pinyin'),
        ),
        migrations.AddField(
            model_name='reporter',
            name='initials',
            field=models.CharField(editable=False, max_length=200, null=True, verbose_name='first letters in pinyin'),
        ),
        migrations.AddField(
            model_name='reporter',
            name='pinyin',
            field=models.CharField(editable=False, max_length=200, null=True, verbose_name='in pinyin'),
        ),
        migrations.RunPython(write_pinyin, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='alias',
            index=models.Index(fields=['key'], name='alias_key', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='alias',
            index=models.Index(fields=['pinyin'], name='alias_pinyin', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='alias',
            index=models.Index(fields=['initials'], name='alias_initials', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='organization',
            index=models.Index(fields=['key'], name='organization_key', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='organization',
            index=models.Index(fields=['pinyin'], name='organization_pinyin', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='organization',
            index=models.Index(fields=['initials'], name='organization_initials', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='place',
            index=models.Index(fields=['key'], name='place_key', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='place',
            index=models.Index(fields=['pinyin'], name='place_pinyin', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='place',
            index=models.Index(fields=['initials'], name='place_initials', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='reporter',
            index=models.Index(fields=['key'], name='reporter_key', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='reporter',
            index=models.Index(fields=['pinyin'], name='reporter_pinyin', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='reporter',
            index=models.Index(fields=['initials'], name='reporter_initials', opclasses=['varchar_pattern_ops']),
        ),
    ]
