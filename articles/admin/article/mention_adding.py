"""Adds a mention that the loader missed: an editor selects words in the text and links them to a record."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles.editing.mention_decisions import add_mention
from articles.editing.text_reading import propose_names
from articles.models import Article, Mention

from .mention_forms import (
    NEW_RECORD_FORMS,
    LinkForm,
    SpanForm,
    may_add_record,
    new_record_form,
    posted_record,
)
from .mention_panel import MentionPanel


class MentionAdding(MentionPanel):
    """Adds mentions to an article."""

    def get_urls(self) -> list[Any]:
        return [
            self.route("name/", self.add_mention_view, "new_name"),
            self.route("find-names/", require_POST(self.find_names_view), "find_names"),
            *super().get_urls(),
        ]

    def find_names_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Find the names in what people wrote of the article, as proposals."""
        article = self.article_of(request, pk, change=True)
        count = propose_names(article)
        text = ngettext("%(count)s new name is proposed.", "%(count)s new names are proposed.", count)
        messages.success(request, text % {"count": count})
        return self.reload_page(request, article)

    def add_mention_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form for a selected span (`named`, `part`, `start`, `end`); a POST adds the mention."""
        article = self.article_of(request, pk, change=True)
        if not self.may_add(request, article):
            raise PermissionDenied
        form = SpanForm(article, request.POST if request.method == "POST" else request.GET)
        if not form.is_valid():
            raise Http404
        kind = form.cleaned_data["named"]
        context = {
            "article": article,
            "form": form,
            "kind": Mention.Kind(kind).label,
            "surface": form.surface,
            "link_form": LinkForm(kind),
            "new_form": new_record_form(request, kind, form.surface),
        }
        if request.method == "POST":
            try:
                added = _add(request, article, form)
            except ValidationError as error:
                context["error"] = " ".join(error.messages)
            except _InvalidRecordForm as invalid:
                context["new_form"] = invalid.form
            else:
                return self.answer(request, article, behind=added)
        return render(request, "admin/article/add_mention.html", context)


class _InvalidRecordForm(Exception):
    """The form of a new record that has to be shown again with its errors."""

    def __init__(self, form: Any) -> None:
        super().__init__(str(form.errors))
        self.form = form


def _add(request: HttpRequest, article: Article, form: SpanForm) -> Mention:
    if request.POST.get("surface") != form.surface:
        raise ValidationError(_("The text was changed meanwhile: select the name again."))
    kind, part = form.cleaned_data["named"], form.cleaned_data["part"]
    with transaction.atomic():
        record = _new_record(request, kind) if "make" in request.POST else posted_record(request, kind)
        return add_mention(article, part, form.span, record, request.user)


def _new_record(request: HttpRequest, kind: str) -> Any:
    if not may_add_record(request, kind):
        raise PermissionDenied
    form = NEW_RECORD_FORMS[kind](request.POST)
    if not form.is_valid():
        raise _InvalidRecordForm(form)
    return form.save()
