"""How well the loader reads labelled pages: precision, recall and F1 per measure, and what it got wrong.

The labels stand in `tests/pages`, one JSON file a page; the pages of `seeds/` have theirs in `tests/pages/seeds`.
White space is removed before anything is compared, and what the labels call optional counts neither way.

A label file holds `encoding`, `articles` in page order and, where there is any, `residue`: printed lines that belong
to no article. The first and last words of a body are given twice, as printed and without dateline or credit. `places`,
`organizations` and `people` are the surface forms that the article names, once each; `role_explicit` false marks a
name whose role the page leaves open.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles.reading.values import BlockKind, Reading, Story

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "tests" / "pages"
SEEDS = ROOT / "seeds"

ROLES = {"记者": "reporter", "通讯员": "correspondent", "摄影": "photographer", "实习生": "intern"}

Labels = dict[str, Any]
"""One labelled article, as JSON has it."""


@dataclass(frozen=True)
class LabelledPage:
    """A page file with what a person says that it holds."""

    name: str
    path: Path
    encoding: str
    articles: list[Labels]
    residue: list[str]

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode(self.encoding)


@dataclass
class Count:
    """What was found and labelled, found only, labelled only."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """1.0 where nothing was labelled and nothing found."""
        everything = 2 * self.hits + self.extra + self.missed
        return 2 * self.hits / everything if everything else 1.0


@dataclass
class Score:
    """Counts and misses by measure, summed over the pages that were compared."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    misses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def compare(self, measure: str, where: str, found: Set[object], labelled: Set[object]) -> None:
        """Counts two sets of the same thing, and remembers what only one of them has."""
        count = self.counts[measure]
        count.hits += len(found & labelled)
        count.extra += len(found - labelled)
        count.missed += len(labelled - found)
        self.misses[measure] += [f"{where}: too many: {item}" for item in sorted(map(str, found - labelled))]
        self.misses[measure] += [f"{where}: missed: {item}" for item in sorted(map(str, labelled - found))]


def labelled_pages() -> list[LabelledPage]:
    """Every page that has labels, the seeds first."""
    seeds = [_labelled(path, SEEDS) for path in sorted(PAGES.glob("seeds/*.json"))]
    return seeds + [_labelled(path, PAGES) for path in sorted(PAGES.glob("*.json"))]


def squeeze(text: str | None) -> str:
    """Text without white space: `林 一 舟` as `林一舟`."""
    return "".join((text or "").split())


def score_page(score: Score, page: LabelledPage, reading: Reading) -> None:
    """Adds one page to the score: each labelled article against the story of its headline or first words."""
    left = list(reading.stories)
    bounded = 0
    for labels in page.articles:
        where = f"{page.name}: {labels['headline']}"
        story = _story_of(labels, left)
        if story is None:
            score.misses["articles"].append(f"{where}: not found")
            continue
        left.remove(story)
        bounded += _begins_and_ends_as_labelled(score, where, labels, story)
        _compare_parts(score, where, labels, story)
    articles = score.counts["articles"]
    articles.hits += bounded
    articles.missed += len(page.articles) - bounded
    articles.extra += len(reading.stories) - bounded
    score.misses["articles"] += [f"{page.name}: too many: {story.headline}" for story in left]
    printed = [squeeze(block.text) for story in reading.stories for block in story.blocks]
    residue = _filled(page.residue)
    left_out = {line for line in residue if not any(line in text for text in printed)}
    score.compare("residue", page.name, left_out, residue)
    _compare_credits(score, page, reading)


def score_names(score: Score, page: LabelledPage, reading: Reading) -> None:
    """Adds the places and organizations of a page, as sets of what is printed; optional ones count neither way."""
    links = [link.mention for story in reading.stories for link in story.links]
    for kind, key in (("place", "places"), ("organization", "organizations")):
        labelled = _filled(name for labels in page.articles for name in labels[key])
        optional = _filled(
            name for labels in page.articles for name in labels.get("optional", {}).get(key, [])
        )
        found = _filled(mention.surface for mention in links if mention.kind == kind)
        score.compare(key, page.name, found - (optional - labelled), labelled)


