"""`manage.py backup` and `restore`, on the database of the tests."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from articles.maintenance import postgresql_backup, sqlite_backup
from articles.maintenance.backup_files import BackupRefused, DamagedBackup, temporary_file_beside
from articles.maintenance.backups import CheckedBackup, check_backup, create_backup
from articles.management.commands import restore as command
from tests.support.loading import ARTICLES, HALF_PAGES, PAGES, ROOT, Shared, run_loadseeds, write_archive

SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
BACKEND: Any = sqlite_backup if SQLITE else postgresql_backup
only_sqlite = pytest.mark.skipif(not SQLITE, reason="needs a database file")
only_postgresql = pytest.mark.skipif(SQLITE, reason="needs a database server")


def run(shared: Shared, *arguments: object, shell: str = "") -> subprocess.CompletedProcess[str]:
    """Run manage.py as a process, after a line of shell."""
    called = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(
        ["bash", "-c", f'{shell} exec "$@"', "bash", *called] if shell else called,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Files with pages of two articles each."""
    return write_archive(tmp_path / "archive", 40)


def execute(shared: Shared, *statements: str) -> None:
    with closing(sqlite3.connect(shared.file)) if shared.file else connection.cursor() as database:
        for statement in statements:
            database.execute(statement)
        if shared.file:
            database.commit()


def test_restore_brings_back_lost_rows(archive: Path, shared: Shared, tmp_path: Path) -> None:
    assert run_loadseeds(archive / "00.txt", archive / "01.txt", DATABASE_URL=shared.url).returncode == 0
    file = tmp_path / "backups" / "monday"
    file.parent.mkdir()
    done = run(shared, "backup", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"Backup: {file} (2 pages, 4 articles, ")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]

    before = shared.numbers("max(changed_at) FROM articles_lastchange")
    lost = "UPDATE articles_page SET text = 'lost'"
    execute(shared, lost, "DELETE FROM articles_loadfile")
    connection.close()
    done = run(shared, "restore", file, "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    restored, saved, verified = done.stdout.splitlines()
    assert restored == f"Restored: {file} (2 pages, 4 articles)"
    assert verified == "Verified 2 pages, 4 articles: no faults."
    assert shared.numbers(PAGES, ARTICLES, f"{PAGES} WHERE text = 'lost'") == [2, 4, 0]
    # For clients and caches all articles changed.
    assert shared.numbers("min(changed_at) FROM articles_lastchange") > before
    connection.close()

    # The replaced database can be restored too.
    place = Path(saved.removeprefix("The replaced database was saved: "))
    assert run(shared, "restore", place, "--yes").returncode == 1  # verify reports its damage
    assert shared.numbers(PAGES, ARTICLES, f"{PAGES} WHERE text = 'lost'") == [2, 4, 2]


def test_backup_during_a_load_has_every_committed_page(archive: Path, shared: Shared, tmp_path: Path) -> None:
    loader = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "loadseeds", str(archive), "--format", "json"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": shared.url},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert loader.stdout is not None
    loader.stdout.readline()
    loader.stdout.readline()  # two pages are committed
    file = tmp_path / "backup"
    done = run(shared, "backup", file)
    loader.communicate()
    assert (done.returncode, done.stderr, loader.returncode) == (0, "", 0)
    words = done.stdout.partition(f"{file} (")[2].split()
    pages, articles = int(words[0]), int(words[2])
    assert (2 <= pages <= 40, articles) == (True, 2 * pages)
    if SQLITE:
        copy = Shared("", file)
        assert copy.numbers(PAGES, ARTICLES, HALF_PAGES) == [pages, articles, 0]
        with closing(sqlite3.connect(file)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert shared.numbers(PAGES, ARTICLES, HALF_PAGES) == [40, 80, 0]


def test_backup_does_not_overwrite_existing_file(tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("precious")
    with pytest.raises(BackupRefused, match="exists already: name another file, or add --force"):
        create_backup(file, force=False)
    assert file.read_text() == "precious"


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "is not a file"), ("nowhere/backup", "No such file"), ("/dev/null", "is not a file")],
)
def test_backup_refuses_unusable_path(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(BackupRefused, match=said):
        create_backup(tmp_path / name, force=True)


# --- One file -------------------------------------------------------------------------------------


def at(shared: Shared) -> Any:
    """Django's connection to the shared database."""
    if shared.file is None:
        return connection
    return DatabaseWrapper({**connection.settings_dict, "NAME": str(shared.file)})


@pytest.fixture
def backup(shared: Shared, tmp_path: Path) -> Path:
    file = tmp_path / "backup"
    file.touch()
    BACKEND.copy_database(at(shared), file)
    return file


def test_applied_migrations_are_read_from_backup(shared: Shared, backup: Path) -> None:
    assert ("articles", "0001_tables") in BACKEND.applied_migrations(at(shared), backup)


@pytest.mark.parametrize("left", [0, 50, 5_000, 50_000])
def test_truncated_backup_is_refused(shared: Shared, backup: Path, left: int) -> None:
    backup.write_bytes(backup.read_bytes()[:left])
    with pytest.raises(DamagedBackup, match=r"is not|is damaged|cannot be read"):
        BACKEND.applied_migrations(at(shared), backup)


@only_sqlite
def test_database_of_another_program_is_refused(shared: Shared, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE articles_page (id integer)")
    with pytest.raises(DamagedBackup, match="is not a backup of Newsroom: no such table: articles_article"):
        BACKEND.applied_migrations(at(shared), tmp_path / "other")


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        pytest.param({("articles", "0001_tables"), ("articles", "9999_later")}, "made by a newer Newsroom .articles.9999_later", id="newer"),
        pytest.param({("auth", "0001_initial")}, "is not a backup of Newsroom", id="of another program"),
        pytest.param({("articles", "0001_tables"), ("gone", "0001_initial")}, "", id="of an app that is gone"),
    ],
)  # fmt: skip
def test_check_backup_refuses_unknown_migrations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: set[tuple[str, str]], said: str
) -> None:
    file = tmp_path / "backup"
    file.touch()
    monkeypatch.setattr(BACKEND, "applied_migrations", lambda *_: seen)
    monkeypatch.setattr(BACKEND, "previous_database_path", lambda *_: tmp_path / "before")
    if said:
        with pytest.raises(DamagedBackup, match=said):
            check_backup(file)
    else:
        assert check_backup(file).path == file


