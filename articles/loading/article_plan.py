"""Plans what a reading makes of the articles of a page: the loader writes the plan, and a dry run shows it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from django.db.models import QuerySet

from articles.editing.mention_rows import MentionPlan, plan_mentions
from articles.editing.span_anchoring import Reanchoring
from articles.editing.text_scopes import links_in_printed_text, printed_scope
from articles.models import Article, Mention, Page
from articles.models.article import LONG_HEADLINE
from articles.reading.values import TITLES, Story

from .article_matching import KnownArticle, match_articles
from .json_output import JsonObject, story_json

ArticleOutcome = Literal["created", "updated", "withdrawn", "unchanged"]

_TEXT_COLUMNS = (*TITLES, "dateline", "agency", "publication", "section")
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
    any more. `places_before` are where the rows of its mentions are stored, by their ids; the words of `lost_mentions`
    are gone.
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
    """What a reading makes of all articles of a page; nothing is written yet."""

    articles: tuple[ArticlePlan, ...] = ()
    reanchoring: Reanchoring = field(default_factory=lambda: Reanchoring((), ()))

    @property
    def counts(self) -> Counter[str]:
        """The number of articles by outcome."""
        return Counter(plan.outcome for plan in self.articles)

    @property
    def is_change(self) -> bool:
        return any(plan.outcome != "unchanged" for plan in self.articles)


def plan_articles(page: Page, stories: Sequence[Story], status: str, stored: Collection[Article]) -> PagePlan:
    """Plan what the stories of a page make of its stored articles and of those of its earlier versions.

    Articles keep their ids and editors' decisions. One that the page does not have any more is withdrawn, unless a person
    changed it. New articles get the `status`.
    """
    read = [_ReadStory(story, position, _extracted(story, page)) for position, story in enumerate(stories, 1)]
    known = [KnownArticle(article.pk, article.extracted, article.page_id == page.pk) for article in stored]
    left = {article.pk: article for article in stored}
    same = [left.pop(pk) if pk else None for pk in match_articles([story.extracted for story in read], known)]
    matched = [article for article in same if article]
    mentions = (
        list(Mention.objects.filter(article__in=matched).with_records().order_by("pk")) if matched else []
    )
    places = _places(mentions)
    reanchoring = Reanchoring(matched, mentions)
    plans = [_plan_story(story, page, article, status) for story, article in zip(read, same, strict=True)]
    reanchoring.find(page)
    _plan_mentions(plans, mentions, {row.pk for row in reanchoring.gone}, places)
    withdrawn = list(_withdrawable(left)) if left else []
    plans += [
        ArticlePlan("withdrawn", left[article.pk], before={"status": article.status}) for article in withdrawn
    ]
    return PagePlan(tuple(plans), reanchoring)


def _plan_story(read: _ReadStory, page: Page, article: Article | None, status: str) -> ArticlePlan:
    """Plan the article of a story but for its mentions."""
    if article is None:
        plan = ArticlePlan("created", Article(status=status), read.story)
    else:
        before = {name: getattr(article, name) for name in _COLUMNS}
        is_there = (article.page_id, article.position) == (page.pk, read.position)
        is_same = is_there and article.extracted == read.extracted and not _is_withdrawn_by_loader(article)
        outcome: ArticleOutcome = "unchanged" if is_same else "updated"
        plan = ArticlePlan(outcome, article, read.story, before, article.extracted)
        if is_same:
            return plan
        if _is_withdrawn_by_loader(article):
            article.status = status
    _set_extracted(plan.article, read, page)
    return plan


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
    for plan in plans:
        if plan.story is None:
            continue
        links = links_in_printed_text(plan.article, (*plan.story.links, *plan.story.references))
        plan.lost_mentions = tuple(lost[plan.article.pk])
        plan.mentions = plan_mentions(links, stored[plan.article.pk], printed_scope(plan.article))
        plan.places_before = places.get(plan.article.pk, {})
        if plan.outcome == "unchanged" and plan.mentions.is_change:
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


def _is_withdrawn_by_loader(article: Article) -> bool:
    return article.status == Article.Status.WITHDRAWN and "status" not in article.corrected


def _set_extracted(article: Article, read: _ReadStory, page: Page) -> None:
    """Set the extracted values of an article, and the columns that no editor corrected."""
    story, extracted = read.story, read.extracted
    columns: JsonObject = {name: extracted[name] or "" for name in _TEXT_COLUMNS}
    columns |= {"issue_date": page.issue_date, "blocks": extracted["blocks"], "body": story.body}
    for name, value in columns.items():
        if name not in article.corrected:
            setattr(article, name, value)
    article.page, article.start, article.end = page, story.start, story.end
    article.position, article.extracted = read.position, extracted
    article.flags = ["long_headline"] if len(story.headline or "") > LONG_HEADLINE else []


def _withdrawable(gone: Collection[int]) -> QuerySet[Article]:
    """The articles, by id, that no person changed and that are not withdrawn yet."""
    return Article.objects.untouched().filter(pk__in=gone).exclude(status=Article.Status.WITHDRAWN)
