"""The admin of rulings on names: each with what it decided, switched off as a rule, and taken back as a whole."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles.admin.display import ReadOnlyAdmin, record_link, yes_or_dash
from articles.admin.history.history_pages import HistoryPages
from articles.admin.records.duplicates import redirect_back
from articles.editing.rulings.name_rulings import switch_ruling, undo_ruling
from articles.models import Mention, NameRuling

from .name_groups import NameGroups, may_rule
from .ruling_texts import answer_text, scope_text


@admin.register(NameRuling)
class NameRulingAdmin(NameGroups, HistoryPages, ReadOnlyAdmin):
    list_display = [
        "name",
        "kind",
        "answer",
        "scope_shown",
        "decided_count",
        "in_use",
        "by",
        "at",
        "undone_at",
    ]
    list_display_links = ["name"]
    list_filter = ["is_in_use", "kind", "verdict", "scope"]
    list_select_related = ["place__merged_into", "organization__merged_into", "by"]
    list_per_page = 50
    search_fields = ["name"]
    search_help_text = _("Searches names as they are printed.")
    fieldsets = [
        (None, {"fields": [("name", "kind"), "answer", "scope_shown", "of_linked"]}),
        (_("What became of it"), {"fields": ["decided_count", "in_use", ("by", "at"), "undone_at"]}),
    ]  # fmt: skip

    class Media:
        css = {"all": ["articles/records.css"]}

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may_rule(request)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/undo/", wrap(require_POST(self.undo_view)), name="articles_nameruling_undo"),
            path("<int:pk>/switch/", wrap(require_POST(self.switch_view)), name="articles_nameruling_switch"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[NameRuling]:
        decided = Mention.objects.filter(ruling=OuterRef("pk")).order_by().values("ruling")
        count = Coalesce(Subquery(decided.annotate(count=Count("pk")).values("count")), 0)
        rulings: QuerySet[NameRuling] = super().get_queryset(request).defer("mentions")
        return rulings.annotate(decided_now=count)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_display(request), "buttons"]

    @admin.display(description=_("answer"))
    def answer(self, ruling: NameRuling) -> SafeString | str:
        return (
            record_link(ruling.place or ruling.organization)
            if ruling.verdict == "relinked"
            else answer_text(ruling)
        )

    @admin.display(description=_("where it holds"))
    def scope_shown(self, ruling: NameRuling) -> str:
        return scope_text(ruling.scope, ruling.scope_value)

    @admin.display(description=_("also where it is linked"))
    def of_linked(self, ruling: NameRuling) -> str:
        return yes_or_dash(ruling.also_linked)

    @admin.display(description=_("mentions decided so"))
    def decided_count(self, ruling: NameRuling) -> int:
        count: int = ruling.decided_now  # type: ignore[attr-defined] # by the query
        return count

    @admin.display(description=_("used by loads"), ordering="is_in_use")
    def in_use(self, ruling: NameRuling) -> str:
        return yes_or_dash(ruling.is_in_use and not ruling.undone_at)

    @admin.display(description=_("actions"))
    def buttons(self, ruling: NameRuling) -> SafeString | str:
        """Buttons in the form of the list, which has the CSRF token already."""
        if ruling.undone_at:
            return ""
        undo = reverse("admin:articles_nameruling_undo", args=[ruling.pk])
        button = '<button class="undo" formaction="{}" formmethod="post">{}</button>'
        shown = format_html(button, undo, _now("Undo"))
        if ruling.scope == "articles":
            return shown
        switch = reverse("admin:articles_nameruling_switch", args=[ruling.pk])
        label = _now("Switch off") if ruling.is_in_use else _now("Switch on")
        return format_html("{} {}", shown, format_html(button, switch, label))

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take back a ruling as a whole, and say what was changed since and stays."""
        ruling = self._ruling(request, pk)
        try:
            undone = undo_ruling(ruling)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            text = ngettext(
                "“%(name)s” is in doubt again: %(count)s mention is as it was.",
                "“%(name)s” is in doubt again: %(count)s mentions are as they were.",
                undone.restored,
            )
            messages.success(request, text % {"name": ruling, "count": undone.restored})
            if undone.changed_since:
                text = ngettext(
                    "%(count)s mention was decided again or deleted since, and stays so.",
                    "%(count)s mentions were decided again or deleted since, and stay so.",
                    undone.changed_since,
                )
                messages.warning(request, text % {"count": undone.changed_since})
        return redirect_back(request, reverse("admin:articles_nameruling_changelist"))

    def switch_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let loads decide by a ruling, or no more."""
        ruling = self._ruling(request, pk)
        try:
            switch_ruling(ruling, is_in_use=not ruling.is_in_use)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            used = _now("Loads decide “%s” by this answer.") % ruling
            unused = _now("Loads do not decide “%s” by this answer any more; what it decided stays.") % ruling
            messages.success(request, used if ruling.is_in_use else unused)
        return redirect_back(request, reverse("admin:articles_nameruling_changelist"))

    def _ruling(self, request: HttpRequest, pk: int) -> NameRuling:
        if not may_rule(request):
            raise PermissionDenied
        ruling: NameRuling = self.get_record(request, str(pk), "view")
        return ruling
