"""Exports the list of articles as CSV, Excel or JSON Lines, reading a few articles at a time."""

import datetime as dt
import itertools
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import xlsxwriter  # type: ignore[import-untyped] # it has no types
from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.display import ModelAdmin
from articles.api.representations import csv_lines, json_lines
from articles.api.representations.tables import DERIVED
from articles.models import Article, Byline, OrganizationAppearance, PlaceAppearance

_ExportRow = dict[str, Any]

EXPORT_ACTIONS = ("export_csv", "export_xlsx", "export_jsonl")
# The columns of a table, by their names in the API, with the heads of a spreadsheet.
_EXPORT_COLUMNS = {
    "id": _("id"),
    "issue_date": _("issue date"),
    "publication": _("publication"),
    "page_number": _("page number"),
    "section": _("section"),
    "kicker": _("kicker"),
    "headline": _("headline"),
    "subtitle": _("subtitle"),
    "reporters": _("reporters"),
    "agency": _("agency"),
    "dateline": _("dateline"),
    "places": _("places"),
    "place_codes": _("official codes"),
    "organizations": _("organizations"),
    "status": _("status"),
    "reviewed": _("reviewed"),
    "body": _("body"),
}
_OWN = (
    "id", "issue_date", "publication", "kicker", "headline", "subtitle", "section", "agency", "dateline", "body",
    "status", "reviewed",
)  # fmt: skip
_PRINTED = {"page": "id", "page__page_number": "page_number", "page__page_name": "page_name"}
_TOGETHER = 200
# The most characters that Excel takes in a cell.
_CELL = 32_767
_NO_FORMULAS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class ExportActions(ModelAdmin):
    """The actions of the list of articles that export it."""

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Article]) -> StreamingHttpResponse:
        return _streamed(csv_lines(_export_rows(queryset), list(_EXPORT_COLUMNS)), "text/csv", "csv")

    @admin.action(description=_("Export as JSON Lines"), permissions=["view"])
    def export_jsonl(self, request: HttpRequest, queryset: QuerySet[Article]) -> StreamingHttpResponse:
        return _streamed(json_lines(_export_rows(queryset)), "application/jsonl", "jsonl")

    @admin.action(description=_("Export for Excel (XLSX)"), permissions=["view"])
    def export_xlsx(self, request: HttpRequest, queryset: QuerySet[Article]) -> FileResponse:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        _write_workbook(file, _export_rows(queryset))
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=_filename("xlsx"))


def _export_rows(articles: QuerySet[Article]) -> Iterator[_ExportRow]:
    """Each article as exported, in the order of the list; nested as in the API.

    Rows are read as plain values: model instances and their relations hold each other in memory until a garbage
    collection.
    """
    plain = articles.select_related(None).prefetch_related(None).values(*_OWN, *_PRINTED)
    found = plain.iterator(chunk_size=_TOGETHER)
    while some := list(itertools.islice(found, _TOGETHER)):
        yield from _completed(some)


def _completed(some: list[_ExportRow]) -> Iterator[_ExportRow]:
    """Articles with their credits, places and organizations, which are read for all of them together."""
    ids = [row["id"] for row in some]
    bylines = (
        Byline.objects.filter(article__in=ids)
        .order_by("order")
        .values_list(
            "article",
            Coalesce("reporter__merged_into", "reporter"),
            Coalesce("reporter__merged_into__name", "reporter__name"),
            "role",
        )
    )
    places = (
        PlaceAppearance.objects.filter(article__in=ids).filter(position__isnull=False).order_by("position")
    )
    organizations = OrganizationAppearance.objects.filter(article__in=ids).order_by("position")
    credited = _grouped(bylines, lambda pk, name, role: {"reporter": {"id": pk, "name": name}, "role": role})
    located = _grouped(
        places.values_list("article", "place", "place__name", "place__code"),
        lambda pk, name, code: {"id": pk, "name": name, "code": code},
    )
    named = _grouped(
        organizations.values_list("article", "organization", "organization__name"),
        lambda pk, name: {"id": pk, "name": name},
    )
    for row in some:
        printed = {name: row[column] for column, name in _PRINTED.items()}
        yield {
            **{name: row[name] for name in _OWN},
            "bylines": credited[row["id"]],
            "places": located[row["id"]],
            "organizations": named[row["id"]],
            "page": printed if row["page"] else None,
        }


def _grouped(
    found: Iterable[tuple[Any, ...]], shown: Callable[..., _ExportRow]
) -> defaultdict[int, list[_ExportRow]]:
    """Rows by their first column, the id of the article."""
    groups: defaultdict[int, list[_ExportRow]] = defaultdict(list)
    for article, *columns in found:
        groups[article].append(shown(*columns))
    return groups


def _write_workbook(file: Any, articles: Iterable[_ExportRow]) -> None:
    """Write a sheet of articles in Excel's format; text stays text there, even if it begins with =."""
    with xlsxwriter.Workbook(file, _NO_FORMULAS) as workbook:
        sheet = workbook.add_worksheet()
        head = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        for column, label in enumerate(_EXPORT_COLUMNS.values()):
            sheet.write_string(0, column, str(label), head)
        for number, article in enumerate(articles, 1):
            for column, name in enumerate(_EXPORT_COLUMNS):
                _write(sheet, (number, column), _cell(article, name), day)


def _cell(article: _ExportRow, name: str) -> Any:
    if name == "status":
        return str(Article.Status(article[name]).label)
    if name == "reviewed":
        return str(_("yes") if article[name] else _("no"))
    return DERIVED[name](article) if name in DERIVED else article[name]


def _write(sheet: Any, at: tuple[int, int], value: Any, day: Any) -> None:
    # Excel knows no day before 1900.
    if isinstance(value, dt.date) and value.year >= 1900:
        sheet.write_datetime(*at, dt.datetime.combine(value, dt.time.min), day)
    elif isinstance(value, int):
        sheet.write_number(*at, value)
    elif value:
        text = str(value)
        sheet.write_string(*at, text if len(text) <= _CELL else f"{text[: _CELL - 1]}…")


def _streamed(lines: Iterator[str], media_type: str, ending: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_filename(ending)}"'
    return response


def _filename(ending: str) -> str:
    return f"articles-{timezone.localdate():%Y-%m-%d}.{ending}"
