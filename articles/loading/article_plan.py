"""Plans what a reading makes of the articles of a page: the loader writes the plan, and a dry run shows it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

from django.db.models import QuerySet

from articles.editing.block_spans import spans_of
from articles.editing.mention_rows import MentionPlan, plan_mentions
from articles.editing.page_residue import NOT_ON_PAGE
from articles.editing.rulings.ruling_lookup import RulingLookup
from articles.editing.span_anchoring import Reanchoring
from articles.editing.text_scopes import links_in_printed_text, printed_scope, with_kinds_read_again
from articles.models import Article, Boundary, Mention, Page
from articles.models.article import LONG_HEADLINE
from articles.reading.layout.block_parts import spans_without
from articles.reading.values import TITLES, Reading, Story

from .article_matching import KnownArticle, match_articles
from .json_output import JsonObject, printed_residue, story_json

ArticleOutcome = Literal["created", "updated", "withdrawn", "unchanged"]

_TEXT_COLUMNS = (*TITLES, "dateline", "agency", "publication", "section")
# Two paragraphs are one if this much of their characters is the same.
_SIMILAR = 0.8
_COLUMNS = (*_TEXT_COLUMNS, "issue_date", "blocks", "start", "end", "position", "page_id", "status")


class _ReadStory(NamedTuple):
    """A story at its position on the page, counted from 1, with the values of `Article.extracted`."""

    story: Story
    position: int
    extracted: JsonObject


@dataclass(slots=True)
class ArticlePlan:
    """What a reading makes of one article.

    `article` has its new values already, unsaved; `before` has the values that they replace, and `extracted_before` what
    was extracted before; both are empty for a new article. `story` is None for an article that the page does not have
    any more, or that keeps its text though newer rules read it otherwise. `places_before` are where the rows of its
    mentions are stored, by their ids; the words of `lost_mentions` are gone.
    """

    outcome: ArticleOutcome
    article: Article
    story: Story | None = None
    before: dict[str, Any] = field(default_factory=dict)
    extracted_before: JsonObject = field(default_factory=dict)
    mentions: MentionPlan = field(default_factory=MentionPlan)
    lost_mentions: tuple[Mention, ...] = ()
    places_before: dict[int, tuple[str, int, int]] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.outcome == "created"

    def affects(self, name: str) -> bool:
        """Whether the extracted value with this name changes."""
        return bool(self.article.extracted.get(name, []) != self.extracted_before.get(name, []))

    @property
    def affects_mentions(self) -> bool:
        is_read_otherwise = self.affects("mentions") or self.affects("references")
        return is_read_otherwise or self.mentions.is_change or bool(self.lost_mentions)


@dataclass(frozen=True, slots=True)
class PagePlan:
    """What a reading makes of all articles of a page and of its residue; nothing is written yet."""

    articles: tuple[ArticlePlan, ...] = ()
    residue: tuple[JsonObject, ...] = ()
    reanchoring: Reanchoring = field(default_factory=lambda: Reanchoring((), ()))

    @property
    def counts(self) -> Counter[str]:
        """The number of articles by outcome."""
        return Counter(plan.outcome for plan in self.articles)

    @property
    def is_change(self) -> bool:
        return any(plan.outcome != "unchanged" for plan in self.articles)


def plan_articles(
    page: Page, reading: Reading, status: str, stored: Collection[Article], held: Mapping[int, bool]
) -> PagePlan:
    """Plan what a reading of a page makes of its stored articles and of those of its earlier versions.

    Articles keep their ids and editors' decisions. One that the page does not have any more is withdrawn, unless a person
    changed it and no other article has its text now. New articles get the `status`. One that begins at a boundary that is
    `held` for it stays as it is, but for its position: newer rules read it as a part of another.
    """
    read = [
        _ReadStory(story, position, _extracted(story, page))
        for position, story in enumerate(reading.stories, 1)
    ]
    same, left = match_stored([story.extracted for story in read], page, stored)
    withdrawable = list(_withdrawable(left)) if left else []
    read, same = _without_shown(read, same, page, left, withdrawable)
    matched = [article for article in same if article]
    mentions = (
        list(Mention.objects.filter(article__in=matched).with_records().order_by("pk")) if matched else []
    )
    places = _places(mentions)
    reanchoring = Reanchoring(matched, mentions)
    plans = [
        _plan_held(story, article)
        if article and article.page_id == page.pk and held.get(story.story.start)
        else _plan_story(story, page, article, status)
        for story, article in zip(read, same, strict=True)
    ]
    reanchoring.find(page)
    _restore_unjoined(plans, left.values())
    _plan_mentions(plans, mentions, {row.pk for row in reanchoring.gone}, places)
    withdrawn = [*withdrawable, *_shown_twice(left.values(), plans)] if left else []
    plans += [
        ArticlePlan("withdrawn", left[article.pk], before={"status": article.status}) for article in withdrawn
    ]
    gone = {article.pk for article in withdrawn}
    on_page = [*(plan.article for plan in plans), *left.values()]
    shown = [article for article in on_page if article.page_id == page.pk and article.pk not in gone]
    return PagePlan(tuple(plans), tuple(_residue(reading, shown)), reanchoring)


def _residue(reading: Reading, articles: Collection[Article]) -> Iterator[JsonObject]:
    """The residue of a page without what its articles show: one with decisions stays where newer rules lose it."""
    shown = [
        span for article in articles if article.status not in NOT_ON_PAGE for span in spans_of(article.blocks)
    ]
    for residue in printed_residue(reading):
        for start, end in spans_without([(residue["start"], residue["end"])], shown):
            yield {**residue, "start": start, "end": end}


def match_stored(
    extracted: Sequence[JsonObject], page: Page, stored: Collection[Article]
) -> tuple[list[Article | None], dict[int, Article]]:
    """The stored article that each extracted one is, None for a new one; and those left over, by id."""
    known = [KnownArticle(article.pk, article.extracted, article.page_id == page.pk) for article in stored]
    left = {article.pk: article for article in stored}
    same = [left.pop(pk) if pk else None for pk in match_articles(extracted, known)]
    return same, left


def _without_shown(
    read: Sequence[_ReadStory],
    same: Sequence[Article | None],
    page: Page,
    left: dict[int, Article],
    withdrawable: Collection[Article],
) -> tuple[list[_ReadStory], list[Article | None]]:
    """The stories with their articles, without new ones all of whose text an article with decisions shows that stays.

    Newer rules lose its beginning. What a load withdrew before is as good as new, and is put back to those `left`.
    """
    staying = left.keys() - {article.pk for article in withdrawable}
    stay = [left[pk] for pk in staying if left[pk].page_id == page.pk and left[pk].status not in NOT_ON_PAGE]
    shown = [span for article in stay for span in spans_of(article.blocks)]
    pairs: list[tuple[_ReadStory, Article | None]] = []
    for story, article in zip(read, same, strict=True):
        is_new = article is None or article.is_withdrawn_by_load
        spans = [span for block in story.story.blocks for span in block.spans]
        if not is_new or spans_without(spans, shown):
            pairs.append((story, article))
        elif article:
            left[article.pk] = article
    return [story for story, _ in pairs], [article for _, article in pairs]


def _plan_held(read: _ReadStory, article: Article) -> ArticlePlan:
    """Plan an article that stays as it is; other articles may come before it."""
    before = {name: getattr(article, name) for name in _COLUMNS}
    outcome: ArticleOutcome = "unchanged" if article.position == read.position else "updated"
    article.position = read.position
    return ArticlePlan(outcome, article, before=before, extracted_before=article.extracted)


def _plan_story(read: _ReadStory, page: Page, article: Article | None, status: str) -> ArticlePlan:
    """Plan the article of a story but for its mentions."""
    if article is None:
        plan = ArticlePlan("created", Article(status=status), read.story)
    else:
        before = {name: getattr(article, name) for name in _COLUMNS}
        is_there = (article.page_id, article.position) == (page.pk, read.position)
        is_same = is_there and article.extracted == read.extracted and not article.is_withdrawn_by_load
        outcome: ArticleOutcome = "unchanged" if is_same else "updated"
        plan = ArticlePlan(outcome, article, read.story, before, article.extracted)
        if is_same:
            return plan
        if article.is_withdrawn_by_load:
            article.status = status
    _set_extracted(plan.article, read, page)
    return plan


def _restore_unjoined(plans: Sequence[ArticlePlan], left: Collection[Article]) -> None:
    """Take articles out of the trash that a join moved there, where the page has them as articles of their own again.

    The new version of the page has another article between the two, so that they cannot be read as one.
    """
    for plan in plans:
        article = plan.article
        if article.status != Article.Status.TRASHED or plan.story is None:
            continue
        boundaries = Boundary.objects.of(Page(pk=plan.before["page_id"]))
        others = (*left, *(other.article for other in plans if other is not plan))
        if boundaries.get(plan.before["start"]) is False and not any(_shows(one, article) for one in others):
            article.status, article.trashed_from = article.trashed_from, ""
            plan.outcome = "updated"


def _shown_twice(left: Collection[Article], plans: Sequence[ArticlePlan]) -> Iterator[Article]:
    """Articles that editors changed and the page does not have any more, but all whose text others show now.

    Where an editor decided the status, the others have the same: what is published does not go for a draft.
    """
    untouched = set(
        Article.objects.untouched()
        .filter(pk__in=[article.pk for article in left])
        .values_list("pk", flat=True)
    )
    for article in left:
        if article.status in NOT_ON_PAGE or article.pk in untouched:
            continue
        is_decided = "status" in article.corrected
        others = [plan.article for plan in plans if not is_decided or plan.article.status == article.status]
        lines = [line for line in article.body.split("\n") if line.strip()] or _titles(article)
        if lines and all(any(_has_line(other, line) for other in others) for line in lines):
            yield article


def _shows(article: Article, other: Article) -> bool:
    """Whether an article shows a paragraph of another one, maybe with corrections, or has text of it on the page."""
    if article.status not in NOT_ON_PAGE and article.page_id == other.page_id:
        spans = spans_of(other.extracted["blocks"])
        if spans_without(spans, spans_of(article.blocks)) != spans:
            return True
    paragraphs = (block["text"] for block in other.extracted["blocks"] if block["kind"] == "paragraph")
    return any(_has_line(article, paragraph) for paragraph in paragraphs)


def _has_line(article: Article, line: str) -> bool:
    """Whether an article shows a line, maybe with corrections."""
    return article.status not in NOT_ON_PAGE and any(
        SequenceMatcher(None, own, line, autojunk=False).quick_ratio() >= _SIMILAR
        for own in (*_titles(article), *article.body.split("\n"))
    )


def _titles(article: Article) -> list[str]:
    return [text for title in TITLES if (text := getattr(article, title))]


def _plan_mentions(
    plans: Sequence[ArticlePlan],
    mentions: Sequence[Mention],
    gone: Collection[int],
    places: dict[int, dict[int, tuple[str, int, int]]],
) -> None:
    """Plan the mentions of each story; an article whose mentions alone are not those that were read is updated."""
    stored: defaultdict[int, list[Mention]] = defaultdict(list)
    lost: defaultdict[int, list[Mention]] = defaultdict(list)
    for row in mentions:
        (lost if row.pk in gone else stored)[row.article_id].append(row)
    rulings = RulingLookup(
        link.mention.surface
        for plan in plans
        if plan.story
        for link in (*plan.story.links, *plan.story.references)
    )
    for plan in plans:
        if plan.story is None:
            continue
        links = links_in_printed_text(plan.article, (*plan.story.links, *plan.story.references))
        plan.lost_mentions = tuple(lost[plan.article.pk])
        plan.mentions = plan_mentions(
            plan.article, links, stored[plan.article.pk], printed_scope(plan.article), rulings
        )
        plan.places_before = places.get(plan.article.pk, {})
        follows_page = plan.article.blocks != plan.before.get("blocks", plan.article.blocks)
        if plan.outcome == "unchanged" and (plan.mentions.is_change or follows_page):
            plan.outcome = "updated"


def _places(mentions: Sequence[Mention]) -> dict[int, dict[int, tuple[str, int, int]]]:
    """By article and id the part, start and end of mentions, before they move."""
    places: defaultdict[int, dict[int, tuple[str, int, int]]] = defaultdict(dict)
    for row in mentions:
        places[row.article_id][row.pk] = (row.part, row.start, row.end)
    return places


def _extracted(story: Story, page: Page) -> JsonObject:
    """The values of `Article.extracted`: an article as it was read, without editors' corrections."""
    return {
        **story_json(story),
        "publication": page.publication,
        "issue_date": page.issue_date and page.issue_date.isoformat(),
        "section": page.page_name,
    }


