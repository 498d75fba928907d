"""Writes the articles of a page as planned, with their bylines and mentions."""

from collections import Counter
from collections.abc import Collection, Sequence

from django.utils import timezone

from articles.counts.appearances import refresh_appearances
from articles.editing.mention_rows import write_mentions
from articles.editing.record_registry import RecordRegistry
from articles.models import Article, Byline, Page
from articles.models.history import by_machine
from articles.models.page import PageResidue
from articles.reading.name_keys import name_key

from .article_plan import ArticlePlan, PagePlan
from .file_plan import FilePlan


@by_machine()
def store_stories(
    page: Page, read: FilePlan, status: str, stored: Collection[Article], registry: RecordRegistry
) -> PagePlan:
    """Write what was read as the page's articles and residue, and return the plan that was written.

    `stored` are the articles of the page and of its earlier versions, locked against editors' changes.
    """
    plan = read.plan_articles(page, status, stored)
    changes = [article for article in plan.articles if article.outcome in {"created", "updated"}]
    reanchored = plan.reanchoring.write()
    Article.objects.bulk_create(change.article for change in changes if change.is_new)
    for change in changes:
        if not change.is_new:
            change.article.save()
    _write_bylines([change for change in changes if change.affects("bylines")], page, registry)
    named = [change for change in changes if change.affects_mentions]
    write_mentions([(change.article, change.mentions) for change in named], registry)
    refresh_appearances({*reanchored, *(change.article.pk for change in named)}, are_new=not stored)
    PageResidue.objects.put(page, plan.residue)
    _withdraw([article.article for article in plan.articles if article.outcome == "withdrawn"])
    return plan


def _withdraw(articles: Collection[Article]) -> None:
    """Withdraw articles; a decided status is so no more, or no later load could bring its article back."""
    for article in articles:
        if "status" in article.corrected:
            article.corrected = [name for name in article.corrected if name != "status"]
            article.save(update_fields=["corrected"])
    if articles:
        Article.objects.filter(pk__in=[article.pk for article in articles]).update(
            status=Article.Status.WITHDRAWN, updated_at=timezone.now()
        )


def _write_bylines(changes: Sequence[ArticlePlan], page: Page, registry: RecordRegistry) -> None:
    """Write the bylines of articles as they were read, where no editor decided the bylines."""
    undecided = [
        (change, change.story)
        for change in changes
        if change.story and "bylines" not in change.article.corrected
    ]
    if before := [change.article for change, _ in undecided if not change.is_new]:
        Byline.objects.filter(article__in=before).delete()
    credited = [(change.article, credit) for change, story in undecided for credit in story.bylines]
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
