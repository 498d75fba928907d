"""Learns which characters occur in names of persons, from pages and the people who are labelled or credited on them.

    python -m scripts.train_name_characters --pages DIR [--pages DIR ...] [--gold DIR]

It writes `articles/reading/gazetteer/data/name_characters.toml`: for each character how much likelier it is in a name
than in the text of a page, as a natural logarithm in tenths. Names come from the labels in `--gold` (files of the form
of `tests/pages`), and from credits with a role on the pages; the same input gives the same bytes.
"""

import argparse
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from articles.reading.credits.surnames import is_surname
from articles.reading.lines.character_folding import fold_characters
from articles.reading.pipeline import read_structure

_TARGET = Path(__file__).parent.parent / "articles/reading/gazetteer/data/name_characters.toml"
_HAN = re.compile("[\u3400-\u9fff]")
_BEFORE = re.compile("(?:记者|通讯员|实习生)[^。，；！？（）]{0,28}$")
_AFTER = re.compile(" *摄")
# So many names of unknown characters are taken to have been seen, spread as in text.
_SMOOTHING = 300
_HEAD = """\
# How much likelier a character is in a name of a person than in the text of a page: the natural logarithm of the ratio,
# in tenths, with the characters that have it. Learned by scripts/train_name_characters.py from {names} names and
# {characters} characters of text; characters that no name had are not listed.
"""


def main() -> None:
    """Read the folders and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, action="append", required=True)
    parser.add_argument("--gold", type=Path, action="append", default=[])
    options = parser.parse_args()
    text: Counter[str] = Counter()
    names = {name for folder in options.gold for name in _labelled_names(folder)}
    for folder in options.pages:
        for path in sorted(folder.rglob("*.txt")):
            page = read_structure(path.read_bytes())
            folded = fold_characters(page.page.text)
            text.update(_HAN.findall(folded))
            names.update(_credited_names(folded, ((b.start, b.end) for s in page.stories for b in s.bylines)))
    _TARGET.write_text(_table(sorted(filter(_is_usual, names)), text), encoding="utf-8")


def _labelled_names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.json")):
        for article in json.loads(path.read_text(encoding="utf-8"))["articles"]:
            for person in (*article["reporters"], *article.get("people", [])):
                name = person["name"] if isinstance(person, dict) else str(person)
                yield fold_characters("".join(name.split()))


def _credited_names(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    """The credited names after a role or before 摄, which are names for sure."""
    for start, end in spans:
        if _BEFORE.search(text[max(0, start - 32) : start]) or _AFTER.match(text, end):
            yield "".join(text[start:end].split())


def _is_usual(name: str) -> bool:
    return 2 <= len(name) <= 3 and is_surname(name[0]) and all(map(_HAN.match, name))


def _table(names: list[str], text: Counter[str]) -> str:
    total = sum(text.values())
    surnames = Counter(name[0] for name in names)
    given = Counter(character for name in names for character in name[1:])
    parts_of_names = (("surname", surnames), ("given", given))
    parts = [_HEAD.format(names=len(names), characters=total)]
    parts += [f"{part}_unseen = {_odds(0, 1, counts)}\n" for part, counts in parts_of_names]
    for part, counts in parts_of_names:
        rows: defaultdict[int, list[str]] = defaultdict(list)
        for character, count in counts.items():
            rows[_odds(count, (text[character] + 1) / total, counts)].append(character)
        parts.append(f"\n[{part}]\n")
        parts += [f'{odds} = "{"".join(sorted(rows[odds]))}"\n' for odds in sorted(rows, reverse=True)]
    return "".join(parts)


def _odds(count: int, share: float, counts: Counter[str]) -> int:
    """The logarithm in tenths; `share` is how often the character is in text."""
    return round(10 * math.log((count / share + _SMOOTHING) / (counts.total() + _SMOOTHING)))


if __name__ == "__main__":
    main()
