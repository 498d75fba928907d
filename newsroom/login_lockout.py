"""Lockout after failed logins, counted by user name and IP address, whether the user exists or not."""

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

from articles.api.http.client_addresses import client_address, is_ip_address

# All names at one address may together fail this many times as often as one name: a newsroom shares an address.
_NAMES_PER_ADDRESS = 10


def login_address(request: HttpRequest) -> str | None:
    """The IP address that attempts are counted by; None without one, as behind a Unix socket."""
    found = client_address(request)
    return found if is_ip_address(found) else None


class LockoutHandler(AxesDatabaseHandler):  # type: ignore[misc] # axes has no types
    """Counts the failures of a name at an address and, with a limit ten times as high, all failures of the address."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        of_name = self._failures(self.get_user_attempts(request, credentials)[0])
        address = login_address(request)
        # Behind a proxy that NEWSROOM_PROXIES does not count, all clients share this address.
        if address is None or ipaddress.ip_address(address).is_loopback:
            return of_name
        since = {"attempt_time__gte": request.axes_attempt_time - settings.AXES_COOLOFF_TIME}  # type: ignore[attr-defined]
        of_address = self._failures(AccessAttempt.objects.filter(ip_address=address, **since))
        return max(of_name, of_address // _NAMES_PER_ADDRESS)

    @staticmethod
    def _failures(attempts: Any) -> int:
        return attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0


def locked_out_page(request: HttpRequest, _response: HttpResponse, _credentials: Any = None) -> HttpResponse:
    """Answer 429 with the minutes to wait; the page is the same whether the user exists or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
    context = {**admin.site.each_context(request), "title": _("Log in"), "minutes": minutes}
    page = TemplateResponse(request, "admin/locked_out.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    page.headers["Retry-After"] = str(minutes * 60)
    return page.render()
