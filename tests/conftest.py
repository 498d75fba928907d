"""Configures all tests. The database is SQLite in memory, or the server that DATABASE_URL names."""

from __future__ import annotations

import gc
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests.support.loading import Shared
from tests.support.schema import complete, without_migrations
from tests.support.storage import Bucket, open_storage

# Derandomised, so that the same tree always gives the same answer, on a busy machine too.
hypothesis.settings.register_profile(
    "newsroom",
    derandomize=True,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("newsroom")

# A password is slow to guess on purpose, and a hundred tests make one. The hasher stays the same, so the password is valid in a server too.
PBKDF2PasswordHasher.iterations = 1

# What starts processes or servers, of which each takes a second at least.
SLOW_FIXTURES = {"shared", "queue", "bucket", "server_of_buckets", "live_server", "browser"}
SLOW_FOLDERS = {"browser", "packaging", "reliability"}


def pytest_configure() -> None:
    """Let SIGINT reach tests and their processes, also where a shell runs pytest in the background and ignores it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before pytest looks for the marks that were asked for
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out of `make fast` what starts processes, without a mark on each such test."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if not (SLOW_FIXTURES.isdisjoint(fixtures) and SLOW_FOLDERS.isdisjoint(item.path.parts)):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Let the garbage collector not go through thousands of tests again and again: they stay until the end.

    Nor so often through the tables and templates that tests have read: that was a fourteenth of their time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:  # noqa: ARG001
    """Make the tests' database without migrations: they would cost every run four seconds more."""
    settings.MIGRATION_MODULES = without_migrations()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:  # noqa: ARG001
    """From here on `migrate` and the health check see a database that is fully migrated."""
    settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        complete()


@pytest.fixture
def shared(tmp_path: Path, transactional_db: None) -> Shared:  # noqa: ARG001 - the database may be used
    """The tests' own database on a server; on SQLite, where that is in memory, a copy in a file."""
    if connection.vendor != "sqlite":
        server = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
        return Shared("postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**server))
    file = tmp_path / "newsroom.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        # As `migrate` leaves it: of several processes that turn it on at once, SQLite may refuse all but one.
        copy.execute("PRAGMA journal_mode=WAL")
    return Shared(f"sqlite:///{file}", file)


@pytest.fixture
def queue(shared: Shared) -> Iterator[Shared]:
    """A database whose queue is empty; Django empties its own tables alone."""
    yield shared
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture(scope="session")
def server_of_buckets() -> Iterator[Bucket]:
    with open_storage() as bucket:
        yield bucket


@pytest.fixture
def bucket(server_of_buckets: Bucket) -> Iterator[Bucket]:
    """A storage as S3, which this process asks; what other tests left in it has other names."""
    with server_of_buckets.asked():
        yield server_of_buckets
