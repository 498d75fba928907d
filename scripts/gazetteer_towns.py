"""Matches the towns of NBS's list with those of MCA's, which have other numbers and sometimes another spelling."""

from collections import Counter, defaultdict
from collections.abc import Callable
from difflib import SequenceMatcher

from articles.reading.gazetteer.name_forms import division_stem

from .gazetteer_rows import Row, Rows

# The share of characters that two spellings of one name have in common (闫庄镇, 阎庄镇).
SIMILAR = 0.6
SIMILAR_UNDER_ONE_CODE = 0.5
MUNICIPALITIES = ("11", "12", "31", "50")

Key = Callable[[Row], tuple[str, str]]


class Towns:
    """NBS's towns with MCA's names and parents; `taken` counts the matches of each rule."""

    def __init__(self, nbs: list[Row], rows: Rows) -> None:
        self.rows = rows
        self.free = {row.code: row for row in nbs}
        self.nbs_codes = frozenset(self.free)
        self.taken: Counter[str] = Counter()

    def match(self, rule: str, wanted: list[Row], key: Key) -> list[Row]:
        """Give MCA's name and parent to the only NBS town with the same key; return the towns without a match."""
        index: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.free.values():
            index[key(row)].append(row)
        asked = Counter(map(key, wanted))
        found = {
            town.code: index[key(town)][0]
            for town in wanted
            if len(index[key(town)]) == 1 and asked[key(town)] == 1
        }
        return self.take(rule, wanted, found)

    def match_similar(self, wanted: list[Row]) -> list[Row]:
        """Match two spellings of one name: with the same code, or the only similar pair of a county."""
        free = [row for row in self.free.values() if not row.is_zone]
        pairs = [(town, row) for town in wanted for row in free if similarity(town, row) >= SIMILAR]
        asked, offered = Counter(town.code for town, _ in pairs), Counter(row.code for _, row in pairs)
        found = {town.code: row for town, row in pairs if asked[town.code] == offered[row.code] == 1}
        for town in wanted:
            row = self.free.get(town.code)
            if row and similarity(town, row) >= SIMILAR_UNDER_ONE_CODE:
                found[town.code] = row
        return self.take("county and similarity", wanted, found)

    def take(self, rule: str, wanted: list[Row], found: Rows) -> list[Row]:
        left = []
        for town in wanted:
            nbs = found.get(town.code)
            if nbs and self.free.pop(nbs.code, None):
                self.taken[rule] += 1
                row = self.rows[nbs.code] = Row(nbs.code, town.name, town.parent, "township")
                row.was_called(nbs.name)
            else:
                left.append(town)
        return left

    def add_new(self, wanted: list[Row]) -> None:
        for town in wanted:
            clash = town.code in self.nbs_codes
            self.taken["only MCA, code given to another by NBS" if clash else "only MCA"] += 1
            code = town.code + "x" if clash else town.code
            self.rows[code] = Row(code, town.name, town.parent, "township")

    def add_rest(self) -> None:
        """Add the towns that only NBS has: zones and farms as other, the rest as former."""
        for row in self.free.values():
            self.taken["only NBS, other" if row.is_zone else "only NBS, former"] += 1
            row.kind, row.former = ("other", False) if row.is_zone else ("township", True)
            self.rows[row.code] = row


def similarity(one: Row, other: Row) -> float:
    if one.parent != other.parent:
        return 0.0
    return SequenceMatcher(None, short(one), short(other)).ratio()


def short(row: Row) -> str:
    """A town's name without the parts in which the lists differ: 新华街街道 and 新华街道 -> 新华."""
    return division_stem(row.name, "township").removesuffix("街")


def region(row: Row) -> str:
    return row.code[:2] if row.code.startswith(MUNICIPALITIES) else row.code[:4]


def merge_towns(nbs: list[Row], mca: list[Row], rows: Rows) -> Counter[str]:
    """Add the towns of both lists to `rows`, each once; return the number of matches by rule."""
    towns = Towns(nbs, rows)
    wanted = towns.match("county and name", mca, lambda row: (row.parent, row.name))
    wanted = towns.match("county and stem", wanted, lambda row: (row.parent, short(row)))
    wanted = towns.match("prefecture and name", wanted, lambda row: (region(row), row.name))
    wanted = towns.match_similar(wanted)
    wanted = towns.match("prefecture and stem", wanted, lambda row: (region(row), short(row)))
    towns.add_new(wanted)
    towns.add_rest()
    return towns.taken
