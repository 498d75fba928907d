"""Whether all that is stored is sound; what can be derived anew is mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol

from articles.maintenance.checks.check import Advance, Check, Fault

from .checks import derived_data, load_checks, mention_checks, page_checks, record_checks

# What others follow from stands first, so that it is mended before they are.
CHECKS: tuple[Check, ...] = (
    derived_data.DATABASE_CHECK,
    record_checks.LINK_CHECK,
    record_checks.PLACE_CHECK,
    record_checks.MERGE_CHECK,
    page_checks.PAGE_CHECK,
    mention_checks.MENTION_CHECK,
    load_checks.LOAD_CHECK,
    derived_data.APPEARANCE_CHECK,
    derived_data.CHANGE_TRIGGER_CHECK,
    derived_data.SEARCH_INDEX_CHECK,
)


class Finding(NamedTuple):
    """A fault, and whether it is there still."""

    state: Literal["fault", "mended"]
    fault: Fault


class StartProgress(Protocol):
    """Shows how far a check has come."""

    def __call__(self, name: str, total: int, /) -> Advance: ...


def verify(watch: StartProgress, *, repair: bool) -> Iterator[Finding]:
    """All faults, as they are found; with `repair` those that are derived from sound rows are mended first."""
    for check in CHECKS:
        faults = list(check.find(watch(check.name, check.total())))
        left = faults
        if faults and repair and check.mend:
            check.mend()
            left = list(check.find(lambda _count=1: None))
            yield from (Finding("mended", fault) for fault in faults if fault not in left)
        yield from (Finding("fault", fault) for fault in left)
