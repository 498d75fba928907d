"""Checks of the ledger of loads against the loaded pages."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Count, F

from articles.models import Load, LoadFile, Page

from .check import RESTORE, Advance, Check, Fault, excerpt


def _find(advance: Advance) -> Iterator[Fault]:
    others = LoadFile.objects.exclude(page=None).exclude(sha256=F("page__sha256")).order_by("pk")
    for load, path, page in others.values_list("load", "path", "page"):
        yield Fault(
            f"load {load}", f"the bytes of {excerpt(path, 500)} differ from those of page {page}", RESTORE
        )
    advance()
    for page in Page.objects.filter(files=None).order_by("pk").values_list("pk", flat=True):
        yield Fault(f"page {page}", "no load has it in its ledger", RESTORE)
    advance()
    yield from _tallies()
    advance()


def _tallies() -> Iterator[Fault]:
    """Finished loads whose counts differ from their files in the ledger."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    rows = LoadFile.objects.order_by().values_list("load", "outcome").annotate(Count("pk"))
    for load, outcome, count in rows:
        counts[load][outcome] = count
    for pk, tally in Load.objects.exclude(finished_at=None).order_by("pk").values_list("pk", "tally"):
        files = tally.get("files")
        if files is not None and +Counter(files) != counts[pk]:
            yield Fault(
                f"load {pk}",
                f"it counted {_count_text(files)}, and its ledger has {_count_text(counts[pk])}",
                "some of its rows are lost, its pages are not; nothing needs to be done"
                if sum(files.values()) > counts[pk].total()
                else RESTORE,
            )


def _count_text(files: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(files.items()) if count) or "no file"


LOAD_CHECK = Check("loads", _find, lambda: 3)
