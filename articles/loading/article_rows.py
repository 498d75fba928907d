"""Writes the articles of a page as they were read, and leaves what editors decided about them."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from articles.counts.appearances import refresh_appearances
from articles.editing.mention_rows import write_mentions
from articles.editing.record_registry import RecordRegistry
from articles.editing.span_anchoring import Reanchoring
from articles.models import Article, Byline, Page
from articles.models.article import LONG_HEADLINE
from articles.models.history import by_machine
from articles.reading.name_keys import name_key
from articles.reading.values import TITLES, Story

from .article_matching import KnownArticle, match_articles
from .json_output import JsonObject, story_json

_TEXT_COLUMNS = (*TITLES, "dateline", "agency", "publication", "section")


@dataclass(frozen=True, slots=True)
class _Change:
    """A new or changed article, before any of its fields is set."""

    article: Article
    story: Story
    extracted: JsonObject
    position: int
    before: JsonObject
    is_new: bool

    def affects(self, name: str) -> bool:
        """Whether the extracted value with this name changed."""
        return bool(self.extracted[name] != self.before.get(name, []))


def is_stored(page: Page, stories: Sequence[Story]) -> bool:
    """Whether the articles of a page are these stories, as they were read before."""
    stored = {article.pk: article for article in Article.objects.filter(page=page)}
    return not list(_changes(page, stories, stored)) and not _withdrawable(stored).exists()


@by_machine()
def store_stories(
    page: Page, stories: Sequence[Story], status: str, earlier: Collection[Page], registry: RecordRegistry
) -> Counter[str]:
    """Write the stories as the page's articles, and count them by outcome.

    Articles of the `earlier` pages keep their ids and editors' decisions. One that the page does not have any more is
    withdrawn, unless a person changed it.
    """
    # Locked against editors' changes.
    rows = Article.objects.select_for_update().filter(page__in=earlier) if earlier else ()
    stored = {article.pk: article for article in rows}
    changes = list(_changes(page, stories, stored))
    reanchoring = Reanchoring([change.article for change in changes if not change.is_new])
    for change in changes:
        if change.is_new or _is_withdrawn_by_loader(change.article):
            change.article.status = status
        _set_extracted(change, page)
    reanchored = reanchoring.reanchor(page)
    Article.objects.bulk_create(change.article for change in changes if change.is_new)
    for change in changes:
        if not change.is_new:
            change.article.save()
    _write_bylines([change for change in changes if change.affects("bylines")], page, registry)
    named = [change for change in changes if change.affects("mentions") or change.affects("references")]
    links = [(change.article, (*change.story.links, *change.story.references)) for change in named]
    write_mentions(links, [change.article for change in named if not change.is_new], registry)
    refresh_appearances({*reanchored, *(change.article.pk for change in named)}, are_new=not earlier)
    created = sum(change.is_new for change in changes)
    updated = len(changes) - created
    if stored:
        withdrawn = {"status": Article.Status.WITHDRAWN, "updated_at": timezone.now()}
        updated += _withdrawable(stored).update(**withdrawn)
    return +Counter(created=created, updated=updated, unchanged=len(stories) - len(changes))


def _changes(page: Page, stories: Sequence[Story], stored: dict[int, Article]) -> Iterator[_Change]:
    """The stories that are new or changed. Removes the article of each story from `stored`."""
    extracted = [_extracted(story, page) for story in stories]
    known = [
        KnownArticle(article.pk, article.extracted, article.page_id == page.pk) for article in stored.values()
    ]
    same = [stored.pop(pk) if pk else None for pk in match_articles(extracted, known)]
    for position, (story, now, article) in enumerate(zip(stories, extracted, same, strict=True), 1):
        if article is None:
            yield _Change(Article(), story, now, position, {}, is_new=True)
        elif not _is_current(article, page, position, now):
            yield _Change(article, story, now, position, article.extracted, is_new=False)


def _extracted(story: Story, page: Page) -> JsonObject:
    """The values of `Article.extracted`: an article as it was read, without editors' corrections."""
    return {
        **story_json(story),
        "publication": page.publication,
        "issue_date": page.issue_date and page.issue_date.isoformat(),
        "section": page.page_name,
    }


def _is_current(article: Article, page: Page, position: int, extracted: JsonObject) -> bool:
    place = (article.page_id, article.position)
    return (
        place == (page.pk, position)
        and article.extracted == extracted
        and not _is_withdrawn_by_loader(article)
    )


def _is_withdrawn_by_loader(article: Article) -> bool:
    return article.status == Article.Status.WITHDRAWN and "status" not in article.corrected


def _set_extracted(change: _Change, page: Page) -> None:
    """Set the extracted values of an article, and the columns that no editor corrected."""
    article, story, extracted = change.article, change.story, change.extracted
    columns: JsonObject = {name: extracted[name] or "" for name in _TEXT_COLUMNS}
    columns |= {"issue_date": page.issue_date, "blocks": extracted["blocks"], "body": story.body}
    for name, value in columns.items():
        if name not in article.corrected:
            setattr(article, name, value)
    article.page, article.start, article.end = page, story.start, story.end
    article.position, article.extracted = change.position, extracted
    article.flags = ["long_headline"] if len(story.headline or "") > LONG_HEADLINE else []


def _write_bylines(changes: Sequence[_Change], page: Page, registry: RecordRegistry) -> None:
    """Write the bylines of articles as they were read, where no editor decided the bylines."""
    undecided = [change for change in changes if "bylines" not in change.article.corrected]
    if before := [change.article for change in undecided if not change.is_new]:
        Byline.objects.filter(article__in=before).delete()
    credited = [(change.article, credit) for change in undecided for credit in change.story.bylines]
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


def _withdrawable(gone: Collection[int]) -> QuerySet[Article]:
    """The articles, by id, that no person changed and that are not withdrawn yet."""
    return Article.objects.untouched().filter(pk__in=gone).exclude(status=Article.Status.WITHDRAWN)
