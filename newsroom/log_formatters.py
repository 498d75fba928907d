"""Log formatters: text lines for a terminal, JSON lines for log collectors.

Text that a client sends cannot forge a line: characters that are not printable are escaped.
"""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from articles.loading.sources.files import escape_name

current_request: ContextVar[HttpRequest | None] = ContextVar("current_request", default=None)
"""The request that is being handled; JSON lines name it."""

# Attributes that a caller may add to a line with `extra`.
_EXTRA = ("status", "duration_ms", "address")


def _request_fields(request: HttpRequest) -> dict[str, Any]:
    return {
        "request_id": getattr(request, "request_id", None),
        "user_id": getattr(_loaded_user(request), "pk", None),
        "method": request.method,
        "path": request.path,
    }


def _loaded_user(request: HttpRequest) -> Any:
    """The user, if something has loaded it already: a log line makes no query."""
    # Django's middleware caches the user here; the API replaces `user` by the user of a token.
    if found := getattr(request, "_cached_user", None):
        return found
    user = request.__dict__.get("user")
    return None if hasattr(user, "_wrapped") else user


class TextFormatter(logging.Formatter):
    """Formats a line for people; a traceback is indented below it, so that it cannot look like another line."""

    default_msec_format = ""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return escape_name(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return "\n".join(f"    {escape_name(line)}" for line in super().formatException(ei).split("\n"))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - logging's name
        return "\n".join(f"    {escape_name(line)}" for line in stack_info.split("\n"))


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON object on one line; invisible characters are escaped too."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        # Django logs responses after all middleware, with the request in the record.
        request = current_request.get() or getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            fields |= _request_fields(request)
        fields |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            fields["stack"] = self.formatStack(record.stack_info)
        line = json.dumps(fields, ensure_ascii=False, default=str)
        if line.isprintable():
            return line
        return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)
