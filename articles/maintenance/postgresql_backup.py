"""Backs up PostgreSQL by pg_dump, and restores it in one transaction."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import Error, ProgrammingError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

from .backup_files import (
    CONTENTS_QUERY,
    BackupContents,
    BackupRefused,
    DamagedBackup,
    rename_durably,
    temporary_file_beside,
)

_LOCK_TIMEOUT = "20s"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# What a restore drops first: tables, then functions, then the types of the queue, which both use. Objects of other
# programs in the database stay.
_OURS = """
SELECT format('DROP TABLE IF EXISTS %%I.%%I CASCADE;', schemaname, tablename)
FROM pg_tables WHERE schemaname = current_schema() AND tablename ~ %s
UNION ALL
SELECT format('DROP FUNCTION IF EXISTS %%s CASCADE;', oid::regprocedure)
FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname ~ '^(articles|procrastinate)_'
UNION ALL
SELECT format('DROP TYPE IF EXISTS %%s CASCADE;', pg_type.oid::regtype)
FROM pg_type LEFT JOIN pg_class ON pg_class.oid = typrelid
WHERE typnamespace = current_schema()::regnamespace AND typname ~ '^procrastinate_'
AND (typtype = 'e' OR relkind = 'c')
"""


def copy_database(connection: BaseDatabaseWrapper, target: Path) -> BackupContents:
    """Dump all committed rows to a file while others write; `DamagedBackup` if the dump cannot be read."""
    _check_client(connection)
    _drop_scratch(connection)
    # One snapshot for the dump and the counts.
    with transaction.atomic(using=connection.alias, durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_schema()")
        snapshot, schema = cursor.fetchone()
        cursor.execute(CONTENTS_QUERY)
        contents = BackupContents(*cursor.fetchone())
        _run(
            connection.settings_dict,
            "pg_dump",
            *("--format=custom", "--no-owner", "--no-privileges", f"--schema={schema}"),
            *(f"--snapshot={snapshot}", f"--lock-wait-timeout={_LOCK_TIMEOUT}", f"--file={target}"),
        )
    _check_readable(target, "the copy")
    return contents


def applied_migrations(connection: BaseDatabaseWrapper, file: Path) -> set[tuple[str, str]]:
    _check_client(connection)
    _drop_scratch(connection)
    _check_readable(file, str(file))
    data = _output("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(file))
    rows = re.findall(r"^\d+\t([^\t]+)\t([^\t]+)\t", data, re.MULTILINE)
    return set(rows)


def replace_database(connection: BaseDatabaseWrapper, file: Path, previous: Path) -> bool:
    """Dump Newsroom's tables to `previous` and replace them by a backup; False if there were none.

    The replacement is one transaction: a restore that fails changes nothing. `BackupRefused` while others are connected.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        (others,) = cursor.fetchone()
        if others:
            raise BackupRefused(
                f"{others} other connections to the database are open: stop the server and the loaders first"
            )
        # The queue may be in the database or the backup though its package is not installed now.
        labels = {model._meta.app_label for model in apps.get_models()} | {"django", "procrastinate"}
        cursor.execute(_OURS, [f"^({'|'.join(sorted(labels))})_"])
        drops = [drop for (drop,) in cursor.fetchall()]
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    if drops:
        with temporary_file_beside(previous) as made:
            copy_database(connection, made)
            rename_durably(made, previous, replace=False)
    connection.close()
    try:
        _restore(connection.settings_dict, file, schema, drops)
    except BackupRefused:
        previous.unlink(missing_ok=True)  # nothing was replaced
        raise
    return bool(drops)


