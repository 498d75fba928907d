"""A running server answers as one that has just started, after every kind of write from all sides at once."""

import os
import random
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from articles.models import ApiToken
from articles.record_lock import LOCK_KEY
from tests.reliability.test_soak import LIMITS
from tests.support.loading import Shared, run_loadseeds
from tests.support.serving import manage, served

SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
ROUND = 100  # seconds of writing before each comparison
API_EDITORS = 3
COUNTIES = ("芮城县", "平陆县", "绛县", "夏县", "临猗县", "万荣县", "闻喜县", "稷山县", "新绛县", "垣曲县")
REPORTERS = ("周明", "何小满", "吴芳", "邢智轩", "郑国栋", "李文")
STORY = """{county}{number}号桥昨天通车

本报讯（记者 {reporter}）昨天上午，{county}和{other}之间的新桥正式通车。{county}人民法院的干警到场执勤，{other}来的车辆第一批通过。

市民说，从{county}到{other}近了二十分钟。
"""
# Requests name one host, which stands in the addresses of responses, whatever port a server has.
HOST = {"Host": "localhost"}
HEADLINES = "SELECT id, headline FROM articles_article"


def page_text(number: int, version: int) -> str:
    chance = random.Random(f"{number} {version}")
    stories = [
        STORY.format(
            county=chance.choice(COUNTIES),
            other=chance.choice(COUNTIES),
            reporter=chance.choice(REPORTERS),
            number=100 * number + story,
        )
        for story in range(2 + version % 2)
    ]
    return f"运城日报 2023年9月{number % 28 + 1}日 第{number % 8 + 1}版 要闻\n\n" + "\n".join(stories)


