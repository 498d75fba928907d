"""Two transactions that meet: what is derived and shown afterwards is right, whichever began first, and both end.

The first is held open after its first statement that locks anything, or after its last, until the second has ended or
waits. On SQLite the second is refused while the first is open, as its connection does not wait, and is tried again.
"""

from __future__ import annotations

import itertools
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from rest_framework.test import APIClient

from articles.api.resources import articles as article_resources
from articles.counts import facet_index
from articles.counts.appearances import rebuild_appearances
from articles.editing.article_corrections import correct_article
from articles.editing.bylines import set_bylines
from articles.editing.mention_decisions import Decision, decide_mention
from articles.editing.merging import merge, undo_merge
from articles.editing.record_trash import restore_record, trash_record
from articles.loading.purge import purge
from articles.maintenance.checks.derived_data import APPEARANCE_CHECK
from articles.maintenance.checks.record_checks import LINK_CHECK, MERGE_CHECK, PLACE_CHECK
from articles.models import Article, LastChange, Load, Mention, Merge, Place, Reporter
from tests.factories import (
    make_article,
    make_mention,
    make_organization,
    make_place,
    make_places,
    make_reporter,
)
from tests.support.api import API
from tests.support.loading import load

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

IS_SQLITE = connection.vendor == "sqlite"
PATIENCE = 30  # seconds until a test fails that would else wait for ever
FIRST_LOCK = re.compile("FOR UPDATE|pg_advisory|^(INSERT|UPDATE|DELETE)")
NEWS = "运城日报 2023年9月14日 第6版\n\n新桥昨天通车\n\n本报讯（记者 周明）昨天，芮城县、平陆县、夏县、临猗县和绛县的新桥正式通车。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for pages; on SQLite threads use a copy of the tests' database in a file meanwhile."""
    settings = connections.settings["default"]
    before = dict(settings)
    if IS_SQLITE:
        file = tmp_path / "newsroom.sqlite3"
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")
        settings["NAME"] = str(file)
        settings["OPTIONS"] = {**settings["OPTIONS"], "timeout": 0}
    (pages := tmp_path / "pages").mkdir()
    yield pages
    settings.clear()
    settings.update(before)


