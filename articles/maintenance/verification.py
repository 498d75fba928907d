"""Whether all that is stored is sound; what can be derived anew is mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol

from articles.maintenance.checks.check import Advance, Check, Fault

from .checks import derived_data, load_checks, mention_checks, page_checks, record_checks

# What others follow from stands first, so that it is mended before they are.
CHECKS: tuple[Check, ...] = (
    *derived_data.FIRST,
    *record_checks.CHECKS,
    *page_checks.CHECKS,
    *mention_checks.CHECKS,
    *load_checks.CHECKS,
    *derived_data.LAST,
)


class Found(NamedTuple):
    """A fault, and whether it is there still."""

    state: Literal["fault", "mended"]
    fault: Fault


class Watch(Protocol):
    """Shows how far a check has come."""

    def __call__(self, name: str, total: int, /) -> Advance: ...


def verify(watch: Watch, *, repair: bool) -> Iterator[Found]:
    """All faults, as they are found; with `repair` those that are derived from sound rows are mended first."""
    for check in CHECKS:
        faults = list(check.find(watch(check.name, check.total())))
        left = faults
        if faults and repair and check.mend:
            check.mend()
            left = list(check.find(lambda _count=1: None))
            yield from (Found("mended", fault) for fault in faults if fault not in left)
        yield from (Found("fault", fault) for fault in left)
