"""The groups of reporters, editors and chiefs, which are the newsroom's to change from then on."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

from ._support import SafeMigration

REPORTER = """
    view_article add_article change_own_article view_byline view_mention
    view_reporter view_place view_organization view_alias view_page
"""
EDITOR = """
    view_article add_article change_article view_byline add_byline change_byline delete_byline
    view_mention add_mention change_mention delete_mention
    view_reporter add_reporter change_reporter view_place add_place change_place
    view_organization add_organization change_organization view_alias add_alias change_alias delete_alias
    view_merge add_merge change_merge view_distinction add_distinction delete_distinction
    view_boundary add_boundary change_boundary
    view_page view_load view_loadfile add_load change_load
"""
CHIEF = f"""
    {EDITOR} publish_article delete_article delete_reporter delete_place delete_organization
    delete_load view_apitoken add_apitoken change_apitoken
"""
GROUPS = {"reporter": REPORTER.split(), "editor": EDITOR.split(), "chief": CHIEF.split()}


def make_permissions(apps: Any, schema_editor: Any) -> None:
    """Make the permissions now, as the groups need them: Django makes them after the last migration."""
    config = apps.get_app_config("articles")
    config.models_module = True  # of an app without this Django makes none
    create_permissions(config, verbosity=0, using=schema_editor.connection.alias, apps=apps)


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Make each group that is missing, with its rights; one that is there is the newsroom's own by now."""
    groups, permissions = (
        apps.get_model("auth", model).objects.using(schema_editor.connection.alias)
        for model in ("Group", "Permission")
    )
    for name, rights in GROUPS.items():
        group, is_new = groups.get_or_create(name=name)
        if is_new:
            group.permissions.set(permissions.filter(content_type__app_label="articles", codename__in=rights))


class Migration(SafeMigration):
    dependencies = [("articles", "0001_tables")]
    operations = [
        migrations.RunPython(make_permissions, migrations.RunPython.noop),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
