"""Stories to rows: the articles of a page as they were read, beside what people decided of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from articles.editing.reanchoring import Carried
from articles.models import Article, Byline, Page
from articles.models.appearance import refresh
from articles.models.article import LONG_HEADLINE
from articles.models.history import by_machine
from articles.reading.name_keys import name_key
from articles.reading.values import Story

from .article_matching import KnownArticle, match_articles
from .json_output import JsonObject, story_json
from .mention_rows import write_mentions
from .record_registry import RecordRegistry

_WORDS = ("kicker", "headline", "subtitle", "dateline", "agency", "publication", "section")


@dataclass(frozen=True, slots=True)
class _Change:
    """An article that is new or read otherwise than before, as it was before anything is set in it."""

    article: Article
    story: Story
    layer: JsonObject
    position: int
    before: JsonObject
    is_new: bool

    def concerns(self, name: str) -> bool:
        """Whether what was read under this name is other than before."""
        return bool(self.layer[name] != self.before.get(name, []))


def is_stored(page: Page, stories: Sequence[Story]) -> bool:
    """Whether the articles of a page are just these stories, as they were read before."""
    stored = {article.pk: article for article in Article.objects.filter(page=page)}
    return not list(_changes(page, stories, stored)) and not _shown(stored).exists()


def store_stories(
    page: Page, stories: Sequence[Story], status: str, earlier: Collection[Page], registry: RecordRegistry
) -> Counter[str]:
    """Make the page's articles what its stories say, and count them by outcome.

    Articles of the `earlier` pages keep their ids, and what people decided in them. One that is not on the
    page any more is withdrawn, unless a person changed it.
    """
    with by_machine():
        return _store(page, stories, status, earlier, registry)


def _store(
    page: Page, stories: Sequence[Story], status: str, earlier: Collection[Page], registry: RecordRegistry
) -> Counter[str]:
    stored = {article.pk: article for article in _articles_on(earlier)}
    changes = list(_changes(page, stories, stored))
    carried = Carried([change.article for change in changes if not change.is_new])
    for change in changes:
        if change.is_new or _is_withdrawn_by_loader(change.article):
            change.article.status = status
        _take(change, page)
    renamed = carried.carry(page)
    Article.objects.bulk_create(change.article for change in changes if change.is_new)
    for change in changes:
        if not change.is_new:
            change.article.save()
    _write_bylines([change for change in changes if change.concerns("bylines")], page, registry)
    named = [change for change in changes if change.concerns("mentions") or change.concerns("references")]
    _write_mentions(named, registry)
    refresh({*renamed, *(change.article.pk for change in named)}, are_new=not earlier)
    created = sum(change.is_new for change in changes)
    updated = len(changes) - created + (_withdraw(stored) if stored else 0)
    return +Counter(created=created, updated=updated, unchanged=len(stories) - len(changes))


def _changes(page: Page, stories: Sequence[Story], stored: dict[int, Article]) -> Iterator[_Change]:
    """The stories that are not stored as they were read; their articles are taken out of `stored`."""
    layers = [_layer(story, page) for story in stories]
    known = [
        KnownArticle(article.pk, article.found, article.page_id == page.pk) for article in stored.values()
    ]
    same = [stored.pop(pk) if pk else None for pk in match_articles(layers, known)]
    for position, (story, layer, article) in enumerate(zip(stories, layers, same, strict=True), 1):
        if article is None:
            yield _Change(Article(), story, layer, position, {}, is_new=True)
        elif not _stands(article, page, position, layer):
            yield _Change(article, story, layer, position, article.found, is_new=False)


def _articles_on(pages: Collection[Page]) -> Iterable[Article]:
    """The articles of pages, locked, so that no editor changes them meanwhile."""
    return Article.objects.select_for_update().filter(page__in=pages) if pages else ()


def _layer(story: Story, page: Page) -> JsonObject:
    """The machine's layer of an article, which is compared to know whether anything is new."""
    return {
        **story_json(story),
        "publication": page.publication,
        "issue_date": page.issue_date and page.issue_date.isoformat(),
        "section": page.page_name,
    }


def _stands(article: Article, page: Page, position: int, layer: JsonObject) -> bool:
    """Whether an article is stored as it was read."""
    place = (article.page_id, article.position)
    return place == (page.pk, position) and article.found == layer and not _is_withdrawn_by_loader(article)


def _is_withdrawn_by_loader(article: Article) -> bool:
    return article.status == Article.Status.WITHDRAWN and "status" not in article.corrected


def _take(change: _Change, page: Page) -> None:
    """Set the machine's layer of an article, and the columns that nobody corrected."""
    article, story, layer = change.article, change.story, change.layer
    columns: JsonObject = {name: layer[name] or "" for name in _WORDS}
    columns |= {"issue_date": page.issue_date, "blocks": layer["blocks"], "body": story.body}
    for name, value in columns.items():
        if name not in article.corrected:
            setattr(article, name, value)
    article.page, article.start, article.end = page, story.start, story.end
    article.position, article.found = change.position, layer
    article.flags = ["long_headline"] if len(story.headline or "") > LONG_HEADLINE else []


def _write_bylines(changes: Sequence[_Change], page: Page, registry: RecordRegistry) -> None:
    """Credit the reporters of articles as they were read, where no person decided the bylines."""
    open_ones = [change for change in changes if "bylines" not in change.article.corrected]
    if before := [change.article for change in open_ones if not change.is_new]:
        Byline.objects.filter(article__in=before).delete()
    credited = [(change.article, credit) for change in open_ones for credit in change.story.bylines]
    reporters = registry.reporters(credit.name for _, credit in credited)
    orders: Counter[int] = Counter()
    rows = []
    for article, credit in credited:
        orders[article.pk] += 1
        rows.append(
            Byline(
                article=article,
                reporter=reporters[name_key(credit.name)],
                order=orders[article.pk],
                role=credit.role,
                surface=page.text[credit.start : credit.end],
                start=credit.start,
                end=credit.end,
            )
        )
    Byline.objects.bulk_create(rows)


def _write_mentions(changes: Sequence[_Change], registry: RecordRegistry) -> None:
    before = [change.article for change in changes if not change.is_new]
    told = [(change.article, (*change.story.links, *change.story.references)) for change in changes]
    write_mentions(told, before, registry)


def _withdraw(gone: Collection[int]) -> int:
    """Withdraw articles, by id, that no page shows any more and nobody touched, and say how many they were."""
    return _shown(gone).update(status=Article.Status.WITHDRAWN, updated_at=timezone.now())


def _shown(gone: Collection[int]) -> QuerySet[Article]:
    """Those of the articles that nobody touched and that are not withdrawn yet."""
    return Article.objects.untouched().filter(pk__in=gone).exclude(status=Article.Status.WITHDRAWN)
