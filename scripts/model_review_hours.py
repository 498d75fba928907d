"""Models the hours that editors need for an archive, before and after, from counts over labelled pages.

`python -m scripts.model_review_hours FOLDER` reads the pages of a folder with `manifest.jsonl`, in which each line names a
file and the articles on it with their first characters. Counts come from the pages, seconds are assumptions.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from articles.reading.pipeline import read_page
from articles.reading.values import Rejected

PAGES = 7_300  # of twenty years
SCORES = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
SURE = 2.0
ANSWERED = 100  # names that are answered once for the whole archive
SAMPLE = 0.1  # of the sure pages

# Seconds at the desk: a name and an article on a page of its own, a boundary there; then the same on the page.
NAME, ARTICLE, BOUNDARY = 22, 30, 71
NAME_ON_PAGE, ARTICLE_ON_PAGE, BOUNDARY_ON_PAGE, ANSWER = 14, 8, 25, 40


@dataclass
class Counts:
    """What was counted over some pages."""

    pages: int = 0
    articles: int = 0
    boundaries: int = 0
    scores: list[tuple[float, bool]] = field(
        default_factory=list
    )  # of a page, and whether a boundary is wrong
    sure_articles: int = 0
    doubts: list[set[tuple[str, str]]] = field(default_factory=list)  # of each page, each name once
    sure_pages: int = 0

    def add(self, data: bytes, starts: set[int]) -> None:
        reading = read_page(data)
        own = {story.start for story in reading.stories}
        wrong = len(own ^ starts)
        score = reading.least_score or 0.0
        names: set[tuple[str, str]] = {
            (link.mention.kind, link.mention.surface)
            for story in reading.stories
            for link in (*story.links, *story.references)
            if link.status != "linked"
        }
        self.pages += 1
        self.articles += len(own)
        self.boundaries += wrong
        self.scores.append((score, bool(wrong)))
        self.doubts.append(names)
        if score >= SURE and not names:
            self.sure_pages += 1
            self.sure_articles += len(own)


def count_pages(folder: Path, most: int) -> Counts:
    """Read some pages of a folder, the same in each run."""
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    random.Random(5).shuffle(rows)  # noqa: S311 - the same pages in each run
    counts = Counts()
    for row in rows[:most]:
        try:
            counts.add((folder / row["file"]).read_bytes(), {article["start"] for article in row["articles"]})
        except Rejected as rejected:
            print(f"{row['file']}: {rejected}")
    return counts


def settled_share(doubts: list[set[tuple[str, str]]]) -> float:
    """The share of names in doubt that answers settle on pages that played no part in choosing the names."""
    half = len(doubts) // 2
    known = Counter(name for names in doubts[:half] for name in names)
    chosen = {name for name, _ in known.most_common(ANSWERED)}
    others = [name for names in doubts[half:] for name in names]
    return sum(name in chosen for name in others) / len(others) if others else 0.0


def report(counts: Counts) -> None:
    """Print the counts and the hours."""
    print(f"{counts.pages} pages, {counts.articles} articles, {counts.boundaries} wrong boundaries")
    for least in SCORES:
        found = [is_wrong for score, is_wrong in counts.scores if score >= least]
        print(f"least score from {least}: {len(found)} pages, {sum(found)} wrong")
    total, settled = sum(map(len, counts.doubts)), settled_share(counts.doubts)
    print(f"{total} names in doubt, each once a page; {ANSWERED} answers settle {settled:.0%} on other pages")
    print(f"{counts.sure_pages} pages are sure and without doubt, with {counts.sure_articles} articles")
    scale = PAGES / counts.pages / 3600
    before = [total * NAME * scale, counts.articles * ARTICLE * scale, counts.boundaries * BOUNDARY * scale]
    looked_at = counts.articles - counts.sure_articles * (1 - SAMPLE)
    after = [
        total * (1 - settled) * NAME_ON_PAGE * scale + ANSWERED * ANSWER / 3600,
        looked_at * ARTICLE_ON_PAGE * scale,
        counts.boundaries * BOUNDARY_ON_PAGE * scale,
    ]
    for what, old, new in zip(("names", "articles", "boundaries"), before, after, strict=True):
        print(f"{what}: {old:.0f} hours before, {new:.0f} after")
    print(
        f"{PAGES} pages: {sum(before):.0f} hours before, {sum(after):.0f} after ({sum(after) / sum(before):.0%})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=500)
    options = parser.parse_args()
    report(count_pages(options.folder, options.pages))


if __name__ == "__main__":
    main()
