"""Provides clients of every role: anonymous, reader, editor, chief."""

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
    """Makes a client of a new user, in a group if one is given."""

    def sign_in(name: str, group: str | None = None) -> APIClient:
        user = User.objects.create_user(name)
        if group:
            # A test with its own transactions empties all tables at its end, the groups too.
            make_groups()
            user.groups.add(Group.objects.get(name=group))
        client = APIClient()
        client.force_authenticate(User.objects.get(pk=user.pk))
        # The response cache recognises signed-in clients by their credentials.
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
