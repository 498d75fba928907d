"""`manage.py apitoken`: create, list and revoke the API tokens of programs."""

import argparse
import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError, CommandParser, no_translations
from django.utils import timezone

from articles.management.base import UNUSABLE, OneLineErrorCommand
from articles.models import ApiToken

_MAX_DAYS = 3650


class Command(OneLineErrorCommand):
    help = "Create, list or revoke the API tokens of programs."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, prog="manage.py apitoken")
        brief: dict[str, Any] = {"usage": argparse.SUPPRESS}
        create = commands.add_parser(
            "create", help="create a token and print it; it is shown only once", **brief
        )
        create.add_argument("username")
        create.add_argument("--name", required=True, help="the purpose of the token: website")
        create.add_argument(
            "--days", type=int, help="the number of days until the token expires (default: it never expires)"
        )
        listing = commands.add_parser("list", help="list the tokens, without their secrets", **brief)
        listing.add_argument("username", nargs="?")
        revoke = commands.add_parser(
            "revoke", help="revoke a token, so that it is rejected from now on", **brief
        )
        revoke.add_argument("prefix", help="the beginning of the token, as `list` shows it")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        run = {"create": self._create, "list": self._list, "revoke": self._revoke}[options["command"]]
        run(options)

    def _create(self, options: dict[str, Any]) -> None:
        days, name = options["days"], options["name"].strip()
        if days is not None and not 0 < days <= _MAX_DAYS:
            raise CommandError(f"--days is {days}: give 1 to {_MAX_DAYS}", returncode=UNUSABLE)
        if not (name.isprintable() and 0 < len(name) <= 100):
            raise CommandError("--name is one line of up to 100 characters", returncode=UNUSABLE)
        user = _user(options["username"])
        if not user.is_active:
            raise CommandError(
                f"the user {user} is not active, so a token would be rejected: activate the user first",
                returncode=UNUSABLE,
            )
        expires_on = timezone.localdate() + dt.timedelta(days=days) if days else None
        _token, secret = ApiToken.objects.issue(user, name, expires_on)
        self.stdout.write(secret)
        self.stderr.write(
            "Store it now: it is not shown again. Send it as in Authorization: Bearer nr_...", style_func=str
        )

    def _list(self, options: dict[str, Any]) -> None:
        tokens = ApiToken.objects.select_related("user")
        if options["username"]:
            tokens = tokens.filter(user=_user(options["username"]))
        for token in tokens:
            until = f"until {token.expires_on}" if token.expires_on else "never expires"
            used = f"used {token.last_used_on}" if token.last_used_on else "never used"
            self.stdout.write("  ".join([_line(token), token.state, until, used]))

    def _revoke(self, options: dict[str, Any]) -> None:
        prefix = options["prefix"]
        tokens = list(ApiToken.objects.select_related("user").filter(prefix=prefix, revoked_at=None))
        if not tokens:
            message = f"no token begins with {prefix!r} that is not revoked yet: see apitoken list"
            raise CommandError(message, returncode=UNUSABLE)
        if len(tokens) > 1:
            which = ", ".join(_line(token) for token in tokens)
            message = (
                f"{len(tokens)} tokens begin with {prefix!r} ({which}): revoke the right one in the admin"
            )
            raise CommandError(message, returncode=UNUSABLE)
        tokens[0].revoke()
        self.stdout.write(f"Revoked: {_line(tokens[0])}")


def _line(token: ApiToken) -> str:
    """A token in one line, with special characters of its name escaped."""
    return f"{token.prefix}  {token.user.get_username()}  {token.name!r}"


def _user(username: str) -> Any:
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"there is no user {username!r}; the admin lists them", returncode=UNUSABLE)
    return user
