"""Labels and advice, in the editor's language, for the reasons why files are rejected."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article, LoadFile

_Words = tuple[str | Promise, str | Promise]

_REASONS: dict[str, _Words] = {
    "bad_encoding": (_("unreadable characters"), _("Export the page again as UTF-8 text.")),
    "empty": (_("empty"), _("Export the page again.")),
    "too_large": (_("too large"), _("Split the file: a printed page is far smaller.")),
    "missing": (_("gone"), _("Put the file back, or load it under its new name.")),
    "unreadable": (_("not readable"), _("Let the server's user read the file.")),
    "not_regular": (_("not a regular file"), _("Send or name the file itself.")),
    "outside_folder": (_("outside its folder"), _("Copy the file into the folder instead of a link.")),
    "path_too_long": (_("name too long"), _("Shorten the name.")),
    "bad_name": (_("unsafe name"), _("Give the file a plain name, without .. and invisible characters.")),
    "duplicate_name": (_("name given twice"), _("Give the files different names.")),
    "not_text": (_("not a page file"), _("Pages are .txt and .pdf files: export the page as one of these.")),
    "no_text": (_("a picture without text"), _("Run OCR over the page, or load its text.")),
    "too_heavy": (
        _("too heavy to read"),
        _("Export the file again: reading it takes too much memory or time."),
    ),
    "too_many_pages": (_("too many pages"), _("Split the file, or load it on the server.")),
    "nested_archive": (_("zip in a zip"), _("Send the inner zip by itself.")),
    "encrypted": (_("encrypted"), _("Pack the files without a password.")),
    "unknown_packing": (_("unusual packing"), _("Pack the files as an ordinary zip.")),
    "damaged": (_("damaged"), _("Pack the files again.")),
    "damaged_archive": (_("not a zip, or damaged"), _("Pack the files again.")),
    "too_many_files": (_("too many files"), _("Send the pages in several uploads.")),
    "too_much": (_("too large in total"), _("Send the pages in several uploads.")),
}


def reason_label(reason: str) -> str:
    """The label of a reason; reasons of other releases are their own label."""
    return str(_REASONS[reason][0]) if reason in _REASONS else reason


def reason_advice(reason: str) -> str:
    return str(_REASONS[reason][1]) if reason in _REASONS else ""


class ReasonFilter(admin.SimpleListFilter):
    """Filters files of loads by the reason of their rejection."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        del request, model_admin
        return [(reason, reason_label(reason)) for reason in _REASONS]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        del request
        return queryset.filter(reason=self.value()) if self.value() else queryset


def tally_counts(tally: dict[str, dict[str, int]], things: str) -> list[tuple[str, int]]:
    """The outcomes of files or articles that occurred in a load, by label, with their counts."""
    labels = {**dict(LoadFile.Outcome.choices), "withdrawn": Article.Status.WITHDRAWN.label}
    counts = tally.get(things, {})
    return [(str(label), counts[outcome]) for outcome, label in labels.items() if counts.get(outcome)]


def tally_text(tally: dict[str, dict[str, int]], things: str) -> str:
    """The same on one line; a dash if there are none."""
    return "，".join(f"{label} {count}" for label, count in tally_counts(tally, things)) or "—"
