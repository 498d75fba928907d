"""Clients of every kind: nobody, a reader, an editor, a chief."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from rest_framework.test import APIClient

from tests.support.schema import make_groups


@pytest.fixture(autouse=True)
def _no_throttle_of_an_earlier_test() -> None:
    cache.clear()


@pytest.fixture
def client() -> APIClient:
    return APIClient()


@pytest.fixture
def signed_in() -> Callable[..., APIClient]:
    """A client who is signed in, in a group if one is named."""

    def sign_in(name: str, group: str | None = None) -> APIClient:
        user = User.objects.create_user(name)
        if group:
            # A test with transactions of its own empties all tables behind it, the groups' too.
            make_groups()
            user.groups.add(Group.objects.get(name=group))
        client = APIClient()
        client.force_authenticate(User.objects.get(pk=user.pk))
        # As all who are somebody show something by which they are known.
        client.credentials(HTTP_AUTHORIZATION="Bearer of this test")
        return client

    return sign_in


@pytest.fixture
def reader(signed_in: Callable[..., APIClient]) -> APIClient:
    return signed_in("reader")


@pytest.fixture
def editor(signed_in: Callable[..., APIClient]) -> APIClient:
    return signed_in("editor", "editor")


@pytest.fixture
def chief(signed_in: Callable[..., APIClient]) -> APIClient:
    return signed_in("chief", "chief")
