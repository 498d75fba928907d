"""Names that the loader did not see: selected in the text of an article, and linked to a record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles.editing.mention_decisions import add_mention
from articles.models import Article, Mention

from . import mention_decisions
from .mention_panel import MentionPanel, may_add_record, new_record_form


class MentionAdding(MentionPanel):
    """Adds names to an article."""

    def get_urls(self) -> list[Any]:
        return [self.route("name/", self.new_name_view, "new_name"), *super().get_urls()]

    def new_name_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form for a selected span (`named`, `part`, `start`, `end`), and the adding of what it names."""
        article = self.article_of(request, pk, change=True)
        if not self.may_add(request, article):
            raise PermissionDenied
        values = request.POST if request.method == "POST" else request.GET
        form = mention_decisions.SpanForm(article, values)
        if not form.is_valid():
            raise Http404
        kind = form.cleaned_data["named"]
        shown = {"article": article, "form": form, "kind": form.kind_label, "surface": form.surface}
        shown |= {
            "link_form": mention_decisions.LinkForm(kind),
            "new_form": new_record_form(request, kind, form.surface),
        }
        if request.method == "POST":
            try:
                added = self._add(request, article, form)
            except ValidationError as error:
                shown["error"] = " ".join(error.messages)
            except NotFilledIn as unfinished:
                shown["new_form"] = unfinished.form
            else:
                return self.answer(request, article, behind=added)
        return render(request, "admin/article/add_mention.html", shown)

    def _add(self, request: HttpRequest, article: Article, form: mention_decisions.SpanForm) -> Mention:
        if request.POST.get("surface") != form.surface:
            raise ValidationError(_("The text was changed meanwhile: select the name again."))
        with transaction.atomic():
            record = self._new_record(request, form) if "make" in request.POST else _chosen(request, form)
            return add_mention(article, form.cleaned_data["part"], form.span, record, request.user)

    def _new_record(self, request: HttpRequest, form: mention_decisions.SpanForm) -> Any:
        if not may_add_record(request, form.cleaned_data["named"]):
            raise PermissionDenied
        new = mention_decisions.NEW_RECORD_FORMS[form.cleaned_data["named"]](request.POST)
        if not new.is_valid():
            raise NotFilledIn(new)
        return new.save()


class NotFilledIn(Exception):
    """A form that has to be shown again."""

    def __init__(self, form: Any) -> None:
        super().__init__(str(form.errors))
        self.form = form


def _chosen(request: HttpRequest, form: mention_decisions.SpanForm) -> Any:
    link = mention_decisions.LinkForm(form.cleaned_data["named"], request.POST)
    if not link.is_valid():
        raise ValidationError(_("Choose a record first."))
    return link.cleaned_data["record"]
