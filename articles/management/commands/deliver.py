"""`manage.py deliver`: send the webhooks that are due."""

import time
from typing import Any

from django.core.management.base import CommandError, CommandParser

from articles.api.webhooks.delivery import deliver
from articles.management.argument_types import seconds
from articles.management.base import OneLineErrorCommand
from articles.management.stop_signals import Stopped, StopSignals


class Command(OneLineErrorCommand):
    help = "Send to each webhook what changed in public since its last message, once or again and again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every",
            type=seconds,
            metavar="SECONDS",
            help="go on until SIGTERM or Ctrl-C, with a pause of so long",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pause = options["every"]
        try:
            with StopSignals():
                failed = self._deliver()
                while pause:
                    time.sleep(pause)
                    self._deliver()
        except Stopped:
            self.stdout.write("Stopped.")
            return
        if failed:
            raise CommandError(f"{failed} webhooks did not take a message; they are tried again later")

    def _deliver(self) -> int:
        """Send what is due, and print it; return how many endpoints failed."""
        done = deliver()
        for name, (delivered, failed) in done.items():
            if delivered or failed:
                self.stdout.write(f"{name}: {delivered} delivered, {failed} failed")
        return sum(failed for _delivered, failed in done.values())
