"""Chooses the format of a response by `?format=`, else by the Accept header, else JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.http import Http404
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from articles.api.http.problems import parameter_error, suggestion

_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


class FormatNegotiation(DefaultContentNegotiation):
    """Chooses the renderer by RFC 9110, 12.5.1, with weights, and with media types that have parameters.

    Django REST framework's own ignores weights and the profile of `application/ld+json`.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The renderer and its media type; raises NotAcceptable, or a `ParameterError` about `format`."""
        renderers = list(renderers)
        if named := _named(request, renderers, format_suffix):
            return named, named.media_type
        accepted = [_Range.of(token) for token in self.get_accept_list(request) or ["*/*"]]
        # `max` takes the first of equals, which is JSON.
        best = max(renderers, key=lambda renderer: _preference(renderer, accepted))
        if _preference(best, accepted)[0] == 0:
            raise NotAcceptable(available_renderers=renderers)
        return best, _media_type(best, accepted)


@dataclass(frozen=True, slots=True)
class _Range:
    """A media range of an Accept header; one that cannot be parsed matches nothing."""

    kind: str
    subtype: str
    parameters: dict[str, str]
    weight: float

    @classmethod
    def of(cls, token: str) -> Self:
        name, *parts = token.split(";")
        kind, _, subtype = name.strip().lower().partition("/")
        pairs = (part.partition("=") for part in parts)
        parameters = {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}
        weight = parameters.pop("q", "1")
        return cls(kind, subtype, parameters, float(weight) if _WEIGHT.fullmatch(weight) else 1.0)

    def closeness(self, offered: _Range) -> int:
        """How exactly the range matches an offered type: 0 not at all, 1 as `*/*`, up to 4 with parameters."""
        if self.kind == "*":
            return 1 if self.subtype == "*" else 0
        if self.kind != offered.kind or self.subtype not in {"*", offered.subtype}:
            return 0
        if self.subtype == "*":
            return 2
        named = offered.parameters.keys() & self.parameters.keys()
        # A profile may be a list with spaces between (RFC 6906, 3).
        if any(offered.parameters[key] not in self.parameters[key].split() for key in named):
            return 0
        return 4 if named else 3


def _named(
    request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None
) -> BaseRenderer | None:
    """The renderer that `?format=` names, whatever the Accept header says."""
    given = request.query_params.getlist("format")
    if len(given) > 1:
        raise parameter_error("format", "Given more than once.", code="repeated")
    name = format_suffix or (given[0] if given else "")
    known: dict[str, BaseRenderer] = {}
    for renderer in renderers:
        known.setdefault(str(renderer.format), renderer)
    if not name or name in known:
        return known.get(name)
    if format_suffix:
        raise Http404
    choices = ", ".join(known)
    raise parameter_error("format", f"{name[:40]!r} is not one of {choices}.", **suggestion(name, known))


def _closest(renderer: BaseRenderer, accepted: list[_Range]) -> tuple[int, _Range]:
    """The range that matches a renderer most exactly, and how exactly."""
    offered = _Range.of(renderer.media_type)
    ranked = [(wanted.closeness(offered), wanted) for wanted in accepted]
    return max(ranked, key=lambda pair: (pair[0], pair[1].weight))


def _preference(renderer: BaseRenderer, accepted: list[_Range]) -> tuple[float, int]:
    """The weight that a client gives a renderer, and how exactly it matches; zeros if it does not accept it."""
    closeness, wanted = _closest(renderer, accepted)
    return (wanted.weight, closeness) if closeness and wanted.weight else (0.0, 0)


def _media_type(renderer: BaseRenderer, accepted: list[_Range]) -> str:
    """The media type of a renderer, with the `indent` of the Accept header for JSON."""
    indent = _closest(renderer, accepted)[1].parameters.get("indent", "")
    is_number = indent.isascii() and indent.isdecimal()
    return f"{renderer.media_type}; indent={indent}" if is_number else renderer.media_type
