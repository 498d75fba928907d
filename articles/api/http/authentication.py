"""Authenticates clients by the token that they send."""

from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from articles.models import ApiToken

_SCHEME = "Bearer"
# The same for unknown, expired and revoked tokens, so that it does not reveal which were valid once.
_REFUSED = "This token is not valid: send one as in Authorization: Bearer nr_..."


class BearerAuthentication(BaseAuthentication):
    """Tokens in `Authorization: Bearer nr_...` (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The user and the token; None without a token, a 401 if the token is not valid."""
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, secret = header.partition(" ")
        token = ApiToken.objects.find(secret.strip(" ")) if scheme.lower() == "bearer" else None
        if token is None:
            raise AuthenticationFailed(_REFUSED)
        token.note_use()
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401; it says `invalid_token` if the request has one (RFC 6750, 3.1)."""
        error = ', error="invalid_token"' if "Authorization" in request.headers else ""
        return f'{_SCHEME} realm="newsroom"{error}'


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # drf-spectacular leaves it untyped
    """Describes the tokens in the OpenAPI document."""

    target_class = "articles.api.http.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from the admin, or `manage.py apitoken`.",
        }
