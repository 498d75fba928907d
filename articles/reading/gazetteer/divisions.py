"""Looks up the official divisions of China down to the village; scripts/build_gazetteer.py names the sources.

The committed list is unpacked once to an SQLite index in a cache folder, which may be deleted at any time.
"""

import functools
import hashlib
import logging
import lzma
import os
import re
import sqlite3
import sys
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.installation import cache_folder

from .name_forms import NO_NAMES, DivisionKind, printed_name, short_names

if sys.platform != "win32":
    import fcntl

_logger = logging.getLogger(__name__)

_DIVISIONS_FILE = Path(__file__).with_name("data") / "divisions.xz"
# The code that an index depends on besides the list; the name of the index holds their digest.
_INDEX_SOURCES = tuple(Path(__file__).with_name(name) for name in ("divisions.py", "name_forms.py"))
_INDEX_COMPLETE = 1  # user_version of an index that was written to the end

# 北区 of a hospital, 东区 of a campus: districts with these names are found only within their city.
_WORDS = frozenset({"东区", "西区", "南区", "北区"})
_KINDS: tuple[DivisionKind, ...] = ("province", "city", "county", "township", "village", "other")
_VILLAGE = _KINDS.index("village")
_ABOVE_VILLAGES = re.compile(r"(>+)([0-9]+x?)([ *-])(.+)")
_TABLES = """
CREATE TABLE division (id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL,
                       parent TEXT, former INTEGER NOT NULL, former_names TEXT NOT NULL,
                       last INTEGER NOT NULL);
CREATE TABLE other_name (name TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (name, id)) WITHOUT ROWID;
"""
_INDEXES = """
CREATE UNIQUE INDEX division_code ON division (code);
CREATE INDEX division_name ON division (name);
CREATE INDEX division_upper ON division (id) WHERE length(code) = 6;
"""
_NAMED = """
WHERE id IN (SELECT id FROM division WHERE name = ? UNION SELECT id FROM other_name WHERE name = ?)
AND id BETWEEN ? AND ? ORDER BY id
"""
# Nine tenths of the list are villages; `short_names` shortens only these of them.
_MAY_HAVE_OTHERS = f"kind <> {_VILLAGE} OR former_names <> '' OR name LIKE '%村社区'"
_EVERYWHERE = (1, 2**31)
_COLUMNS = "code, name, kind, parent, former, former_names"

_Row = tuple[str, str, int, str | None, bool, str]


@dataclass(frozen=True, slots=True)
class Division:
    """A place of the official list, under the name that newspapers print (金盆村, not 金盆村委会).

    `code` has 6 digits down to the county, 9 for a town (and an x where the sources gave them to two), 12 for a
    village. `parent` is None for a province. `former` is true for what no longer exists (崇文区).
    `kind` is "other" for development zones, farms and islands that the list counts among counties and towns.
    """

    code: str
    name: str
    kind: DivisionKind
    parent: str | None
    former: bool = False
    former_names: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The printed forms of its name, the official one first: 襄阳市, 襄阳, 襄樊市, 襄樊.

        Among former names only that of a city has a short form: 襄阳 is not 襄州区, formerly 襄阳县.
        """
        cities = [name for name in self.former_names if self.kind == "city" and name.endswith(("市", "盟"))]
        former_short = [short for name in cities for short in short_names(name, "city")]
        forms = (self.name, *short_names(self.name, self.kind), *self.former_names, *former_short)
        return tuple(name for name in dict.fromkeys(forms) if name not in NO_NAMES)


class Gazetteer:
    """Look-ups in the list; each takes microseconds, and 2 more for every division returned."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        weakref.finalize(self, connection.close)

    def by_code(self, code: str) -> Division | None:
        rows = self._divisions("WHERE code = ?", code)
        return rows[0] if rows else None

    def ancestors(self, code: str) -> list[Division]:
        """The divisions above a place, the province first: 140830 -> 山西省, 运城市. Empty for an unknown code."""
        above: list[Division] = []
        division = self.by_code(code)
        while division and division.parent:
            division = self.by_code(division.parent)
            above[:0] = [division] if division else []
        return above

    def named(self, name: str, within: str | None = None) -> list[Division]:
        """All places with a name, also in its short (芮城), official (金盆村委会) or former form (襄樊), depth first.

        `within` is the code of a place: only that place and those below it are returned. Words that are not names
        alone (市辖区) return nothing.
        """
        printed = printed_name(name)
        if printed in NO_NAMES:
            return []
        bounds = self._bounds(within) if within is not None else _EVERYWHERE
        return self._divisions(_NAMED, printed, printed, *bounds) if bounds else []

    def under(self, code: str) -> list[Division]:
        """All divisions below a place, depth first."""
        bounds = self._bounds(code)
        return self._divisions("WHERE id > ? AND id <= ? ORDER BY id", *bounds) if bounds else []

    def everywhere(self) -> dict[str, tuple[Division, ...]]:
        """Every printed name of provinces, cities and counties, also former and short ones.

        Short names of districts are also common words (和平, 新城), and need more evidence when they occur alone.
        """
        names = _by_name(self._divisions("WHERE length(code) = 6 ORDER BY id"))
        return {name: divisions for name, divisions in names.items() if name not in _WORDS}

    def _bounds(self, code: str) -> tuple[int, int] | None:
        row: tuple[int, int] | None = self._connection.execute(
            "SELECT id, last FROM division WHERE code = ?", (code,)
        ).fetchone()
        return row

    def _divisions(self, condition: str, *values: str | int) -> list[Division]:
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM division {condition}", values)  # noqa: S608
        return [_division(row) for row in rows]