@pytest.mark.django_db(transaction=True)
def test_restore_is_refused_while_database_is_open(shared: Shared, backup: Path, tmp_path: Path) -> None:
    before = shared.numbers(PAGES)
    another: Any = sqlite3.connect(shared.file) if shared.file else connection.copy()
    with closing(another):
        another.cursor().execute(f"SELECT {PAGES}")
        with pytest.raises(BackupRefused, match="stop the server and the loaders first"):
            BACKEND.replace_database(at(shared), backup, tmp_path / "previous")
    assert not (tmp_path / "previous").exists()
    assert shared.numbers(PAGES) == before


@only_sqlite
def test_restored_file_has_mode_of_replaced_file(shared: Shared, backup: Path) -> None:
    assert shared.file is not None
    shared.file.chmod(0o664)
    assert sqlite_backup.replace_database(at(shared), backup, shared.file.with_name("previous"))
    assert stat.S_IMODE(shared.file.stat().st_mode) == 0o664
    assert sorted(path.name for path in shared.file.parent.iterdir()) == [
        "backup",
        shared.file.name,
        "previous",
    ]
    with closing(sqlite3.connect(shared.file)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@only_sqlite
def test_damaged_or_missing_database_is_replaced(shared: Shared, backup: Path) -> None:
    assert shared.file is not None
    previous = shared.file.with_name("previous")
    damaged = b"this is no database" * 100
    shared.file.write_bytes(damaged)
    assert sqlite_backup.replace_database(at(shared), backup, previous)
    assert (previous.read_bytes(), shared.numbers(PAGES)) == (damaged, [0])
    shared.file.unlink()
    assert not sqlite_backup.replace_database(at(shared), backup, previous)
    assert shared.numbers(PAGES) == [0]


@only_sqlite
@pytest.mark.soak
def test_full_disk_leaves_no_incomplete_backup(shared: Shared, tmp_path: Path) -> None:
    (folder := tmp_path / "full").mkdir()
    done = run(shared, "backup", folder / "backup", shell="ulimit -f 200;")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "no backup was made: " in done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_backup_leaves_no_file(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copy(_connection: Any, made: Path) -> None:
        made.write_bytes(b"half of it")
        signal.raise_signal(number)

    monkeypatch.setattr(BACKEND, "copy_database", copy)
    assert stopped("backup", str(tmp_path / "backup")) == (130, "Stopped; no backup was made.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_restore_prints_one_line(number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "check_backup", checked)
    monkeypatch.setattr(command, "restore_backup", lambda _backup: signal.raise_signal(number))
    code, said = stopped("restore", "backup", "--yes")
    assert (code, said.count("\n")) == (130, 1)
    assert said.startswith("Stopped; run it again, or manage.py verify")


def stopped(name: str, *arguments: str) -> tuple[object, str]:
    """The exit code and the stderr of a command that is stopped."""
    before, said = signal.getsignal(signal.SIGTERM), StringIO()
    try:
        with pytest.raises(SystemExit) as ended:
            call_command(name, *arguments, stderr=said)
    finally:
        signal.signal(signal.SIGTERM, before)
    return ended.value.code, said.getvalue()


def checked(path: Path) -> CheckedBackup:
    return CheckedBackup(path, is_older=False, previous=Path("before"))


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        pytest.param(OSError("No space left on device"), "the backup was not restored: No space left on device", id="disk"),
        pytest.param(BackupRefused("the server went away"), "the server went away", id="refused"),
        pytest.param(KeyboardInterrupt, "Stopped", id="stopped"),
    ],
)  # fmt: skip
def test_failed_restore_names_former_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failure: type[BaseException] | BaseException, said: str
) -> None:
    def replace(backup: CheckedBackup) -> None:
        backup.previous.touch()
        raise failure

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "check_backup", checked)
    monkeypatch.setattr(command, "restore_backup", replace)
    if failure is KeyboardInterrupt:
        _code, line = stopped("restore", "backup", "--yes")
    else:
        _code, line = restore("--yes")
    assert line.startswith(f"{said}; the database as it was before: before")


