"""The groups of reporters, editors and chiefs."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

from articles.editing.roles import make_groups


def make(apps, schema_editor):
    # Permissions are made after the last migration, and the groups need them now.
    config = apps.get_app_config('articles')
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    make_groups(apps.get_model('auth', 'Group').objects, apps.get_model('auth', 'Permission').objects)


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0004_desk'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
