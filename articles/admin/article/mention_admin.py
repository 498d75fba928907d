"""The admin of mentions, and a table of the newest mentions of a record."""

from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.display import ReadOnlyAdmin, one_per_line, record_link
from articles.admin.history.history_pages import HistoryPages
from articles.admin.lists.article_filters import MentionFilters
from articles.admin.lists.filtered_list import FilteredAdmin
from articles.models import Mention
from articles.models.mention import MentionQuerySet
from articles.reading.gazetteer.divisions import load_gazetteer
from articles.reading.linking.link_rules import candidate_name

from .mention_labels import method_label, rule_label

# Characters of text shown on either side of a mention.
_CONTEXT_LENGTH = 20
# Large fields of articles that no table of mentions shows.
_DEFERRED = ("article__blocks", "article__extracted")


@admin.register(Mention)
class MentionAdmin(HistoryPages, FilteredAdmin, ReadOnlyAdmin):
    list_display = [
        "surface", "kind", "status", "record_link", "verdict", "method_shown", "score_shown", "article_link",
    ]  # fmt: skip
    filter_form = MentionFilters
    # By the indexed column; `article` would order by the date of the article.
    ordering = ["-article_id", "part", "start", "pk"]
    search_fields = ["surface"]
    search_help_text = _("Searches names as they are printed.")
    list_per_page = 50
    actions = ["answer_name"]
    change_list_template = "admin/rulings/mention_list.html"
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["article_link", "part", "snippet", ("kind", "status", "record_link")]}),
        (
            _("How the loader found it"),
            {"fields": ["method_shown", "rule_shown", "score_shown", ("start", "end"), "candidates_shown"]},
        ),
        (
            _("What an editor decided"),
            {"fields": ["verdict", "decided_place", "decided_organization", ("decided_by", "decided_at")]},
        ),
    ]  # fmt: skip

    class Media:
        css = {"all": ["articles/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> MentionQuerySet:
        return Mention.objects.with_records().select_related("article", "decided_by").defer(*_DEFERRED)

    def has_answer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(["articles.change_article", "articles.change_mention"])

    @admin.action(description=_("Answer this name for the whole archive"), permissions=["answer"])
    def answer_name(self, request: HttpRequest, queryset: MentionQuerySet) -> HttpResponse | None:
        """Lead to the page of the name that was chosen."""
        if queryset.order_by().values("kind", "surface").distinct().count() > 1:
            messages.error(request, gettext("Choose one name."))
            return None
        first = queryset.order_by("pk").values_list("pk", flat=True)[0]
        return HttpResponseRedirect(reverse("admin:articles_nameruling_name", args=[first]))

    @admin.display(description=_("record"))
    def record_link(self, mention: Mention) -> SafeString | str:
        return record_link(mention.record)

    @admin.display(description=_("article"), ordering="article")
    def article_link(self, mention: Mention) -> SafeString | str:
        return record_link(mention.article)

    @admin.display(description=_("context"))
    def snippet(self, mention: Mention) -> SafeString:
        return text_snippet(mention)

    @admin.display(description=_("score"), ordering="score")
    def score_shown(self, mention: Mention) -> str:
        return f"{mention.score:.2f}"

    @admin.display(description=_("how it was found"), ordering="method")
    def method_shown(self, mention: Mention) -> str:
        return method_label(mention)

    @admin.display(description=_("reason"), ordering="rule")
    def rule_shown(self, mention: Mention) -> str:
        return rule_label(mention.rule)

    @admin.display(description=_("candidates"))
    def candidates_shown(self, mention: Mention) -> SafeString | str:
        gazetteer = load_gazetteer()
        return one_per_line(candidate_name(str(one), gazetteer, gettext) for one in mention.candidates)


def newest_mentions(mentions: MentionQuerySet, number: int = 20) -> SafeString | str:
    """A table of the newest mentions of a record, by the dates of their articles."""
    by_date = F("article__issue_date").desc(nulls_last=True)
    named = mentions.with_records().select_related("article").defer(*_DEFERRED)
    cells = (
        (
            mention.article.issue_date or "—",
            record_link(mention.article),
            text_snippet(mention),
            mention.get_verdict_display() or Mention.Status(mention.outcome).label,
        )
        for mention in named.order_by(by_date, "-article", "part", "start")[:number]
    )
    rows = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", cells)
    if not rows:
        return "—"
    labels = [_("issue date"), _("article"), _("context"), _("status")]
    heads = format_html_join("", "<th>{}</th>", ((label,) for label in labels))
    return format_html(
        '<div class="mentions"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>', heads, rows
    )


def text_snippet(mention: Mention) -> SafeString:
    """The mention marked in its context: 昨天，<mark>芮城县</mark>的新桥…; alone if the text has changed since."""
    text: str = getattr(mention.article, mention.part)
    start, end = mention.start, mention.end
    if text[start:end] != mention.surface:
        return format_html("<mark>{}</mark>", mention.surface)
    before = ("…" if start > _CONTEXT_LENGTH else "") + text[max(start - _CONTEXT_LENGTH, 0) : start]
    after = text[end : end + _CONTEXT_LENGTH] + ("…" if end + _CONTEXT_LENGTH < len(text) else "")
    return format_html("{}<mark>{}</mark>{}", before, mention.surface, after)
