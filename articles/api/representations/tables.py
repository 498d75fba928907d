"""Lists as tables for spreadsheets and as lines for programs, both written while they are read."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .base import JsonDict, RendererContext, TextRenderer, credited_reporters, dump_json, is_list

# Excel takes a file without it for the code page of the machine, and shows Chinese as rubbish.
BOM = "\ufeff"
# What makes a spreadsheet take text for a formula, and run it (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# They end no line in JSON Lines, but str.splitlines and the like of other languages end one there.
_LINE_ENDS = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}


class CsvRenderer(TextRenderer):
    """A list as a table with a header (RFC 4180), in UTF-8 with a byte order mark."""

    media_type = "text/csv"
    format = "csv"

    def written(self, data: Any, context: RendererContext) -> str:
        return "".join(csv_lines(_rows(data), None))


class JsonLinesRenderer(TextRenderer):
    """A list as lines that are each the JSON of a record (https://jsonlines.org)."""

    media_type = "application/jsonl"
    format = "jsonl"

    def written(self, data: Any, context: RendererContext) -> str:
        return "".join(json_lines(_rows(data)))


class NdjsonRenderer(JsonLinesRenderer):
    """The same lines under the older name that clients ask for (https://github.com/ndjson/ndjson-spec).

    It has the `format` of JSON Lines, so it stands behind them in a view's list, and only `Accept` chooses it.
    """

    media_type = "application/x-ndjson"


def csv_lines(rows: Iterable[JsonDict], columns: list[str] | None) -> Iterator[str]:
    r"""The lines of a table (RFC 4180), each as soon as its row is there; the first begins with a byte order mark.

    Columns are keys of the rows, or those of `DERIVED`; None takes the keys of the first row that hold single values.

    >>> list(csv_lines([{"id": 7, "headline": "=1+1"}], ["id", "headline"]))
    ['\ufeffid,headline\r\n', "7,'=1+1\r\n"]
    """
    rows = iter(rows)
    if columns is None:
        first = list(itertools.islice(rows, 1))
        columns = [name for row in first for name, value in row.items() if not isinstance(value, list | dict)]
        rows = itertools.chain(first, rows)
    writer = csv.writer(_Echo())
    yield BOM + (writer.writerow(columns) if columns else "")
    for row in rows:
        yield writer.writerow([_cell(_value(row, name)) for name in columns])


def json_lines(rows: Iterable[JsonDict]) -> Iterator[str]:
    r"""A line for each row, as soon as it is there.

    >>> list(json_lines([{"id": 7, "headline": "两岸\n一家"}]))
    ['{"id": 7, "headline": "两岸\\n一家"}\n']
    """
    for row in rows:
        yield dump_json(row).translate(_LINE_ENDS) + "\n"


class _Echo:
    """A file that hands back what a csv.writer writes to it, instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _rows(data: Any) -> list[JsonDict]:
    if isinstance(data, list):
        return data
    return data["results"] if is_list(data) else [data]


def _names(records: Iterable[JsonDict]) -> str:
    return "、".join(record["name"] for record in records)


def _value(row: JsonDict, name: str) -> Any:
    """What a row has in a column: a single value of its own, else what can be derived, else its list as JSON."""
    value = row.get(name)
    is_nested = isinstance(value, list | dict)
    if name in DERIVED and (is_nested or name not in row):
        return DERIVED[name](row)
    return dump_json(value) if is_nested else value


def _cell(value: Any) -> Any:
    """A value as a cell; text that a spreadsheet would run stays text behind an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _of(name: str, key: str) -> Callable[[JsonDict], Any]:
    """A column that is a value of a nested record, empty where there is no such record."""
    return lambda row: (row[name] or {}).get(key, "")


# The columns that are no single value of their rows: of articles, of mentions, of organizations.
DERIVED: dict[str, Callable[[JsonDict], Any]] = {
    "page_number": _of("page", "page_number"),
    "article_id": _of("article", "id"),
    "article_headline": _of("article", "headline"),
    "record_id": _of("record", "id"),
    "record_code": _of("record", "code"),
    "record_name": _of("record", "name"),
    "seat_code": _of("seat", "code"),
    "seat_name": _of("seat", "name"),
    "reporters": lambda article: _names(credited_reporters(article["bylines"])),
    "places": lambda article: _names(article["places"]),
    "place_codes": lambda article: "、".join(place["code"] for place in article["places"] if place["code"]),
    "organizations": lambda article: _names(article["organizations"]),
}
