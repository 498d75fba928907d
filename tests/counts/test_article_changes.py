"""Which articles were written since somebody looked: none is missed, whoever wrote it and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from django.db import connection

from articles.counts import change_triggers
from articles.editing.article_corrections import correct_article
from articles.models import Article, ArticleChange, change
from tests.api.archive import article

pytestmark = pytest.mark.django_db


def settled() -> change.Mark:
    """A mark behind which is nothing: to begin with, what a transaction wrote that is still open is read twice."""
    _written, mark = ArticleChange.objects.since(ArticleChange.objects.mark())
    return mark


def by_sql(statement: str) -> Callable[[Article], object]:
    """As another program writes, that knows nothing of Django's."""

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
def test_whoever_writes_an_article_it_is_told_once(write: str) -> None:
    one, _other = article("大桥通车"), article("新路通车")
    pk, mark = one.pk, settled()
    WRITES[write](one)
    written, after = ArticleChange.objects.since(mark)
    assert written == {pk}
    assert ArticleChange.objects.since(after) == (set(), after)


def test_a_new_article_is_told() -> None:
    mark = settled()
    assert ArticleChange.objects.since(mark) == (set(), mark)
    made = article("大桥通车")
    assert ArticleChange.objects.since(mark)[0] == {made.pk}


def forget(_mark: change.Mark) -> None:
    ArticleChange.objects.all().delete()


def restore_a_backup(mark: change.Mark) -> None:
    """From another time, at which the same number was of another change."""
    ArticleChange.objects.filter(pk__gte=mark.last).delete()
    ArticleChange.objects.create(pk=mark.last, article_id=1)


def prune(_mark: change.Mark) -> None:
    ArticleChange.objects.note([1])
    ArticleChange.objects.prune()


@pytest.mark.parametrize("lose", [forget, restore_a_backup, prune])
def test_what_cannot_be_told_any_more_may_be_anything(
    monkeypatch: pytest.MonkeyPatch, lose: Callable[[change.Mark], None]
) -> None:
    monkeypatch.setattr(change, "_KEPT", 0)
    article("大桥通车")
    ArticleChange.objects.update(transaction=0)  # one that is over, and not the test's own
    mark = ArticleChange.objects.mark()
    lose(mark)
    assert ArticleChange.objects.since(mark)[0] is None


def test_of_no_changes_at_all_nothing_was_written() -> None:
    ArticleChange.objects.all().delete()
    mark = ArticleChange.objects.mark()
    assert ArticleChange.objects.since(mark) == (set(), mark)
    article("大桥通车")
    assert ArticleChange.objects.since(mark)[0] is None


def test_the_newest_changes_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "_KEPT", 3)
    ArticleChange.objects.all().delete()
    for transaction in range(1, 11):  # that are over
        ArticleChange.objects.create(article_id=transaction, transaction=transaction)
    assert ArticleChange.objects.prune() == 6
    assert [row.article_id for row in ArticleChange.objects.order_by("pk")] == [7, 8, 9, 10, 0]
    assert ArticleChange.objects.prune()
    assert {row.article_id for row in ArticleChange.objects.all()} == {8, 9, 10, 0}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_ends_late_is_not_missed() -> None:
    early, late = article("大桥通车"), article("新路通车")
    with closing(connection.copy()) as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE articles_article SET status = 'draft' WHERE id = %s", [late.pk])
            correct_article(early, headline="新桥通车")
            mark = ArticleChange.objects.mark()
            other.commit()
        written, after = ArticleChange.objects.since(mark)
        # What was there before may be read twice, where others' transactions are open too.
        assert {late.pk} <= (written or set()) <= {early.pk, late.pk}
        assert ArticleChange.objects.since(after) == (set(), after)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_what_a_late_transaction_wrote_may_be_pruned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the newest row is there that was read: others may have been written before it, and come to an end later."""
    monkeypatch.setattr(change, "_KEPT", 2)
    for transaction in range(1, 7):
        ArticleChange.objects.create(article_id=transaction, transaction=transaction)
    mark = ArticleChange.objects.mark()
    assert ArticleChange.objects.prune()
    assert ArticleChange.objects.since(mark._replace(oldest=4))[0] is not None
    assert ArticleChange.objects.since(mark._replace(oldest=3))[0] is None


def test_triggers_that_are_made_anew_tell_that_anything_may_be_written() -> None:
    article("大桥通车")
    mark = ArticleChange.objects.mark()
    table = "" if connection.vendor == "sqlite" else " ON articles_article"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER articles_note_update{table}")
    assert change_triggers.missing_change_triggers(connection) == ["articles_note_update"]
    Article.objects.update(status="draft")
    change_triggers.ensure_change_triggers(connection)
    assert change_triggers.missing_change_triggers(connection) == []
    assert ArticleChange.objects.since(mark)[0] is None