@only_sqlite
@pytest.mark.parametrize("is_swapped", [True, False])
def test_interrupted_swap_leaves_one_database_in_place(
    shared: Shared, backup: Path, monkeypatch: pytest.MonkeyPatch, is_swapped: bool
) -> None:
    """The former database is in its place, or set aside under its new name."""
    assert shared.file is not None
    former, previous = shared.file.stat().st_ino, shared.file.with_name("previous")

    def interrupt(made: Path, path: Path, *, replace: bool) -> None:
        assert replace
        if is_swapped:
            made.replace(path)
        raise KeyboardInterrupt

    monkeypatch.setattr(sqlite_backup, "rename_durably", interrupt)
    with pytest.raises(KeyboardInterrupt):
        sqlite_backup.replace_database(at(shared), backup, previous)
    assert previous.exists() == is_swapped
    assert (previous if is_swapped else shared.file).stat().st_ino == former
    assert shared.numbers(PAGES) == [0]


def test_backup_that_cannot_be_migrated_changes_nothing(shared: Shared, tmp_path: Path) -> None:
    """A backup without a record of a migration whose table it has: `migrate` fails on it."""
    execute(shared, "DELETE FROM django_migrations WHERE app = 'sessions'")
    connection.close()
    file = tmp_path / "backups" / "old"
    file.parent.mkdir()
    assert run(shared, "backup", file).returncode == 0
    try:
        execute(
            shared,
            "INSERT INTO django_migrations (app, name, applied) VALUES ('sessions', '0001_initial', '2026-01-01')",
            "INSERT INTO auth_group (name) VALUES ('later')",
        )
        connection.close()
        files = sorted(tmp_path.rglob("*"))
        done = run(shared, "restore", file, "--yes")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert f"{file} cannot be migrated to this version" in done.stderr
        assert "already exists); the database was not changed" in done.stderr
        assert shared.numbers("count(*) FROM auth_group WHERE name = 'later'") == [1]
        assert sorted(tmp_path.rglob("*")) == files
        assert scratch_databases() == []
    finally:
        execute(shared, "DELETE FROM auth_group WHERE name = 'later'")


