"""Reads stored pages again by today's rules, and compares the mentions of then and now."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from articles.editing.name_authority import recorded_names
from articles.editing.record_registry import RecordRegistry
from articles.models import Article, Page
from articles.reading.values import Reading

from .file_plan import plan_reextraction
from .json_output import JsonObject, story_json
from .load_ledger import LoadLedger
from .loader import write_plan

MentionChange = Literal["added", "gone", "moved", "relinked"]


@dataclass(frozen=True, slots=True)
class MentionDifference:
    """A mention that today's rules find, place or link differently."""

    change: MentionChange
    kind: str
    surface: str
    before: str
    after: str
    rule: str


@dataclass(frozen=True, slots=True)
class ReextractedPage:
    """What reading a page again did; `articles` counts by outcome."""

    page: Page
    path: str
    articles: Counter[str]
    differences: tuple[MentionDifference, ...]


def reextract(
    pages: Iterable[Page], status: str, ledger: LoadLedger, *, dry_run: bool
) -> Iterator[ReextractedPage]:
    """Read stored pages again, one transaction a page; editors' decisions stay. A dry run only compares."""
    decisions, registry = recorded_names(), RecordRegistry()
    for page in pages:
        plan = plan_reextraction(page, decisions)
        differences = tuple(_differences(page, plan.reading)) if plan.reading else ()
        articles = (
            Counter(unchanged=plan.article_count) if dry_run else write_plan(plan, ledger, registry, status)
        )
        yield ReextractedPage(page, plan.path, articles, differences)


def _differences(page: Page, reading: Reading) -> Iterator[MentionDifference]:
    stored = {article.start: article.extracted for article in Article.objects.filter(page=page)}
    for story in reading.stories:
        yield from _compare_mentions(_mentions(stored.pop(story.start, {})), _mentions(story_json(story)))
    for gone in stored.values():
        yield from _compare_mentions(_mentions(gone), [])


def _mentions(found: JsonObject) -> list[JsonObject]:
    """The mentions of an article and the references that point back to them."""
    return [*found.get("mentions", []), *found.get("references", [])]


def _compare_mentions(
    before: Sequence[JsonObject], after: Sequence[JsonObject]
) -> Iterator[MentionDifference]:
    """How the mentions of an article differ; one with the same words at another place has moved."""
    old, new = {_span(mention): mention for mention in before}, {_span(mention): mention for mention in after}
    left = defaultdict(list)
    for span in old.keys() - new.keys():
        left[_words(old[span])].append(old[span])
    for span, mention in new.items():
        if span in old:
            if _target(old[span]) != _target(mention):
                yield _difference("relinked", old[span], mention)
        elif same := left.get(_words(mention)):
            yield _difference("moved", same.pop(), mention)
        else:
            yield _difference("added", None, mention)
    for mention in (mention for mentions in left.values() for mention in mentions):
        yield _difference("gone", mention, None)


def _difference(
    change: MentionChange, before: JsonObject | None, after: JsonObject | None
) -> MentionDifference:
    mention = after or before or {}
    return MentionDifference(
        change,
        mention["kind"],
        mention["surface"],
        _target(before) if before else "",
        _target(after) if after else "",
        f"{mention['method']}, {mention['rule']}",
    )


def _span(mention: JsonObject) -> tuple[str, int, int, str]:
    return mention["part"], mention["start"], mention["end"], mention["kind"]


def _words(mention: JsonObject) -> tuple[str, str, str]:
    return mention["part"], mention["kind"], mention["surface"]


def _target(mention: JsonObject) -> str:
    """The record that a mention is linked to, as text: 芮城县 140830, or the status of one without record."""
    return " ".join(filter(None, [mention["name"], mention["code"]])) or str(mention["status"])