def load_gazetteer() -> Gazetteer:
    """The official list, opened once per process, as SQLite connections do not survive a fork."""
    return _opened(os.getpid())


@functools.lru_cache(maxsize=1)
def _opened(_process: int) -> Gazetteer:
    return _open_gazetteer(_DIVISIONS_FILE, cache_folder())


def _open_gazetteer(data: Path, folder: Path) -> Gazetteer:
    """Open the list in `data` by its index in `folder`, which is built if it is missing, damaged or outdated.

    If the folder is not writable, a warning is logged and the index is built in memory at every start.
    """
    packed = data.read_bytes()
    made_from = b"".join((packed, *(path.read_bytes() for path in _INDEX_SOURCES)))
    index = folder / f"divisions-{hashlib.sha256(made_from).hexdigest()[:16]}.sqlite3"
    connection = _open_index(index)
    if connection:
        return Gazetteer(connection)
    try:
        _build_once(index, packed)
    except (OSError, sqlite3.OperationalError) as error:
        _logger.warning(
            "Cannot write %s (%s): the index stays in memory. Set NEWSROOM_CACHE_DIR.", index, error
        )
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        _fill(connection, packed)
    return Gazetteer(connection or _connect(index))


def _connect(index: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{index.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )


def _open_index(index: Path) -> sqlite3.Connection | None:
    """Open an index; None if it is missing, or damaged by another program or a full disk."""
    if not index.is_file():
        return None
    connection = _connect(index)
    try:
        if connection.execute("PRAGMA user_version").fetchone() == (_INDEX_COMPLETE,):
            return connection
        damage = "not written to the end"
    except sqlite3.DatabaseError as error:
        damage = str(error)
    connection.close()
    _logger.warning("The index %s is damaged (%s).", index, damage)
    return None


def _shown(path: Path) -> Path:
    """A path as the user knows it: relative, if it is below the current folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _build_once(index: Path, packed: bytes) -> None:
    """Build the index, or wait for another process that is building it."""
    state = _state(index)
    index.parent.mkdir(parents=True, exist_ok=True)
    with _alone(index.parent):
        if _state(index) == state:
            _logger.info(
                "Building the index of divisions in %s; this takes some seconds, once.", _shown(index)
            )
            _build_file(index, packed)


def _state(index: Path) -> tuple[int, int] | None:
    """The inode and modification time of a file, which differ once it is replaced; None if it is missing."""
    try:
        found = index.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder, if the system supports it; Windows and some network shares do not."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _build_file(index: Path, packed: bytes) -> None:
    """Build the index under another name and rename it, so that no process opens a half-built one."""
    with tempfile.TemporaryDirectory(dir=index.parent) as folder:
        new = Path(folder) / index.name
        connection = sqlite3.connect(new)
        try:
            _fill(connection, packed)
        finally:
            connection.close()
        new.replace(index)


def _fill(connection: sqlite3.Connection, packed: bytes) -> None:
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    rows = enumerate(_unpack(lzma.decompress(packed).decode()), start=1)
    connection.executemany(
        "INSERT INTO division VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((number, *row, number) for number, row in rows),
    )
    connection.executescript(_INDEXES)
    _fill_last(connection)
    _fill_other_names(connection)
    connection.execute(f"PRAGMA user_version = {_INDEX_COMPLETE}")
    connection.commit()


def _fill_last(connection: sqlite3.Connection) -> None:
    """Store the last id below each place; the list is depth first, so the places below are a range of ids."""
    last: dict[str, int] = {}
    ends = []
    for number, code, parent in connection.execute("SELECT id, code, parent FROM division ORDER BY id DESC"):
        end = last.pop(code, number)
        if end != number:
            ends.append((end, number))
        if parent:
            last.setdefault(parent, end)
    connection.executemany("UPDATE division SET last = ? WHERE id = ?", ends)


def _fill_other_names(connection: sqlite3.Connection) -> None:
    rows = connection.execute(f"SELECT id, {_COLUMNS} FROM division WHERE {_MAY_HAVE_OTHERS}")  # noqa: S608
    divisions = ((number, _division(row)) for number, *row in rows)
    names = ((name, number) for number, place in divisions for name in place.names if name != place.name)
    connection.executemany("INSERT INTO other_name VALUES (?, ?)", names)


def _unpack(text: str) -> Iterator[_Row]:
    """Unpack the lines to rows; `pack` in scripts/gazetteer_rows.py defines the format."""
    above: list[str] = []
    village = 0
    for line in text.splitlines():
        if found := _ABOVE_VILLAGES.fullmatch(line):
            depth, code, mark, names = found.groups()
            del above[len(depth) - 1 :]
            name, _, former_names = names.partition(" ")
            yield code, name, _kind(code, mark), above[-1] if above else None, mark == "-", former_names
            above.append(code)
        else:
            number, _, name = line.rpartition(" ")
            village = int(above[-1] + number if len(number) == 3 else number or village + 1)
            yield str(village), name, _VILLAGE, above[-1], False, ""


def _kind(code: str, mark: str) -> int:
    if mark == "*":
        return _KINDS.index("other")
    if len(code) > 6:
        return _KINDS.index("township")
    return _KINDS.index("province" if code.endswith("0000") else "city" if code.endswith("00") else "county")


def _division(row: Sequence[Any]) -> Division:
    code, name, kind, parent, former, former_names = row
    return Division(code, name, _KINDS[kind], parent, bool(former), tuple(former_names.split()))


def _by_name(divisions: list[Division]) -> dict[str, tuple[Division, ...]]:
    names: dict[str, list[Division]] = {}
    for division in divisions:
        for name in division.names:
            names.setdefault(name, []).append(division)
    return {name: tuple(found) for name, found in names.items()}
