"""The history of Django's accounts and groups: changes of rights and passwords."""

import hashlib
from collections.abc import Iterable
from typing import Any

import simple_history
from django.contrib.auth.models import Group, Permission, User
from django.db import models
from django.db.models.signals import m2m_changed
from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record

from .fields import ReadableJSONField
from .history import FOUND, History, Signed, history_of


class _Entitled(Signed):
    """A row of history with the rights of the account by name, which outlive groups and permissions."""

    rights = ReadableJSONField(default=list)

    class Meta:
        abstract = True


class _EntitledUser(_Entitled):
    """Such a row with a mark of the password, which shows that the password changed and does not reveal it."""

    password_mark = models.CharField(max_length=12, blank=True)

    class Meta:
        abstract = True


class _AccountHistory(History):
    """Records every change of an account or a group, but not sign-ins."""

    def __init__(self, **options: Any) -> None:
        super().__init__(as_found=FOUND, **options)

    def before_save(self, instance: models.Model, raw: bool = False, **kwargs: Any) -> None:
        if not _is_sign_in(kwargs):
            super().before_save(instance, raw, **kwargs)

    def post_save(self, instance: models.Model, created: bool, **kwargs: Any) -> None:
        if not _is_sign_in(kwargs):
            super().post_save(instance, created, **kwargs)


def _is_sign_in(kwargs: dict[str, Any]) -> bool:
    return set(kwargs.get("update_fields") or ()) == {"last_login"}


def _register(model: type[models.Model], signed: Any, excluded: list[str]) -> None:
    simple_history.register(
        model, app="articles", records_class=_AccountHistory, signed=signed, excluded_fields=excluded
    )


_register(User, _EntitledUser, ["password", "last_login"])
_register(Group, _Entitled, [])

_SENDERS = (User.groups.through, User.user_permissions.through, Group.permissions.through)
_OWNERS: dict[Any, type[models.Model]] = dict(zip(_SENDERS, (User, User, Group), strict=True))


@receiver(m2m_changed)
def _note_rights(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_kwargs: Any
) -> None:
    """Record a change of rights of users or groups; for the members of a group the row of the group is enough."""
    owner = _OWNERS.get(sender)
    if owner is None:
        return
    when, _, _ = action.partition("_")
    for record in owner._default_manager.filter(pk__in=pk_set or ()) if reverse else [instance]:
        history = history_of(owner)
        if when == "post":
            history.create_historical_record(record, "~")
        else:
            history.record_original_once(record)


@receiver(pre_create_historical_record)
def _entitle(history_instance: Any, instance: Any, **_kwargs: Any) -> None:
    if isinstance(instance, User):
        history_instance.password_mark = hashlib.sha256(instance.password.encode()).hexdigest()[:12]
        groups = instance.groups.order_by("name").values_list("name", flat=True)
        history_instance.rights = [*_rights(instance.user_permissions), *(f"group {name}" for name in groups)]
    elif isinstance(instance, Group):
        history_instance.rights = _rights(instance.permissions)


def _rights(permissions: Any) -> list[str]:
    found: Iterable[Permission] = permissions.select_related("content_type").order_by("pk")
    return [f"{right.content_type.app_label}.{right.codename}" for right in found]
