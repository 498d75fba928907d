"""The last change of each article: whatever is written of what it shows, by whatever program, in whatever order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.utils import timezone

from articles.counts import change_triggers
from articles.counts.appearances import rebuild_appearances
from articles.editing.article_corrections import correct_article
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.merging import merge, undo_merge
from articles.editing.record_trash import restore_record, trash_record
from articles.models import Article, Byline, LastChange, Mention, Organization, Page, Place, Reporter
from articles.models.last_change import ALL, Mark
from tests.factories import (
    make_alias,
    make_article,
    make_byline,
    make_mention,
    make_organization,
    make_place,
    make_places,
    make_printed_article,
    make_reporter,
)

pytestmark = pytest.mark.django_db


class Town(NamedTuple):
    bridge: Article  # shows all of the others
    road: Article  # shows none of them
    county: Place
    court: Organization
    zhou: Reporter


@pytest.fixture
def town() -> Town:
    places = make_places()
    court, zhou = make_organization("绛县人民法院", places["绛县"]), make_reporter("周明")
    bridge = make_printed_article("大桥通车", "昨天，芮城县和绛县人民法院的新桥通车。")
    make_mention(bridge, "芮城县", places["芮城县"])
    make_mention(bridge, "绛县人民法院", court)
    make_byline(bridge, zhou)
    road = make_article("新路通车", make_place("平陆县", "140829"), make_reporter("吴芳"))
    return Town(bridge, road, places["芮城县"], court, zhou)


def settled() -> Mark:
    """A mark after all changes. The second call is needed because an open transaction is read twice."""
    _changed, mark = LastChange.objects.since(LastChange.objects.mark())
    return mark


def sql(statement: str, *values: Any) -> None:
    """Write by SQL, as another program does."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def of_mention(town: Town, **values: Any) -> None:
    Mention.objects.filter(article=town.bridge, kind="place").update(**values)


# Each is done once with the models' own functions, once by a queryset, or by SQL alone.
WRITES: dict[str, Callable[[Town], Any]] = {
    "article corrected": lambda town: correct_article(town.bridge, headline="新桥通车"),
    "article updated": lambda town: Article.objects.filter(pk=town.bridge.pk).update(status="withdrawn"),
    "article by SQL": lambda town: sql(
        "UPDATE articles_article SET status = 'draft' WHERE id = %s", town.bridge.pk
    ),
    "article deleted": lambda town: town.bridge.delete(),
    "credit saved": lambda town: town.bridge.bylines.get().save(),
    "credit updated": lambda town: Byline.objects.filter(article=town.bridge).update(role="intern"),
    "credit deleted by SQL": lambda town: sql(
        "DELETE FROM articles_byline WHERE article_id = %s", town.bridge.pk
    ),
    "mention decided": lambda town: decide_mention(
        town.bridge.mentions.get(kind="place"), Decision("rejected"), None
    ),
    "mention updated": lambda town: of_mention(town, surface="芮城"),
    "mention by SQL": lambda town: sql(
        "UPDATE articles_mention SET score = 0.5 WHERE article_id = %s", town.bridge.pk
    ),
    "mention deleted by SQL": lambda town: sql(
        "DELETE FROM articles_mention WHERE article_id = %s", town.bridge.pk
    ),
    "appearance deleted": lambda town: town.bridge.place_appearances.all().delete(),
    "page updated": lambda _town: Page.objects.update(page_number="7"),
    "page by SQL": lambda _town: sql("UPDATE articles_page SET page_name = '要闻'"),
    "place saved": lambda town: rename(town.county, "芮城"),
    "place updated": lambda town: Place.objects.filter(pk=town.county.pk).update(name="芮城"),
    "place by SQL": lambda town: sql(
        "UPDATE articles_place SET code = '149999' WHERE id = %s", town.county.pk
    ),
    "place trashed": lambda town: trash_alone(town.county),
    "place trashed by SQL": lambda town: sql(
        "UPDATE articles_place SET trashed_at = %s WHERE id = %s", timezone.now(), town.county.pk
    ),
    "place merged": lambda town: merge(town.county, make_place("芮城"), None),
    "place merged by SQL": lambda town: sql(
        "UPDATE articles_place SET merged_into_id = %s WHERE id = %s", make_place("芮城").pk, town.county.pk
    ),
    "seat updated": lambda _town: Place.objects.filter(name="绛县").update(name="绛"),
    "organization updated": lambda _town: Organization.objects.update(name="法院"),
    "organization trashed": lambda town: trash_record(town.court),
    "organization merged": lambda town: merge(town.court, make_organization("法院"), None),
    "organization moved": lambda town: Organization(
        pk=town.court.pk, name="绛县人民法院", seat=town.county
    ).save(),
    "reporter updated": lambda town: Reporter.objects.filter(pk=town.zhou.pk).update(name="周 明"),
    "reporter by SQL": lambda town: sql(
        "UPDATE articles_reporter SET disambiguation = '摄影' WHERE id = %s", town.zhou.pk
    ),
    "reporter trashed": lambda town: trash_record(town.zhou),
    "reporter merged": lambda town: merge(town.zhou, make_reporter("老周"), None),
}


