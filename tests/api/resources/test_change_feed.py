"""A client that follows the feed of changes has a copy of what is public, and learns nothing of what is not."""

import random
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from articles.api.resources import change_feed
from articles.counts.change_triggers import note_all_changed
from articles.editing.article_corrections import correct_article
from articles.editing.article_trash import restore_article, trash_article
from articles.editing.bylines import set_bylines
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.merging import merge, undo_merge
from articles.loading.purge import purge
from articles.models import Article, FeedEntry, Load, Mention, Merge, Organization, Page, Place, Reporter
from tests.factories import (
    make_alias,
    make_article,
    make_organization,
    make_page,
    make_place,
    make_places,
    make_reporter,
)
from tests.support.api import API
from tests.support.loading import load

pytestmark = pytest.mark.django_db(transaction=True)

LISTS = {
    "article": "articles", "page": "pages", "reporter": "reporters", "place": "places", "organization": "organizations",
}  # fmt: skip
SECRET = "白鹭洲"


@pytest.fixture(autouse=True)
def _no_limits(settings: Settings) -> None:
    settings.NEWSROOM_RATES = dict.fromkeys(settings.NEWSROOM_RATES, "1000000/minute")


class Copy:
    """A client that follows the feed, and gets again what it says has changed."""

    def __init__(self, client: APIClient) -> None:
        self.records: dict[str, dict[int, Any]] = {kind: {} for kind in LISTS}
        self._client, self.url = client, f"{API}/changes/?page_size=50"

    def update(self) -> list[dict[str, Any]]:
        """Follow the feed to its end; return the changes."""
        changes = []
        while True:
            answer = self._client.get(self.url)
            assert answer.status_code == 200, answer.content
            page = answer.json()
            self.apply(page["results"])
            changes += page["results"]
            self.url = page["next"]
            if not page["has_more"]:
                return changes

    def apply(self, changes: list[dict[str, Any]]) -> None:
        for kind, path in LISTS.items():
            ids = [change["id"] for change in changes if change["kind"] == kind]
            for pk in ids:
                self.records[kind].pop(pk, None)
            left = [
                str(one["id"])
                for one in changes
                if one["kind"] == kind and one["change"] in {"created", "changed"}
            ]
            if left:
                asked = {"id": ",".join(left), "page_size": "100"}
                found = self._client.get(f"{API}/{path}/", asked).json()["results"]
                self.records[kind] |= {record["id"]: record for record in found}


def public(client: APIClient) -> dict[str, dict[int, Any]]:
    """What all lists have."""
    found: dict[str, dict[int, Any]] = {}
    for kind, path in LISTS.items():
        found[kind], url = {}, f"{API}/{path}/?page_size=100"
        while url:
            page = client.get(url).json()
            found[kind] |= {record["id"]: record for record in page["results"]}
            url = page["next"]
    return found


# --- Random edits -------------------------------------------------------------------------------------


