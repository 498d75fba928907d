"""Provides the admin, to which previews belong, and lets no test count the requests of another."""

import pytest
from django.core.cache import cache
from django.urls import get_resolver


@pytest.fixture(autouse=True)
def _no_throttle_of_an_earlier_test() -> None:
    get_resolver().url_patterns  # noqa: B018 - to read them is to register the admin
    cache.clear()
