"""A PostgreSQL database dumped to one file by pg_dump, and put back in one transaction."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

from .backup_files import BackupContents, BackupRefused, DamagedBackup, rename_durably, temporary_file_beside

_LOCK_TIMEOUT = "20s"
_HOLDING = "SELECT (SELECT count(*) FROM articles_page), (SELECT count(*) FROM articles_article)"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
# What a restore makes anew: tables, then functions, then the types of the queue, which both use. Whatever else is in
# the database is not ours, and stays.
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
    """Dump every committed row to a file, while others write; `DamagedBackup` if the dump cannot be read again."""
    _check_client(connection)
    # One snapshot for the dump and the counts.
    with transaction.atomic(using=connection.alias, durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_schema()")
        snapshot, schema = cursor.fetchone()
        cursor.execute(_HOLDING)
        held = BackupContents(*cursor.fetchone())
        _run(
            connection,
            "pg_dump",
            *("--format=custom", "--no-owner", "--no-privileges", f"--schema={schema}"),
            *(f"--snapshot={snapshot}", f"--lock-wait-timeout={_LOCK_TIMEOUT}", f"--file={target}"),
        )
    _check_readable(target, "the copy")
    return held


def applied_migrations(connection: BaseDatabaseWrapper, file: Path) -> set[tuple[str, str]]:
    """The migrations that a backup has seen; `DamagedBackup` if the file is damaged, or no backup of ours."""
    _check_client(connection)
    _check_readable(file, str(file))
    told = _output("pg_restore", "--data-only", "--table=django_migrations", "--file=-", str(file))
    rows = re.findall(r"^\d+\t([^\t]+)\t([^\t]+)\t", told, re.MULTILINE)
    return set(rows)


def replace_database(connection: BaseDatabaseWrapper, file: Path, kept: Path) -> bool:
    """Put a backup in the place of the tables, which are dumped before; False if there were none.

    All in one transaction, so that a restore that fails leaves everything as it was. `BackupRefused` while others are
    connected.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS)
        (others,) = cursor.fetchone()
        if others:
            raise BackupRefused(
                f"{others} other connections to the database are open: stop the server and the loaders first"
            )
        # The queue may be in the database, or in the backup, and not installed now.
        labels = {model._meta.app_label for model in apps.get_models()} | {"django", "procrastinate"}
        cursor.execute(_OURS, [f"^({'|'.join(sorted(labels))})_"])
        drops = [drop for (drop,) in cursor.fetchall()]
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    if drops:
        with temporary_file_beside(kept) as made:
            copy_database(connection, made)
            rename_durably(made, kept, replace=False)
    with temporary_file_beside(kept) as made:
        # Written out before anything is dropped: what cannot be read to its end is not begun with.
        _output(
            *("pg_restore", "--no-owner", "--no-privileges", f"--schema={schema}"),
            *(f"--file={made}", str(file)),
        )
        connection.close()
        _run(
            connection,
            *("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            *("--output=/dev/null", f"--command=SET lock_timeout = '{_LOCK_TIMEOUT}'"),
            *(f"--command={drop}" for drop in drops),
            f"--file={made}",
        )
    return bool(drops)


def previous_database_path(connection: BaseDatabaseWrapper, file: Path, when: str) -> Path:
    """Where `replace_database` keeps the tables that were there."""
    return file.with_name(f"{connection.settings_dict['NAME']}.before-{when}")


def _check_client(connection: BaseDatabaseWrapper) -> None:
    """`BackupRefused` if the programs that make backups are missing, or older than the server."""
    server = int(connection.pg_version) // 10_000  # type: ignore[attr-defined] # PostgreSQL's has it
    said = _output("pg_dump", "--version")
    found = re.search(r"\) (\d+)", said)
    if found is None or int(found[1]) < server:
        raise BackupRefused(
            f"this is {said.strip()}, and the server is of version {server}: install postgresql-client-{server}"
        )


def _check_readable(file: Path, name: str) -> None:
    """`DamagedBackup` if a dump cannot be read to its end, or is of another program."""
    try:
        contents = _output("pg_restore", "--list", str(file))
        _output("pg_restore", "--file=/dev/null", str(file))
    except BackupRefused as error:
        raise DamagedBackup(f"{name} is no dump that can be read: {error}") from error
    if not re.search(r" TABLE DATA \S+ articles_page ", contents):
        raise DamagedBackup(f"{name} is no backup of Newsroom: it has no table articles_page")


def _run(connection: BaseDatabaseWrapper, program: str, *arguments: str) -> None:
    command, environment = _arguments(connection, program, *arguments)
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


def _arguments(
    connection: BaseDatabaseWrapper, program: str, *arguments: str
) -> tuple[list[str], dict[str, str]]:
    """A client program called as Django's connection is; the password is not on the command line."""
    settings: dict[str, Any] = connection.settings_dict
    (_psql, *rest), environment = DatabaseClient.settings_to_cmd_args_env(settings, list(arguments))
    return [program, "--no-password", *rest], {**os.environ, **(environment or {})}


def _first_error(said: str) -> str:
    """The line of a client program that tells what is wrong."""
    lines = [line for line in said.splitlines() if line.strip()]
    told = next((line for line in lines if "error" in line.lower()), lines[0] if lines else "no reason given")
    return " ".join(told.split())
