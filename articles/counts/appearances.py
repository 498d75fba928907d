"""Derives which places and organizations appear in which articles, from mentions, verdicts, merges and the trash.

Receivers follow every save and delete of a mention, and every save of a place or an organization. Code that writes in
bulk, or inside `by_machine`, calls `refresh_appearances` with the articles itself.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver

from articles.models.appearance import OrganizationAppearance, PlaceAppearance
from articles.models.history import is_by_machine
from articles.models.mention import Mention
from articles.models.organization import Organization
from articles.models.place import Place
from articles.reading.values import PARTS
from articles.record_lock import lock_records, share_records

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
            share_records()
            if not are_new:
                PlaceAppearance.objects.filter(article__in=some).delete()
                OrganizationAppearance.objects.filter(article__in=some).delete()
            with connection.cursor() as cursor:
                cursor.execute(_ORGANIZATIONS.format(articles=marks), some)
                cursor.execute(_PLACES.format(articles=marks), [*some, *some])


def rebuild_appearances() -> None:
    """Derive the appearances in all articles."""
    with transaction.atomic():
        # Alone, as others who derive write the same rows.
        lock_records()
        PlaceAppearance.objects.all().delete()
        OrganizationAppearance.objects.all().delete()
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


def _batched_ids(ids: Collection[int]) -> Iterator[list[int]]:
    """Ids in lists that a statement can take, in ascending order."""
    in_order = sorted(ids)
    for start in range(0, len(in_order), _MOST_IDS):
        yield in_order[start : start + _MOST_IDS]


# By class the columns of records that appearances are derived from.
_DERIVED_FROM = {
    Place: ("parent", "merged_into", "trashed_at"),
    Organization: ("seat", "merged_into", "trashed_at"),
}


@receiver([post_save, post_delete], sender=Mention)
def _follow_mention(instance: Mention, **_kwargs: Any) -> None:
    if not is_by_machine():
        refresh_appearances([instance.article_id])


@receiver(pre_save, sender=Place)
@receiver(pre_save, sender=Organization)
def _look_up_stored_columns(instance: Any, **_kwargs: Any) -> None:
    """Remember what appearances are derived from, as it is stored; locked until the record is saved."""
    if instance._state.adding:
        return
    lock_records()
    instance.derived_from = _stored_columns(instance) if connection.in_atomic_block else None


@receiver(post_save, sender=Place)
@receiver(post_save, sender=Organization)
def _follow_record(instance: Any, created: bool, **_kwargs: Any) -> None:
    """Refresh the articles in which a place or an organization appears, unless only its name or the like changed."""
    before = getattr(instance, "derived_from", None)
    if created or (before and before == _stored_columns(instance)):
        return
    refresh_appearances(instance.appearances.values_list("article", flat=True))


def _stored_columns(record: Place | Organization) -> tuple[Any, ...] | None:
    stored = type(record)._default_manager.filter(pk=record.pk)
    return stored.values_list(*_DERIVED_FROM[type(record)]).first()
