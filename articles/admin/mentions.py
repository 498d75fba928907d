"""Mentions: the evidence that articles name places and organizations."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Mention

from .show import ReadOnlyAdmin, link


@admin.register(Mention)
class MentionAdmin(ReadOnlyAdmin):
    list_display = ["surface", "kind", "status", "record", "verdict", "method", "score", "article"]
    list_filter = ["kind", "status", "verdict", "method"]
    search_fields = ["surface"]
    list_select_related = [
        "article", "place", "organization", "decided_place", "decided_organization",
    ]  # fmt: skip
    show_full_result_count = False

    @admin.display(description=_("record"))
    def record(self, mention: Mention) -> SafeString | str:
        """What the mention stands for: by the editor's word, else by the machine's link."""
        decided: Model | None = mention.decided_place or mention.decided_organization
        return link(decided or mention.place or mention.organization)