class Form(HTMLParser):
    """The fields of the forms of a page, as a browser sends them without a change."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = self._textarea = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and given.get("type") not in {"submit", "checkbox", "file"}:
            self.fields[name] = value
        elif tag == "input" and given.get("type") == "checkbox" and "checked" in given:
            self.fields[name] = value or "on"
        elif tag == "select":
            self._select = name
            self.fields.setdefault(name, "")
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = value
        elif tag == "textarea":
            self._textarea = name
            self.fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._textarea] = self.fields[self._textarea].removeprefix("\n")
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += data


@dataclass
class Town:
    """A running server with its database, and the events of the test, shared by all threads."""

    shared: Shared
    address: str
    folder: Path
    secret: str
    session: str
    until: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    headlines: dict[int, str] = field(default_factory=dict)
    pages: int = 0
    deeds: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def goes_on(self) -> bool:
        return time.monotonic() < self.until

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.address, timeout=60, limits=LIMITS, headers={**HOST, **headers}, verify=False
        )

    def note(self, what: str, response: httpx.Response) -> httpx.Response:
        with self.lock:
            self.statuses[f"{what} {response.status_code}"] += 1
            if response.status_code >= 500:
                self.failures.append(f"{what} {response.url}: {response.status_code} {response.text[:200]}")
        return response

    def ids(self, select: str) -> list[int]:
        """The first column of what a SELECT finds."""
        with database(self.shared) as cursor:
            cursor.execute(select)
            return [row[0] for row in cursor.fetchall()]


@contextmanager
def database(shared: Shared, *, commit: bool = True) -> Iterator[Any]:
    """A transaction of another program."""
    other: Any = sqlite3.connect(shared.file, timeout=20) if shared.file else connection.copy()
    with closing(other):
        if not shared.file:
            other.set_autocommit(False)
        yield other.cursor()
        other.commit() if commit else other.rollback()


# --- Who writes -----------------------------------------------------------------------------------


def load(town: Town, chance: random.Random) -> None:
    """Add pages and new versions of pages, and load all; sometimes read all again, purge, or rebuild."""
    for _ in range(3):
        town.pages += 1
        (town.folder / f"{town.pages:04}.txt").write_text(page_text(town.pages, 0), encoding="utf-8")
    changed = chance.randint(1, town.pages)
    text = page_text(changed, chance.randint(0, 3))
    (town.folder / f"{changed:04}.txt").write_text(text, encoding="utf-8")
    url = {"DATABASE_URL": town.shared.url}
    what = chance.choice(["load", "load", "load", "reextract", "purge", "rebuild"])
    if what == "rebuild":
        manage(town.shared, "rebuildindex")
    elif what == "purge" and (loads := town.ids("SELECT max(id) FROM articles_load")):
        manage(town.shared, "loadseeds", "--purge", loads[0])
    else:
        done = run_loadseeds(*(["--reextract"] if what == "reextract" else [town.folder]), **url)
        if done.returncode == 2 and "run it again for the rest" in done.stderr:
            what = "load that waited too long"
        elif done.returncode:
            town.failures.append(f"loadseeds: {done.returncode} {done.stderr[:600]}")
    town.deeds[what] += 1


def edit(number: int, town: Town, chance: random.Random) -> None:
    """Write over the API: the headlines of the articles that belong to one editor, verdicts, merges, aliases."""
    with town.client(Authorization=f"Bearer {town.secret}") as client:
        get, post = (partial(town_request, town, client, method) for method in ("GET", "POST"))
        mine = town.ids(f"SELECT id FROM articles_article WHERE id % {API_EDITORS} = {number}")
        if not mine:
            return
        pk = chance.choice(mine[-40:])
        found = get(f"/articles/{pk}/")
        if found.status_code != 200:
            return
        match = {"If-Match": found.headers["ETag"]}
        what = chance.choice(
            ["headline", "headline", "body", "status", "verdict", "merge", "unmerge", "alias"]
        )
        if what == "headline":
            headline = f"编辑{number}改题{time.monotonic_ns()}"
            response = town_request(
                town, client, "PATCH", f"/articles/{pk}/", json={"headline": headline}, headers=match
            )
            if response.status_code == 200:
                town.headlines[pk] = headline
        elif what == "body":
            body = found.json()["body"] + f"\n{chance.choice(COUNTIES)}的读者来信。"
            town_request(town, client, "PATCH", f"/articles/{pk}/", json={"body": body}, headers=match)
        elif what == "status":
            post(f"/articles/{pk}/{chance.choice(['publish', 'withdraw'])}/", headers=match)
        elif what == "verdict" and (mentions := found.json()["mentions"]):
            one = chance.choice(mentions)
            state = get(f"/mentions/{one['id']}/").headers.get("ETag", "")
            verdict: dict[str, Any] = {"verdict": chance.choice(["accepted", "rejected", None])}
            post(f"/mentions/{one['id']}/decide/", json=verdict, headers={"If-Match": state})
        elif what in {"merge", "unmerge", "alias"}:
            kind = chance.choice(["places", "organizations", "reporters"])
            ids = town.ids(f"SELECT id FROM articles_{kind.removesuffix('s')} WHERE merged_into_id IS NULL")
            merged = town.ids(f"SELECT id FROM articles_{kind.removesuffix('s')} WHERE merged_into_id > 0")
            if what == "unmerge" and merged:
                other = chance.choice(merged)
                (record,) = town.ids(
                    f"SELECT merged_into_id FROM articles_{kind.removesuffix('s')} WHERE id = {other}"
                ) or [0]
            else:
                # Maybe one and the same, which is refused.
                record, other = chance.choice(ids), chance.choice(ids)
            # One that was merged meanwhile redirects to an address without the port: it is not followed.
            state = get(f"/{kind}/{record}/").headers.get("ETag", "")
            body = {"name": f"别名{time.monotonic_ns()}"} if what == "alias" else {"record": other}
            address = f"/{kind}/{record}/{'aliases' if what == 'alias' else what}/"
            post(address, json=body, headers={"If-Match": state})
        town.deeds[what] += 1


def town_request(
    town: Town, client: httpx.Client, method: str, address: str, **options: Any
) -> httpx.Response:
    return town.note(f"API {method}", client.request(method, f"/api/v1{address}", **options))


def use_desk(town: Town, chance: random.Random) -> None:
    """Rename and move records, move records and articles to the trash and back, by the forms of the desk."""
    with town.client() as client:
        client.cookies.set(settings.SESSION_COOKIE_NAME, town.session)
        kind = chance.choice(["place", "organization", "reporter", "article"])
        live = f"SELECT id FROM articles_{kind} WHERE " + (
            "status <> 'trashed'" if kind == "article" else "trashed_at IS NULL"
        )
        trashed = live.replace("<>", "=").replace("IS NULL", "IS NOT NULL")
        what = "trash" if kind == "article" else chance.choice(["rename", "rename", "trash", "restore"])
        ids = town.ids(trashed if what == "restore" else live)
        if not ids:
            return
        page = f"/admin/articles/{kind}/{chance.choice(ids[-60:])}/"
        page += {"rename": "change/", "trash": "delete/", "restore": "restore/"}[what]
        # To restore is a button of the desk, and no page.
        shown = "/admin/" if what == "restore" else page
        form = Form(town.note("desk GET", client.get(shown)).text).fields
        if what == "restore":
            form = {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]}
        if what == "rename" and "name" in form:
            form["name"] = re.sub(r"·.*", "", form["name"]) + f"·{time.monotonic_ns() % 1000}"
        form = {name: value for name, value in form.items() if not name.startswith("_")}
        saved = client.post(page, data=form, headers={"Referer": f"{town.address}{page}"})
        town.note(f"desk {what}", saved)
        town.deeds[f"desk {what}"] += 1


SQL = (
    "UPDATE articles_place SET name = '{name}' WHERE id IN (SELECT place_id FROM articles_mention WHERE id % 7 = {n})",
    "UPDATE articles_organization SET name = '{name}' WHERE id % 7 = {n}",
    "UPDATE articles_reporter SET disambiguation = '{name}' || id WHERE id % 5 = {n}",
    "UPDATE articles_article SET section = '{name}' WHERE id % 7 = {n}",
    "UPDATE articles_byline SET role = 'intern' WHERE id % 7 = {n}",
    "UPDATE articles_mention SET score = 0.{n} WHERE id % 7 = {n}",
    "UPDATE articles_page SET page_name = '{name}' WHERE id % 7 = {n}",
    "DELETE FROM articles_alias WHERE id % 7 = {n}",
)


def write_sql(town: Town, chance: random.Random) -> None:
    """Write by SQL, as docs/operations.md says; every third transaction is rolled back."""
    commit = chance.random() > 0.3
    with database(town.shared, commit=commit) as cursor:
        if not town.shared.file:
            cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
        for statement in chance.sample(SQL, 2):
            name = f"名{time.monotonic_ns()}"
            cursor.execute(statement.format(name=name, n=chance.randint(0, 6)))
    town.deeds["SQL" if commit else "rolled back"] += 1


# --- Who reads ------------------------------------------------------------------------------------

FORMS = ("json", "jsonld", "ninjs", "annotation")
RECORDS = ("reporters", "places", "organizations")


def addresses(town: Town) -> list[str]:
    """More than a hundred addresses of the API: lists, searches, counts, feeds, single articles and records."""
    found = [f"{record}/?page_size=100&count=true" for record in ("articles", "pages", "mentions", *RECORDS)]
    found += [f"articles/?format={form}" for form in ("jsonld", "ninjs", "atom", "csv", "jsonl")]
    found += [f"{record}/?format=csv" for record in RECORDS]
    found += [
        *("articles/?q=新桥", "articles/?q=芮城县", "articles/?q=编辑", "articles/?place=140830"),
        *("articles/?place=140800&count=true", "articles/facets/", "articles/timeline/"),
        "articles/?updated_since=2020-01-01T00:00:00Z&ordering=updated_at&page_size=100",
        *("articles/?ordering=-updated_at", "mentions/?status=linked", "articles/facets/?q=新桥"),
    ]
    articles = town.ids("SELECT id FROM articles_article ORDER BY id DESC LIMIT 400")
    found += [f"articles/{pk}/?format={form}" for pk in articles[:12] for form in FORMS]
    found += [f"articles/{pk}/" for pk in articles[12::20]]
    for record in RECORDS:
        ids = town.ids(f"SELECT id FROM articles_{record.removesuffix('s')} ORDER BY id LIMIT 8")
        found += [f"{record}/{pk}/{of}" for pk in ids for of in ("", "articles/", "company/")]
    return [f"/api/v1/{address}" for address in found]


def read(town: Town, number: int) -> None:
    """Read all addresses again and again, so that the server caches what it can."""
    with town.client() as client:
        while town.goes_on():
            asked = addresses(town)
            for address in asked[number::2] + asked[:number:2]:
                town.note("read", client.get(address))
                if not town.goes_on():
                    return


def write(town: Town, deed: Callable[[Town, random.Random], None], seed: str) -> None:
    chance = random.Random(seed)
    while town.goes_on():
        try:
            deed(town, chance)
        except Exception as error:  # noqa: BLE001 - the test reports it
            town.failures.append(f"{seed}: {error!r}")
            return
        time.sleep(0.2)  # as SQLite gives its lock to whoever asks at the right moment


Answer = tuple[int, str, bytes]


def answer(address: str, server: str) -> Answer:
    """Status, ETag and content of a response, by a connection of its own."""
    with httpx.Client(base_url=server, timeout=60, headers=HOST, verify=False) as client:
        response = client.get(address)
        return response.status_code, response.headers.get("ETag", ""), response.content


def differences(town: Town) -> list[str]:
    """The addresses at which the running server answers otherwise than one that has just started."""
    asked = addresses(town)
    assert len(asked) > 100
    with served(town.shared) as fresh:
        expected = [answer(address, fresh) for address in asked]
    # Several times at once: each thread of the server has a cache of its own.
    with ThreadPoolExecutor(4) as threads:
        for _ in range(2):
            answers = list(threads.map(partial(answer, server=town.address), [*asked, *asked]))
            wrong = [
                f"{address}: {found[0]} {found[2][:300]!r} instead of {right[0]} {right[2][:300]!r}"
                for address, found, right in zip(
                    [*asked, *asked], answers, [*expected, *expected], strict=True
                )
                if found != right
            ]
            if wrong:
                return wrong
    return []


def live(town: Town, seconds: float) -> None:
    """Let all write and read at once for some time."""
    town.until = time.monotonic() + seconds
    seed = f"{len(town.deeds)} {town.pages}"
    deeds: dict[str, Callable[[Town, random.Random], None]] = {
        "load": load,
        "desk": use_desk,
        "SQL": write_sql,
        **{f"editor {number}": partial(edit, number) for number in range(API_EDITORS)},
    }
    threads = [
        *(
            threading.Thread(target=write, args=(town, deed, f"{name} {seed}"))
            for name, deed in deeds.items()
        ),
        *(threading.Thread(target=read, args=(town, number)) for number in range(2)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def town(
    transactional_db: None,  # noqa: ARG001 - the database is written
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[Town]:
    chief = User.objects.create_superuser("chief", password="seal the bridge at noon")
    _token, secret = ApiToken.objects.issue(chief, "soak")
    desk = Client()
    desk.force_login(chief)
    session = desk.cookies[settings.SESSION_COOKIE_NAME].value
    shared: Shared = request.getfixturevalue("shared")
    (folder := tmp_path / "archive").mkdir()
    for number in range(1, 6):
        (folder / f"{number:04}.txt").write_text(page_text(number, 0), encoding="utf-8")
    assert run_loadseeds(folder, DATABASE_URL=shared.url).returncode == 0
    with served(shared) as address:
        yield Town(shared, address, folder, secret, session, pages=5)


def check(town: Town, rounds: int, seconds: float) -> None:
    for number in range(rounds):
        live(town, seconds)
        assert town.failures == []
        assert differences(town) == [], f"after round {number}"
    print(
        f"\n{rounds} × {seconds:.0f} s: {dict(sorted(town.deeds.items()))}; {dict(sorted(town.statuses.items()))}"
    )
    with database(town.shared) as cursor:
        cursor.execute(HEADLINES)
        stored = dict(cursor.fetchall())
    assert {pk: stored.get(pk) for pk in town.headlines} == town.headlines
    # What another program wrote past the rules is damage, but no appearance may be wrong.
    manage(town.shared, "rebuildindex", "--check")


def test_running_server_answers_as_a_fresh_one(town: Town) -> None:
    check(town, rounds=1, seconds=6)
    assert town.deeds.total() > 20


@pytest.mark.soak
def test_running_server_answers_as_a_fresh_one_for_ten_minutes(town: Town) -> None:
    check(town, rounds=max(1, round(SECONDS / ROUND)), seconds=ROUND)
    assert len(town.headlines) > 20
