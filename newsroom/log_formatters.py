"""Log lines: readable ones on a laptop, JSON for whoever collects them; neither can be forged by what a client sends."""

from __future__ import annotations

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

current_request: ContextVar[HttpRequest | None] = ContextVar("request_at_work", default=None)
"""The request that is being answered, which each line tells of."""

# What a caller may add to a line with `extra`.
_EXTRA = ("status", "duration_ms", "address")


def printable_line(text: str) -> str:
    r"""A text on one line, with nothing in it that a terminal would obey or that nobody can see.

    >>> printable_line("张\n\x1b[31m")
    '张\\n\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def request_fields(request: HttpRequest) -> dict[str, Any]:
    """Whose request it is and for what; who the user is, only if something asked already, as it may take a query."""
    return {
        "request_id": getattr(request, "request_id", None),
        "user_id": getattr(_known_user(request), "pk", None),
        "method": request.method,
        "path": request.path,
    }


def _known_user(request: HttpRequest) -> Any:
    # Django's middleware keeps here whom it looked up; the API puts the user of a token in the place of `user`.
    if found := getattr(request, "_cached_user", None):
        return found
    user = request.__dict__.get("user")
    return None if hasattr(user, "_wrapped") else user


class TextFormatter(logging.Formatter):
    """A line for people. A traceback stands indented below it, so that no text in it passes for another line."""

    default_msec_format = ""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return printable_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return "\n".join(f"    {printable_line(line)}" for line in super().formatException(ei).split("\n"))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - logging's name
        return "\n".join(f"    {printable_line(line)}" for line in stack_info.split("\n"))


class JsonFormatter(logging.Formatter):
    """A JSON object a line, in which all that does not print is escaped, also where JSON would not ask for it."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        # What Django says of an answer it says behind all middleware, and gives the request with it.
        request = current_request.get() or getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            told |= request_fields(request)
        told |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            told["stack"] = self.formatStack(record.stack_info)
        line = json.dumps(told, ensure_ascii=False, default=str)
        if line.isprintable():
            return line
        return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)