def _set_extracted(article: Article, read: _ReadStory, page: Page) -> None:
    """Set the extracted values of an article, and the columns that no editor corrected."""
    story, extracted = read.story, read.extracted
    columns: JsonObject = {name: extracted[name] or "" for name in _TEXT_COLUMNS}
    columns |= {"issue_date": page.issue_date, "blocks": extracted["blocks"], "body": story.body}
    article.corrected = sorted({*article.corrected, *_titles_shown_otherwise(article, extracted)})
    for name, value in columns.items():
        if name not in article.corrected:
            setattr(article, name, value)
    if "blocks" in article.corrected:
        before = article.extracted.get("blocks", [])
        article.blocks = with_kinds_read_again(article.blocks, before, extracted["blocks"])
    article.page, article.start, article.end = page, story.start, story.end
    article.position, article.extracted = read.position, extracted
    article.flags = ["long_headline"] if len(story.headline or "") > LONG_HEADLINE else []


def _titles_shown_otherwise(article: Article, extracted: JsonObject) -> Iterator[str]:
    """The titles whose lines an editor's blocks show in another part, so that they would be shown twice."""
    if "blocks" not in article.corrected:
        return
    for title in TITLES:
        lines = [block["text"] for block in extracted["blocks"] if block["kind"] == title]
        if any(block["kind"] != title and block["text"] in lines for block in article.blocks):
            yield title


def _withdrawable(gone: Collection[int]) -> QuerySet[Article]:
    """The articles, by id, that no person changed and that are not withdrawn yet."""
    return Article.objects.untouched().filter(pk__in=gone).exclude(status=Article.Status.WITHDRAWN)
