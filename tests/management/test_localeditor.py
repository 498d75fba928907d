"""Tests the account that `make run` creates."""

import re
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_laptop(settings: Settings) -> None:
    settings.DEBUG = True


def localeditor() -> str:
    out = StringIO()
    call_command("localeditor", stdout=out)
    return out.getvalue()


def test_printed_password_signs_in(client: Client) -> None:
    printed = re.search(r"Sign in as (\S+) with the password (\S+) ", localeditor())
    assert printed is not None
    name, password = printed.groups()
    assert len(password) >= 16
    client.post("/admin/login/", {"username": name, "password": password})
    assert client.get("/admin/").status_code == 200


def test_second_run_keeps_account_and_prints_no_password() -> None:
    localeditor()
    before = get_user_model().objects.values_list().get()
    again = localeditor()
    assert again.startswith("Sign in as editor.")
    assert "with the password" not in again
    assert get_user_model().objects.values_list().get() == before


def test_no_account_is_created_beside_an_existing_one() -> None:
    get_user_model().objects.create_superuser(username="zhang", password="correct horse battery staple")
    assert localeditor().startswith("Sign in as zhang.")
    assert get_user_model().objects.count() == 1


def test_no_account_is_created_in_production(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="createsuperuser"):
        localeditor()
    assert not get_user_model().objects.exists()
