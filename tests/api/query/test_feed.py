"""The feed of changes: a client that follows it misses no article, in whatever order transactions end."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from articles.models import Article
from tests.factories import make_article
from tests.support.api import API

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time"),
]


class Mirror:
    """A client that follows the feed, and asks each time for what changed since the last article that it got."""

    def __init__(self, client: APIClient, **parameters: Any) -> None:
        self.headlines: dict[int, str] = {}
        self._client, self._since = client, "2000-01-01T00:00:00Z"
        self._parameters = {"ordering": "updated_at", **parameters}

    def follow(self) -> Iterator[dict[str, Any]]:
        """Ask for one page after the other, and give each article that came."""
        url: str | None = f"{API}/articles/"
        parameters: Any = {**self._parameters, "updated_since": self._since}
        while url:
            found = self._client.get(url, parameters).json()
            for article in found["results"]:
                self.headlines[article["id"]] = article["headline"]
                self._since = article["updated_at"]
                yield article
            url, parameters = found["next"], None

    def update(self) -> None:
        for _article in self.follow():
            pass


class Writer:
    """Another connection that writes in a transaction of its own."""

    def __init__(self) -> None:
        self._connection = connection.copy()
        self._connection.set_autocommit(False)

    def begin(self) -> None:
        """Get the number of the transaction, by a write that no article shows."""
        self._execute("CREATE TEMPORARY TABLE begun () ON COMMIT DROP")

    def rename(self, article: Article, headline: str) -> None:
        self._execute("UPDATE articles_article SET headline = %s WHERE id = %s", headline, article.pk)

    def commit(self) -> None:
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()

    def _execute(self, statement: str, *values: Any) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)


@contextmanager
def two_writers() -> Iterator[tuple[Writer, Writer]]:
    with closing(Writer()) as one, closing(Writer()) as other:
        yield one, other


def stored() -> dict[int, str]:
    return dict(Article.objects.values_list("pk", "headline"))


def test_change_committed_after_a_later_one_is_not_missed(client: APIClient) -> None:
    slow, quick = make_article("桥"), make_article("路")
    mirror = Mirror(client)
    mirror.update()
    with two_writers() as (one, other):
        one.rename(slow, "大桥")
        other.rename(quick, "大路")
        other.commit()
        mirror.update()
        one.commit()
        mirror.update()
    assert mirror.headlines == stored()


def test_change_by_a_transaction_that_began_first_and_wrote_last_is_not_missed(client: APIClient) -> None:
    early, late = make_article("桥"), make_article("路")
    mirror = Mirror(client)
    mirror.update()
    with two_writers() as (one, other):
        one.begin()
        other.rename(late, "大路")  # written first, by the transaction that began second
        one.rename(early, "大桥")
        one.commit()
        mirror.update()
        other.commit()
        mirror.update()
    assert mirror.headlines == stored()


def test_change_that_is_committed_while_pages_are_read_is_not_missed(client: APIClient) -> None:
    first, slow, *others = (make_article(f"第{number}篇") for number in range(6))
    mirror = Mirror(client, page_size=2)
    mirror.update()
    with two_writers() as (one, other):
        for article in (first, *others):
            other.rename(article, f"{article.headline}改")
            if article == first:
                one.rename(slow, "大桥")
            other.commit()
        pages = mirror.follow()
        next(pages)
        one.commit()
        make_article("最后")
        for _article in pages:
            pass
        mirror.update()
    assert mirror.headlines == stored()


def test_open_transaction_holds_back_only_what_began_after_it(client: APIClient) -> None:
    before, slow, after = (make_article(headline) for headline in ("桥", "路", "站"))
    with two_writers() as (one, other):
        other.rename(before, "大桥")
        other.commit()
        one.rename(slow, "大路")
        other.rename(after, "大站")
        other.commit()
        mirror = Mirror(client)
        mirror.update()
        assert mirror.headlines == {before.pk: "大桥", slow.pk: "路"}
        assert client.get(f"{API}/articles/{after.pk}/").json()["headline"] == "大站"
        one.commit()
        mirror.update()
    assert mirror.headlines == stored()