def rename(place: Place, name: str) -> None:
    place.name = name
    place.save()


def trash_alone(place: Place) -> None:
    place.children.update(parent=None)
    trash_record(place)


@pytest.mark.parametrize("write", WRITES)
def test_every_write_of_what_an_article_shows_is_its_change(town: Town, write: str) -> None:
    ids = [town.bridge.pk, town.road.pk]
    before, mark = LastChange.objects.stamps(ids), settled()
    WRITES[write](town)
    changed, after = LastChange.objects.since(mark)
    assert changed == {ids[0]}
    assert LastChange.objects.since(after) == (set(), after)
    stamps = LastChange.objects.stamps(ids)
    assert [stamps[pk] == before[pk] for pk in ids] == [False, True]


UNDONE: dict[str, tuple[Callable[[Town], Any], Callable[[Any, Town], Any]]] = {
    "merge": (
        lambda town: merge(town.court, make_organization("法院"), None),
        lambda made, _town: undo_merge(made),
    ),
    "merge of reporters": (
        lambda town: merge(town.zhou, make_reporter("老周"), None),
        lambda made, _town: undo_merge(made),
    ),
    "trash": (
        lambda town: trash_record(town.court),
        lambda _made, town: restore_record(town.court),
    ),
    "trash by SQL": (
        lambda town: trash_record(town.court),
        lambda _made, town: sql(
            "UPDATE articles_organization SET trashed_at = NULL WHERE id = %s", town.court.pk
        ),
    ),
}


@pytest.mark.parametrize("name", UNDONE)
def test_what_is_taken_back_is_a_change_too(town: Town, name: str) -> None:
    do, undo = UNDONE[name]
    made = do(town)
    mark = settled()
    undo(made, town)
    assert LastChange.objects.since(mark)[0] == {town.bridge.pk}


SILENT: dict[str, Callable[[Town], Any]] = {
    "province renamed": lambda _town: Place.objects.filter(name="山西省").update(name="山西"),
    "record saved as it was": lambda town: town.zhou.save(),
    "alias": lambda town: make_alias("小周", town.zhou),
    "page text": lambda _town: Page.objects.update(home_code="140800"),
    "reporter without articles": lambda _town: make_reporter("何小满"),
}


@pytest.mark.parametrize("write", SILENT)
def test_what_no_article_shows_changes_none(town: Town, write: str) -> None:
    mark = settled()
    SILENT[write](town)
    assert LastChange.objects.since(mark)[0] == set()


def test_kind_of_place_changes_articles_of_places_within_it(town: Town) -> None:
    mark = settled()
    Place.objects.filter(name="运城市").update(kind="other")
    assert LastChange.objects.since(mark)[0] == {town.bridge.pk}


def test_rebuilt_appearances_change_every_article_that_has_some(town: Town) -> None:
    mark = settled()
    rebuild_appearances()
    assert LastChange.objects.since(mark)[0] == {town.bridge.pk, town.road.pk}


def test_each_change_of_an_article_has_another_stamp(town: Town) -> None:
    seen = set()
    for number in range(50):
        Article.objects.filter(pk=town.bridge.pk).update(position=number + 1)
        seen |= set(LastChange.objects.stamps([town.bridge.pk]).values())
    assert len(seen) == 50


