"""Recorded changes of articles: none is missed, whatever program wrote it and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.db import connection

from articles.counts import change_triggers
from articles.editing.article_corrections import correct_article
from articles.models import Article, ArticleChange, change
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def settled() -> change.Mark:
    """A mark after all changes. The second call is needed because an open transaction is read twice."""
    _written, mark = ArticleChange.objects.since(ArticleChange.objects.mark())
    return mark


def by_sql(statement: str) -> Callable[[Article], object]:
    """Write by SQL, as another program does."""

    def execute(one: Article) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [one.pk])

    return execute


WRITES: dict[str, Callable[[Article], Any]] = {
    "correction": lambda one: correct_article(one, headline="新桥通车"),
    "many together": lambda one: Article.objects.filter(pk=one.pk).update(status="withdrawn"),
    "deletion": lambda one: one.delete(),
    "SQL": by_sql("UPDATE articles_article SET status = 'draft' WHERE id = %s"),
    "deletion by SQL": by_sql("DELETE FROM articles_article WHERE id = %s"),
}


@pytest.mark.parametrize("write", WRITES)
def test_every_write_of_an_article_is_recorded_once(write: str) -> None:
    one, _other = make_article("大桥通车"), make_article("新路通车")
    pk, mark = one.pk, settled()
    WRITES[write](one)
    written, after = ArticleChange.objects.since(mark)
    assert written == {pk}
    assert ArticleChange.objects.since(after) == (set(), after)


def test_new_article_is_recorded() -> None:
    mark = settled()
    assert ArticleChange.objects.since(mark) == (set(), mark)
    made = make_article("大桥通车")
    assert ArticleChange.objects.since(mark)[0] == {made.pk}


def forget(_mark: change.Mark) -> None:
    ArticleChange.objects.all().delete()


def restore_a_backup(mark: change.Mark) -> None:
    """Replace the row of the mark by another change, as in an older backup."""
    ArticleChange.objects.filter(pk__gte=mark.last).delete()
    ArticleChange.objects.create(pk=mark.last, article_id=1)


def prune(_mark: change.Mark) -> None:
    ArticleChange.objects.note([1])
    ArticleChange.objects.prune()


@pytest.mark.parametrize("lose", [forget, restore_a_backup, prune])
def test_lost_changes_mean_any_article_may_have_changed(
    monkeypatch: pytest.MonkeyPatch, lose: Callable[[change.Mark], None]
) -> None:
    monkeypatch.setattr(change, "_MOST_ROWS", 0)
    make_article("大桥通车")
    ArticleChange.objects.update(transaction=0)  # a finished transaction, not the test's own
    mark = ArticleChange.objects.mark()
    lose(mark)
    assert ArticleChange.objects.since(mark)[0] is None


def test_mark_without_changes_finds_none_written() -> None:
    ArticleChange.objects.all().delete()
    mark = ArticleChange.objects.mark()
    assert ArticleChange.objects.since(mark) == (set(), mark)
    make_article("大桥通车")
    assert ArticleChange.objects.since(mark)[0] is None


def test_prune_leaves_newest_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "_MOST_ROWS", 3)
    ArticleChange.objects.all().delete()
    for transaction in range(1, 11):  # of finished transactions
        ArticleChange.objects.create(article_id=transaction, transaction=transaction)
    assert ArticleChange.objects.prune() == 6
    assert [row.article_id for row in ArticleChange.objects.order_by("pk")] == [7, 8, 9, 10, 0]
    assert ArticleChange.objects.prune()
    assert {row.article_id for row in ArticleChange.objects.all()} == {8, 9, 10, 0}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_late_commit_is_not_missed() -> None:
    early, late = make_article("大桥通车"), make_article("新路通车")
    with closing(connection.copy()) as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE articles_article SET status = 'draft' WHERE id = %s", [late.pk])
            correct_article(early, headline="新桥通车")
            mark = ArticleChange.objects.mark()
            other.commit()
        written, after = ArticleChange.objects.since(mark)
        # Earlier changes may be read twice while other transactions are open.
        assert {late.pk} <= (written or set()) <= {early.pk, late.pk}
        assert ArticleChange.objects.since(after) == (set(), after)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_pruned_changes_of_late_commit_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest row that was read is there, but earlier transactions may have committed later."""
    monkeypatch.setattr(change, "_MOST_ROWS", 2)
    for transaction in range(1, 7):
        ArticleChange.objects.create(article_id=transaction, transaction=transaction)
    mark = ArticleChange.objects.mark()
    assert ArticleChange.objects.prune()
    assert ArticleChange.objects.since(mark._replace(oldest=4))[0] is not None
    assert ArticleChange.objects.since(mark._replace(oldest=3))[0] is None


def test_recreated_triggers_record_that_any_article_may_have_changed() -> None:
    make_article("大桥通车")
    mark = ArticleChange.objects.mark()
    table = "" if connection.vendor == "sqlite" else " ON articles_article"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER articles_note_update{table}")
    assert change_triggers.missing_change_triggers(connection) == ["articles_note_update"]
    Article.objects.update(status="draft")
    change_triggers.ensure_change_triggers(connection)
    assert change_triggers.missing_change_triggers(connection) == []
    assert ArticleChange.objects.since(mark)[0] is None
