"""`manage.py loadseeds`: page files in, articles out."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError
from django.utils import timezone
from rich.console import Console
from rich.progress import track

from articles.database_busy import is_busy
from articles.installation import CHECKOUT
from articles.loading.load_ledger import LoadLedger
from articles.loading.load_reports import JsonReport, LoadTally, ReextractionReport, Report, TextReport
from articles.loading.load_terms import LoadTerms
from articles.loading.loader import Loader, dry_run
from articles.loading.purge import purge, purgeable
from articles.loading.queue import status
from articles.loading.reextraction import reextract
from articles.loading.sources.files import UsageError, printable_path
from articles.loading.sources.object_storage import StorageUnavailable
from articles.loading.sources.source_listing import Origin, fetch_sources, list_rejected_sources, list_sources
from articles.models import Load, LoadFile, Page
from articles.models.load import load_options

SOME_REJECTED, UNUSABLE = 1, 2

_NO_NEWS = "No news: everything stands as it was, and nothing was written."

_PAGES = 50  # read from the database at a time

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

# Absent, full, locked for too long, without tables; PostgreSQL calls a database that is read-only internal.
_UNUSABLE_DATABASE = (OperationalError, ProgrammingError, InterfaceError, InternalError)

_T = TypeVar("_T")


class Stopped(BaseException):
    """SIGINT or SIGTERM; no `Exception`, so that nothing on the way takes it for the fault of a page."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