def _labelled(labels: Path, folder: Path) -> LabelledPage:
    content = json.loads(labels.read_text("utf-8"))
    text = folder / f"{labels.stem}.txt"
    return LabelledPage(
        labels.stem, text, content["encoding"], content["articles"], content.get("residue", [])
    )


def _texts(story: Story, kind: BlockKind) -> list[str]:
    return [squeeze(block.text) for block in story.blocks if block.kind == kind]


def _story_of(labels: Labels, stories: list[Story]) -> Story | None:
    """The story with the labelled headline; failing that, the one whose body begins with the labelled words."""
    for story in stories:
        if labels["headline"] and _same_headline(labels, story):
            return story
    words = _some(labels, "first_body_words", "first_body_words_nodateline")
    for story in stories:
        body = _texts(story, "paragraph")
        if body and any(word in body[0][: 5 * len(word)] for word in words):
            return story
    return None


def _same_headline(labels: Labels, story: Story) -> bool:
    """Whether the headlines agree; one of the two may have its kicker or subtitle in the same line."""
    ours = _headings(story.kicker, story.headline, story.subtitle)
    return bool(ours & _headings(labels["kicker"], labels["headline"], labels["subtitle"]))


def _headings(kicker: str | None, headline: str | None, subtitle: str | None) -> set[str]:
    above, line, below = squeeze(kicker), squeeze(headline), squeeze(subtitle)
    return {line, above + line, line + below, above + line + below} if line else {""}


def _begins_and_ends_as_labelled(score: Score, where: str, labels: Labels, story: Story) -> bool:
    body = _texts(story, "paragraph") or [""]
    first = _some(labels, "first_body_words", "first_body_words_nodateline")
    last = _some(labels, "last_body_words", "last_body_words_nocredit")
    right = body[0].startswith(first) and body[-1].endswith(last)
    if not right:
        score.misses["articles"].append(f"{where}: runs from {body[0][:16]} to {body[-1][-16:]}")
    return right


def _some(labels: Labels, *keys: str) -> tuple[str, ...]:
    return tuple(squeeze(labels[key]) for key in keys if labels[key])


def _compare_parts(score: Score, where: str, labels: Labels, story: Story) -> None:
    same = _same_headline(labels, story)
    score.compare(
        "headline", where, {True} if same else {story.headline}, {True} if same else {labels["headline"]}
    )
    if not same or squeeze(story.headline) == squeeze(labels["headline"]):
        score.compare("kicker", where, _filled([story.kicker]), _filled([labels["kicker"]]))
        score.compare("subtitle", where, _filled([story.subtitle]), _filled([labels["subtitle"]]))
    paragraphs = labels["paragraph_count_after_rejoin"]
    low, high = labels.get("paragraph_count_range", (paragraphs, paragraphs))
    found = len(_texts(story, "paragraph"))
    score.compare("paragraph count", where, {found}, {found if low <= found <= high else paragraphs})
    score.compare(
        "section headings", where, set(_texts(story, "heading")), _filled(labels["section_headings"])
    )
    score.compare("captions", where, set(_texts(story, "caption")), _filled(labels["captions"]))


def _filled(texts: Iterable[str | None]) -> set[str]:
    return {squeeze(text) for text in texts if text}


def _compare_credits(score: Score, page: LabelledPage, reading: Reading) -> None:
    """Names once a page and role; an editor or proofreader found as a reporter is an error like any other."""
    people = [person for labels in page.articles for person in labels["reporters"]]
    names = {squeeze(person["name"]) for person in people}
    explicit = {
        (squeeze(person["name"]), ROLES[person["role"]])
        for person in people
        if person.get("role_explicit", True)
    }
    found = {(squeeze(byline.name), byline.role) for story in reading.stories for byline in story.bylines}
    doubtful = _filled(
        name for labels in page.articles for name in labels.get("optional", {}).get("reporters", [])
    )
    score.compare("reporters", page.name, {name for name, _ in found} - (doubtful - names), names)
    scored = {name for name, _ in explicit}
    score.compare("roles", page.name, {credit for credit in found if credit[0] in scored}, explicit)
