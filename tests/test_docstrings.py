"""The examples in docstrings say what the functions do."""

import doctest
import importlib
import pkgutil

import pytest

import articles.ingest

MODULES = [module.name for module in pkgutil.iter_modules(articles.ingest.__path__, "articles.ingest.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
