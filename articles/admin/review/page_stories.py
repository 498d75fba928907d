"""The articles of a page as its review shows them: their lines with marked names, and what is in doubt in page order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.admin.article.line_moving import DoubtfulJoin
from articles.admin.article.mention_admin import text_snippet
from articles.admin.article.mention_candidates import Candidate, candidate_records
from articles.admin.article.mention_forms import LinkForm
from articles.admin.article.name_highlighting import ArticleLine, article_lines
from articles.editing.review.page_approval import UNREVIEWABLE
from articles.models import Article, Mention, Page


@dataclass(frozen=True, slots=True)
class ReviewedStory:
    """An article of a page with its lines; one in which nothing is in doubt is folded."""

    article: Article
    lines: list[ArticleLine]
    doubts: list[Mention]

    @property
    def joins(self) -> list[DoubtfulJoin]:
        return [join for line in self.lines for join in line.joins]

    @property
    def is_sure(self) -> bool:
        return not self.doubts and not self.joins


@dataclass(slots=True)
class SharedName:
    """A doubtful name with all its mentions on a page."""

    kind: str
    surface: str
    mentions: list[Mention] = field(default_factory=list)

    @property
    def kind_label(self) -> Any:
        return Mention.Kind(self.kind).label

    @property
    def newest(self) -> Mention:
        return self.mentions[-1]

    @property
    def candidates(self) -> list[Candidate]:
        return candidate_records(self.mentions[0])

    @property
    def link_form(self) -> LinkForm:
        return LinkForm(self.kind, auto_id=False)

    @property
    def snippets(self) -> list[tuple[Mention, Any]]:
        """The first mention of each article with its context."""
        by_article = {mention.article_id: mention for mention in reversed(self.mentions)}
        return [(mention, text_snippet(mention)) for mention in reversed(by_article.values())]

    @property
    def ids(self) -> str:
        """The mentions that the form decides, so that later ones are not decided unread."""
        return ",".join(str(mention.pk) for mention in self.mentions)


def stories_of(page: Page) -> list[ReviewedStory]:
    """The articles of a page that are reviewed or to be reviewed, in its order; two queries for all of them."""
    articles = list(page.articles.exclude(status__in=UNREVIEWABLE).order_by("position", "pk"))
    mentions = defaultdict(list)
    for mention in Mention.objects.filter(article__in=articles).with_records().in_order():
        mentions[mention.article_id].append(mention)
    return [_story(page, article, mentions[article.pk]) for article in articles]


def shared_names(stories: Sequence[ReviewedStory]) -> list[SharedName]:
    """The doubtful names of a page, in its order."""
    found: dict[tuple[str, str], SharedName] = {}
    for mention in (mention for story in stories for mention in story.doubts):
        key = (mention.kind, mention.surface)
        found.setdefault(key, SharedName(*key)).mentions.append(mention)
    return list(found.values())


def joins_in_doubt(stories: Sequence[ReviewedStory]) -> Iterator[tuple[Article, DoubtfulJoin]]:
    """The joins of lines on a page that may not read on, with their articles."""
    return ((story.article, join) for story in stories for join in story.joins)


def _story(page: Page, article: Article, mentions: list[Mention]) -> ReviewedStory:
    article.page = page
    for mention in mentions:
        mention.article = article
    lines = list(article_lines(article, mentions))
    return ReviewedStory(article, lines, [mention for mention in mentions if mention.is_doubtful])
