"""`manage.py localeditor`: create an account to sign in with on a laptop."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

_USERNAME = "editor"


class Command(BaseCommand):
    help = "Create an account with all rights and a random password, unless the admin has an account already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("localeditor is for a laptop, and DEBUG is off: use manage.py createsuperuser")
        users = get_user_model().objects
        editor = users.filter(is_staff=True, is_active=True).order_by("pk").first()
        if editor is not None:
            name = editor.get_username()
            self.stdout.write(
                f"Sign in as {name}. Lost the password? .venv/bin/python manage.py changepassword {name}"
            )
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(username=_USERNAME, password=password)
        self.stdout.write(f"Sign in as {_USERNAME} with the password {password} (it is not shown again).")
