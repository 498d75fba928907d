"""The events in the history of a record, the newest first: its versions, and the credits and names of an article."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from articles.models import Article, Byline, Mention
from articles.models.history import LOADER

from .version_diff import changed_fields, field_label

_PAGE = 50  # events on a page


@dataclass
class Event:
    """A change by somebody; `version` is the record after it, if the record itself changed, and `before` before it."""

    at: dt.datetime
    who: str
    what: str
    fields: list[str] = field(default_factory=list)
    version: Any = None
    before: Any = None

    @property
    def is_by_loader(self) -> bool:
        return self.version is not None and self.version.history_change_reason == LOADER


@dataclass(frozen=True)
class HistoryPage:
    """A page of events, and the time before which the next page goes on, if there is one."""

    events: list[Event]
    older_than: dt.datetime | None


def get_history_page(record: Any, older_than: dt.datetime | None) -> HistoryPage:
    """The events of a record before a time, or until now."""
    versions = _rows(record.history, older_than)
    events = [
        _version_event(type(record), newer, older) for newer, older in zip_longest(versions, versions[1:])
    ]
    if isinstance(record, Article):
        events += _article_events(record, older_than)
    events.sort(key=lambda event: event.at, reverse=True)
    shown = events[:_PAGE]
    if len(events) <= _PAGE:
        return HistoryPage(shown, None)
    # Events of the same moment stay on one page, as the next page begins before it.
    last = shown[-1].at
    shown += [event for event in events[_PAGE:] if event.at == last]
    return HistoryPage(shown, last if len(shown) < len(events) else None)


def _rows(rows: Any, older_than: dt.datetime | None, *related: str) -> list[Any]:
    """One row of history more than a page shows, so that its last version too has one to be compared with."""
    if older_than:
        rows = rows.filter(history_date__lt=older_than)
    rows = rows.select_related("history_user", *related)
    return list(rows.order_by("-history_date", "-history_id")[: _PAGE + 1])


def author_name(row: Any) -> str:
    """The name of the user who made a row of history; the name at that time, if the user was deleted."""
    if row.history_change_reason == LOADER:
        return _("the loader")
    name = row.history_user.get_full_name() if row.history_user else ""
    return name or row.history_username or _("on the command line")


def _version_event(model: Any, newer: Any, older: Any) -> Event:
    fields = [field_label(field) for field in changed_fields(model, older, newer)] if older else []
    if newer.history_change_reason == LOADER:
        what = _("as the loader left it")
    else:
        what = {"+": _("written"), "~": _("changed"), "-": _("deleted")}[newer.history_type]
    return Event(newer.history_date, author_name(newer), what, fields, newer, older)


def _article_events(article: Article, older_than: dt.datetime | None) -> list[Event]:
    """What people did with the credits and the names of an article."""
    by_people = {"article_id": article.pk, "history_change_reason": None}
    records = ("decided_place", "decided_organization", "place", "organization")
    bylines = _rows(Byline.history.filter(**by_people), older_than, "reporter")
    mentions = _rows(Mention.history.filter(**by_people), older_than, *records)
    return [
        *(Event(row.history_date, author_name(row), _credit_text(row)) for row in bylines),
        *(Event(row.history_date, author_name(row), _decision_text(row)) for row in mentions),
    ]


def _credit_text(row: Any) -> str:
    text = {
        "+": _("credited: %(name)s, %(role)s"),
        "~": _("credit changed: %(name)s, %(role)s"),
        "-": _("no longer credited: %(name)s, %(role)s"),
    }[row.history_type]
    name = row.reporter or row.surface or f"#{row.reporter_id}"
    return text % {"name": name, "role": row.get_role_display()}


def _decision_text(row: Any) -> str:
    name = f"“{row.surface}”"
    if row.history_type == "-":
        return _("%(name)s is no longer a name here") % {"name": name}
    record = row.decided_place or row.decided_organization or row.place or row.organization
    text = {
        Mention.Verdict.ACCEPTED: _("%(name)s accepted: %(record)s"),
        Mention.Verdict.REJECTED: _("%(name)s rejected"),
        Mention.Verdict.RELINKED: _("%(name)s linked to %(record)s"),
        Mention.Verdict.ADDED: _("%(name)s added: %(record)s"),
    }.get(row.verdict, _("%(name)s: the decision was taken back"))
    return text % {"name": name, "record": record or "—"}
