"""The pages of names in doubt over the whole archive: which they are, and one answer for all mentions of one."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from articles.admin.article.mention_admin import text_snippet
from articles.admin.article.mention_candidates import candidate_records
from articles.admin.article.mention_forms import LinkForm, posted_decision
from articles.admin.display import RecordViews
from articles.editing.rulings.doubtful_names import (
    NameScope,
    count_articles_without_doubt,
    count_scopes,
    doubtful_names,
    undecided,
)
from articles.editing.rulings.name_rulings import Answer, rule_on_name
from articles.models import Mention, NameRuling
from articles.models.alias import RulingScope
from articles.models.fields import is_id
from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.linking.link_rules import candidate_name

from .ruling_texts import answer_text, scope_text

_NAMES = 50  # on a page
_EXAMPLES = 100  # articles of a name that are shown, of which some may be chosen
_LATEST = 5  # answers of the user that can be taken back beside the next name
_CANDIDATES = 4  # of a name in the list


def may_rule(request: HttpRequest) -> bool:
    """Whether the user may decide names in articles."""
    return request.user.has_perms(["articles.change_article", "articles.change_mention"])


class NameGroups(RecordViews):
    """The list of names in doubt, and the page of one name."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("names/", wrap(self.names_view), name="articles_nameruling_names"),
            path("names/<int:mention>/", wrap(self.name_view), name="articles_nameruling_name"),
            *super().get_urls(),
        ]

    def names_view(self, request: HttpRequest) -> HttpResponse:
        """The names in doubt of the whole archive, the most frequent first."""
        _check_may_view(request)
        kind = request.GET.get("kind", "")
        groups = doubtful_names().filter(kind=kind) if kind in Mention.Kind.values else doubtful_names()
        names = Paginator(groups, _NAMES).get_page(request.GET.get("p"))
        shown = list(names.object_list)
        newest = Mention.objects.select_related("article").defer("article__blocks", "article__extracted")
        examples = newest.in_bulk([group["newest"] for group in shown])
        rows = [(group, Mention.Kind(group["kind"]).label, examples[group["newest"]]) for group in shown]
        return self.render_page(
            request,
            "admin/rulings/names.html",
            _("Names in doubt"),
            names=names,
            rows=[(*row, text_snippet(row[2]), _candidate_texts(row[2])) for row in rows],
            kinds=Mention.Kind.choices,
            kind=kind,
            **self._latest(request),
        )

    def name_view(self, request: HttpRequest, mention: int) -> HttpResponse:
        """The name of a mention with its examples; a POST decides it for all, or for some."""
        _check_may_view(request)
        one = get_object_or_404(Mention.objects.with_records().select_related("article"), pk=mention)
        following = _following(one)
        if request.method == "POST":
            if not may_rule(request):
                raise PermissionDenied
            if _rule(request, one):
                url = _group_url(following) if following else reverse("admin:articles_nameruling_names")
                return HttpResponseRedirect(url)
        waiting = NameScope(one.kind, one.surface).mentions().select_related("article")
        by_article = defaultdict(list)
        rows = waiting.defer("article__blocks", "article__extracted").order_by("-article_id", "part", "start")
        for row in rows[: 2 * _EXAMPLES]:
            by_article[row.article].append(text_snippet(row))
        return self.render_page(
            request,
            "admin/rulings/name.html",
            f"“{one.surface}”",
            mention=one,
            scopes=[
                (scope, scope_text(scope.scope, scope.value)) for scope in count_scopes(one.kind, one.surface)
            ],
            left=count_articles_without_doubt(one.kind, one.surface),
            candidates=candidate_records(one),
            examples=list(by_article.items())[:_EXAMPLES],
            link_form=LinkForm(one.kind),
            may_rule=may_rule(request),
            following=_group_url(following) if following else "",
            media=self.media + LinkForm(one.kind).media,
            rulings=[
                (ruling, answer_text(ruling), scope_text(ruling.scope, ruling.scope_value))
                for ruling in NameRuling.objects.in_force()
                .filter(kind=one.kind, name=one.surface)
                .select_related("by")
            ],
            **self._latest(request),
        )

    def _latest(self, request: HttpRequest) -> dict[str, Any]:
        """The last answers of the user, which can be taken back."""
        own = NameRuling.objects.filter(by=request.user.pk, undone_at=None).select_related(
            "place", "organization"
        )
        latest = own.order_by("-pk")[:_LATEST] if may_rule(request) else ()
        return {
            "latest": [(one, answer_text(one), scope_text(one.scope, one.scope_value)) for one in latest],
            "here": request.get_full_path(),
        }


def _check_may_view(request: HttpRequest) -> None:
    if not request.user.has_perm("articles.view_mention"):
        raise PermissionDenied


def _group_url(group: dict[str, Any]) -> str:
    return reverse("admin:articles_nameruling_name", args=[group["newest"]])


def _following(mention: Mention) -> dict[str, Any] | None:
    """The group that follows that of a mention in the list."""
    kind, name = mention.kind, mention.surface
    waiting = undecided().filter(kind=kind, surface=name).count()
    behind = Q(kind__gt=kind) | Q(kind=kind, surface__gt=name)
    return doubtful_names().filter(Q(waiting__lt=waiting) | Q(waiting=waiting) & behind).first()


def _candidate_texts(mention: Mention) -> list[str]:
    """What a name may mean, without a query for each."""
    return [candidate_name(str(one), load_gazetteer(), gettext) for one in mention.candidates[:_CANDIDATES]]


def _rule(request: HttpRequest, mention: Mention) -> bool:
    """Decide as the form says, and show a message; False if that is refused."""
    try:
        ruling = rule_on_name(_posted_answer(request, mention), request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    count = len(ruling.mentions)
    text = ngettext(
        "“%(name)s” is decided %(where)s: %(count)s mention is “%(answer)s”.",
        "“%(name)s” is decided %(where)s: %(count)s mentions are “%(answer)s”.",
        count,
    )
    values = {
        "name": ruling,
        "count": count,
        "answer": answer_text(ruling),
        "where": scope_text(ruling.scope, ruling.scope_value),
    }
    messages.success(request, text % values)
    return True


def _posted_answer(request: HttpRequest, mention: Mention) -> Answer:
    """The answer in a POST; its scope says what was counted there: `paper:12:沂河晚报`."""
    scope, _colon, rest = request.POST.get("scope", "").partition(":")
    count, _colon, value = rest.partition(":")
    chosen = [int(pk) for pk in request.POST.getlist("article") if is_id(pk)]
    also_linked = "also_linked" in request.POST
    return Answer(
        NameScope(mention.kind, mention.surface, scope, value, chosen, also_linked),
        posted_decision(request, mention.kind),
        is_in_use="is_in_use" in request.POST and scope != RulingScope.ARTICLES,
        expected=int(count) if is_id(count) and not also_linked else None,
    )
