"""Derives which places and organizations appear in which articles, from mentions, verdicts, merges and the trash.

One receiver follows every save and delete of a row; `_OF_ARTICLE` and `_SHARED` list the rows that articles show. Code
that writes in bulk, or inside `by_machine`, calls `refresh_appearances` and `touch_articles` with the articles itself.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from articles.models.appearance import OrganizationAppearance, PlaceAppearance
from articles.models.article import Article, ArticleQuerySet
from articles.models.change import ArticleChange
from articles.models.history import is_by_machine
from articles.models.mention import Mention
from articles.models.organization import Organization
from articles.models.page import Page
from articles.models.place import Place
from articles.models.reporter import Byline, Reporter
from articles.reading.values import PARTS

# Ids in one statement; SQLite allows 32,766 parameters.
_MOST_IDS = 1_000

_POSITION = f"""
    CASE mention.part {" ".join(f"WHEN '{part}' THEN {number}" for number, part in enumerate(PARTS))} END * 100000000
    + mention.start
"""
_ORGANIZATIONS = f"""
INSERT INTO articles_organizationappearance (article_id, organization_id, position)
SELECT mention.article_id, COALESCE(named.merged_into_id, named.id), MIN({_POSITION})
FROM articles_mention mention
JOIN articles_organization named ON named.id = COALESCE(mention.decided_organization_id, mention.organization_id)
WHERE mention.verdict <> 'rejected' AND named.trashed_at IS NULL AND mention.article_id {{articles}}
GROUP BY 1, 2
"""  # noqa: S608 - no value in it
_PLACES = f"""
INSERT INTO articles_placeappearance (article_id, place_id, position)
WITH RECURSIVE named (article_id, place_id, position) AS (
    SELECT mention.article_id, COALESCE(mention.decided_place_id, mention.place_id), {_POSITION}
    FROM articles_mention mention
    WHERE mention.verdict <> 'rejected' AND mention.article_id {{articles}}
    UNION ALL
    SELECT appearance.article_id, seated.seat_id, appearance.position
    FROM articles_organizationappearance appearance
    JOIN articles_organization seated ON seated.id = appearance.organization_id
    WHERE appearance.article_id {{articles}}
), above (article_id, place_id, position) AS (
    SELECT named.article_id, COALESCE(place.merged_into_id, place.id), named.position
    FROM named JOIN articles_place place ON place.id = named.place_id
    WHERE place.trashed_at IS NULL
    UNION
    SELECT above.article_id, COALESCE(parent.merged_into_id, parent.id), CAST(NULL AS integer)
    FROM above
    JOIN articles_place place ON place.id = above.place_id
    JOIN articles_place parent ON parent.id = place.parent_id
)
SELECT above.article_id, above.place_id, MIN(above.position)
FROM above JOIN articles_place place ON place.id = above.place_id
WHERE place.trashed_at IS NULL
GROUP BY 1, 2
"""  # noqa: S608 - no value in it


def refresh_appearances(articles: Collection[int], *, are_new: bool = False) -> None:
    """Derive the appearances in articles, given by their ids; of `are_new` articles there are no rows to replace."""
    for some in _batched_ids(articles):
        marks = f"IN ({', '.join(['%s'] * len(some))})"
        with transaction.atomic():
            if not are_new:
                PlaceAppearance.objects.filter(article__in=some).delete()
                OrganizationAppearance.objects.filter(article__in=some).delete()
                ArticleChange.objects.note(some)
            with connection.cursor() as cursor:
                cursor.execute(_ORGANIZATIONS.format(articles=marks), some)
                cursor.execute(_PLACES.format(articles=marks), [*some, *some])


def rebuild_appearances() -> None:
    """Derive the appearances in all articles."""
    with transaction.atomic():
        PlaceAppearance.objects.all().delete()
        OrganizationAppearance.objects.all().delete()
        ArticleChange.objects.note_all()
        with connection.cursor() as cursor:
            cursor.execute(_ORGANIZATIONS.format(articles="IS NOT NULL"))
            cursor.execute(_PLACES.format(articles="IS NOT NULL"))


def count_wrong_appearances() -> int:
    """The number of appearances that are wrong or missing; nothing is written."""
    with transaction.atomic():
        before = _all()
        rebuild_appearances()
        wrong = len(before ^ _all())
        transaction.set_rollback(True)
    return wrong


def _all() -> set[tuple[Any, ...]]:
    return {
        (model.RECORD, *row)
        for model in (PlaceAppearance, OrganizationAppearance)
        for row in model.objects.values_list(model.RECORD, "article", "position").iterator()
    }


def touch_articles(articles: Collection[int]) -> None:
    """Set `updated_at` of articles, given by their ids: they show a record that changed."""
    for some in _batched_ids(articles):
        Article.objects.filter(pk__in=some).touch()


def _batched_ids(ids: Collection[int]) -> Iterator[list[int]]:
    """Ids in lists that a statement can take, in ascending order."""
    in_order = sorted(ids)
    for start in range(0, len(in_order), _MOST_IDS):
        yield in_order[start : start + _MOST_IDS]


class _Dependents(NamedTuple):
    """The articles that show a row, and those whose appearances depend on it."""

    showing: Callable[[Any], ArticleQuerySet]
    appearing: Callable[[Any], Collection[int]] = lambda _row: ()


def _named_in(record: Place | Organization) -> ArticleQuerySet:
    named = record.appearances.filter(position__isnull=False)
    return Article.objects.filter(pk__in=named.values("article"))


def _appearing_in(record: Place | Organization) -> list[int]:
    return list(record.appearances.values_list("article", flat=True))


_OF_ARTICLE = {
    Mention: _Dependents(lambda row: Article.objects.filter(pk=row.article_id), lambda row: [row.article_id]),
    Byline: _Dependents(lambda row: Article.objects.filter(pk=row.article_id)),
}
_SHARED = {
    Page: _Dependents(lambda page: Article.objects.filter(page=page)),
    Reporter: _Dependents(lambda person: Article.objects.filter(bylines__reporter__in=person.group())),
    Place: _Dependents(_named_in, _appearing_in),
    Organization: _Dependents(_named_in, _appearing_in),
}
"""All rows that articles show besides their own columns. A shared row that is new or deleted is shown by no article."""


@receiver([post_save, post_delete])
def _follow_written_row(
    sender: Any, instance: Any, signal: Any, created: bool = False, **_kwargs: Any
) -> None:
    """Refresh what is derived from a row that was saved or deleted."""
    if sender in _OF_ARTICLE and not is_by_machine():
        dependents = _OF_ARTICLE[sender]
    elif sender in _SHARED and signal is post_save and not created:
        dependents = _SHARED[sender]
    else:
        return
    if appearing := dependents.appearing(instance):
        refresh_appearances(appearing)
    dependents.showing(instance).touch()
