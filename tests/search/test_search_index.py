"""The index follows every write of articles; damage is found and rebuilt."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, NotSupportedError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from articles import search
from articles.counts.change_triggers import ensure_change_triggers
from articles.editing.article_corrections import correct_article
from articles.migrations._support import _drop_triggers
from articles.models import Article
from tests.factories import make_article
from tests.search.reference import found

pytestmark = pytest.mark.django_db

SQLITE = connection.vendor == "sqlite"


def execute(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def written() -> list[tuple[Any, ...]]:
    """Rows that differ after a write to the index."""
    return execute(
        "SELECT id, block FROM articles_search_data" if SQLITE else "SELECT xmin, ctid FROM articles_search"
    )


@pytest.fixture
def article() -> Article:
    make_article("早市", kicker="民生", body="菜农都有了固定摊位。")
    return make_article("大桥", subtitle="两岸", body="昨天，新桥迎来第一批车辆。")


def save(article: Article) -> None:
    article.body = "昨天，旧桥封闭。"
    article.save()


def save_one_field(article: Article) -> None:
    article.body = "昨天，旧桥封闭。"
    article.save(update_fields=["body"])


def bulk_update(article: Article) -> None:
    article.body = "昨天，旧桥封闭。"
    Article.objects.bulk_update([article], ["body"])


def bulk_create_over(article: Article) -> None:
    article.body = "昨天，旧桥封闭。"
    Article.objects.bulk_create(
        [article], update_conflicts=True, update_fields=["body"], unique_fields=["id"]
    )


def raw_sql(article: Article) -> None:
    execute("UPDATE articles_article SET body = %s WHERE id = %s", "昨天，旧桥封闭。", article.pk)


def other_id(article: Article) -> None:
    execute("UPDATE articles_article SET id = 123456, body = %s WHERE id = %s", "旧桥", article.pk)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(save, id="save"),
        pytest.param(save_one_field, id="save one field"),
        pytest.param(lambda article: Article.objects.filter(pk=article.pk).update(body="旧桥"), id="update"),
        pytest.param(bulk_update, id="bulk_update"),
        pytest.param(bulk_create_over, id="bulk_create over a row"),
        pytest.param(lambda article: correct_article(article, body="旧桥"), id="a correction"),
        pytest.param(raw_sql, id="raw SQL"),
        pytest.param(other_id, id="another id"),
    ],
)
def test_index_follows_changed_text(article: Article, change: Callable[[Article], object]) -> None:
    assert (found("新桥"), found("旧桥")) == (["大桥"], [])
    change(article)
    assert (found("新桥"), found("旧桥"), found("两岸")) == ([], ["大桥"], ["大桥"])
    assert search.count_outdated(connection) == 0


@pytest.mark.parametrize(
    "delete",
    [
        pytest.param(lambda article: article.delete(), id="delete"),
        pytest.param(
            lambda article: Article.objects.filter(headline=article.headline).delete(),
            id="delete of a queryset",
        ),
        pytest.param(
            lambda article: execute("DELETE FROM articles_article WHERE id = %s", article.pk), id="raw SQL"
        ),
    ],
)
def test_deleted_article_is_not_found(article: Article, delete: Callable[[Article], object]) -> None:
    delete(article)
    assert (found("大桥"), found("早市")) == ([], ["早市"])
    assert search.count_outdated(connection) == 0


def test_new_connection_can_write_with_untrusted_schema(article: Article) -> None:
    if SQLITE:
        execute("PRAGMA trusted_schema = OFF")
    search.register_functions(connection)
    correct_article(article, body="旧桥")
    assert (found("新桥"), found("旧桥")) == ([], ["大桥"])


def test_articles_of_bulk_create_are_found() -> None:
    Article.objects.bulk_create(
        Article(headline=f"第{number}号", body="新桥" * number) for number in range(30)
    )
    assert found("第7号") == ["第7号"]
    assert len(found("新桥")) == 29
    assert search.count_outdated(connection) == 0


def test_rollback_restores_index(article: Article) -> None:
    with transaction.atomic():
        make_article("新校")
        correct_article(article, headline="旧桥")
        Article.objects.get(headline="早市").delete()
        transaction.set_rollback(True)
    assert (found("新校"), found("旧桥"), found("大桥"), found("早市")) == ([], [], ["大桥"], ["早市"])
    assert search.count_outdated(connection) == 0


def test_write_without_text_change_does_not_touch_index(article: Article) -> None:
    before = written()
    article.status = "published"
    article.save()
    Article.objects.update(body=models.F("body"), reviewed=True)
    assert written() == before
    assert found("新桥") == ["大桥"]


PIECES = (
    {
        "articles_search": "DROP TABLE articles_search",
        "articles_search_version": "DROP TABLE articles_search_version",
        "articles_search_insert": "DROP TRIGGER articles_search_insert",
        "articles_search_update": "DROP TRIGGER articles_search_update",
        "articles_search_delete": "DROP TRIGGER articles_search_delete",
    }
    if SQLITE
    else {
        "articles_search": "DROP TABLE articles_search",
        "articles_search_version": "DROP TABLE articles_search_version",
        "articles_search_fold": "DROP TABLE articles_search_fold",
        "articles_search_by_gram": "DROP INDEX articles_search_by_gram",
        "articles_search_by_head_gram": "DROP INDEX articles_search_by_head_gram",
        "articles_search_put": "DROP FUNCTION articles_search_put",
        "articles_search_row": "DROP TRIGGER articles_search_row ON articles_article",
        "articles_search_truncated": "DROP TRIGGER articles_search_truncated ON articles_article",
    }
)


@pytest.mark.parametrize("piece", PIECES)
def test_missing_piece_is_created(article: Article, piece: str) -> None:
    execute(PIECES[piece])
    assert piece in search.missing_pieces(connection)
    assert search.count_outdated(connection) == 2
    assert search.ensure_index(connection)
    assert (search.missing_pieces(connection), search.count_outdated(connection)) == ([], 0)
    assert found("新桥") == ["大桥"]
    correct_article(article, body="旧桥")
    assert (found("新桥"), found("旧桥")) == ([], ["大桥"])


def test_migrate_recreates_triggers_and_indexes_missed_writes(article: Article) -> None:
    execute(PIECES["articles_search_update" if SQLITE else "articles_search_row"])
    correct_article(article, body="旧桥")
    assert found("新桥") == ["大桥"]
    call_command("migrate", verbosity=0)
    assert (found("新桥"), found("旧桥")) == ([], ["大桥"])
    assert search.count_outdated(connection) == 0


@pytest.mark.usefixtures("article")
def test_index_of_other_version_is_rebuilt() -> None:
    execute("UPDATE articles_search_version SET version = 'of old'")
    assert [piece.split()[0] for piece in search.missing_pieces(connection)] == ["version"]
    assert search.ensure_index(connection)
    assert (search.missing_pieces(connection), search.count_outdated(connection)) == ([], 0)


@pytest.mark.usefixtures("article")
def test_complete_index_needs_few_queries() -> None:
    before = written()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert not search.ensure_index(connection)
    assert len(queries) <= 3
    assert written() == before


@pytest.mark.django_db(transaction=True)
def test_index_survives_altered_table(article: Article) -> None:
    """SQLite recreates the table without its triggers; PostgreSQL refuses if a trigger depends on a column."""
    headline, shorter = Article._meta.get_field("headline"), models.CharField(max_length=300, blank=True)
    shorter.set_attributes_from_name("headline")
    shorter.model = Article
    for before, after in ((headline, shorter), (shorter, headline)):
        with connection.schema_editor() as editor:
            _drop_triggers(
                editor
            )  # as each migration does, since other tables have triggers that name this one
            editor.alter_field(Article, before, after)
    ensure_change_triggers(connection)
    assert search.ensure_index(connection) == SQLITE
    correct_article(article, headline="新桥")
    assert (found("新桥"), found("大桥"), search.count_outdated(connection)) == (["新桥"], [], 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("article")
def test_flush_empties_index() -> None:
    call_command("flush", interactive=False, verbosity=0)
    make_article("新校")
    assert (found("大桥"), found("新校"), search.count_outdated(connection)) == ([], ["新校"], 0)


DAMAGES = (
    {
        "blocks are lost": "DELETE FROM articles_search_data WHERE id > 10",
        "blocks are overwritten": "UPDATE articles_search_data SET block = zeroblob(40) WHERE id > 10",
        "a row too many": "INSERT INTO articles_search (rowid, body) VALUES (987654, '新桥')",
        "a row's words are lost": "INSERT INTO articles_search (articles_search) VALUES ('delete-all')",
    }
    if SQLITE
    else {
        "a row is lost": "DELETE FROM articles_search WHERE headline = '大桥'",
        "a row too many": "INSERT INTO articles_search VALUES (987654, '', '', '', '', '{新桥}')",
        "grams are lost": "UPDATE articles_search SET grams = '{}'",
        "text is overwritten": "UPDATE articles_search SET body = body || '。'",
    }
)


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize("damage", DAMAGES)
def test_rebuildindex_finds_and_rebuilds_damage(damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    execute(DAMAGES[damage])
    with pytest.raises(SystemExit) as stop:
        call_command("rebuildindex", "--check")
    assert stop.value.code == 1
    assert "of 2 articles: run manage.py rebuildindex." in capsys.readouterr().out
    call_command("rebuildindex")
    call_command("rebuildindex", "--check")
    assert capsys.readouterr().out == "Indexed 2 articles.\nThe index is right in all of 2 articles.\n"
    assert found("新桥") == ["大桥"]


@pytest.mark.usefixtures("article")
def test_rebuildindex_names_missing_pieces(capsys: pytest.CaptureFixture[str]) -> None:
    execute("DROP TABLE articles_search_version")
    with pytest.raises(SystemExit) as stop:
        call_command("rebuildindex", "--check")
    assert stop.value.code == 1
    assert capsys.readouterr().out == "The index lacks articles_search_version: run manage.py rebuildindex.\n"


def test_rebuildindex_without_tables_prints_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise DatabaseError("no such table:\n articles_article")

    monkeypatch.setattr(search, "rebuild_index", refuse)
    with pytest.raises(
        CommandError, match=r"^the database refused: no such table: articles_article; "
    ) as error:
        call_command("rebuildindex")
    assert error.value.returncode == 2


def test_progress_is_reported_by_batch() -> None:
    Article.objects.bulk_create(Article(headline="新桥") for _ in range(1001))
    rebuilt: list[int] = []
    checked: list[int] = []
    search.rebuild_index(connection, rebuilt.append)
    assert search.count_outdated(connection, checked.append) == 0
    assert rebuilt == checked == [500, 500, 1]
    assert len(found("新桥")) == 1001


def test_other_database_is_not_supported() -> None:
    other: Any = SimpleNamespace(vendor="oracle", display_name="Oracle")
    with pytest.raises(NotSupportedError, match="SQLite and PostgreSQL, not in Oracle"):
        search.rebuild_index(other)
