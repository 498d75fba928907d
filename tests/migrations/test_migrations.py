"""Tests migrations: without the app's code, with articles in the database, backwards, and killed at any statement."""

from __future__ import annotations

import ast
import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pytest_django.plugin import DjangoDbBlocker

from articles import migrations, search
from articles.counts.change_triggers import missing_change_triggers
from tests.support.schema import schema

pytestmark = pytest.mark.slow

FOLDER = Path(migrations.__path__[0])
NAMES = sorted(path.stem for path in FOLDER.glob("0*.py"))
FIRST, LAST = NAMES[0], NAMES[-1]
NOW = dt.datetime(2024, 7, 30, 12, 0, tzinfo=dt.UTC)

Databases = Callable[..., "Database"]


class Killed(BaseException):
    """What no code handles."""


class Database:
    """A database beside that of the tests, empty or a copy of another, in which `migrate` runs as it does elsewhere."""

    def __init__(self, folder: Path, source: Database | None = None) -> None:
        self.alias = f"migrated_{secrets.token_hex(4)}"
        is_sqlite = connection.vendor == "sqlite"
        self.file = folder / f"{self.alias}.sqlite3"
        name = str(self.file) if is_sqlite else f"{connection.settings_dict['NAME']}_{self.alias}"
        connections.databases[self.alias] = {**connection.settings_dict, "NAME": name}
        if source:
            source.connection.close()
        if not is_sqlite:
            template = source.connection.settings_dict["NAME"] if source else "template0"
            self._ask_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        elif source:
            self.restore(source.content())

    @property
    def connection(self) -> BaseDatabaseWrapper:
        return connections[self.alias]

    def migrate(self, target: str = LAST) -> None:
        call_command("migrate", "articles", target, database=self.alias, verbosity=0)

    def applied(self) -> list[str]:
        return sorted(
            name for app, name in MigrationRecorder(self.connection).applied_migrations() if app == "articles"
        )

    def models(self, state: str) -> Any:
        """Return what gives the rows of a model as it was at a state: `models("place").create(...)`."""
        apps = MigrationLoader(self.connection).project_state(("articles", state)).apps
        return lambda name: apps.get_model(name if "." in name else f"articles.{name}").objects.using(
            self.alias
        )

    def content(self) -> tuple[bytes, ...]:
        """Return what a kill would leave of a SQLite database: its file and its write-ahead log."""
        return tuple(file.read_bytes() if file.exists() else b"" for file in self._files())

    def restore(self, content: tuple[bytes, ...]) -> None:
        for file, left in zip(self._files(), content, strict=True):
            file.write_bytes(left)

    def drop(self) -> None:
        self.connection.close()
        del connections[self.alias]
        name = connections.databases.pop(self.alias)["NAME"]
        if connection.vendor != "sqlite":
            self._ask_server(f'DROP DATABASE "{name}"')

    def _files(self) -> tuple[Path, Path]:
        return self.file, self.file.with_name(f"{self.file.name}-wal")

    def _ask_server(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


class States:
    """Databases at each state, of which a test takes copies: a step is migrated once, from the state before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[tuple[str, bool], Database] = {}

    def at(self, state: str, *, is_filled: bool) -> Database:
        """Return the database at a state, empty or filled at the first one."""
        if (state, is_filled) not in self.made:
            self.made[state, is_filled] = self._make(state, is_filled=is_filled)
        return self.made[state, is_filled]

    def drop(self) -> None:
        for database in self.made.values():
            database.drop()

    def _make(self, state: str, *, is_filled: bool) -> Database:
        if state == "zero":
            database = Database(self.folder)
            call_command("migrate", "auth", database=database.alias, verbosity=0)
        elif state == FIRST and is_filled:
            database = Database(self.folder, self.at(state, is_filled=False))
            fill(database.models(state))
        else:
            database = Database(self.folder, self.at(before(state), is_filled=is_filled))
            database.migrate(state)
        return database


def before(state: str) -> str:
    return ("zero", *NAMES)[NAMES.index(state)]


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[States]:
    states = States(tmp_path_factory.mktemp("states"))
    yield states
    with django_db_blocker.unblock():
        states.drop()


@pytest.fixture
def databases(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Databases]:
    made = []

    def make(source: Database | None = None) -> Database:
        made.append(Database(tmp_path, source))
        return made[-1]

    with django_db_blocker.unblock():
        yield make
        for database in made:
            database.drop()


def fill(models: Any) -> None:
    """Put in what a newsroom has: a page with an article and its names, reporters, a load, decisions and their history."""
    user = models("auth.User").create(username="zhang")
    models("auth.Group").create(name="proofreaders").user_set.add(user)
    page = models("Page").create(
        sha256="0" * 64, text="晋南大桥通车\n绛县大桥昨日通车。", encoding="utf-8", issue_date=NOW.date()
    )
    load = models("Load").create(started_at=NOW, by=user, paths=["晋南日报.txt"])
    models("LoadFile").create(load=load, page=page, path="晋南日报.txt", outcome="created")
    shanxi = models("Place").create(
        name="山西省", key="山西省", kind="province", code="140000", path="140000"
    )
    county = models("Place").create(
        name="绛县", key="绛县", kind="county", code="140826", path="140000/140826", parent=shanxi
    )
    office = models("Organization").create(
        name="绛县公路局", key="绛县公路局", kind="government", seat=county
    )
    article = models("Article").create(
        page=page, start=0, end=16, position=1, issue_date=NOW.date(), headline="晋南大桥通车", body="绛县大桥昨日通车。",
        blocks=[{"kind": "body"}], status="published", written_by=user,
    )  # fmt: skip
    mention = models("Mention").create(
        article=article, start=0, end=2, kind="place", surface="绛县", status="linked", place=county,
        verdict="relinked", decided_place=county, decided_by=user, decided_at=NOW,
    )  # fmt: skip
    models("PlaceAppearance").create(place=county, article=article, position=0)
    models("OrganizationAppearance").create(organization=office, article=article)
    reporter = models("Reporter").create(name="王小明", key="王小明")
    models("Byline").create(article=article, reporter=reporter)
    models("Alias").create(name="小明", key="小明", reporter=reporter)
    models("Boundary").create(page=page, offset=0, begins=True, by=user)
    models("Merge").create(kind="reporter", source=9, target=reporter.pk)
    for row in (article, mention, reporter, county):
        history = models(f"Historical{row._meta.object_name}")
        values = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not field.generated
        }
        known = {field.attname for field in history.model._meta.concrete_fields}
        values = {name: value for name, value in values.items() if name in known}
        history.create(**values, history_date=NOW, history_type="+", history_user=user)


def write_articles(models: Any) -> None:
    """Write, change and delete an article, as a loader and an editor do."""
    headline = "临汾新桥开工"
    kept, gone = (models("Article").create(headline=headline, status="draft") for _ in range(2))
    models("Article").filter(pk=kept.pk).update(body="昨日开工。")
    gone.delete()


def rows(models: Any) -> dict[str, list[dict[str, Any]]]:
    """Return what was filled in, but for what triggers derive from it."""
    names = (
        *(
            "auth.User",
            "auth.Group",
            "Page",
            "Load",
            "LoadFile",
            "Place",
            "Organization",
            "Article",
            "Mention",
        ),
        *("PlaceAppearance", "OrganizationAppearance", "Reporter", "Byline", "Alias", "Boundary", "Merge"),
        *("HistoricalArticle", "HistoricalMention", "HistoricalReporter", "HistoricalPlace"),
    )
    return {name: list(models(name).order_by("pk").values()) for name in names}


def test_migrations_import_nothing_of_the_app_that_changes() -> None:
    imported = {
        (path.name, node.module if isinstance(node, ast.ImportFrom) else name.name)
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert {
        (file, module) for file, module in imported if str(module).startswith(("articles", "newsroom"))
    } == set()
    assert {module for _file, module in imported if module == "_support"} == {"_support"}


@pytest.mark.django_db
def test_every_model_is_as_the_migrations_make_it() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_database_of_the_tests_is_as_migrations_make_it(databases: Databases) -> None:
    migrated = databases()
    call_command("migrate", database=migrated.alias, verbosity=0)
    assert schema(connection) == schema(migrated.connection) != set()
    recorded = MigrationRecorder(connection).applied_migrations().keys()
    assert recorded == MigrationRecorder(migrated.connection).applied_migrations().keys()

    def rights(alias: str) -> list[tuple[str, str]]:
        return sorted(Group.objects.using(alias).values_list("name", "permissions__codename"))

    assert len(rights("default")) > 50
    assert rights("default") == rights(migrated.alias)


def check_rows_stay(models: Any, expected: dict[str, list[dict[str, Any]]]) -> None:
    """Check that the rows are there as before; others may have been written."""
    assert {name: found[: len(expected[name])] for name, found in rows(models).items()} == expected


@pytest.mark.parametrize("first", NAMES)
def test_a_newsroom_at_work_is_migrated_a_step_forward_and_back_and_to_the_end(
    databases: Databases, states: States, first: str
) -> None:
    database = databases(states.at(first, is_filled=False))
    then = database.models(first)
    fill(then)
    filled = rows(then)
    for state in NAMES[NAMES.index(first) + 1 :][:1]:
        database.migrate(state)
        write_articles(database.models(state))
        database.migrate(first)
        write_articles(then)
        check_rows_stay(then, filled)
    database.migrate()
    write_articles(database.models(LAST))
    assert database.applied() == NAMES
    assert search.missing_pieces(database.connection) == missing_change_triggers(database.connection) == []
    assert search.count_outdated(database.connection) == 0


@pytest.mark.parametrize("state", NAMES[1:])
def test_a_newsroom_at_work_is_migrated_from_the_first_state_to_each_and_back(
    databases: Databases, states: States, state: str
) -> None:
    first = states.at(FIRST, is_filled=True)
    filled = rows(first.models(FIRST))
    database = databases(states.at(state, is_filled=True))
    write_articles(database.models(state))
    database.migrate(FIRST)
    then = database.models(FIRST)
    write_articles(then)
    check_rows_stay(then, filled)
    database.migrate(state)
    assert database.applied() == NAMES[: NAMES.index(state) + 1]


def left_by_kills(databases: Databases, start: Database, target: str) -> Iterator[Database]:
    """Yield databases as they are when `migrate` is killed at one of its statements, whichever it is."""
    if connection.vendor == "sqlite":
        for content in contents_at_statements(databases(start), target):
            killed = databases()
            killed.restore(content)
            yield killed
        return
    for number in first_statements(databases(start), target):
        killed = databases(start)
        statements = count(1)

        def kill(execute: Any, *arguments: Any, number: int = number, statements: Any = statements) -> Any:
            if next(statements) == number:
                raise Killed
            return execute(*arguments)

        with pytest.raises(Killed), killed.connection.execute_wrapper(kill):
            killed.migrate(target)
        killed.connection.close()
        yield killed


def contents_at_statements(database: Database, target: str) -> Iterable[tuple[bytes, ...]]:
    """Migrate, and return what the disk held at each statement: the same at all statements of a transaction."""
    contents = {}

    def note(execute: Any, *arguments: Any) -> Any:
        contents[database.content()] = True
        return execute(*arguments)

    with database.connection.execute_wrapper(note):
        database.migrate(target)
    return contents


def first_statements(database: Database, target: str) -> list[int]:
    """Migrate, and return which statements were the first after a commit: a kill at another leaves what one of them left."""
    firsts = []
    statements = count(1)
    has_committed, transaction = True, None

    def note(execute: Any, sql: str, *arguments: Any) -> Any:
        nonlocal has_committed, transaction
        number, before = next(statements), transaction
        transaction = next(iter(database.connection.atomic_blocks), None)
        if has_committed or before not in {None, transaction}:
            firsts.append(number)
        has_committed = transaction is None and not sql.lstrip().startswith("SELECT")
        return execute(sql, *arguments)

    with database.connection.execute_wrapper(note):
        database.migrate(target)
    return firsts


STEPS = [(before(state), state) for state in NAMES]


# Each step forward and back, and all of them at once.
@pytest.mark.parametrize(
    ("state", "target"), [*STEPS, *((after, state) for state, after in STEPS), (FIRST, LAST)]
)
def test_migrate_ends_well_wherever_it_was_killed_before(
    databases: Databases, states: States, state: str, target: str
) -> None:
    start = states.at(state, is_filled=state != "zero")
    whole = databases(start)
    whole.migrate(target)
    assert bool(schema(whole.connection)) == (target != "zero")
    kills = 0
    for killed in left_by_kills(databases, start, target):
        kills += 1
        killed.migrate(target)
        assert killed.applied() == whole.applied()
        assert schema(killed.connection) == schema(whole.connection)
        if target != "zero":
            assert rows(killed.models(target)) == rows(whole.models(target))
        if target == LAST:
            assert search.count_outdated(killed.connection) == 0
    assert kills >= 2
