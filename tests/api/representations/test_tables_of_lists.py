"""Tests that every list has a CSV with a header, and that `fields` takes each of its columns."""

import csv
import io
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.factories import (
    make_alias,
    make_article,
    make_load,
    make_load_file,
    make_page,
    make_places,
    make_reporter,
)
from tests.support.api import API

pytestmark = pytest.mark.django_db

LISTS = ["articles", "reporters", "places", "organizations", "mentions", "pages", "loads"]


def table(client: APIClient, path: str, **query: str) -> list[list[str]]:
    answer: Any = client.get(f"{API}/{path}/", {"format": "csv", **query})
    assert answer.status_code == 200, answer.content
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


@pytest.mark.parametrize("path", LISTS)
def test_empty_table_has_the_header_of_a_full_one(chief: APIClient, path: str) -> None:
    (empty,) = table(chief, path)
    make_article("大桥", make_places()["芮城县"], make_reporter("周明"), page=make_page())
    make_load_file(make_load(), "a.txt")
    header, *rows = table(chief, path)
    assert (header, len(header) > 3) == (empty, True)
    assert all(len(row) == len(header) for row in rows)


@pytest.mark.parametrize("path", LISTS)
def test_fields_takes_each_column_of_the_table(chief: APIClient, path: str) -> None:
    make_article("大桥", make_places()["芮城县"], make_reporter("周明"), page=make_page(page_number="6"))
    make_load_file(make_load(), "a.txt")
    header, *rows = table(chief, path)
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    for name, values in zip(header, columns, strict=True):
        assert table(chief, path, fields=name) == [[name], *([value] for value in values)]
    assert table(chief, path, fields=",".join(header)) == [header, *rows]


def test_columns_that_are_no_fields_are_refused_in_other_formats(client: APIClient) -> None:
    for form in ("json", "jsonl"):
        assert client.get(f"{API}/articles/?fields=reporters&format={form}").status_code == 400


@pytest.mark.parametrize("kind", ["reporters", "places"])
def test_aliases_have_a_table(client: APIClient, kind: str) -> None:
    place, person = make_places()["芮城县"], make_reporter("周明")
    make_article("大桥", place, person)
    record = place if kind == "places" else person
    path = f"{kind}/{record.pk}/aliases"
    assert table(client, path) == [["id", "name"]]
    alias = make_alias("别名", record)
    assert table(client, path) == [["id", "name"], [str(alias.pk), "别名"]]
    lines: Any = client.get(f"{API}/{path}/?format=jsonl")
    assert b"".join(lines.streaming_content).decode() == f'{{"id": {alias.pk}, "name": "别名"}}\n'


def test_files_of_a_load_have_a_table(chief: APIClient) -> None:
    load = make_load()
    (header,) = table(chief, f"loads/{load.pk}/files")
    make_load_file(load, "a.txt")
    assert table(chief, f"loads/{load.pk}/files")[0] == header
