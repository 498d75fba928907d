"""Writes the tables of docs/performance.md between its two markers."""

import datetime as dt
import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .archive import ROOT
from .loading import WAYS
from .serving import Cost

PLACE = ROOT / "docs" / "performance.md"
_BEGIN, _END = "<!-- measured: make bench -->\n", "<!-- end -->\n"

Costs = dict[str, dict[str, Cost]]


class Served(NamedTuple):
    """The cost of the questions about an archive, the cost of first requests and after writes, and the servers' memory."""

    costs: Costs
    first: dict[str, float]
    written: dict[str, float]
    memory: dict[str, float]


def write(served: dict[int, Served], loaded: dict[int, Any]) -> None:
    """Replace the figures of the last measurement."""
    before, _, rest = PLACE.read_text("utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    parts = [_machine(), *(_served(size, found) for size, found in served.items())]
    parts += [_loaded(pages, figures) for pages, figures in loaded.items()]
    PLACE.write_text(before + _BEGIN + "\n" + "\n".join(parts) + "\n" + _END + after, "utf-8")


def _machine() -> str:
    """The kind of machine and the date, without anything that identifies the machine."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )
    return (
        f"{dt.datetime.now(tz=dt.UTC).date()}, {os.cpu_count()} cores of {model}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}\n"
    )


def _served(size: int, served: Served) -> str:
    head = (
        "question", "Newsroom", "after a write", "asked first", "textbook", "floor", "textbook / Newsroom", "Newsroom / floor",
        "until answered",
    )  # fmt: skip
    rows = []
    for name, found in served.costs.items():
        ours, textbook, floor = found["newsroom"], found["textbook"], found["floor"]
        cpu = (ours.cpu, served.written[name], served.first[name], textbook.cpu, floor.cpu)
        ratios = (f"{textbook.cpu / ours.cpu:.1f}", f"{ours.cpu / floor.cpu:.1f}")
        rows.append((name, *(f"{value:.2f}" for value in cpu), *ratios, f"{ours.wall:.2f}"))
    used = ", ".join(f"{name} {mebibytes:.0f}" for name, mebibytes in served.memory.items())
    title = f"### {size:,} articles: CPU milliseconds a request\n\n"
    return title + _table(head, rows) + f"\nMemory of one worker afterwards, MiB: {used}.\n"


def _loaded(pages: int, figures: dict[str, Any]) -> str:
    head = ("way", "CPU ms a page", "first pages", "last pages", "MiB at most")
    rows = []
    for way, found in figures.items():
        steps = [f"{found['steps'][place]:.1f}" for place in (0, -1)] if len(found["steps"]) > 1 else ["", ""]
        rows.append((WAYS[way], f"{found['page']:.1f}", *steps, f"{found['memory']:.0f}"))
    return f"### Loading {pages:,} pages\n\n" + _table(head, rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