def _restore(settings: dict[str, Any], file: Path, schema: str, before: list[str]) -> None:
    """Execute statements and the SQL of a backup in one transaction; beside the backup is room for the SQL."""
    with temporary_file_beside(file) as made:
        # The whole backup is read before anything is dropped.
        _output(
            *("pg_restore", "--no-owner", "--no-privileges", f"--schema={schema}"),
            *(f"--file={made}", str(file)),
        )
        _run(
            settings,
            *("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            *("--output=/dev/null", f"--command=SET lock_timeout = '{_LOCK_TIMEOUT}'"),
            *(f"--command={statement}" for statement in before),
            f"--file={made}",
        )


@contextmanager
def scratch_copy(connection: BaseDatabaseWrapper, file: Path, beside: Path) -> Iterator[str]:
    """Restore a backup into a database of its own, which the role must be allowed to create."""
    del beside
    name = _scratch_name(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        try:
            cursor.execute(
                f"CREATE DATABASE {connection.ops.quote_name(name)} TEMPLATE template0 ENCODING 'UTF8'"
            )
        except ProgrammingError as error:
            raise BackupRefused(
                f"the backup is of an older Newsroom, and is migrated in a database of its own before it replaces"
                f" anything, but {' '.join(str(error).split())}: give the role the right CREATEDB"
            ) from error
    try:
        settings = {**connection.settings_dict, "NAME": name}
        _restore(settings, file, schema, [f"CREATE SCHEMA IF NOT EXISTS {connection.ops.quote_name(schema)}"])
        yield name
    finally:
        _drop_scratch(connection)


def _drop_scratch(connection: BaseDatabaseWrapper) -> None:
    """Drop the database of `scratch_copy`, which a restore that was killed leaves."""
    with suppress(Error), connection.cursor() as cursor:  # a restore that works on it has it open
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(_scratch_name(connection))}")


def _scratch_name(connection: BaseDatabaseWrapper) -> str:
    return f"{connection.settings_dict['NAME']}"[:40] + "_newsroom_restore"


def previous_database_path(connection: BaseDatabaseWrapper, file: Path, when: str) -> Path:
    return file.with_name(f"{connection.settings_dict['NAME']}.before-{when}")


def _check_client(connection: BaseDatabaseWrapper) -> None:
    """Raise `BackupRefused` if PostgreSQL's client programs are missing or older than the server."""
    server = int(connection.pg_version) // 10_000  # type: ignore[attr-defined] # PostgreSQL's has it
    version = _output("pg_dump", "--version")
    found = re.search(r"\) (\d+)", version)
    if found is None or int(found[1]) < server:
        raise BackupRefused(
            f"this is {version.strip()}, and the server has version {server}: install postgresql-client-{server}"
        )


def _check_readable(file: Path, name: str) -> None:
    """Raise `DamagedBackup` if a dump cannot be read completely or is of another program."""
    try:
        contents = _output("pg_restore", "--list", str(file))
        _output("pg_restore", "--file=/dev/null", str(file))
    except BackupRefused as error:
        raise DamagedBackup(f"{name} cannot be read: {error}") from error
    if not re.search(r" TABLE DATA \S+ articles_page ", contents):
        raise DamagedBackup(f"{name} is not a backup of Newsroom: it has no table articles_page")


def _run(settings: dict[str, Any], program: str, *arguments: str) -> None:
    command, environment = _arguments(settings, program, *arguments)
    _finished(command, environment)


def _output(program: str, *arguments: str) -> str:
    return _finished([program, *arguments], None)


def _finished(command: list[str], environment: dict[str, str] | None) -> str:
    try:
        done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - no shell
    except FileNotFoundError:
        raise BackupRefused(
            f"{command[0]} is not installed: install PostgreSQL's client programs (postgresql-client)"
        ) from None
    if done.returncode:
        raise BackupRefused(_first_error(done.stderr.decode(errors="replace")))
    return done.stdout.decode(errors="replace")


def _arguments(settings: dict[str, Any], program: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """The command and environment of a client program; the password is not on the command line."""
    (_psql, *rest), environment = DatabaseClient.settings_to_cmd_args_env(settings, list(arguments))
    return [program, "--no-password", *rest], {**os.environ, **(environment or {})}


def _first_error(output: str) -> str:
    """The first line of a client program's output that has an error."""
    lines = [line for line in output.splitlines() if line.strip()]
    first = next(
        (line for line in lines if "error" in line.lower()), lines[0] if lines else "no reason given"
    )
    return " ".join(first.split())
