"""The names of an article on its page: each with its reason and its candidates, decided by a click or a key."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles.editing.mention_decisions import (
    Decision,
    decide_shown_mention,
    decision_state,
    delete_added_mention,
    undecided_on_page,
)
from articles.loading.link_explanations import explain_links
from articles.models import Article, Mention

from . import mention_decisions
from .article_view_base import ArticleViewBase
from .mention_candidates import candidate_records, proposed_names
from .name_highlighting import article_lines, mention_certainty


class MentionPanel(ArticleViewBase):
    """Shows and decides the names of an article."""

    def get_urls(self) -> list[Any]:
        return [
            self.route("name/<int:name>/", self.name_view, "name"),
            self.route("name/<int:name>/record/", self.new_record_view, "record"),
            *super().get_urls(),
        ]

    # --- What is shown -----------------------------------------------------------------------------

    def shown(
        self, request: HttpRequest, article: Article, rows: list[Mention], name: Mention | None
    ) -> dict[str, Any]:
        """The text with its names, and the panel with one of them."""
        statuses = article.next_statuses(may_publish=request.user.has_perm("articles.publish_article"))
        return {
            "article": article,
            "lines": list(article_lines(article, rows)),
            "doubts": len(mention_decisions.doubtful_mentions(rows)),
            "name_count": len(rows),
            "moves": [one for one in Article.Status if one in statuses and one != article.status],
            "may_change": self.has_change_permission(request, article),
            **self.panel(request, article, rows, name),
        }

    def panel(
        self, request: HttpRequest, article: Article, rows: list[Mention], name: Mention | None
    ) -> dict[str, Any]:
        """A name with all that helps to decide it."""
        may_decide = self.may_decide(request, article)
        shown = {
            "article": article,
            "name": name,
            "may_decide": may_decide,
            "may_add": self.may_add(request, article),
        }
        if name is None:
            return shown
        proposed = proposed_names(name) if may_decide else []
        return {
            **shown,
            "state": mention_certainty(name),
            "why": explain_links(rows, _).get(name.pk),
            "candidates": candidate_records(name),
            "alike": undecided_on_page(name).count(),
            "seen": decision_state(name),
            "link_form": mention_decisions.LinkForm(name.kind),
            "new_form": new_record_form(request, name.kind, proposed[0] if proposed else name.surface),
        }

    def may_decide(self, request: HttpRequest, article: Article) -> bool:
        may_change = self.has_change_permission(request, article)
        return may_change and request.user.has_perm("articles.change_mention")

    def may_add(self, request: HttpRequest, article: Article) -> bool:
        return self.may_decide(request, article) and request.user.has_perm("articles.add_mention")

    # --- What is decided ---------------------------------------------------------------------------

    def name_view(self, request: HttpRequest, pk: int, name: int) -> HttpResponse:
        """A name with its reason and its candidates; a POST decides it and goes on to the next in doubt."""
        article = self.article_of(request, pk, change=request.method == "POST")
        rows = mention_decisions.mentions_of_article(article)
        row = next((row for row in rows if row.pk == name), None)
        if request.method != "POST" and row:
            return render(
                request, "admin/article/mention_panel.html", self.panel(request, article, rows, row)
            )
        if row is None:
            return self.answer(request, article, error=_("This name is gone: the text was changed."))
        if not self.may_decide(request, article):
            raise PermissionDenied
        try:
            done = _decide(request, row)
        except ValidationError as error:
            return self.answer(request, article, row, error=" ".join(error.messages))
        return self.answer(request, article, behind=row, done=done)

    def new_record_view(self, request: HttpRequest, pk: int, name: int) -> HttpResponse:
        """Make a record, and link a name to it."""
        article = self.article_of(request, pk, change=True)
        row = article.mentions.filter(pk=name).first()
        if row is None or request.method != "POST":
            raise Http404
        if not self.may_decide(request, article) or not may_add_record(request, row.kind):
            raise PermissionDenied
        form = mention_decisions.NEW_RECORD_FORMS[row.kind](request.POST)
        if not form.is_valid():
            return self.answer(request, article, row, new_form=form)
        try:
            with transaction.atomic():
                done = _decided(request, row, Decision(Mention.Verdict.RELINKED, form.save()))
        except ValidationError as error:
            return self.answer(request, article, row, error=" ".join(error.messages), new_form=form)
        return self.answer(request, article, behind=row, done=done)

    def answer(
        self,
        request: HttpRequest,
        article: Article,
        name: Mention | None = None,
        behind: Mention | None = None,
        **panel: Any,
    ) -> HttpResponse:
        """The panel and the text as they are by now; whoever has no JavaScript gets the whole page."""
        if not getattr(request, "htmx", False):
            if error := panel.get("error"):
                messages.error(request, error)
            return self.again(request, article)
        article = self.article_of(request, article.pk, change=False)
        rows = mention_decisions.mentions_of_article(article)
        shown = next(
            (row for row in rows if name and row.pk == name.pk), None
        ) or mention_decisions.next_doubtful_mention(rows, behind)
        context = {**self.shown(request, article, rows, shown), **panel}
        return render(request, "admin/article/panel_text_and_bar.html", context)


def new_record_form(request: HttpRequest, kind: str, name: str) -> Any:
    """The form of a new record, for whoever may add one."""
    return (
        mention_decisions.NEW_RECORD_FORMS[kind](initial={"name": name})
        if may_add_record(request, kind)
        else None
    )


def may_add_record(request: HttpRequest, kind: str) -> bool:
    return bool(request.user.has_perm(f"articles.add_{kind}"))


def _decide(request: HttpRequest, row: Mention) -> str:
    """Do what the form says, and return a message that says what was done."""
    if request.POST.get("verdict") != "remove":
        return _decided(request, row, mention_decisions.posted_decision(request, row.kind))
    if not request.user.has_perm("articles.delete_mention"):
        raise PermissionDenied
    delete_added_mention(row)
    return _("The name was taken away.")


def _decided(request: HttpRequest, row: Mention, decision: Decision) -> str:
    count = decide_shown_mention(
        row,
        decision,
        request.user,
        state=request.POST.get("seen", ""),
        everywhere="everywhere" in request.POST,
    )
    return _("Decided on this page: %(count)s names.") % {"count": count} if count > 1 else ""
