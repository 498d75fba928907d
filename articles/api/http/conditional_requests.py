"""Answers that are sent only if they changed, and writes that are done only if nothing changed meanwhile.

An ETag is `"STATE.DIGEST"`: what a write must not overwrite, and the bytes that were sent. Reads compare all of it;
writes only the state, for a count in the answer may be another by now and is nobody's change.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_etags
from rest_framework.request import Request

from articles.models import Article, Mention
from articles.models.record import Record

from .problems import PreconditionFailed, PreconditionRequired

VARY = ("Accept", "Authorization", "Cookie")
# Seconds for which a shared cache may answer without asking: a withdrawn article is gone as soon.
_FRESH = 60


def state_of(record: Any) -> str:
    """What a write to a record must not overwrite, in a few characters."""
    match record:
        case Article():
            return f"{record.version}-{_stamp(record.updated_at)}"
        case Record():
            return _stamp(record.updated_at)
        case Mention():
            verdict = (record.verdict, record.decided_place_id, record.decided_organization_id)
            found = (record.status, record.place_id, record.organization_id, record.start, record.end)
            return _digest(repr((verdict, found)).encode())
    return "0"


def require_match(request: Request, record: Any) -> None:
    """Let a write go on if the client saw the record as it is; call it with the row locked."""
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired
    state = state_of(record)
    tags = parse_etags(header)
    if tags != ["*"] and state not in {tag[1:].partition(".")[0] for tag in tags if tag.startswith('"')}:
        raise PreconditionFailed


def conditional(request: Request, response: HttpResponse, record: Any) -> HttpResponse:
    """The rendered answer with its validators, or 304 if the client has it."""
    is_read = request.method in {"GET", "HEAD"}
    if not is_read and record is None:
        return response
    response["ETag"] = etag = f'"{state_of(record)}.{_digest(response.content)}"'
    modified = int(record.updated_at.timestamp()) if isinstance(record, Article) else None
    if modified:
        response["Last-Modified"] = http_date(modified)
    if not is_read:
        return response
    return get_conditional_response(request._request, etag, modified, response) or response


def keep(request: Request, response: HttpResponse) -> None:
    """Say who may keep an answer, and what it depends on."""
    patch_vary_headers(response, VARY)
    # The user is asked for only where there is an answer: of a bad token there is none.
    is_public = response.status_code in {200, 304} and not request.user.is_authenticated
    response["Cache-Control"] = f"public, max-age={_FRESH}" if is_public else "private, no-cache"


def _stamp(moment: dt.datetime) -> str:
    return f"{int(moment.timestamp() * 1_000_000):x}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]
