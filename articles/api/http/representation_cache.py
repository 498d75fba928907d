"""Representations that were made before, for as long as their articles read the same.

`updated_at` of an article changes with whatever it shows: its own columns, its credits and mentions, and the records
that these name (see `articles/models/appearance.py`). So nothing here is ever wrong, and nothing has to be thrown
away by whoever writes. Each server process keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import Any

from rest_framework.renderers import JSONRenderer

from articles.models import Article

Json = dict[str, Any]
_Key = tuple[str, int, Any]


class Representation(Json):
    """An answer, or what a list shows of an article; its JSON is written once, as that takes longer than all else."""

    @cached_property
    def json(self) -> bytes:
        return _json(self)


class Kept:
    """Up to twice `size` representations, those that were asked for last.

    Two dicts in turn, for they need no lock: what is asked for moves to the newer one, and once that is full, the
    older one is dropped.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._newer: dict[_Key, Representation] = {}
        self._older: dict[_Key, Representation] = {}

    def of(
        self, articles: Iterable[Article], at: str, make: Callable[[Collection[int]], dict[int, Json]]
    ) -> dict[int, Representation]:
        """By id the representation of each article at an address of ours; `make` makes those that are not kept.

        They are the same objects for all who ask, and for nobody to change. What `make` does not find is left out.
        """
        keys = {article.pk: (at, article.pk, article.updated_at) for article in articles}
        found = {pk: kept for pk, key in keys.items() if (kept := self._get(key)) is not None}
        if missing := keys.keys() - found.keys():
            made = {pk: Representation(shown) for pk, shown in make(missing).items()}
            for pk, representation in made.items():
                self._put(keys[pk], representation)
            found |= made
        return found

    def _get(self, key: _Key) -> Representation | None:
        if (kept := self._newer.get(key)) is None and (kept := self._older.get(key)) is not None:
            self._put(key, kept)
        return kept

    def _put(self, key: _Key, kept: Representation) -> None:
        if len(self._newer) >= self._size:
            self._older, self._newer = self._newer, {}
        self._newer[key] = kept


class KeptRenderer(JSONRenderer):
    """Writes JSON of what is kept from the JSON that is kept with it, unless a client wants it indented."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> bytes:
        if not self.get_indent(accepted_media_type or "", dict(renderer_context or {})):
            if isinstance(data, Representation):
                return data.json
            if isinstance(data, dict) and data.get("results"):
                around = _json({**data, "results": []}).removesuffix(b"]}")
                rows = (
                    row.json if isinstance(row, Representation) else _json(row) for row in data["results"]
                )
                return around + b",".join(rows) + b"]}"
        return super().render(data, accepted_media_type, renderer_context)


def _json(data: Json) -> bytes:
    written: bytes = JSONRenderer().render(data)
    return written
