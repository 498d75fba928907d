"""What happened to a record, the newest first: its versions, and of an article its credits and names too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from articles.models import Article, Byline, Mention, Organization, Place, Reporter
from articles.models.history import LOADER

from .version_fields import changed_fields, field_label

_PAGE = 50  # events on a page


@dataclass
class Event:
    """Something that happened at a time by somebody; `version` is there if the record itself became another."""

    at: dt.datetime
    who: str
    what: str
    fields: list[str] = field(default_factory=list)
    version: Any = None
    before: Any = None  # the version before it

    @property
    def is_by_loader(self) -> bool:
        return self.version is not None and self.version.history_change_reason == LOADER


@dataclass(frozen=True)
class HistoryPage:
    """A page of events, and from where the next page goes on, if there is one."""

    events: list[Event]
    older_than: dt.datetime | None

    @property
    def versions(self) -> list[Any]:
        return [event.version for event in self.events if event.version]


def get_history_page(record: Any, older_than: dt.datetime | None) -> HistoryPage:
    """What happened to a record before a time, or until now."""
    versions = _rows(record.history, older_than)
    events = [_version(type(record), newer, older) for newer, older in zip_longest(versions, versions[1:])]
    if isinstance(record, Article):
        events += _of_article(record, older_than)
    events.sort(key=lambda event: event.at, reverse=True)
    shown = events[:_PAGE]
    if len(events) <= _PAGE:
        return HistoryPage(shown, None)
    # What happened in the same moment is not torn apart, as the next page begins before it.
    last = shown[-1].at
    shown += [event for event in events[_PAGE:] if event.at == last]
    return HistoryPage(shown, last if len(shown) < len(events) else None)


def _rows(rows: Any, older_than: dt.datetime | None) -> list[Any]:
    """One row of history more than a page shows, so that its last version too has one to be compared with."""
    if older_than:
        rows = rows.filter(history_date__lt=older_than)
    return list(rows.select_related("history_user").order_by("-history_date", "-history_id")[: _PAGE + 1])


def author_name(row: Any) -> str:
    """Who made a row of history; the name at the time, if the user is gone."""
    if row.history_change_reason == LOADER:
        return _("the loader")
    name = row.history_user.get_full_name() if row.history_user else ""
    return name or row.history_username or _("on the command line")


def _version(model: Any, newer: Any, older: Any) -> Event:
    fields = [field_label(field) for field in changed_fields(model, older, newer)] if older else []
    return Event(newer.history_date, author_name(newer), _what(newer), fields, newer, older)


def _what(row: Any) -> str:
    if row.history_change_reason == LOADER:
        return _("as the loader left it")
    return {"+": _("written"), "~": _("changed"), "-": _("deleted")}[row.history_type]


def _of_article(article: Article, older_than: dt.datetime | None) -> list[Event]:
    """What people did with the credits and the names of an article."""
    by_people = {"article_id": article.pk, "history_change_reason": None}
    bylines = _rows(Byline.history.filter(**by_people), older_than)
    mentions = _rows(Mention.history.filter(**by_people), older_than)
    reporters = _named(Reporter, bylines, "reporter_id")
    places = _named(Place, mentions, "decided_place_id", "place_id")
    organizations = _named(Organization, mentions, "decided_organization_id", "organization_id")
    events = [Event(row.history_date, author_name(row), _credit(row, reporters)) for row in bylines]
    events += [
        Event(row.history_date, author_name(row), _verdict(row, places, organizations)) for row in mentions
    ]
    return events


def _named(model: Any, rows: Sequence[Any], *columns: str) -> dict[int, Any]:
    ids = {getattr(row, column) for row in rows for column in columns} - {None}
    found: dict[int, Any] = model._base_manager.in_bulk(ids)
    return found


def _credit(row: Any, reporters: dict[int, Any]) -> str:
    told = {
        "+": _("credited: %(name)s, %(role)s"),
        "~": _("credit changed: %(name)s, %(role)s"),
        "-": _("no longer credited: %(name)s, %(role)s"),
    }[row.history_type]
    name = reporters.get(row.reporter_id) or row.surface or f"#{row.reporter_id}"
    return told % {"name": name, "role": row.get_role_display()}


def _verdict(row: Any, places: dict[int, Any], organizations: dict[int, Any]) -> str:
    name = f"“{row.surface}”"
    if row.history_type == "-":
        return _("%(name)s is no longer a name here") % {"name": name}
    record = _first(
        places.get(row.decided_place_id),
        organizations.get(row.decided_organization_id),
        places.get(row.place_id),
        organizations.get(row.organization_id),
    )
    told = {
        Mention.Verdict.ACCEPTED: _("%(name)s accepted: %(record)s"),
        Mention.Verdict.REJECTED: _("%(name)s refuted"),
        Mention.Verdict.RELINKED: _("%(name)s linked to %(record)s"),
        Mention.Verdict.ADDED: _("%(name)s added: %(record)s"),
    }.get(row.verdict, _("%(name)s: the decision was taken back"))
    return told % {"name": name, "record": record or "—"}


def _first(*records: Any) -> Any:
    found: Iterable[Any] = (record for record in records if record)
    return next(iter(found), None)
