"""What reporters, editors and chiefs may do: Django's groups, made by a migration and the newsroom's to change since."""

from __future__ import annotations

from typing import Any

REPORTER, EDITOR, CHIEF = "reporter", "editor", "chief"

_REPORTER = """
    view_article add_article change_own_article view_byline view_mention
    view_reporter view_place view_organization view_alias view_page
""".split()
_EDITOR = """
    view_article add_article change_article view_byline add_byline change_byline delete_byline
    view_mention add_mention change_mention delete_mention
    view_reporter add_reporter change_reporter view_place add_place change_place
    view_organization add_organization change_organization view_alias add_alias change_alias delete_alias
    view_merge add_merge change_merge view_distinction add_distinction delete_distinction
    view_boundary add_boundary change_boundary
    view_page view_load view_loadfile add_load change_load
""".split()
_CHIEF = [
    *_EDITOR,
    *"""
    publish_article delete_article delete_reporter delete_place delete_organization
    delete_load view_apitoken add_apitoken change_apitoken
    """.split(),
]
RIGHTS = {REPORTER: _REPORTER, EDITOR: _EDITOR, CHIEF: _CHIEF}


def make_groups(groups: Any, permissions: Any) -> None:
    """Make each group that is missing, with its rights; one that is there is the newsroom's own by now."""
    for name, rights in RIGHTS.items():
        group, is_new = groups.get_or_create(name=name)
        if is_new:
            group.permissions.set(permissions.filter(content_type__app_label="articles", codename__in=rights))
