"""`manage.py loadseeds`: load page files as articles."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from articles.installation import CHECKOUT
from articles.loading.doubled_stories import find_doubled_files, make_way
from articles.loading.load_ledger import LoadLedger
from articles.loading.load_reports import JsonReport, LoadReport, ReextractionReport, TextReport
from articles.loading.load_terms import LoadTerms
from articles.loading.loader import Loader, dry_run
from articles.loading.purge import purge, purgeable
from articles.loading.queue import status
from articles.loading.reextraction import reextract
from articles.loading.sources.files import (
    PageSource,
    ReplacedFile,
    UsageError,
    is_page_of_many,
    printable_path,
)
from articles.loading.sources.source_listing import (
    OriginOfPage,
    fetch_sources,
    list_rejected_sources,
    list_sources,
)
from articles.maintenance.verification import StartProgress
from articles.management.argument_types import division_code, iso_date, publication_name
from articles.management.base import OneLineErrorCommand, confirm
from articles.management.progress import show_progress
from articles.management.stop_signals import Stopped, StopSignals
from articles.models import Load, LoadFile, Page
from articles.models.load import load_options
from articles.reading.gazetteer.divisions import load_gazetteer

_SOME_REJECTED = 1

_NO_NEWS = "No news: everything stands as it was, and nothing was written."
_DRY_RUN = "Dry run: nothing was written."
_STOPPED = "Stopped; run it again for the rest."

_PAGES = 50  # read from the database at a time

_Result = TypeVar("_Result")


class Command(OneLineErrorCommand):
    help = "Load page files, or the *.txt and *.pdf in folders and zips, as articles. What is loaded already stays as it is."
    # A dry run needs no database, and checks need one.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add(
            "paths",
            nargs="*",
            metavar="PATH",
            help="files, folders and zips, of this computer or in a storage: s3://bucket/2015/ (default: seeds/)",
        )
        add(
            "--replaces",
            metavar="OLD",
            help="PATH is the renamed file OLD, which is gone: its version is replaced",
        )
        add("--dry-run", action="store_true", help="show what would be read, without any database")
        add("--format", choices=("text", "json"), default="text", help="json is for programs")
        add("--status", choices=("draft", "published"), default=settings.NEWSROOM_LOAD_STATUS)
        add("--publication", type=publication_name, metavar="NAME", help="the paper that the pages are from")
        add("--issue-date", type=iso_date, metavar="YYYY-MM-DD", help="the date of the pages")
        add(
            "--home",
            type=division_code,
            metavar="CODE",
            help="the division that 我市 means on the pages: 140800",
        )
        add("--reextract", action="store_true", help="read all loaded pages again by today's rules")
        add("--retry-failed", action="store_true", help="load the files again that were rejected last time")
        add(
            "--queue",
            action="store_true",
            help="let workers load the files (manage.py worker); PostgreSQL only",
        )
        add("--wait", action="store_true", help="with --queue: show what the workers do, until all is loaded")
        add("--purge", type=int, metavar="LOAD", help="delete what the load with this number created")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = self._run(options)
        except BrokenPipeError:
            # The reader closed the output (| head); the interpreter's last flush must not fail too.
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
        sources: Iterable[PageSource] = fetch_sources(files, terms.max_bytes)
        if options["replaces"] is not None:
            sources = _with_replaced(sources, _replaced_name(options, files))
        results = dry_run(sources, terms) if options["dry_run"] else Loader(terms, ledger).load(sources)
        report = self._report(options)
        load_gazetteer()  # before the bar, as the first load says that it builds an index
        try:
            _show(
                results,
                _progress(options),
                ("files", len(files) + (options["replaces"] is not None)),
                report.show,
                lambda: ledger.close(report.tally.counts()),
            )
        except Stopped as stopped:
            report.end(_STOPPED)
            return stopped.exit_code
        report.end(
            _DRY_RUN if options["dry_run"] else _load_notice(ledger, created=report.tally.files["created"])
        )
        if ledger.is_written:
            self._warn_of_doubled_stories(ledger.load)
        return _SOME_REJECTED if report.tally.rejected else 0

    def _warn_of_doubled_stories(self, load: Load) -> None:
        for path, other, stories in find_doubled_files(load.files.exclude(page=None)):
            remedy = f"loadseeds {path} --replaces {other}"
            if is_page_of_many(path) or is_page_of_many(other):
                remedy = f"move the articles of {other} to the trash"
            self.stderr.write(
                f"Published twice: {stories:,} stories of {path} and {other}. Load {other} again if it has changed too; "
                f"if it is gone or was renamed: {remedy}"
            )

    def _queue(self, options: dict[str, Any]) -> int:
        """Queue the files for workers, and with --wait show the results as a load here would."""
        _check_queue_options(options)
        # Imported when called: without PostgreSQL there may be nothing to import.
        from articles.loading.queue.tasks import enqueue  # noqa: PLC0415

        load, report = _new_load(options), self._report(options)
        queued = enqueue(_files(options), _terms(options), load, report.tally)
        if not queued:
            report.end(_NO_NEWS)
            return _SOME_REJECTED if report.tally.rejected else 0
        if options["wait"]:
            return self._wait(load, self._report(options))
        self._warn_without_workers()
        self.stdout.write(
            f"Queued: {queued:,} files, as load {load.pk}. "
            f"{report.tally.files.total():,} others stand as they were when they were last loaded."
        )
        return 0

    def _warn_without_workers(self) -> None:
        if not status.has_workers():
            self.stderr.write("No worker is at work: start some (manage.py worker), on any machine.")

    def _wait(self, load: Load, report: LoadReport) -> int:
        """Show what workers do with a load until it ends. The workers go on if this is stopped."""
        try:
            with StopSignals():  # before the warning, so that who reads it may stop the waiting at once
                self._warn_without_workers()
                _show(
                    status.watch_results(load),
                    show_progress("loadseeds"),
                    ("files", load.expected or 0),
                    report.show,
                )
        except Stopped as stopped:
            report.end(f"Stopped waiting for load {load.pk}; the workers go on with it.")
            return stopped.exit_code
        # The rows give only one outcome for all articles of a page; the load has counted each article.
        report.tally.articles = Counter(load.tally["articles"])
        if load.finished_at is None:
            failed = status.count_failed_jobs(load)
            report.end(
                f"Failed: {failed:,} files of load {load.pk}; the workers' logs say why. Run it again for them."
            )
            return _SOME_REJECTED
        report.end(_purge_notice(load, created=report.tally.files["created"]))
        self._warn_of_doubled_stories(load)
        return _SOME_REJECTED if report.tally.rejected else 0

    def _reextract(self, options: dict[str, Any]) -> int:
        """Read the loaded pages again; if this is stopped, what was written stays."""
        if options["paths"] or options["retry_failed"]:
            raise UsageError("--reextract reads all loaded pages: name no PATH with it")
        pages = Page.objects.current().order_by("pk")
        ledger = LoadLedger(_new_load(options))
        results = reextract(pages.iterator(_PAGES), options["status"], ledger, dry_run=options["dry_run"])
        report = ReextractionReport(self.stdout, as_json=options["format"] == "json")
        try:
            _show(
                results,
                _progress(options),
                ("pages", pages.count()),
                report.show,
                lambda: ledger.close(report.tally()),
            )
        except Stopped as stopped:
            report.end(_STOPPED)
            return stopped.exit_code
        report.end(_DRY_RUN if options["dry_run"] else _load_notice(ledger, created=0))
        return 0

    def _report(self, options: dict[str, Any]) -> LoadReport:
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
        if sys.stdin.isatty() and not confirm(question):
            self.stdout.write("Nothing was deleted.")
            return 0
        counts = purge(load)
        self.stdout.write(
            f"Deleted: {counts['articles']:,} articles, {counts['pages']:,} pages, {counts['reporters']:,} reporters. "
            f"Remaining: {counts['remaining']:,} articles, which a person changed or an earlier load created."
        )
        return 0


def _show(
    results: Iterable[_Result],
    progress: AbstractContextManager[StartProgress],
    things: tuple[str, int],
    show: Callable[[_Result], None],
    finish: Callable[[], None] = lambda: None,
) -> None:
    """Show results as they come, and how many of the `things` are done; `Stopped` at SIGINT or SIGTERM."""
    with progress as start, StopSignals() as signals:
        advance = start(*things)
        for result in results:
            with signals.deferred():
                show(result)
            advance()
        finish()


def _progress(options: dict[str, Any]) -> AbstractContextManager[StartProgress]:
    """The progress of a load; none with JSON, which is for programs."""
    return show_progress("loadseeds", is_shown=options["format"] == "text")


def _check_queue_options(options: dict[str, Any]) -> None:
    if not options["queue"]:
        raise UsageError("--wait waits for what --queue queues: say both")
    is_other = options["dry_run"] or options["reextract"] or options["purge"] is not None
    if is_other or options["format"] != "text":
        raise UsageError("--queue goes with no --dry-run, --reextract, --purge or --format")
    status.require_queue("--queue")


def _files(options: dict[str, Any]) -> list[OriginOfPage]:
    if not options["retry_failed"]:
        if not options["paths"] and CHECKOUT is None:
            raise UsageError("name the files or folders to load: seeds/ is in a checkout of Newsroom alone")
        return [*list_sources(options["paths"] or [f"{CHECKOUT}/seeds"])]
    if options["paths"]:
        raise UsageError("--retry-failed knows its files: name no PATH with it")
    return list_rejected_sources(LoadFile.objects.failed().on_server().values_list("path", flat=True))


def _replaced_name(options: dict[str, Any], files: list[OriginOfPage]) -> str:
    """The path of the replaced file, as the ledger has it."""
    if len(files) != 1 or len(options["paths"]) != 1 or options["dry_run"]:
        raise UsageError("--replaces goes with the PATH of one file, and no --dry-run")
    old = options["replaces"]
    if is_page_of_many(old) or options["paths"][0].lower().endswith(".pdf"):
        raise UsageError(
            "--replaces goes with text files: load a PDF as it is, and trash what the older file has"
        )
    for name in (old, printable_path(Path(old).absolute())):
        if LoadFile.objects.filter(path=name).exclude(page=None).exists():
            return name
    raise UsageError(f"no load has a page of {old}")


def _with_replaced(sources: Iterable[PageSource], name: str) -> Iterator[PageSource]:
    """The file in the place of the one that it replaces, so that articles and decisions move to it; then as itself."""
    for source in sources:
        make_way(source.name, name)
        yield ReplacedFile(source, name)
        yield source


def _terms(options: dict[str, Any]) -> LoadTerms:
    return LoadTerms.from_options(_load_options(options))


def _new_load(options: dict[str, Any]) -> Load:
    """The row of this run, which is written with its first change."""
    paths = [printable_path(path) for path in options["paths"]]
    return Load(started_at=timezone.now(), paths=paths, options=_load_options(options))


def _load_options(options: dict[str, Any]) -> dict[str, str]:
    return load_options(options["publication"], options["issue_date"], options["home"], options["status"])


def _load_notice(ledger: LoadLedger, *, created: int) -> str:
    return _purge_notice(ledger.load, created=created) if ledger.is_written else _NO_NEWS


def _purge_notice(load: Load, *, created: int) -> str:
    undo = f" loadseeds --purge {load.pk} takes back what it created." if created else ""
    return f"This was load {load.pk}.{undo}"
