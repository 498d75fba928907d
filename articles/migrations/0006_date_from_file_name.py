"""The name of a file as a source of the issue date; the column stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0005_last_change'),
    ]

    operations = [
        migrations.AlterField(
            model_name='page',
            name='issue_date_source',
            field=models.CharField(blank=True, choices=[('header', 'page header'), ('option', 'option of the load'), ('file_name', 'file name')], max_length=10, verbose_name='issue date known from'),
        ),
    ]
