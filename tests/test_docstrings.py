"""Tests the examples in docstrings."""

import doctest
import importlib
import pkgutil

import pytest

import articles.loading
import articles.reading

MODULES = [
    module.name
    for package in (articles.reading, articles.loading)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.startswith("articles.loading.queue.")  # needs the extra postgres
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