RECORD_WRITES: dict[str, Callable[[Reporter, Reporter], Any]] = {
    "renamed by SQL": lambda one, _merged: sql(
        "UPDATE articles_reporter SET name = '周 明' WHERE id = %s", one.pk
    ),
    "updated": lambda one, _merged: Reporter.objects.filter(pk=one.pk).update(disambiguation="摄影"),
    "alias": lambda one, _merged: make_alias("小周", one),
    "alias of a merged record": lambda _one, merged: make_alias("小周", merged),
    "alias renamed by SQL": lambda _one, _merged: sql("UPDATE articles_alias SET name = '周周'"),
    "alias deleted by SQL": lambda _one, _merged: sql("DELETE FROM articles_alias"),
    "merged record renamed": lambda _one, merged: Reporter.objects.filter(pk=merged.pk).update(name="周"),
    "merge": lambda one, _merged: merge(make_reporter("周大明"), one, None),
    "merge undone by SQL": lambda _one, merged: sql(
        "UPDATE articles_reporter SET merged_into_id = NULL WHERE id = %s", merged.pk
    ),
}


@pytest.mark.parametrize("write", RECORD_WRITES)
def test_every_write_of_what_a_record_shows_raises_its_time(write: str) -> None:
    one, merged, other = (make_reporter(name) for name in ("周明", "老周", "吴芳"))
    make_alias("阿周", one)
    merge(merged, one, None)
    before = {record.pk: record.updated_at for record in Reporter.objects.all()}
    RECORD_WRITES[write](one, merged)
    assert Reporter.objects.get(pk=one.pk).updated_at > before[one.pk]
    assert Reporter.objects.get(pk=other.pk).updated_at == before[other.pk]


def restore_a_backup(town: Town) -> None:
    """Leave the last changes as an older backup has them."""
    LastChange.objects.filter(pk=town.bridge.pk).update(
        transaction=1, changed_at=timezone.now() - dt.timedelta(hours=1)
    )


@pytest.mark.parametrize("lose", [restore_a_backup, lambda _town: LastChange.objects.all().delete()])
def test_restored_backup_means_any_article_may_have_changed(town: Town, lose: Callable[[Town], Any]) -> None:
    Article.objects.filter(pk=town.bridge.pk).update(position=1)
    mark = settled()
    lose(town)
    assert LastChange.objects.since(mark)[0] is None


def test_numbers_that_began_again_in_an_emptied_database_are_noticed(town: Town) -> None:
    for headline in ("新桥", "新路", "早市"):
        correct_article(town.bridge, headline=headline)
    LastChange.objects.filter(pk=ALL).delete()
    mark = LastChange.objects.mark()
    LastChange.objects.all().delete()
    correct_article(town.bridge, headline="旧桥")
    changed, _mark = LastChange.objects.since(mark)
    assert changed is None or town.bridge.pk in changed


def test_mark_without_articles_finds_the_first() -> None:
    mark = LastChange.objects.mark()
    assert LastChange.objects.since(mark) == (set(), mark)
    made = make_article("大桥通车")
    assert LastChange.objects.since(mark)[0] == {made.pk}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_late_commit_is_not_missed() -> None:
    early, late = make_article("大桥通车"), make_article("新路通车")
    with closing(connection.copy()) as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE articles_article SET status = 'draft' WHERE id = %s", [late.pk])
            correct_article(early, headline="新桥通车")
            mark = LastChange.objects.mark()
            other.commit()
        changed, after = LastChange.objects.since(mark)
        # Earlier changes may be read twice while other transactions are open.
        assert {late.pk} <= (changed or set()) <= {early.pk, late.pk}
        assert LastChange.objects.since(after) == (set(), after)


def test_recreated_triggers_change_every_article(town: Town) -> None:
    mark, before = settled(), LastChange.objects.stamps([town.bridge.pk, town.road.pk])
    table = "" if connection.vendor == "sqlite" else " ON articles_article"
    sql(f"DROP TRIGGER articles_note_article_update{table}")
    assert change_triggers.missing_change_triggers(connection) == ["articles_note_article_update"]
    change_triggers.ensure_change_triggers(connection)
    assert change_triggers.missing_change_triggers(connection) == []
    assert LastChange.objects.since(mark)[0] is None
    assert all(stamp != before[pk] for pk, stamp in LastChange.objects.stamps(before).items())