class Editors:
    """Everything that changes an archive, at random."""

    def __init__(self, seed: int, folder: Any) -> None:
        self.random = random.Random(seed)
        self.folder = folder
        self.count = 0

    def edit(self) -> None:
        self.count += 1
        edits: list[Callable[[], object]] = [
            *(
                self.write,
                self.write,
                self.print,
                self.set_status,
                self.set_status,
                self.correct,
                self.credit,
            ),
            *(self.decide, self.trash, self.restore, self.merge, self.merge, self.unmerge, self.rename),
            *(self.alias, self.move, self.seat, self.load, self.purge, self.delete),
        ]
        with suppress(ValidationError):  # what an editor may not do
            self.random.choice(edits)()

    def one(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        return self.random.choice(found) if found else None

    def records(self) -> list[Any]:
        models = (Place, Organization, Reporter)
        return [
            row
            for row in (self.one(model.objects.surviving()) for model in models)
            if row and self.random.random() < 0.7
        ]

    def write(self) -> None:
        status = self.random.choice(["draft", "published", "published"])
        date = self.random.choice([None, "2024-07-30", "2023-09-14"])
        make_article(f"第{self.count}篇", *self.records(), status=status, date=date)

    def print(self) -> None:
        page = make_page(f"第{self.count}版", publication="沂河晚报")
        make_article(f"第{self.count}条", *self.records(), page=page)

    def set_status(self) -> None:
        if article := self.one(Article.objects.untrashed()):
            status = {"published": "withdrawn"}.get(article.status, "published")
            correct_article(article, status=status)

    def correct(self) -> None:
        if article := self.one(Article.objects.untrashed()):
            correct_article(
                article, headline=f"改{self.count}", issue_date=self.random.choice([None, "2022-01-01"])
            )

    def credit(self) -> None:
        if article := self.one(Article.objects.untrashed()):
            names = self.random.sample(["周明", "吴芳", "何小满", "王强"], self.random.randint(0, 2))
            set_bylines(article, [{"name": name} for name in names])

    def decide(self) -> None:
        if mention := self.one(Mention.objects.exclude(verdict="added")):
            verdict = self.random.choice(["accepted", "rejected", "relinked", ""])
            model: Any = Place if mention.kind == "place" else Organization
            record = self.one(model.objects.surviving()) if verdict == "relinked" else None
            decide_mention(mention, Decision(verdict, record), None)

    def trash(self) -> None:
        if article := self.one(Article.objects.untrashed()):
            trash_article(article)

    def restore(self) -> None:
        if article := self.one(Article.objects.filter(status="trashed")):
            restore_article(article)

    def merge(self) -> None:
        model: Any = self.random.choice([Place, Organization, Reporter])
        records = list(model.objects.surviving().order_by("pk"))
        if len(records) > 2:
            source, target = self.random.sample(records, 2)
            merge(source, target, None)

    def unmerge(self) -> None:
        if made := self.one(Merge.objects.filter(undone_at=None)):
            undo_merge(made)

    def rename(self) -> None:
        for record in self.records():
            record.name = f"{record.name[:3]}{self.count}"
            record.save()

    def alias(self) -> None:
        for record in self.records():
            make_alias(f"别名{self.count}", record)

    def move(self) -> None:
        place, parent = self.one(Place.objects.surviving()), self.one(Place.objects.surviving())
        place.parent = parent
        place.full_clean()
        place.save()

    def seat(self) -> None:
        if body := self.one(Organization.objects.surviving()):
            body.seat = self.one(Place.objects.surviving())
            body.save()

    def load(self) -> None:
        path = self.folder / f"{self.count}.txt"
        text = f"沂河晚报 2023年9月{self.count % 28 + 1}日 第{self.count}版\n\n大桥通车{self.count}\n\n"
        path.write_text(f"{text}本报讯（记者 周明）芮城县的第{self.count}座桥昨天通车。\n", encoding="utf-8")
        load(path)

    def purge(self) -> None:
        if made := self.one(Load.objects.all()):
            purge(made)

    def delete(self) -> None:
        if article := self.one(Article.objects.filter(page=None)):
            article.delete()


@pytest.mark.slow
@pytest.mark.parametrize("edits", [200, pytest.param(1_000, marks=pytest.mark.soak)])
def test_copy_equals_the_archive_after_any_edits(
    edits: int, client: APIClient, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_feed, "_CHUNK", 20)
    made = make_places()
    make_organization("绛县人民法院", made["绛县"])
    for name in ("周明", "吴芳", "何小满"):
        make_reporter(name)
    editors, copy = Editors(4, tmp_path), Copy(client)
    for number in range(edits):
        editors.edit()
        if editors.random.random() < 0.1:
            copy.update()
        if number % 40 == 39:
            copy.update()
            assert copy.records == public(client), f"after {number} edits"
    assert all(copy.records.values())
    late = Copy(client)
    late.update()
    assert late.records == copy.records
    assert copy.update() == []
    drafts = set(Article.objects.exclude(status="published").values_list("pk", flat=True))
    never = drafts - set(FeedEntry.objects.filter(kind="article").values_list("record", flat=True))
    assert never


# --- Single events ------------------------------------------------------------------------------------


def events(copy: Copy) -> list[tuple[str, int, str]]:
    return [(one["kind"], one["id"], one["change"]) for one in copy.update()]


def test_events_say_what_happened(client: APIClient) -> None:
    copy = Copy(client)
    one, two = make_organization("甲"), make_organization("乙")
    article, other = make_article("大桥", one, body="甲"), make_article("新桥", two, body="乙")
    created = events(copy)
    assert {("article", article.pk, "created"), ("organization", one.pk, "created")} < set(created)
    correct_article(article, section="要闻")
    assert events(copy) == [("article", article.pk, "changed")]
    merge(one, two, None)
    changes = {(change["kind"], change["id"]): change for change in copy.update()}
    merged = changes["organization", one.pk]
    assert (merged["change"], merged["merged_into"]) == ("merged", two.pk)
    assert changes["organization", two.pk]["change"] == "changed"
    correct_article(other, status="withdrawn")
    assert ("article", other.pk, "gone") in events(copy)
    assert events(copy) == []


def test_drafts_leave_no_trace(client: APIClient) -> None:
    copy = Copy(client)
    shown = make_article("大桥", make_places()["芮城县"])
    copy.update()
    body = make_organization(f"{SECRET}公司")
    draft = make_article(SECRET, body, make_reporter(SECRET), status="draft", page=make_page(SECRET))
    correct_article(draft, headline=f"{SECRET}二")
    make_alias(f"{SECRET}集团", body)
    assert events(copy) == []
    correct_article(shown, status="withdrawn")
    assert ("article", shown.pk, "gone") in events(copy)
    correct_article(shown, headline="改写")
    shown.delete()
    assert events(copy) == []


def test_feed_is_written_only_when_something_changed(client: APIClient) -> None:
    make_article("大桥")
    Copy(client).update()
    before = list(FeedEntry.objects.values())
    for _ in range(3):
        Copy(client).update()
    assert list(FeedEntry.objects.values()) == before


@pytest.mark.parametrize("token", ["x", "1", "0-x", "-1", "0-1-2", "g-1"])
def test_invalid_token_is_400(client: APIClient, token: str) -> None:
    answer = client.get(f"{API}/changes/", {"since": token})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "since")


