"""Tokens by which programs sign in to the API, and webhooks, by which the archive calls programs."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import OperationalError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.database_busy import is_busy, release_cursors, transaction_without_waiting

from .history import FOUND, History

_MARK = "nr_"  # by which a token that is found in a log or a repository is recognized
_SHOWN = 8  # characters of a token that lists show, of 46
_SECRET_MARK = "whsec_"  # noqa: S105 - the prefix that Standard Webhooks require
_SECRET_BYTES = 32
_FIRST_PAUSE = dt.timedelta(seconds=30)
_LONGEST_PAUSE = dt.timedelta(hours=6)
_MOST_FAILURES = 16  # one after the other: after some two days


class _ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def issue(self, user: User, name: str, expires_on: dt.date | None = None) -> tuple[ApiToken, str]:
        """Create a token for a user; return it with its secret, which cannot be looked up again."""
        secret = _MARK + secrets.token_urlsafe(32)
        token = self.create(
            user=user, name=name, digest=_digest(secret), prefix=secret[:_SHOWN], expires_on=expires_on
        )
        return token, secret

    def valid(self) -> Self:
        """The tokens that are neither revoked nor expired, of active users."""
        is_in_time = Q(expires_on=None) | Q(expires_on__gte=timezone.localdate())
        return self.filter(is_in_time, revoked_at=None, user__is_active=True)

    def find(self, secret: str) -> ApiToken | None:
        """The valid token of a secret, if any; a text that cannot be a secret costs no query."""
        if not (secret.startswith(_MARK) and secret.isascii()):
            return None
        return self.valid().select_related("user").filter(digest=_digest(secret)).first()

    def revoke(self) -> int:
        """Revoke these tokens, and return how many were not revoked before."""
        with transaction.atomic():
            # One by one, so that each has its row of history.
            tokens = list(self.filter(revoked_at=None).select_for_update())
            for token in tokens:
                token.revoked_at = timezone.now()
                token.save(update_fields=["revoked_at"])
        return len(tokens)


class ApiToken(models.Model):
    """A token with the rights of its user. Revoked tokens stay, for the record."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(_("what it is for"), max_length=100)
    digest = models.CharField(_("SHA-256 of the token"), max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_on = models.DateField(
        _("expires on"),
        null=True,
        blank=True,
        help_text=_("The last day on which it is good; empty for ever."),
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_on = models.DateField(_("last used on"), null=True, blank=True, editable=False)

    objects = _ApiTokenQuerySet.as_manager()
    history = History(as_found=FOUND, excluded_fields=["digest", "last_used_on"])

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.name})"

    @property
    def state(self) -> str:
        """Its state in a word: valid, revoked or expired."""
        if self.revoked_at:
            return str(_("revoked"))
        is_expired = self.expires_on is not None and self.expires_on < timezone.localdate()
        return str(_("expired") if is_expired else _("valid"))

    def revoke(self) -> None:
        """Revoke the token; `revoked_at` stays if it was revoked before."""
        ApiToken.objects.filter(pk=self.pk).revoke()
        self.refresh_from_db(fields=["revoked_at"])

    def note_use(self) -> None:
        """Record that it was used today, once a day, so that other requests only read.

        While another process writes, this is left to the next request, which so does not wait.
        """
        today = timezone.localdate()
        if self.last_used_on == today:
            return
        try:
            with transaction_without_waiting():
                # Unlike save() this does not fail if the token was deleted meanwhile with its user.
                ApiToken.objects.filter(pk=self.pk).update(last_used_on=today)
        except OperationalError as error:
            if not is_busy(error):
                raise
            release_cursors(error)
        else:
            self.last_used_on = today


def _digest(secret: str) -> str:
    """The digest of a secret; 256 random bits need neither salt nor a slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


class WebhookEndpoint(models.Model):
    """An address that gets each public change after `number` of the feed, in order, signed with its secret.

    After a failure it waits until `next_attempt_at`, longer each time; after the last one it is disabled. A process that
    sends to it holds it until `held_until`.
    """

    name = models.CharField(_("what it is for"), max_length=100)
    url = models.URLField(_("address"), max_length=500)
    secret = models.CharField(_("secret"), max_length=80, editable=False)
    generation = models.CharField(_("generation of the feed"), max_length=20, editable=False, blank=True)
    number = models.BigIntegerField(_("sent up to"), default=0, editable=False)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True, editable=False)
    held_until = models.DateTimeField(_("held until"), null=True, blank=True, editable=False)
    disabled_at = models.DateTimeField(_("disabled since"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    history = History(
        as_found=FOUND,
        excluded_fields=["secret", "generation", "number", "failures", "next_attempt_at", "held_until"],
    )

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def new_secret() -> str:
        """A secret as Standard Webhooks write it: random bytes in base64, behind a prefix."""
        return _SECRET_MARK + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()

    @property
    def key(self) -> bytes:
        """The bytes of the secret, with which messages are signed."""
        return base64.b64decode(self.secret.removeprefix(_SECRET_MARK))

    def hold(self, time: dt.timedelta) -> bool:
        """Hold the endpoint for this process; False if another one holds it, or it is not due."""
        now = timezone.now()
        free = Q(held_until=None) | Q(held_until__lt=now)
        due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
        rows = WebhookEndpoint.objects.filter(free, due, pk=self.pk, disabled_at=None)
        if not rows.update(held_until=now + time):
            return False
        self.refresh_from_db()
        return True

    def note_success(self, number: int) -> None:
        self._set(number=number, failures=0, next_attempt_at=None)

    def note_failure(self, *, is_final: bool) -> None:
        """Wait longer after each failure; disable the endpoint after the last, or one that is final."""
        failures = self.failures + 1
        pause = min(_FIRST_PAUSE * 2 ** min(failures - 1, _MOST_FAILURES), _LONGEST_PAUSE)
        is_dead = is_final or failures >= _MOST_FAILURES
        self._set(
            failures=failures,
            next_attempt_at=timezone.now() + pause,
            disabled_at=timezone.now() if is_dead else None,
        )

    def release(self) -> None:
        self._set(held_until=None)

    def enable(self) -> None:
        """Try again at once, from where it ended."""
        self._set(failures=0, next_attempt_at=None, disabled_at=None)

    def _set(self, **values: object) -> None:
        """Write columns of the state, without a row of history."""
        WebhookEndpoint.objects.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)


class WebhookDelivery(models.Model):
    """An attempt to send a message to an endpoint: the status of the response, or why there was none."""

    endpoint = models.ForeignKey(
        WebhookEndpoint, verbose_name=_("webhook"), on_delete=models.CASCADE, related_name="deliveries"
    )
    message = models.CharField(_("message"), max_length=60)
    payload = models.JSONField(_("payload"))
    status = models.PositiveSmallIntegerField(_("status of the response"), null=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("delivery of a webhook")
        verbose_name_plural = _("deliveries of webhooks")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.message

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300
