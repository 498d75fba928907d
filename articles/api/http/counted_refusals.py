"""Requests that are refused count for the throttle too."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.views import APIView


class ThrottledView(APIView):
    """Counts a request before it is refused: DRF throttles last, so that to try tokens would cost nothing."""

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        finally:
            # A token that is no good makes it nobody's request, of an address.
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Nothing more: it was done as soon as it was known who asks."""