def scratch_databases() -> list[str]:
    """The databases that a restore works on and drops; none on SQLite, which has files."""
    if SQLITE:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname = %s",
            [postgresql_backup._scratch_name(connection)],
        )
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.django_db
def test_next_run_deletes_files_of_killed_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = f"""
import os, signal
from pathlib import Path
from articles.maintenance.backup_files import temporary_file_beside
with temporary_file_beside(Path({str(tmp_path / "monday")!r})) as made:
    Path(f"{{made}}-journal").touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    of_another = tmp_path / ".download.partial"
    of_another.touch()
    monkeypatch.setattr(BACKEND, "copy_database", lambda _connection, made: made.write_bytes(b"rows"))
    with temporary_file_beside(tmp_path / "sunday") as of_living_process:
        create_backup(tmp_path / "tuesday", force=False)
        assert set(tmp_path.iterdir()) == {of_another, of_living_process, tmp_path / "tuesday"}


@only_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("arguments", [["backup"], ["restore", "--yes"]], ids=["backup", "restore"])
def test_next_run_drops_database_of_killed_restore(
    shared: Shared, backup: Path, tmp_path: Path, arguments: list[str]
) -> None:
    execute(shared, f'CREATE DATABASE "{postgresql_backup._scratch_name(connection)}"')
    connection.close()
    name, *options = arguments
    run(shared, name, backup if name == "restore" else tmp_path / "tuesday", *options)
    assert scratch_databases() == []


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_older_backup_needs_right_to_create_databases(shared: Shared, backup: Path, tmp_path: Path) -> None:
    execute(shared, "CREATE ROLE newsroom_test_restorer")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE newsroom_test_restorer")
        with pytest.raises(
            BackupRefused, match="permission denied to create database: give the role the right CREATEDB"
        ):
            postgresql_backup.scratch_copy(connection, backup, tmp_path / "x").__enter__()
    finally:
        execute(shared, "RESET ROLE", "DROP ROLE newsroom_test_restorer")


@only_postgresql
def test_failed_restore_changes_nothing(shared: Shared, tmp_path: Path) -> None:
    execute(
        shared, "CREATE TABLE zeitung (id integer)"
    )  # of another program, so that a restore does not drop it
    try:
        postgresql_backup.copy_database(connection, file := tmp_path / "backup")
        execute(shared, "INSERT INTO auth_group (name) VALUES ('later')")
        with pytest.raises(BackupRefused, match='relation "zeitung" already exists'):
            postgresql_backup.replace_database(connection, file, tmp_path / "previous")
        assert shared.numbers("count(*) FROM auth_group WHERE name = 'later'") == [1]
    finally:
        execute(shared, "DROP TABLE zeitung", "DELETE FROM auth_group WHERE name = 'later'")


@only_postgresql
@pytest.mark.parametrize(
    ("program", "said"),
    [
        pytest.param("", "pg_dump is not installed: install PostgreSQL's client programs", id="missing"),
        pytest.param("echo 'pg_dump (PostgreSQL) 9.6.24'", "this is pg_dump .PostgreSQL. 9.6.24, and the server has version", id="too old"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_backup_needs_recent_client_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    if program:
        (tmp_path / "pg_dump").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupRefused, match=said):
        create_backup(tmp_path / "backup", force=False)
    assert [path.name for path in tmp_path.iterdir()] == ["pg_dump"] * bool(program)


# --- Questions ------------------------------------------------------------------------------------


def restore(*options: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("restore", "backup", *options, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


@pytest.mark.parametrize("answer", ["", "n", EOFError, KeyboardInterrupt])
def test_restore_asks_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, answer: str | type[BaseException]
) -> None:
    def reply(question: str) -> str:
        assert question == "Replace the database by backup? [y/N] "
        if isinstance(answer, str):
            return answer
        raise answer

    monkeypatch.setattr(command, "check_backup", checked)
    monkeypatch.setattr(command, "restore_backup", lambda _: pytest.fail("it was restored"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", reply)
    assert restore() == (0, "Nothing was changed.\n")


def test_restore_without_terminal_needs_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "check_backup", checked)
    monkeypatch.setattr(command, "restore_backup", lambda _: pytest.fail("it was restored"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert restore() == (2, "no terminal to ask at: add --yes")


def test_restore_of_missing_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert restore("--yes") == (2, f"{tmp_path}/backup: no such file")


def test_backup_of_older_version_is_migrated(archive: Path, shared: Shared, tmp_path: Path) -> None:
    assert run_loadseeds(archive / "00.txt", archive / "01.txt", DATABASE_URL=shared.url).returncode == 0
    file = tmp_path / "backup"
    try:
        assert run(shared, "migrate", "articles", "0002").returncode == 0
        assert run(shared, "backup", file).returncode == 0
        connection.close()
        done = run(shared, "restore", file, "--yes")
    finally:
        run(shared, "migrate")
    assert (done.returncode, done.stderr) == (0, "")
    assert "The backup was made by an older Newsroom; newer migrations were applied." in done.stdout
    assert done.stdout.splitlines()[-1] == "Verified 2 pages, 4 articles: no faults."
