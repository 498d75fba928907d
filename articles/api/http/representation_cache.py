"""Cache of representations of articles (the JSON of a list row or of a whole article), valid for one version each.

A version is the stamp of the article's `LastChange`, which triggers of the database write with everything that the
representations show. So an entry is never outdated, and writes need not delete any. Each server process has its own
cache.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any

from rest_framework.renderers import JSONRenderer

_Key = tuple[str, int, str]


class Representation(dict[str, Any]):
    """A representation that is encoded as JSON once, as that takes longer than all else."""

    @cached_property
    def json(self) -> bytes:
        return _encode(self)


class RepresentationCache:
    """Up to twice `size` representations, those that were used last.

    Two dicts need no lock: an entry that is used moves to the newer dict, and when that is full, the older one is
    dropped.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._newer: dict[_Key, Representation] = {}
        self._older: dict[_Key, Representation] = {}

    def get_or_make(
        self,
        stamps: Mapping[int, str],
        origin: str,
        make: Callable[[Collection[int]], dict[int, dict[str, Any]]],
    ) -> dict[int, Representation]:
        """The representation of each article by id, given its stamp; `make` makes the missing ones from their ids.

        The stamps are read before `make` reads the articles: what is written in between makes other stamps.

        `origin` is what the addresses in them begin with: scheme, host and the path where Newsroom is mounted. The
        representations are shared and must not be changed. Articles that `make` does not find are left out.
        """
        keys = {pk: (origin, pk, stamp) for pk, stamp in stamps.items()}
        found = {pk: cached for pk, key in keys.items() if (cached := self._get(key)) is not None}
        if missing := keys.keys() - found.keys():
            made = {pk: Representation(content) for pk, content in make(missing).items()}
            for pk, representation in made.items():
                self._put(keys[pk], representation)
            found |= made
        return found

    def _get(self, key: _Key) -> Representation | None:
        if (cached := self._newer.get(key)) is None and (cached := self._older.get(key)) is not None:
            self._put(key, cached)
        return cached

    def _put(self, key: _Key, representation: Representation) -> None:
        if len(self._newer) >= self._size:
            self._older, self._newer = self._newer, {}
        self._newer[key] = representation


class CachedJsonRenderer(JSONRenderer):
    """Renders JSON from representations that are encoded already, unless the client wants it indented."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        if not self.get_indent(accepted_media_type or "", dict(renderer_context or {})):
            if isinstance(data, Representation):
                return data.json
            if isinstance(data, dict) and data.get("results"):
                envelope = _encode({**data, "results": []}).removesuffix(b"]}")
                rows = (
                    row.json if isinstance(row, Representation) else _encode(row) for row in data["results"]
                )
                return envelope + b",".join(rows) + b"]}"
        return super().render(data, accepted_media_type, renderer_context)


def _encode(data: dict[str, Any]) -> bytes:
    encoded: bytes = JSONRenderer().render(data)
    return encoded