class Command(BaseCommand):
    help = "Load page files, or the *.txt in folders and zips, as articles. What is loaded already stays as it is."
    # A dry run needs no database, and checks ask for one.
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Without the usage, what is said of a wrong option is one line.
        return super().create_parser(prog_name, subcommand, usage=argparse.SUPPRESS, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add(
            "paths",
            nargs="*",
            metavar="PATH",
            help="files, folders and zips, of this computer or in a storage: s3://bucket/2015/ (default: seeds/)",
        )
        add("--dry-run", action="store_true", help="show what would be read, without any database")
        add("--format", choices=("text", "json"), default="text", help="json is for programs")
        add("--status", choices=("draft", "published"), default=settings.NEWSROOM_LOAD_STATUS)
        add("--publication", type=_publication, metavar="NAME", help="the paper that the pages are from")
        add("--issue-date", type=_date, metavar="YYYY-MM-DD", help="the date that the pages are of")
        add("--home", type=_code, metavar="CODE", help="the division that 我市 means on the pages: 140800")
        add("--reextract", action="store_true", help="read all loaded pages again by today's rules")
        add("--retry-failed", action="store_true", help="load the files again that were rejected last time")
        add(
            "--queue",
            action="store_true",
            help="let workers load the files (manage.py worker); PostgreSQL only",
        )
        add("--wait", action="store_true", help="with --queue: show what the workers do, until all is loaded")
        add("--purge", type=int, metavar="LOAD", help="take back what the load of this number created")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = self._run(options)
        except (UsageError, StorageUnavailable) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        except _UNUSABLE_DATABASE as error:
            reason = " ".join(str(error).split())
            cure = (
                "another process writes, or the server is away: run it again for the rest"
                if is_busy(error)
                else "is it there, writable and migrated (manage.py migrate)?"
            )
            message = f"the database refused: {reason}; {cure}"
            raise CommandError(message, returncode=UNUSABLE) from error
        except BrokenPipeError:
            # Whoever read the output has had enough (| head); the interpreter's last flush must not fail too.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 128 + signal.SIGPIPE
        if code:
            sys.exit(code)

    def _run(self, options: dict[str, Any]) -> int:
        if options["queue"] or options["wait"]:
            return self._queue(options)
        if options["purge"] is not None:
            return self._purge(options)
        return self._reextract(options) if options["reextract"] else self._load(options)

    def _load(self, options: dict[str, Any]) -> int:
        files, terms, ledger = _files(options), _terms(options), LoadLedger(_new_load(options))
        sources = fetch_sources(files, terms.max_bytes)
        results = dry_run(sources, terms) if options["dry_run"] else Loader(terms, ledger).load(sources)
        report, tally = self._report(options), LoadTally()
        try:
            with Stoppable() as stoppable:
                for result in _with_progress(results, len(files)):
                    with stoppable.held():
                        tally.add(result)
                        report.show(result)
                ledger.close(tally.counts())
        except Stopped as stopped:
            report.end(tally, "Stopped; run it again for the rest.")
            return stopped.exit_code
        report.end(tally, _notice(options, ledger, tally))
        return SOME_REJECTED if tally.rejected else 0

    def _queue(self, options: dict[str, Any]) -> int:
        """Leave the files to workers; whoever waits is told what a load here would tell."""
        _check_queue(options)
        # Imported when called: without PostgreSQL there may be nothing to import.
        from articles.loading.queue.tasks import enqueue  # noqa: PLC0415

        load, tally = _new_load(options), LoadTally()
        queued = enqueue(_files(options), _terms(options), load, tally)
        report = TextReport(self.stdout, dry_run=False, lines=not sys.stderr.isatty())
        if not queued:
            report.end(tally, _NO_NEWS)
            return SOME_REJECTED if tally.rejected else 0
        if not status.has_workers():
            self.stderr.write("No worker is at work: start some (manage.py worker), on any machine.")
        if options["wait"]:
            return self._wait(load, report)
        self.stdout.write(
            f"Queued: {queued:,} files, as load {load.pk}. "
            f"{tally.files.total():,} others stand as they were when they were last loaded."
        )
        return 0

    def _wait(self, load: Load, report: TextReport) -> int:
        """Show what workers make of a load until its end; to stop waiting stops no worker."""
        tally = LoadTally()
        try:
            with Stoppable() as stoppable:
                for result in _with_progress(status.watch_results(load), load.expected or 0):
                    with stoppable.held():
                        tally.add(result)
                        report.show(result)
        except Stopped as stopped:
            report.end(tally, f"Nobody waits for load {load.pk} now; the workers go on with it.")
            return stopped.exit_code
        # A page that was read again has some articles that are new and some that are not: the ledger knows.
        tally.articles = Counter(load.tally["articles"])
        is_whole = load.finished_at is not None
        report.end(tally, _made(load, tally) if is_whole else _left_out(load))
        return SOME_REJECTED if tally.rejected or not is_whole else 0

    def _reextract(self, options: dict[str, Any]) -> int:
        """Read the loaded pages again; as with a load, whoever stops it keeps what was done."""
        if options["paths"] or options["retry_failed"]:
            raise UsageError("--reextract reads all loaded pages: name no PATH with it")
        loaded = Page.objects.exclude(articles=None).order_by("pk")
        ledger, dry_run = LoadLedger(_new_load(options)), options["dry_run"]
        results = reextract(loaded.iterator(_PAGES), options["status"], ledger, dry_run=dry_run)
        report = ReextractionReport(self.stdout, as_json=options["format"] == "json")
        try:
            with Stoppable() as stoppable:
                for result in _with_progress(results, loaded.count()):
                    with stoppable.held():
                        report.show(result)
                ledger.close(report.tally())
        except Stopped as stopped:
            report.end("Stopped; run it again for the rest.")
            return stopped.exit_code
        report.end("Dry run: nothing was written." if dry_run else _told(ledger))
        return 0

    def _report(self, options: dict[str, Any]) -> Report:
        if options["format"] == "json":
            return JsonReport(self.stdout, dry_run=options["dry_run"])
        return TextReport(self.stdout, dry_run=options["dry_run"], lines=not sys.stderr.isatty())

    def _purge(self, options: dict[str, Any]) -> int:
        if options["paths"] or options["retry_failed"] or options["dry_run"]:
            raise UsageError("--purge stands alone: name a load, and nothing to load")
        load = Load.objects.filter(pk=options["purge"]).first()
        if load is None:
            raise UsageError(f"there is no load {options['purge']}; the admin lists the loads")
        question = f"Delete the {purgeable(load).count():,} articles that load {load} created? [y/N] "
        if sys.stdin.isatty() and not _agreed(question):
            self.stdout.write("Nothing was deleted.")
            return 0
        gone = purge(load)
        self.stdout.write(
            f"Deleted: {gone['articles']:,} articles, {gone['pages']:,} pages, {gone['reporters']:,} reporters. "
            f"Kept: {gone['remaining']:,} articles, which a person changed or an earlier load created."
        )
        return 0


def _agreed(question: str) -> bool:
    """Whether the person at the terminal says yes; Ctrl-C and Ctrl-D say no."""
    try:
        return input(question).strip().lower() == "y"
    except (EOFError, KeyboardInterrupt):
        return False


class Stoppable:
    """Lets SIGINT and SIGTERM raise `Stopped`, so that the page at hand is rolled back."""

    def __init__(self) -> None:
        self._received = 0
        self._held = False

    def __enter__(self) -> Stoppable:
        self._before = {number: signal.signal(number, self._receive) for number in _SIGNALS}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep a signal until what is inside is done: half a line of output would be no JSON."""
        self._held = True
        yield
        self._held = False
        if self._received:
            raise Stopped(self._received)

    def _receive(self, number: int, _frame: object) -> None:
        self._received = number
        if not self._held:
            raise Stopped(number)


def _with_progress(results: Iterable[_T], total: int) -> Iterable[_T]:
    """The results, with a bar on a terminal while they come."""
    console = Console(stderr=True)
    return track(results, "loadseeds", total=total, console=console) if sys.stderr.isatty() else results


def _check_queue(options: dict[str, Any]) -> None:
    if not options["queue"]:
        raise UsageError("--wait waits for what --queue queues: say both")
    is_other = options["dry_run"] or options["reextract"] or options["purge"] is not None
    if is_other or options["format"] != "text":
        raise UsageError("--queue goes with no --dry-run, --reextract, --purge or --format")
    status.require_queue("--queue")


def _files(options: dict[str, Any]) -> list[Origin]:
    if not options["retry_failed"]:
        return list_sources(options["paths"] or [_seeds()])
    if options["paths"]:
        raise UsageError("--retry-failed knows its files: name no PATH with it")
    return list_rejected_sources(LoadFile.objects.failed().on_server().values_list("path", flat=True))


def _seeds() -> str:
    if CHECKOUT is None:
        raise UsageError("name the files or folders to load: seeds/ is in a checkout of Newsroom alone")
    return str(CHECKOUT / "seeds")


def _terms(options: dict[str, Any]) -> LoadTerms:
    return LoadTerms.from_options(_load_options(options))


def _new_load(options: dict[str, Any]) -> Load:
    """The row of this run, which is written with its first change."""
    paths = [printable_path(path) for path in options["paths"]]
    return Load(started_at=timezone.now(), paths=paths, options=_load_options(options))


def _load_options(options: dict[str, Any]) -> dict[str, str]:
    return load_options(options["publication"], options["issue_date"], options["home"], options["status"])


def _notice(options: dict[str, Any], ledger: LoadLedger, tally: LoadTally) -> str:
    if options["dry_run"]:
        return "Dry run: nothing was written."
    return _made(ledger.load, tally) if ledger.is_written else _NO_NEWS


def _told(ledger: LoadLedger) -> str:
    return f"This was load {ledger.load.pk}." if ledger.is_written else _NO_NEWS


def _made(load: Load, tally: LoadTally) -> str:
    undo = f" loadseeds --purge {load.pk} takes back what it created." if tally.files["created"] else ""
    return f"This was load {load.pk}.{undo}"


def _left_out(load: Load) -> str:
    failed = status.count_failed_jobs(load)
    return f"Failed: {failed:,} files of load {load.pk}; the workers' logs say why. Run it again for them."


def _publication(text: str) -> str:
    if not (text.isprintable() and 0 < len(text.strip()) <= 200):
        raise argparse.ArgumentTypeError("the name of a paper is one line of up to 200 characters")
    return text.strip()


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as in 2024-07-30") from error


def _code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no division code; write it as in 140800")
    return text
