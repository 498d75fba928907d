"""Renders lists as CSV for spreadsheets and as JSON Lines for programs, row by row."""

import csv
import datetime as dt
import itertools
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .base import JsonDict, RendererContext, TextRenderer, credited_reporters, dump_json, is_list

# Without it Excel assumes the code page of the machine, and garbles Chinese.
_BOM = "\ufeff"
# A cell that begins with these is run as a formula (OWASP, CSV Injection); East Asian versions take full-width ones too.
_FORMULA = frozenset("=+-@\t\r\n\N{MINUS SIGN}")
# Not line ends in JSON Lines, but str.splitlines and the like split at them.
_LINE_ENDS = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}


class CsvRenderer(TextRenderer):
    """Renders a list as CSV with a header (RFC 4180), in UTF-8 with a byte order mark."""

    media_type = "text/csv"
    format = "csv"

    def written(self, data: Any, context: RendererContext) -> str:
        return "".join(csv_lines(_rows(data), None))


class JsonLinesRenderer(TextRenderer):
    """Renders a list as JSON Lines, one record a line (https://jsonlines.org)."""

    media_type = "application/jsonl"
    format = "jsonl"

    def written(self, data: Any, context: RendererContext) -> str:
        return "".join(json_lines(_rows(data)))


class NdjsonRenderer(JsonLinesRenderer):
    """Renders the same under the older media type (https://github.com/ndjson/ndjson-spec).

    It has the `format` of JSON Lines and comes after them in a view's list, so only `Accept` selects it.
    """

    media_type = "application/x-ndjson"


def csv_lines(rows: Iterable[JsonDict], columns: list[str] | None) -> Iterator[str]:
    r"""The lines of a CSV table (RFC 4180), lazily; the first begins with a byte order mark.

    Columns are keys of the rows or of `DERIVED`; None means the keys of single values in the first row.

    >>> list(csv_lines([{"id": 7, "headline": "=1+1"}], ["id", "headline"]))
    ['\ufeffid,headline\r\n', "7,'=1+1\r\n"]
    """
    rows = iter(rows)
    if columns is None:
        first = list(itertools.islice(rows, 1))
        columns = [name for row in first for name, value in row.items() if not isinstance(value, list | dict)]
        rows = itertools.chain(first, rows)
    writer = csv.writer(_Echo())
    yield _BOM + (writer.writerow(columns) if columns else "")
    for row in rows:
        yield writer.writerow([_cell(_value(row, name)) for name in columns])


def json_lines(rows: Iterable[JsonDict]) -> Iterator[str]:
    r"""A line of JSON for each row, lazily.

    >>> list(json_lines([{"id": 7, "headline": "两岸\n一家"}]))
    ['{"id": 7, "headline": "两岸\\n一家"}\n']
    """
    for row in rows:
        yield dump_json(row).translate(_LINE_ENDS) + "\n"


class _Echo:
    """A file whose `write` returns the line, so that csv.writer does too."""

    def write(self, line: str) -> str:
        return line


def _rows(data: Any) -> list[JsonDict]:
    if isinstance(data, list):
        return data
    return data["results"] if is_list(data) else [data]


def _names(records: Iterable[JsonDict]) -> str:
    return "、".join(record["name"] for record in records)


def _value(row: JsonDict, name: str) -> Any:
    """The value of a row in a column: its own single value, else a derived one, else its list as JSON."""
    value = row.get(name)
    is_nested = isinstance(value, list | dict)
    if name in DERIVED and (is_nested or name not in row):
        return DERIVED[name](row)
    return dump_json(value) if is_nested else value


def _cell(value: Any) -> Any:
    """A value as a cell; an apostrophe keeps a spreadsheet from running text as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and _is_formula(value):
        return f"'{value}"
    return value


def _is_formula(text: str) -> bool:
    """Whether the first visible character is one of `_FORMULA` in any width or size: ＝, ﹦, ⁼."""
    first = next((character for character in text if unicodedata.category(character) != "Cf"), "")
    return unicodedata.normalize("NFKC", first) in _FORMULA


def _of(name: str, key: str) -> Callable[[JsonDict], Any]:
    """A column with a value of a nested record; empty if there is no such record."""
    return lambda row: (row[name] or {}).get(key, "")


# Columns that are computed from their rows.
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
