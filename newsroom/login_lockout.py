"""Signing in: who guesses passwords is stopped, by name and address; nobody learns which names there are."""

from __future__ import annotations

import ipaddress
from http import HTTPStatus
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.api.http.client_addresses import address_of, is_address

# As many names may be mistyped at one address as a newsroom of this many mistypes its own.
_NAMES_OF_ONE_ADDRESS = 10


def client_address(request: HttpRequest) -> str | None:
    """The address that attempts are counted by; None where there is none, as behind a socket."""
    found = address_of(request)
    return found if is_address(found) else None


class LockoutHandler(AxesDatabaseHandler):  # type: ignore[misc] # axes has no types
    """Counts the failures of a name at an address, and, ten times as patiently, all failures of the address."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        of_name = self._failures(self.get_user_attempts(request, credentials)[0])
        found = client_address(request)
        # Where a proxy stands in front and nobody said so, all the world has this address.
        if found is None or ipaddress.ip_address(found).is_loopback:
            return of_name
        since = {"attempt_time__gte": request.axes_attempt_time - settings.AXES_COOLOFF_TIME}  # type: ignore[attr-defined]
        of_address = self._failures(AccessAttempt.objects.filter(ip_address=found, **since))
        return max(of_name, of_address // _NAMES_OF_ONE_ADDRESS)

    @staticmethod
    def _failures(attempts: Any) -> int:
        return attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0


def locked_out_page(request: HttpRequest, _response: HttpResponse, _credentials: Any = None) -> HttpResponse:
    """What is shown to whoever failed too often, be there such a user or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    context = {**admin.site.each_context(request), "title": _("Log in"), "minutes": minutes}
    page = TemplateResponse(request, "admin/locked_out.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    page.headers["Retry-After"] = str(minutes * 60)
    return page.render()