def test_token_of_an_archive_before_a_restored_backup_is_410(client: APIClient) -> None:
    make_article("大桥")
    copy = Copy(client)
    copy.update()
    note_all_changed(connection)
    answer = client.get(copy.url)
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
    again = Copy(client)
    again.update()
    assert again.records == public(client)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_change_committed_after_a_later_one_is_not_missed(client: APIClient) -> None:
    slow, quick = make_article("桥"), make_article("路")
    copy = Copy(client)
    copy.update()
    with closing(connection.copy()) as one, closing(connection.copy()) as other:
        for writer, article in ((one, slow), (other, quick)):
            writer.set_autocommit(False)
            with writer.cursor() as cursor:
                cursor.execute(
                    "UPDATE articles_article SET headline = '大' || headline WHERE id = %s", [article.pk]
                )
        other.commit()
        assert events(copy) == [("article", quick.pk, "changed")]
        one.commit()
        assert events(copy) == [("article", slow.pk, "changed")]
    assert copy.records == public(client)


def test_record_lists_take_updated_since(client: APIClient) -> None:
    person = make_reporter("周明")
    make_article("大桥", person, make_place("老城"), make_organization("甲"))
    for path in ("reporters", "places", "organizations"):
        (found,) = client.get(f"{API}/{path}/").json()["results"]
        same = client.get(f"{API}/{path}/", {"updated_since": found["updated_at"]}).json()["results"]
        assert same == [found]
        later = client.get(f"{API}/{path}/", {"updated_since": "2099-01-01T00:00:00Z"}).json()["results"]
        assert later == []


def test_pages_without_public_articles_are_gone(client: APIClient) -> None:
    article = make_article("大桥", page=make_page())
    copy = Copy(client)
    copy.update()
    correct_article(article, status="withdrawn")
    assert ("page", Page.objects.get().pk, "gone") in events(copy)
    assert copy.records == public(client) == {kind: {} for kind in LISTS}


@pytest.mark.parametrize(
    "change",
    [{"publication": "临河日报"}, {"issue_date": "2024-07-31"}, {"page_number": "3"}, {"page_name": "副刊"}],
    ids=lambda change: next(iter(change)),
)
def test_a_page_with_another_paper_day_number_or_name_is_in_the_feed(
    client: APIClient, change: dict[str, Any]
) -> None:
    page = make_page(publication="沂河晚报", issue_date="2024-07-30", page_number="2", page_name="要闻")
    article = make_article("大桥", make_reporter("周明"), page=page)
    copy = Copy(client)
    copy.update()
    Page.objects.filter(pk=page.pk).update(**change)
    assert sorted(events(copy)) == [("article", article.pk, "changed"), ("page", page.pk, "changed")]
    assert copy.records == public(client)
    correct_article(article, status="withdrawn")
    copy.update()
    Page.objects.filter(pk=page.pk).update(page_name="别的")
    assert events(copy) == []
