"""`manage.py worker`: loads what `loadseeds --queue` queued, on this machine."""

from __future__ import annotations

import argparse
import signal
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from articles.loading.queue.status import require_queue
from articles.loading.sources.files import UsageError

UNUSABLE = 2


class Command(BaseCommand):
    help = (
        "Load the pages that loadseeds --queue queued, until SIGTERM or Ctrl-C, which let it finish the page at hand. "
        "Run one a core, on as many machines as see the pages."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stalled-after",
            type=_seconds,
            default=30,
            metavar="SECONDS",
            help="put back the page of a worker that has not been heard of for so long (default: 30)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_queue("worker")
            connection.ensure_connection()
            self._work(options["stalled_after"])
        except UsageError as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except Error as error:
            raise _refused(error) from error

    def _work(self, stalled_after: float) -> None:
        # Imported when called: without the extra there is nothing to import.
        from procrastinate.contrib.django import app  # noqa: PLC0415
        from procrastinate.exceptions import ConnectorException  # noqa: PLC0415

        from articles.loading.queue.tasks import SourceUnreachable  # noqa: PLC0415
        from articles.loading.queue.worker import run_worker  # noqa: PLC0415

        if not app.check_connection():
            raise CommandError(
                "there is no queue in the database: run manage.py migrate", returncode=UNUSABLE
            )
        connection.close()
        self.stdout.write("Waiting for pages; Ctrl-C or SIGTERM ends it.")
        self.stdout.flush()
        # While it starts and has no page yet, SIGTERM is as good as Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with suppress(KeyboardInterrupt):
                run_worker(stalled_after)
        except SourceUnreachable as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except ConnectorException as error:
            raise _refused(error.__cause__ or error) from error
        self.stdout.write("Stopped: no page was left half done.")


def _refused(error: BaseException) -> CommandError:
    reason = " ".join(str(error).split())
    message = f"the database refused: {reason}; is it there, writable and migrated (manage.py migrate)?"
    return CommandError(message, returncode=UNUSABLE)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 1 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 1 to 3600")
    return seconds
