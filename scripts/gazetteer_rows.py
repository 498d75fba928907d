"""The rows of the list of divisions while it is built, and their packing into lines."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.reading.gazetteer.name_forms import NO_NAMES, DivisionKind

# Rows that NBS needs so that every village has a town, every town a county, every county a city.
PLACEHOLDER = re.compile(
    r"市辖区$|^县$|^城区$|直辖.*(?:区划|单位)$|乡级单位$|特殊乡镇$"
    r"|[县区市]社区$|社区(?:建设|管理)办公室$|居民办事处$"
)


@dataclass
class Row:
    """A division; `names` are its former names."""

    code: str
    name: str
    parent: str
    kind: DivisionKind
    former: bool = False
    names: list[str] = field(default_factory=list)

    def was_called(self, name: str) -> None:
        if name not in (self.name, *self.names, *NO_NAMES):
            self.names.append(name)

    @property
    def is_zone(self) -> bool:
        """Whether a town is a development zone, a farm or a reservoir, which NBS numbers from 400 to 599."""
        return self.code[6] in "45"


Rows = dict[str, Row]


def level_of(code: str) -> DivisionKind:
    """The level of a code by its digits: 140000, 140800, 140830, 140830105, 140830105209."""
    if len(code) == 6:
        return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
    return "village" if len(code) == 12 else "township"


def parent_of(code: str, rows: Rows) -> str:
    """The code of the nearest division above that is in `rows`, by the digits of the code."""
    above = (code[:9], code[:6], code[:4] + "00", code[:2] + "0000")
    return next((c for c in above if c != code and c in rows), "")


def places_above(code: str, rows: Rows) -> list[Row]:
    """The division and those that it is within, the province first."""
    return [*places_above(rows[code].parent, rows), rows[code]] if code else []


def pack(rows: Rows) -> Iterator[str]:
    """The lines of the file, depth first, with a > for each level: `>>140800 运城市`; former names follow the name.

    * marks other divisions, - former ones. A village is `209 金盆村` under its town 140830105, `金盆村` alone if its number
    follows that of the line before, and has all twelve digits under other divisions.
    """
    children: dict[str, list[Row]] = defaultdict(list)
    for row in rows.values():
        children[row.parent].append(row)
    return _pack_below("", 1, children)


def _pack_below(parent: str, depth: int, children: dict[str, list[Row]]) -> Iterator[str]:
    last = 0
    for row in sorted(children[parent], key=lambda row: (row.kind != "village", row.code)):
        if row.kind == "village":
            yield _pack_village(row, last)
            last = int(row.code)
        else:
            mark = "-" if row.former else "*" if row.kind == "other" else " "
            yield f"{'>' * depth}{row.code}{mark}{' '.join((row.name, *row.names))}"
            yield from _pack_below(row.code, depth + 1, children)


def _pack_village(row: Row, last: int) -> str:
    if last and int(row.code) == last + 1:
        return row.name
    return f"{row.code.removeprefix(row.parent) if len(row.parent) == 9 else row.code} {row.name}"
