"""Locks rows that were read before, or says that they are gone: a purge deletes articles while they are shown."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

M = TypeVar("M", bound=Model)


class RowGone(Http404):
    """A row was deleted since it was read. Desk and API answer 404, like for one that never was."""


def lock_row(row: M, rows: QuerySet[M] | None = None, *, no_key: bool = False) -> M:
    """The stored row, locked until the transaction ends; see `lock_rows`."""
    (stored,) = lock_rows([row], rows, no_key=no_key)
    return stored


def lock_rows(wanted: Sequence[M], rows: QuerySet[M] | None = None, *, no_key: bool = False) -> list[M]:
    """The stored rows, locked until the transaction ends; `RowGone` if one was deleted since it was read.

    They are locked in the order of their ids, so that two who lock the same rows do not deadlock. `rows` says what is
    read of them, if not all columns. With `no_key` others may still store rows that refer to them (PostgreSQL).
    """
    if rows is None:
        rows = type(wanted[0])._default_manager.all()
    ids = [row.pk for row in wanted]
    locked = rows.select_for_update(no_key=no_key, of=("self",)).filter(pk__in=ids).order_by("pk")
    found = {row.pk: row for row in locked}
    if missing := set(ids) - found.keys():
        raise RowGone(f"{rows.model._meta.verbose_name} {min(missing)} is deleted")
    return [found[pk] for pk in ids]
