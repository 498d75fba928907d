"""Lists the names in doubt of the whole archive, and counts what an answer for one of them would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet

from articles.models import Article, Mention
from articles.models.alias import RulingScope
from articles.models.mention import MentionQuerySet

# Articles of these statuses need no decisions.
_NOT_SHOWN = (Article.Status.TRASHED, Article.Status.WITHDRAWN)
_COLUMNS = (
    (RulingScope.PAPER, "article__publication"),
    (RulingScope.HOME, "article__page__home_code"),
)
# Papers, and homes, that are offered as a scope.
_MOST_SCOPES = 8


@dataclass(frozen=True, slots=True)
class ScopeCount:
    """How many mentions, and in how many articles, an answer changes in a scope."""

    scope: str
    value: str
    mentions: int
    articles: int


def doubtful_names() -> QuerySet[Mention, Any]:
    """The names in doubt, the most frequent first, with their mentions, articles and pages, and the newest mention."""
    groups = undecided().order_by().values("kind", "surface")
    counted = groups.annotate(
        waiting=Count("pk"),
        articles=Count("article", distinct=True),
        pages=Count("article__page", distinct=True),
        newest=Max("pk"),
    )
    return counted.order_by("-waiting", "kind", "surface")


def undecided() -> MentionQuerySet:
    """The mentions that wait for an answer; one of a record in the trash waits for a decision on the record."""
    status = [Mention.Status.AMBIGUOUS, Mention.Status.UNKNOWN]
    return Mention.objects.filter(verdict="", status__in=status).exclude(article__status__in=_NOT_SHOWN)


@dataclass(frozen=True, slots=True)
class NameScope:
    """A name and where an answer for it holds; `value` is the paper or the home, `articles` are ids.

    It is about the mentions in doubt, and `also_linked` about those that rules linked.
    """

    kind: str
    name: str
    scope: str = RulingScope.EVERYWHERE
    value: str = ""
    articles: Sequence[int] = ()
    also_linked: bool = False

    def mentions(self) -> MentionQuerySet:
        """The mentions that an answer decides."""
        every = Mention.objects.filter(verdict="").exclude(article__status__in=_NOT_SHOWN)
        rows = (every if self.also_linked else undecided()).filter(kind=self.kind, surface=self.name)
        if self.scope == RulingScope.PAPER:
            return rows.filter(article__publication=self.value)
        if self.scope == RulingScope.HOME:
            return rows.filter(article__page__home_code=self.value)
        return rows.filter(article__in=self.articles) if self.scope == RulingScope.ARTICLES else rows


def count_scopes(kind: str, name: str) -> list[ScopeCount]:
    """What an answer would change everywhere, in each paper and in the papers of each home that have the name."""
    rows = NameScope(kind, name).mentions().order_by()
    every = rows.aggregate(names=Count("pk"), articles=Count("article", distinct=True))
    scopes = [ScopeCount(RulingScope.EVERYWHERE, "", every["names"], every["articles"])]
    for scope, column in _COLUMNS:
        found = rows.filter(**{f"{column}__gt": ""}).values_list(column)
        counted = found.annotate(names=Count("pk"), articles=Count("article", distinct=True))
        in_order = counted.order_by("-names", column)[:_MOST_SCOPES]
        scopes += [ScopeCount(scope, value, names, articles) for value, names, articles in in_order]
    return scopes


def count_articles_without_doubt(kind: str, name: str) -> int:
    """The number of articles in which only this name is in doubt."""
    rows = NameScope(kind, name).mentions().order_by()
    others = Mention.objects.doubtful().filter(article__in=rows.values("article"))
    others = others.exclude(kind=kind, surface=name)
    return rows.exclude(article__in=others.values("article")).values("article").distinct().count()
