"""Sends to each endpoint what changed in public since the last message that it took, in the order of the feed."""

import datetime as dt
import json
import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.api.links import record_url
from articles.api.resources.change_feed import note_all_changes
from articles.api.resources.changes import entry_change, feed_generation
from articles.models import FeedEntry, FeedState, WebhookDelivery, WebhookEndpoint

from .sending import SendingError, post, sign

_HELD = dt.timedelta(minutes=2)  # longer than one message takes
_BATCH = 100  # entries that are read at once
_LOGGED = 500  # deliveries of an endpoint that the log keeps

_log = logging.getLogger(__name__)


def deliver() -> dict[str, tuple[int, int]]:
    """Send what is due; return by the name of each endpoint how many messages were delivered, and how many failed."""
    if WebhookEndpoint.objects.filter(disabled_at=None).exists():
        note_all_changes()
    done = {}
    for endpoint in WebhookEndpoint.objects.filter(disabled_at=None):
        if endpoint.hold(_HELD):
            try:
                done[endpoint.name] = _deliver_to(endpoint)
            finally:
                endpoint.release()
    return done


def _deliver_to(endpoint: WebhookEndpoint) -> tuple[int, int]:
    _follow_generation(endpoint)
    delivered = 0
    for entry in _entries(endpoint):
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(held_until=timezone.now() + _HELD)
        attempt = _send(
            endpoint, f"msg_{endpoint.generation}_{entry.number}", _payload(entry, endpoint.number)
        )
        if not attempt.is_delivered:
            endpoint.note_failure(is_final=attempt.status == HTTPStatus.GONE)
            if endpoint.disabled_at:
                _log.warning("the webhook %s is disabled: %s", endpoint, attempt.error or attempt.status)
            _forget_old(endpoint)
            return delivered, 1
        endpoint.note_success(entry.number)
        delivered += 1
    _forget_old(endpoint)
    return delivered, 0


def start_at_end(endpoint: WebhookEndpoint) -> None:
    """Let a new endpoint begin with the next change."""
    note_all_changes()
    state = FeedState.objects.first()
    endpoint.number, endpoint.generation = state.number if state else 0, feed_generation()


def send_test(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Send a message of the type `test`, which changes nothing of what is sent next."""
    now = timezone.now()
    payload = {"type": "test", "timestamp": now.isoformat(), "data": {}}
    return _send(endpoint, f"msg_test_{int(now.timestamp() * 1_000_000):x}", payload)


def _follow_generation(endpoint: WebhookEndpoint) -> None:
    """After a backup was restored, numbers go on from an earlier one: nothing that changes then is left out."""
    generation = feed_generation()
    if endpoint.generation != generation:
        state = FeedState.objects.first()
        number = min(endpoint.number, state.number if state else 0)
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(generation=generation, number=number)
        endpoint.generation, endpoint.number = generation, number


def _entries(endpoint: WebhookEndpoint) -> Iterator[FeedEntry]:
    """The entries behind what the endpoint has; read again after each batch, as entries move to the end."""
    while entries := list(FeedEntry.objects.filter(number__gt=endpoint.number).order_by("number")[:_BATCH]):
        yield from entries


def _payload(entry: FeedEntry, since: int) -> dict[str, Any]:
    change = entry_change(entry, since)
    return {
        "type": f"{entry.kind}.{change}",
        "timestamp": entry.noted_at.isoformat(),
        "data": {
            "kind": entry.kind,
            "id": entry.record,
            "url": _origin() + record_url(entry.kind, entry.record, {}),
            "change": change,
            "merged_into": entry.merged_into,
            "at": entry.noted_at.isoformat(),
        },
    }


def _origin() -> str:
    """What addresses begin with, as there is no request: the first host that is served."""
    scheme = "https" if settings.NEWSROOM_HTTPS else "http"
    host = next(iter(settings.ALLOWED_HOSTS), "localhost")
    return f"{scheme}://{host.lstrip('.*') or 'localhost'}"


def _send(endpoint: WebhookEndpoint, message: str, payload: dict[str, Any]) -> WebhookDelivery:
    """Send a message, and log the attempt."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Newsroom",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(endpoint.key, message, timestamp, body),
    }
    status, reason = None, ""
    try:
        status = post(endpoint.url, body, headers)
    except SendingError as error:
        reason = str(error)
    return WebhookDelivery.objects.create(
        endpoint=endpoint, message=message, payload=payload, status=status, error=reason
    )


def _forget_old(endpoint: WebhookEndpoint) -> None:
    """Keep the last deliveries in the log."""
    oldest = endpoint.deliveries.order_by("-pk").values_list("pk", flat=True)[_LOGGED : _LOGGED + 1]
    for pk in oldest:
        endpoint.deliveries.filter(pk__lte=pk).delete()
