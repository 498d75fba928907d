"""Conditional requests: 304 for a client that has the current response, and If-Match before every write.

An ETag is `"STATE.DIGEST"`. STATE identifies what a write must not overwrite, DIGEST the bytes of the response. Reads
compare both. Writes compare STATE only: a count in the response may have changed without anybody editing the record, and
a proxy that compresses makes the ETag weak (`W/"..."`) or adds to its DIGEST.
"""

import hashlib
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_etags
from rest_framework.request import Request

from articles.models import Article, Mention
from articles.models.record import Record

from .problems import PreconditionFailed, PreconditionRequired, problem_response

_VARY = ("Accept", "Authorization", "Cookie")
# Seconds for which a shared cache may answer without asking, and so show an article after it is withdrawn.
_MAX_AGE = 60
_PRIVATE = "private, no-cache"


def state_of(record: Any) -> str:
    """Identifies what a write to a record must not overwrite, in a few characters."""
    match record:
        case Article():
            return f"{record.version}-{record.last_change.stamp}"
        case Record():
            return f"{int(record.updated_at.timestamp() * 1_000_000):x}"
        case Mention():
            verdict = (record.verdict, record.decided_place_id, record.decided_organization_id)
            extracted = (record.status, record.place_id, record.organization_id, record.start, record.end)
            return _digest(repr((verdict, extracted)).encode())
    return "0"


def require_match(request: Request, record: Any) -> None:
    """Raise a 428 or 412 unless If-Match names the present state of the record; call it with the row locked."""
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired
    tags = parse_etags(header)
    states = {tag.removeprefix("W/").strip('"').partition(".")[0] for tag in tags}
    if tags != ["*"] and state_of(record) not in states:
        raise PreconditionFailed


def answer_conditionally(request: Request, response: HttpResponse, record: Any) -> HttpResponse:
    """Add ETag and Last-Modified to a rendered response; a read may become a 304 or 412 by them."""
    is_read = request.method in {"GET", "HEAD"}
    if not is_read and record is None:
        return response
    response["ETag"] = etag = f'"{state_of(record)}.{_digest(response.content)}"'
    modified = int(record.last_change.changed_at.timestamp()) if isinstance(record, Article) else None
    if modified:
        response["Last-Modified"] = http_date(modified)
    if not is_read:
        return response
    return apply_conditions(request._request, response, etag, modified)


def apply_conditions(
    request: HttpRequest, response: HttpResponse, etag: str, modified: int | None
) -> HttpResponse:
    """The response to a read; 304 if the client has it already, 412 if it requires another version."""
    found: HttpResponse = get_conditional_response(request, etag, modified, response) or response
    if found is not response and "Content-Language" in response:
        # The client updates the headers of the response that it has.
        found["Content-Language"] = response["Content-Language"]
    if found.status_code != HTTPStatus.PRECONDITION_FAILED:
        return found
    detail = "The response has another version than If-Match or If-Unmodified-Since requires: get it without these headers."
    failed = problem_response(HTTPStatus.PRECONDITION_FAILED, detail)
    failed["Cache-Control"] = _PRIVATE
    return failed


def set_cache_headers(request: Request, response: HttpResponse) -> None:
    """Set who may cache a response (Cache-Control), and which request headers it depends on (Vary)."""
    # The parameter `format` is stronger than the Accept header: so shared caches store each form once.
    is_format_given = "format" in request.query_params
    patch_vary_headers(response, [name for name in _VARY if not (is_format_given and name == "Accept")])
    # The user is read for successful responses only: a bad token has none, and would raise again.
    is_public = response.status_code in {200, 304} and not request.user.is_authenticated
    response["Cache-Control"] = f"public, max-age={_MAX_AGE}" if is_public else _PRIVATE


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]
