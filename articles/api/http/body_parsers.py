"""Parses the bodies of writes: JSON of limited size, without text that a database cannot store."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from .problems import TooLarge


class BoundedJSONParser(JSONParser):
    """Parses a JSON object of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes; anything else is a 400 or 413."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        data = stream.read(limit + 1)
        if len(data) > limit:
            raise TooLarge(f"The body is over {limit:,} bytes.")
        try:
            value = json.loads(data.decode(), parse_constant=_refused)
            # Fails on a lone surrogate, which no database can store.
            json.dumps(value, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError("The body is nested too deeply.") from error
        except UnicodeEncodeError as error:
            raise ParseError(
                "The body contains half of a surrogate pair, which is not a character."
            ) from error
        except ValueError as error:
            raise ParseError(f"The body is not JSON: {error}") from error
        if not isinstance(value, dict):
            raise ParseError("The body must be a JSON object.")
        return value


class MergePatchParser(BoundedJSONParser):
    """Parses the same under the media type of JSON Merge Patch (RFC 7396); a null of a text empties it."""

    media_type = "application/merge-patch+json"


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")
