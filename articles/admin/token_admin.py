"""The admin of API tokens: they are made here, shown once, and revoked."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.models import ApiToken

from .display import ModelAdmin


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin):
    list_display = ["prefix", "user", "name", "created_at", "expires_on", "last_used_on", "state_shown"]
    search_fields = ["name", "prefix", "user__username"]
    autocomplete_fields = ["user"]
    actions = ["revoke"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        """Users see and make only their own tokens, except superusers: the token of another has that user's rights."""
        tokens: QuerySet[ApiToken] = super().get_queryset(request)
        return tokens if request.user.is_superuser else tokens.filter(user=request.user.pk)

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> list[Any]:
        if obj:
            return ["user", "name", "prefix", "created_at", "expires_on", "last_used_on", "state_shown"]
        return ["user", "name", "expires_on"] if request.user.is_superuser else ["name", "expires_on"]

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """The right to change tokens is the right to revoke them; the page of a token is read-only."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """Tokens are revoked, never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """Make the token, and show its secret once."""
        user: Any = obj.user if request.user.is_superuser else request.user
        token, secret = ApiToken.objects.issue(user, obj.name, obj.expires_on)
        obj.pk = token.pk
        obj.user, obj.prefix = token.user, token.prefix
        shown = format_html(
            "{} <code>{}</code>", _("The token, which is not shown again; keep it in a safe place:"), secret
        )
        messages.success(request, shown)

    @admin.action(description=_("Revoke the chosen tokens"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        count = ApiToken.objects.filter(pk__in=queryset).revoke()
        messages.success(request, _("Tokens revoked: %(count)s") % {"count": count})

    @admin.display(description=_("state"))
    def state_shown(self, token: ApiToken) -> str:
        return token.state
