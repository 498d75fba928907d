"""The command `verify`: runs all checks of stored data and rebuilds derived data that is wrong."""

from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol

from .checks import derived_data, load_checks, mention_checks, page_checks, record_checks, version_checks
from .checks.check import Advance, Check, Fault

# Data from which other data is derived comes first, so that it is rebuilt before.
_CHECKS: tuple[Check, ...] = (
    derived_data.DATABASE_CHECK,
    record_checks.LINK_CHECK,
    record_checks.PLACE_CHECK,
    record_checks.MERGE_CHECK,
    page_checks.PAGE_CHECK,
    version_checks.VERSION_CHECK,
    mention_checks.MENTION_CHECK,
    load_checks.LOAD_CHECK,
    derived_data.APPEARANCE_CHECK,
    derived_data.CHANGE_TRIGGER_CHECK,
    derived_data.SEARCH_INDEX_CHECK,
)


class Finding(NamedTuple):
    """A fault, and whether it was rebuilt or is still there."""

    state: Literal["fault", "rebuilt"]
    fault: Fault


class StartProgress(Protocol):
    """Starts to show the progress of a check, of `total` steps."""

    def __call__(self, name: str, total: int, /) -> Advance: ...


def verify(start_progress: StartProgress, *, repair: bool) -> Iterator[Finding]:
    """Run all checks and give their faults as they are found; with `repair`, rebuild derived data first."""
    for check in _CHECKS:
        faults = list(check.find(start_progress(check.name, check.total())))
        left = faults
        if faults and repair and check.rebuild:
            check.rebuild()
            left = list(check.find(lambda _count=1: None))
            yield from (Finding("rebuilt", fault) for fault in faults if fault not in left)
        yield from (Finding("fault", fault) for fault in left)
