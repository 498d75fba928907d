"""Registers the admin as in a server; commands and other tests do not need it."""

import pytest
from django.urls import get_resolver


@pytest.fixture(scope="session", autouse=True)
def _desk() -> None:
    get_resolver().url_patterns  # noqa: B018 - to read them is to register
