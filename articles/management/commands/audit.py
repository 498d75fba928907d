"""`manage.py audit`: print all changes by people as JSON lines or CSV."""

import datetime as dt
import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from articles.api.representations import csv_lines, json_lines
from articles.history.audit_log import AUDIT_COLUMNS, AuditEntry, AuditFilter, audit_entries


class Command(BaseCommand):
    help = (
        "Print every change by people, the oldest first: time, user, channel (admin, api, command), record, and the old and "
        "new value of each field; and all logins and failed logins."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=_moment, metavar="DATE", help="from this day or time on")
        parser.add_argument(
            "--until",
            type=partial(_moment, after_day=dt.timedelta(days=1)),
            metavar="DATE",
            help="to the end of this day, or to this time",
        )
        parser.add_argument("--user", help="only changes by this user, who may be deleted")
        parser.add_argument("--format", choices=["csv", "jsonl"], default="jsonl", help="jsonl if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = audit_entries(AuditFilter(options["since"], options["until"], options["user"]))
        lines = (
            csv_lines(map(_with_local_time, rows), AUDIT_COLUMNS)
            if options["format"] == "csv"
            else json_lines(map(_with_local_time, rows))
        )
        try:
            self._write(lines)
        except BrokenPipeError:
            # The reader, for example `head`, closed the pipe. Python would report it again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.stdout.write(line, ending="")
        self.stdout.flush()


def _with_local_time(entry: AuditEntry) -> AuditEntry:
    return {**entry, "time": timezone.localtime(entry["time"]).isoformat(timespec="milliseconds")}


def _moment(text: str, after_day: dt.timedelta = dt.timedelta()) -> dt.datetime:
    """The time in a text; of a day without a time the beginning, plus `after_day`."""
    try:
        if day := parse_date(text):
            return timezone.make_aware(dt.datetime.combine(day, dt.time()) + after_day)
        if found := parse_datetime(text):
            return found if timezone.is_aware(found) else timezone.make_aware(found)
    except ValueError:
        pass
    raise ArgumentTypeError(f"{text!r} is not a date: write it as in 2026-03-31 or 2026-03-31T18:00")
