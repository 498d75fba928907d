"""The panel beside an article that shows a mention with its reason and candidates, and stores the decision."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles.admin.lists.bulk_actions import STATUS_ACTS
from articles.editing.article_corrections import allowed_statuses
from articles.editing.mention_decisions import (
    Decision,
    decide_shown_mention,
    decision_state,
    delete_added_mention,
    undecided_on_page,
)
from articles.editing.text_scopes import printed_scope, scope_to_read
from articles.loading.link_explanations import explain_links
from articles.models import Article, Mention

from .article_view_base import ArticleViewBase
from .mention_candidates import candidate_records, proposed_names
from .mention_forms import NEW_RECORD_FORMS, LinkForm, may_add_record, new_record_form, posted_decision
from .mention_labels import method_label
from .name_highlighting import article_lines, mention_certainty


def mentions_of_article(article: Article) -> list[Mention]:
    """The mentions of an article in reading order, with what the panel shows of them."""
    mentions = article.mentions.with_records().in_order()
    return list(mentions.select_related("place__parent", "organization__seat", "decided_by", "ruling"))


def next_doubtful_mention(mentions: Sequence[Mention], behind: Mention | None = None) -> Mention | None:
    """The first doubtful mention behind another in reading order, else the first of all."""
    order = [mention.pk for mention in mentions]
    at = order.index(behind.pk) if behind and behind.pk in order else -1
    return next((mention for mention in (*mentions[at + 1 :], *mentions) if mention.is_doubtful), None)


def find_mention(mentions: Iterable[Mention], pk: Any) -> Mention | None:
    return next((mention for mention in mentions if str(mention.pk) == str(pk)), None)


class MentionPanel(ArticleViewBase):
    """Shows and decides the mentions of an article."""

    def get_urls(self) -> list[Any]:
        return [
            self.route("name/<int:name>/", self.mention_view, "name"),
            self.route("name/<int:name>/record/", self.new_record_view, "record"),
            *super().get_urls(),
        ]

    def may_decide(self, request: HttpRequest, article: Article) -> bool:
        may_change = self.has_change_permission(request, article)
        return may_change and request.user.has_perm("articles.change_mention")

    def may_add(self, request: HttpRequest, article: Article) -> bool:
        return self.may_decide(request, article) and request.user.has_perm("articles.add_mention")

    # --- What is shown -----------------------------------------------------------------------------

    def text_and_panel(
        self, request: HttpRequest, article: Article, mentions: list[Mention], shown: Mention | None
    ) -> dict[str, Any]:
        """The template context of the highlighted text, the status bar, and the panel with one mention."""
        statuses = allowed_statuses(article, may_publish=request.user.has_perm("articles.publish_article"))
        lines = list(article_lines(article, mentions))
        return {
            "lines": lines,
            "doubtful_joins": sum(len(line.joins) for line in lines),
            "doubts": sum(mention.is_doubtful for mention in mentions),
            "mention_count": len(mentions),
            "has_written_text": not scope_to_read(article, None).is_empty,
            "moves": [
                (one, act) for one, act in STATUS_ACTS.items() if one in statuses and one != article.status
            ],
            "may_change": self.has_change_permission(request, article),
            "may_review": request.user.has_perm("articles.change_article"),
            **self.panel(request, article, mentions, shown),
        }

    def panel(
        self, request: HttpRequest, article: Article, mentions: list[Mention], shown: Mention | None
    ) -> dict[str, Any]:
        """The template context of the panel: the shown mention and all that helps to decide it."""
        may_decide = self.may_decide(request, article)
        context = {
            "article": article,
            "mention": shown,
            "may_decide": may_decide,
            "may_add": self.may_add(request, article),
        }
        if shown is None:
            return context
        proposed = proposed_names(shown) if may_decide else []
        return {
            **context,
            "certainty": mention_certainty(shown),
            "reason": explain_links(mentions, _, only=shown).get(shown.pk),
            "method": method_label(shown),
            "is_written": not printed_scope(article).holds((shown.part, shown.start, shown.end)),
            "candidates": candidate_records(shown),
            "others_on_page": undecided_on_page(shown).count(),
            "may_rule": may_decide and request.user.has_perm("articles.change_article"),
            "decision_state": decision_state(shown),
            "link_form": LinkForm(shown.kind),
            "new_form": new_record_form(request, shown.kind, proposed[0] if proposed else shown.surface),
        }

    # --- What is decided ---------------------------------------------------------------------------

    def mention_view(self, request: HttpRequest, pk: int, name: int) -> HttpResponse:
        """Show the mention `name` in the panel; a POST decides it and shows the next doubtful one."""
        article = self.article_of(request, pk, change=request.method == "POST")
        mentions = mentions_of_article(article)
        mention = find_mention(mentions, name)
        if mention is None:
            return self.answer(request, article, error=_("This name is gone: the text was changed."))
        if request.method != "POST":
            context = self.panel(request, article, mentions, mention)
            return render(request, "admin/article/mention_panel.html", context)
        if not self.may_decide(request, article):
            raise PermissionDenied
        try:
            done = _decide_or_delete(request, mention)
        except ValidationError as error:
            return self.answer(request, article, mention, error=" ".join(error.messages))
        return self.answer(request, article, behind=mention, done=done)

    def new_record_view(self, request: HttpRequest, pk: int, name: int) -> HttpResponse:
        """Create a record, and link the mention `name` to it."""
        article = self.article_of(request, pk, change=True)
        mention = article.mentions.filter(pk=name).first()
        if mention is None or request.method != "POST":
            raise Http404
        if not self.may_decide(request, article) or not may_add_record(request, mention.kind):
            raise PermissionDenied
        form = NEW_RECORD_FORMS[mention.kind](request.POST)
        if not form.is_valid():
            return self.answer(request, article, mention, new_form=form)
        try:
            with transaction.atomic():
                done = _decide(request, mention, Decision(Mention.Verdict.RELINKED, form.save()))
        except ValidationError as error:
            return self.answer(request, article, mention, error=" ".join(error.messages), new_form=form)
        return self.answer(request, article, behind=mention, done=done)

    def answer(
        self,
        request: HttpRequest,
        article: Article,
        shown: Mention | None = None,
        behind: Mention | None = None,
        **panel: Any,
    ) -> HttpResponse:
        """Render panel, text and status bar with a mention, or with the next doubtful one `behind` another.

        Without JavaScript, redirect to the whole page.
        """
        if not getattr(request, "htmx", False):
            if error := panel.get("error"):
                messages.error(request, error)
            return self.reload_page(request, article)
        article = self.article_of(request, article.pk, change=False)
        mentions = mentions_of_article(article)
        shown = find_mention(mentions, shown and shown.pk) or next_doubtful_mention(mentions, behind)
        context = {**self.text_and_panel(request, article, mentions, shown), **panel}
        return render(request, "admin/article/panel_text_and_bar.html", context)


def _decide_or_delete(request: HttpRequest, mention: Mention) -> str:
    """Do what the form says, and return a message that says what was done."""
    if request.POST.get("verdict") != "remove":
        return _decide(request, mention, posted_decision(request, mention.kind))
    if not request.user.has_perm("articles.delete_mention"):
        raise PermissionDenied
    delete_added_mention(mention)
    return _("The name was removed.")


def _decide(request: HttpRequest, mention: Mention, decision: Decision) -> str:
    state, everywhere = request.POST.get("state", ""), "everywhere" in request.POST
    count = decide_shown_mention(mention, decision, request.user, state=state, everywhere=everywhere)
    return _("Decided on this page: %(count)s names.") % {"count": count} if count > 1 else ""
