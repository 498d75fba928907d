"""The WSGI application: `gunicorn newsroom.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from .script_name import ignore_script_name_header

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
# A web server means production, so nothing set means DEBUG off: without SECRET_KEY the start fails.
os.environ.setdefault("DEBUG", "false")

application = ignore_script_name_header(get_wsgi_application(), os.environ.get("SCRIPT_NAME", ""))
# Import the views before the first request, which would have to wait.
get_resolver().url_patterns  # noqa: B018 - the result is cached
