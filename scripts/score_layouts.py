"""Scores how the pages of PDFs are read, against the exact truth of set pages.

    python -m scripts.score_layouts FOLDER

FOLDER has for each page a folder with `page.pdf` and `TRUTH.json`, whose `articles` have a `headline` and `blocks`: `kind`,
`text` and `lines`. An article is right if its text has 97 % of the characters of the truth, both ways.
"""

import argparse
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from articles.reading.formats.bounded_reading import list_pages
from articles.reading.pipeline import read_structure
from articles.reading.values import Page, Story

_ENOUGH = 0.97
_TEXT = {"paragraph", "heading", "credit", "byline"}
_Score = Counter[str]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    score = _Score()
    for truth in sorted(parser.parse_args().folder.glob("*/TRUTH.json")):
        (page,) = list_pages((truth.parent / "page.pdf").read_bytes())
        _score_page(page.read(), json.loads(truth.read_text(encoding="utf-8")), score)
    print(f"pages {score['pages']}, articles {score['articles']}, found {score['found']}")
    for name in ("article", "headline", "paragraph", "caption", "pair of lines in order"):
        print(f"{name:<24} {score[name] / max(1, score[f'{name} of']):.4f} of {score[f'{name} of']:,}")


def _score_page(page: Page, truth: dict[str, Any], score: _Score) -> None:
    stories = read_structure(page).stories
    score["pages"] += 1
    score["found"] += len(stories)
    places = {_squeeze(line): place for place, line in reversed(list(enumerate(page.text.split("\n"))))}
    captions = {
        _squeeze(block.text) for story in stories for block in story.blocks if block.kind == "caption"
    }
    for article in truth["articles"]:
        blocks = [block for block in article["blocks"] if block["kind"] in _TEXT]
        wanted = Counter(_squeeze("".join(block["text"] for block in blocks)))
        best = max(stories, key=lambda story: _shared(story, wanted), default=None)
        score["articles"] += 1
        _count(score, "article", 1, _is_right(best, wanted))
        headline = _squeeze(article["headline"] or "")
        _count(score, "headline", 1, best is not None and headline in {"", _squeeze(best.headline or "")})
        found = (
            Counter(_squeeze(block.text) for block in best.blocks if block.kind == "paragraph")
            if best
            else Counter()
        )
        paragraphs = Counter(_squeeze(block["text"]) for block in blocks if block["kind"] == "paragraph")
        _count(score, "paragraph", paragraphs.total(), (found & paragraphs).total())
        of_article = [_squeeze(block["text"]) for block in article["blocks"] if block["kind"] == "caption"]
        _count(score, "caption", len(of_article), sum(caption in captions for caption in of_article))
        lines = [places.get(_squeeze(line["text"])) for block in blocks for line in block["lines"]]
        _count(score, *_ordered([place for place in lines if place is not None]))


def _count(score: _Score, name: str, of: int, hits: int) -> None:
    score[name] += hits
    score[f"{name} of"] += of


def _ordered(places: Sequence[int]) -> tuple[str, int, int]:
    pairs = list(combinations(places, 2))
    return "pair of lines in order", len(pairs), sum(one < other for one, other in pairs)


def _text_of(story: Story) -> Counter[str]:
    return Counter(_squeeze("".join(block.text for block in story.blocks if block.kind in _TEXT)))


def _shared(story: Story, wanted: Counter[str]) -> float:
    text = _text_of(story)
    return (text & wanted).total() - 0.3 * abs(text.total() - wanted.total())


def _is_right(story: Story | None, wanted: Counter[str]) -> bool:
    text = _text_of(story) if story else Counter[str]()
    return (text & wanted).total() >= _ENOUGH * max(text.total(), wanted.total())


def _squeeze(text: str) -> str:
    """A text without blanks, in one form of its marks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(str.maketrans("—“”‘’", "-\"\"''"))


if __name__ == "__main__":
    main()
