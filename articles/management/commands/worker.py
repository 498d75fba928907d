"""`manage.py worker`: load the files that `loadseeds --queue` queued."""

import signal
from contextlib import suppress
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import connection

from articles.loading.queue.status import require_queue
from articles.management.argument_types import seconds
from articles.management.base import UNUSABLE, OneLineErrorCommand, database_refused


class Command(OneLineErrorCommand):
    help = (
        "Load the pages that loadseeds --queue queued, until SIGTERM or Ctrl-C, which let it finish the current page. "
        "Run one per core, on as many machines as can read the pages."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stalled-after",
            type=seconds,
            default=30,
            metavar="SECONDS",
            help="requeue the page of a worker that was silent for so long (default: 30)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        require_queue("worker")
        connection.ensure_connection()
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
        self.stdout.write("Waiting for pages; Ctrl-C or SIGTERM stops the worker.")
        self.stdout.flush()
        # Before the worker has its first page, SIGTERM ends it as Ctrl-C does.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with suppress(KeyboardInterrupt):
                run_worker(options["stalled_after"])
        except SourceUnreachable as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except ConnectorException as error:
            raise database_refused(error.__cause__ or error) from error
        self.stdout.write("Stopped: no page is incomplete.")