class Task(threading.Thread):
    """Does something in a thread, so by a connection of its own."""

    def __init__(self, do: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._do = do
        self.result: Any = None
        self.error: Exception | None = None
        self.process: int | None = None
        self.start()

    def run(self) -> None:
        try:
            connection.ensure_connection()
            if not IS_SQLITE:
                self.process = connection.connection.info.backend_pid
            self.result = self._do()
        except Exception as error:  # noqa: BLE001 - the test raises it
            self.error = error
        finally:
            connection.close()

    def wait(self) -> Any:
        self.join(PATIENCE)
        assert not self.is_alive(), "it waits for ever"
        if self.error:
            raise self.error
        return self.result


def run(do: Callable[[], Any]) -> Any:
    return Task(do).wait()


class Held:
    """Something that is done in a transaction, which stays open until it is released."""

    def __init__(self, do: Callable[[], Any], *, early: bool) -> None:
        self._do, self._early = do, early
        self._is_held, self._release = threading.Event(), threading.Event()
        self.task = Task(self._in_transaction)
        while not self._is_held.wait(0.01) and self.task.is_alive():
            pass

    def release(self) -> None:
        self._release.set()
        self.task.wait()

    def _in_transaction(self) -> None:
        with transaction.atomic(), connection.execute_wrapper(self._hold_at_first_lock):
            self._do()
            self._hold()

    def _hold_at_first_lock(self, execute: Any, sql: str, *arguments: Any) -> Any:
        result = execute(sql, *arguments)
        if self._early and FIRST_LOCK.search(sql):
            self._hold()
        return result

    def _hold(self) -> None:
        if not self._is_held.is_set():
            self._is_held.set()
            assert self._release.wait(PATIENCE)


def waits_for_lock(process: int | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [process])
        (waits,) = cursor.fetchone() or (False,)
    return bool(waits)


def meet(
    first: Callable[[], Any], second: Callable[[], Any], *, early: bool, between: Callable[[], Any]
) -> ValidationError | None:
    """Begin the first, then the second; go on with the first once the second has ended or waits. Return its refusal."""
    held = Held(first, early=early)
    task = Task(second)
    if IS_SQLITE:
        task.join(PATIENCE)
        assert "locked" in str(task.error), "the second did not wait for the first"
    end = time.monotonic() + PATIENCE
    while task.is_alive() and not waits_for_lock(task.process):
        assert time.monotonic() < end
        time.sleep(0.002)
    run(between)
    held.release()
    if IS_SQLITE:
        task = Task(second)
    try:
        task.wait()
    except ValidationError as refusal:
        return refusal
    return None


def empty_database() -> None:
    """Delete all rows of the app; to truncate so many tables takes a server much longer."""
    tables = [
        model._meta.db_table for model in apps.get_app_config("articles").get_models() if model != LastChange
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        for table in (*tables, LastChange._meta.db_table):
            cursor.execute(f"DELETE FROM {table}")
    facet_index._cached.clear()


_number = itertools.count(2)


def build_world(folder: Path) -> None:
    """Make places, one of them in the trash and one merged, a page that names them, and an article of an editor."""
    places = make_places()
    city = places["运城市"]
    make_place("太原市", "140100", places["山西省"])
    pinglu, linyi, xia = (
        make_place(name, code, city)
        for name, code in (("平陆县", "140829"), ("临猗县", "140821"), ("夏县", "140828"))
    )
    former = make_place("老绛县", "", city)
    article = make_article(
        "大桥合龙",
        places["芮城县"],
        pinglu,
        linyi,
        former,
        make_reporter("周明"),
        body="芮城县、平陆县、临猗县、老绛县的大桥合龙。",
    )
    make_mention(article, "夏县", xia, start=30)
    make_mention(article, "县医院", make_organization("平陆县医院", pinglu), start=40)
    merge(former, places["绛县"], None)
    load_version(folder)
    trash_record(xia)


def load_page(folder: Path) -> None:
    number = next(_number)
    (file := folder / f"{number:03}.txt").write_text(NEWS.replace("第6版", f"第{number}版"), encoding="utf-8")
    load(file)


def load_version(folder: Path) -> None:
    """Load another version of the same page."""
    text = NEWS.replace("昨天，", f"{next(_number)}日，")
    (file := folder / "page.txt").write_text(text, encoding="utf-8")
    load(file)


def county() -> Place:
    return Place.objects.get(code="140830")


def rename(model: Any, name: str) -> None:
    """Rename a record as the desk does: it is locked first."""
    with transaction.atomic():
        one = model.objects.select_for_update().get(name=name)
        one.name += "城"
        one.save()


def move() -> None:
    with transaction.atomic():
        one = Place.objects.select_for_update().get(code="140830")
        one.parent = Place.objects.get(name="太原市")
        one.save()


def correct() -> None:
    """Correct an article as the API does: its row is locked first."""
    with transaction.atomic():
        one = Article.objects.select_for_update().get(headline="大桥合龙")
        correct_article(one, body="平陆县、芮城县、临猗县、老绛县的大桥今天合龙。")
        set_bylines(one, [{"name": "吴芳"}, {"name": "周明"}])


def decide(surface: str) -> None:
    """Relink a mention as the API does: its article is locked first, and then the mention."""
    with transaction.atomic():
        mention = Mention.objects.filter(article__headline="大桥合龙", surface=surface).locked().get()
        decide_mention(mention, Decision("relinked", county()), None)


DEEDS: dict[str, Callable[[Path], Any]] = {
    "load": load_page,
    "new version": load_version,
    "merge": lambda _folder: merge(county(), Place.objects.get(name="临猗县"), None),
    "other merge": lambda _folder: merge(
        Place.objects.get(name="临猗县"), Place.objects.get(name="绛县"), None
    ),
    "undone merge": lambda _folder: undo_merge(
        Merge.objects.get(undone_at=None, source=Place.objects.get(name="老绛县").pk)
    ),
    "rename": lambda _folder: rename(Place, "芮城县"),
    "move": lambda _folder: move(),
    "trash": lambda _folder: trash_record(Place.objects.get(code="140821")),
    "restore": lambda _folder: restore_record(Place.objects.get(code="140828")),
    "decision": lambda _folder: decide("平陆县"),
    "other decision": lambda _folder: decide("临猗县"),
    "edit": lambda _folder: correct(),
    "renamed reporter": lambda _folder: rename(Reporter, "周明"),
    "rebuild": lambda _folder: rebuild_appearances(),
    "purge": lambda _folder: purge(Load.objects.earliest("pk")),
    "deletion": lambda _folder: Article.objects.get(headline="新桥昨天通车").delete(),
}
READ = (
    "articles/",
    "places/?page_size=100",
    "reporters/",
    "articles/facets/?facet=place,organization,reporter",
)


def shown() -> dict[str, Any]:
    """What a running server answers now."""
    client = APIClient()
    cache.clear()  # of the throttle
    addresses = [*READ, *(f"articles/{pk}/" for pk in Article.objects.values_list("pk", flat=True))]
    return {address: client.get(f"{API}/{address}").json() for address in addresses}


def shown_by_a_fresh_server() -> dict[str, Any]:
    facet_index._cached.clear()
    for representations in article_resources._CACHES.values():
        representations._newer, representations._older = {}, {}
    return shown()


def faults() -> list[Any]:
    checks = (APPEARANCE_CHECK, PLACE_CHECK, MERGE_CHECK, LINK_CHECK)
    return [fault for check in checks for fault in check.find(lambda _count=1: None)]


MEETING = {
    "load": ("load", "merge", "undone merge", "rename", "move", "trash", "restore", "rebuild"),
    "new version": ("merge", "rename", "decision", "edit"),
    "decision": ("merge", "trash", "other decision", "edit", "rebuild"),
    "edit": ("merge", "rename", "renamed reporter"),
    "merge": ("other merge", "undone merge", "rename", "move", "rebuild"),
    "move": ("rename", "trash", "restore"),
    "purge": ("merge", "decision"),
    "deletion": ("merge",),
}
"""Pairs that write what the other derives from, or shows; each is done in both orders."""
REFUSING = {"merge", "other merge", "trash", "decision", "other decision"}
"""Of two of these the second may be refused, as the first has merged or trashed its record."""
MOMENTS = ("late",) if IS_SQLITE else ("early", "late")


def check_meeting(first: str, second: str, moment: str, folder: Path) -> None:
    names = f"{first}, {second}"
    run(empty_database)
    run(partial(build_world, folder))
    run(shown)
    deeds = (partial(DEEDS[name], folder) for name in (first, second))
    refusal = meet(*deeds, early=moment == "early", between=shown)
    assert refusal is None or {first, second} <= REFUSING, (names, refusal)
    assert run(faults) == [], names
    assert run(shown) == run(shown_by_a_fresh_server), names


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("one", MEETING)
def test_transactions_that_meet_leave_what_is_right(one: str, moment: str, folder: Path) -> None:
    for other in MEETING[one]:
        for first, second in dict.fromkeys([(one, other), (other, one)]):
            check_meeting(first, second, moment, folder)


@pytest.mark.soak
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("first", DEEDS)
def test_any_two_transactions_that_meet_leave_what_is_right(first: str, moment: str, folder: Path) -> None:
    for second in DEEDS:
        check_meeting(first, second, moment, folder)
