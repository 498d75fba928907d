"""The admin of webhooks: they are made here, their secret is shown once, and their log is read."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.api.webhooks.delivery import send_test, start_at_end
from articles.api.webhooks.sending import SendingError, check_url
from articles.models import WebhookDelivery, WebhookEndpoint

from .display import ModelAdmin, TabularInline

_SHOWN = 50  # deliveries on the page of a webhook


class _EndpointForm(forms.ModelForm):  # type: ignore[type-arg] # Django's takes none at run time
    """The name and the address of a webhook, which must be outside the network."""

    url = forms.URLField(label=_("address"), max_length=500, assume_scheme="https")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            check_url(url)
        except SendingError as error:
            raise ValidationError(str(error)) from error
        return url


class _DeliveryInline(TabularInline):
    """The last deliveries, which are read only."""

    model = WebhookDelivery
    fields = ["at", "message", "status", "error", "payload"]
    readonly_fields = ["at", "message", "status", "error", "payload"]
    extra = 0
    can_delete = False
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        rows: QuerySet[WebhookDelivery] = super().get_queryset(request)
        endpoint = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        newest = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("-pk")
        return rows.filter(pk__in=list(newest.values_list("pk", flat=True)[:_SHOWN]))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("articles.view_webhookendpoint"))


@admin.register(WebhookEndpoint)
class WebhookAdmin(ModelAdmin):
    form = _EndpointForm
    list_display = ["name", "url", "state_shown", "failures", "next_attempt_at", "created_at"]
    readonly_fields = ["state_shown", "failures", "next_attempt_at", "created_at"]
    search_fields = ["name", "url"]
    actions = ["send_test_message", "enable"]
    inlines = [_DeliveryInline]

    def get_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> list[Any]:
        return ["name", "url", *(self.readonly_fields if obj else ())]

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return super().get_inline_instances(request, obj) if obj else []

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool) -> None:
        """Make the secret with the webhook, and show it once. It begins with the next change."""
        if not change:
            obj.secret = WebhookEndpoint.new_secret()
            start_at_end(obj)
        super().save_model(request, obj, form, change)
        if not change:
            shown = format_html(
                "{} <code>{}</code>",
                _("The secret, which is not shown again; keep it in a safe place:"),
                obj.secret,
            )
            messages.success(request, shown)

    @admin.action(description=_("Send a test message"), permissions=["change"])
    def send_test_message(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            attempt = send_test(endpoint)
            level = messages.SUCCESS if attempt.is_delivered else messages.ERROR
            result = attempt.error or attempt.status
            messages.add_message(
                request,
                level,
                _("Test message to %(name)s: %(result)s") % {"name": endpoint, "result": result},
            )

    @admin.action(description=_("Enable again, and send what was not sent"), permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset:
            endpoint.enable()
        messages.success(request, _("Webhooks enabled: %(count)s") % {"count": queryset.count()})

    @admin.display(description=_("state"))
    def state_shown(self, endpoint: WebhookEndpoint) -> str:
        return str(
            _("disabled")
            if endpoint.disabled_at
            else _("waits after a failure")
            if endpoint.failures
            else _("active")
        )
