"""The arguments of a request of OAI-PMH: checked as section 3 of the protocol requires."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from articles.models.fields import is_id

PREFIX = "oai_dc"

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_LIST = {"from", "until", "set", "metadataPrefix", "resumptionToken"}
# The arguments that a verb takes; a resumption token stands alone.
_ALLOWED = {
    "Identify": set(),
    "ListMetadataFormats": {"identifier"},
    "ListSets": {"resumptionToken"},
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
    "GetRecord": {"identifier", "metadataPrefix"},
}
_REQUIRED = {
    "ListIdentifiers": {"metadataPrefix"},
    "ListRecords": {"metadataPrefix"},
    "GetRecord": {"identifier", "metadataPrefix"},
}


class ProtocolError(Exception):
    """An error of the protocol, with its code, as badArgument."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def utc_text(time: dt.datetime) -> str:
    """A time as the protocol writes it: in UTC, to the second."""
    return f"{time.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def check_arguments(pairs: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """The arguments of a request, the verb among them; raises a ProtocolError if they do not fit together."""
    arguments: dict[str, str] = {}
    for name, values in pairs:
        if len(values) > 1:
            code = "badVerb" if name == "verb" else "badArgument"
            raise ProtocolError(code, f"{name} is given more than once.")
        arguments[name] = values[0]
    verb = arguments.get("verb", "")
    if verb not in _ALLOWED:
        raise ProtocolError("badVerb", f"The verb is one of {', '.join(_ALLOWED)}.")
    given = arguments.keys() - {"verb"}
    if unknown := given - _ALLOWED[verb]:
        raise ProtocolError("badArgument", f"{verb} takes no {min(unknown)}.")
    if "resumptionToken" in given:
        if len(given) > 1:
            raise ProtocolError("badArgument", "A resumptionToken stands alone.")
    elif missing := _REQUIRED.get(verb, set()) - given:
        raise ProtocolError("badArgument", f"{verb} needs {min(missing)}.")
    if arguments.get("metadataPrefix", PREFIX) != PREFIX:
        raise ProtocolError("cannotDisseminateFormat", f"The only metadataPrefix is {PREFIX}.")
    return arguments


@dataclass(frozen=True, slots=True)
class Harvest:
    """What a list is of: from when (included) until when (not included), of which set, behind which number of the feed."""

    since: dt.datetime | None = None
    before: dt.datetime | None = None
    publication: str | None = None
    number: int = 0

    @classmethod
    def of(cls, arguments: dict[str, str], generation: str) -> Self:
        """What the arguments of a request ask for; raises a ProtocolError."""
        if (token := arguments.get("resumptionToken")) is not None:
            return cls._resumed(token, generation)
        since, until = arguments.get("from"), arguments.get("until")
        if since and until and len(since) != len(until):
            raise ProtocolError("badArgument", "from and until have the same granularity.")
        begin = _parse_time("from", since)[0] if since else None
        end = _parse_time("until", until)[1] if until else None
        if begin and end and begin >= end:
            raise ProtocolError("badArgument", "from is later than until.")
        name = arguments.get("set")
        return cls(begin, end, _set_publication(name) if name is not None else None)

    @classmethod
    def _resumed(cls, token: str, generation: str) -> Self:
        parts = token.split(".")
        if len(parts) != 5 or parts[0] != generation or not is_id(parts[1]):
            raise ProtocolError(
                "badResumptionToken", "The token is not of this archive, or a backup was restored."
            )
        try:
            since, before = (_utc_time(part) if part else None for part in parts[2:4])
        except ValueError as error:
            raise ProtocolError("badResumptionToken", "The token is not of this archive.") from error
        return cls(since, before, _set_publication(parts[4]) if parts[4] else None, int(parts[1]))

    def token(self, generation: str, number: int) -> str:
        """The resumption token of the list behind a number of the feed."""
        behind = replace(self, number=number)
        times = (utc_text(time) if time else "" for time in (behind.since, behind.before))
        name = set_name(behind.publication) if behind.publication else ""
        return ".".join([generation, str(behind.number), *times, name])


def set_name(publication: str) -> str:
    """The setSpec of a paper, which has ASCII letters and digits only: its name in UTF-8, as hexadecimal digits."""
    return publication.encode().hex()


def _set_publication(name: str) -> str:
    """The paper of a setSpec; empty if there is none of this name."""
    try:
        return bytes.fromhex(name).decode().replace("\0", "") if name.isalnum() else ""
    except ValueError:
        return ""


def _utc_time(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, _TIME).replace(tzinfo=dt.UTC)


def _parse_time(name: str, text: str) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a day or second, and the first one after it."""
    step: Any = None
    if _DAY.fullmatch(text):
        text, step = f"{text}T00:00:00Z", dt.timedelta(days=1)
    elif _SECOND.fullmatch(text):
        step = dt.timedelta(seconds=1)
    try:
        begin = _utc_time(text)
        return begin, begin + step
    except (ValueError, OverflowError, TypeError) as error:
        message = f"{name} is a day, or a second in UTC: 2024-07-30 or 2024-07-30T08:00:00Z."
        raise ProtocolError("badArgument", message) from error
